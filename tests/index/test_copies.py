"""Copies: the first is kept, what differs stays, and nothing is lost."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.copies import Cut, without_copies
from index.library import Library
from index.sentences import sentence_spans

LONG = [f"Sentence {n} says how the {n}th of the boilers in the cellar is kept." for n in range(12)]
ALL = " ".join(LONG)


def kept(*texts: Cut) -> list[str]:
    return [texts[part.number].text[part.start : part.end] for part in without_copies(texts)]


def test_within_a_document_the_first_is_kept() -> None:
    best, other, first = Cut(1, 5000, ALL), Cut(2, 0, "Something else."), Cut(1, 0, ALL)
    assert sorted(part.number for part in without_copies([best, other, first])) == [1, 2]


def test_of_copies_in_turn_one_is_kept() -> None:
    assert len(kept(Cut(2, 5000, ALL), Cut(1, 0, ALL), Cut(2, 0, ALL))) == 1


def test_of_several_documents_the_best_is_kept() -> None:
    assert [part.number for part in without_copies([Cut(2, 0, ALL), Cut(1, 0, ALL)])] == [0]


def test_a_short_text_is_a_copy_where_it_is_the_whole() -> None:
    assert kept(Cut(1, 0, "Leave is 25 days."), Cut(2, 0, "Leave is 25 days.")) == ["Leave is 25 days."]


def test_a_short_stretch_may_mean_something_else_where_it_stands() -> None:
    same = "It takes two weeks from the day on which you have sent the form."
    both = [f"This is the {plan} plan. {same}" for plan in ("old", "new")]
    assert kept(Cut(1, 0, both[0]), Cut(1, 900, both[1])) == both


def test_of_another_version_what_differs_stays() -> None:
    changed = "Since May there are two of them."
    version = " ".join([*LONG[:5], changed, *LONG[6:]])
    assert kept(Cut(1, 0, ALL), Cut(2, 0, version)) == [ALL, changed]


def test_what_is_mostly_new_stays_whole() -> None:
    new = " ".join([*LONG[:4], *(sentence.replace("boilers", "pumps") for sentence in LONG)])
    assert kept(Cut(1, 0, ALL), Cut(2, 0, new)) == [ALL, new]


def test_a_copy_may_be_wrapped_otherwise() -> None:
    assert kept(Cut(1, 0, ALL), Cut(2, 0, textwrap.fill(ALL, 90))) == [ALL]


def test_neighbours_that_overlap_are_no_copies() -> None:
    half = ALL[: len(ALL) * 3 // 4]
    assert kept(Cut(1, 0, ALL), Cut(1, len(ALL) - len(half), ALL[-len(half) :])) == [ALL, ALL[-len(half) :]]


@given(
    st.lists(
        st.tuples(
            st.integers(0, 3),
            st.integers(0, 5),
            st.lists(st.sampled_from(LONG), min_size=1, max_size=8),
        ),
        max_size=7,
    )
)
def test_no_sentence_is_lost(drawn: list[tuple[int, int, list[str]]]) -> None:
    texts = [Cut(document, place * 400, " ".join(sentences)) for document, place, sentences in drawn]
    shown = {part[a:b] for part in kept(*texts) for a, b in sentence_spans(part)}
    assert shown == {sentence for *_, sentences in drawn for sentence in sentences}


@pytest.mark.parametrize("copies", [30, 80])
def test_copies_take_no_place_from_others(library: Library, folder: Path, copies: int) -> None:
    said = "The crane of the north quay lifts {} tonnes."
    for n in range(copies):
        (folder / f"copy{n}.txt").write_text(said.format(12))
    for n in range(4):
        (folder / f"other{n}.txt").write_text(f"{said.format(n)} It is not the only crane there is.")
    for _ in library.sync([folder]):
        pass
    found = [passage.text for passage in library.search("How much does the crane of the north quay lift?")]
    assert len(set(found)) == len(found) == 5


def test_what_another_version_changed_is_found_beside_it(library: Library, folder: Path) -> None:
    (folder / "old.txt").write_text(f"{ALL} Leave is 25 days. {ALL}")
    (folder / "new.txt").write_text(f"{ALL} Leave is 30 days. {ALL}")
    for _ in library.sync([folder]):
        pass
    one, other = library.search("How many days is leave?")
    assert other.text in {"Leave is 25 days.", "Leave is 30 days."} - {one.text[796:813]}
    assert Path(other.source.uri).read_text()[other.start : other.end] == other.text


def test_a_copy_is_cited_where_it_stands_first(library: Library, folder: Path) -> None:
    filler = " ".join(
        f"The {n}th tide came at its hour and left the quay as it had been." for n in range(120)
    )
    text = f"# One\n\n{ALL}\n\n# Tides\n\n{filler}\n\n# Two\n\n{ALL} A mechanic keeps them."
    (folder / "copies.md").write_text(text)
    for _ in library.sync([folder]):
        pass
    found = library.search("Which mechanic keeps the boilers in the cellar?")
    assert next(p.start for p in found if LONG[3] in p.text) < len(ALL)
    assert "A mechanic keeps them." in [p.text for p in found]


def test_what_is_left_of_a_copy_ranks_by_itself(library: Library, folder: Path) -> None:
    (folder / "old.txt").write_text(ALL)
    (folder / "new.txt").write_text(f"{ALL} Tides turn.")
    (folder / "other.txt").write_text("There are pumps in the cellar.")
    for _ in library.sync([folder]):
        pass
    found = [passage.text for passage in library.search("How are the boilers in the cellar kept?")]
    assert found[1:] in (
        ["There are pumps in the cellar.", "Tides turn."],
        ["There are pumps in the cellar."],
    )
