"""Where words stand, however they were typed; and what comes closest, where they stand nowhere."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.library import Library

TEXT = (
    "The ﬁrst well-known keeper — a widow — didn’t leave the “old” har-\nbour before 1,400 men had come. "
    "To be or not to be, that is the question. She spent 10² days there. "
    "新的图书馆建筑在去年建成，很大。 The cooperation of Cæsar ended."
)


@pytest.fixture
def filled(library: Library, folder: Path) -> Library:
    (folder / "a.txt").write_text(TEXT)
    for n in range(60):  # full of the same common words
        (folder / f"{n}.txt").write_text(f"The {n} of the question is to be not that or had there be. " * 3)
    list(library.sync([folder]))
    return library


def found(library: Library, words: str) -> list[str]:
    return [span.text[span.start : span.end] for span in library.find(words)]


@pytest.mark.parametrize(
    ("typed", "exact"),
    [
        ("the FIRST well-known keeper", "The ﬁrst well-known keeper"),
        ("well-\nknown", "well-known"),
        ("wellknown keeper", "well-known keeper"),
        ("keeper - a widow -- did", None),
        ("keeper–a widow—didn't leave", "keeper — a widow — didn’t leave"),
        ("keeper -- a widow -- didn't leave", "keeper — a widow — didn’t leave"),
        ("the 'old' harbour", None),
        ('the "old" harbour before', "the “old” har-\nbour before"),
        ("be- fore 1,400 men", "before 1,400 men"),
        ("be\u00ad\nfore 1,400 men", "before 1,400 men"),
        ("be-\r\n  fore 1,400 men", "before 1,400 men"),
        ("400 men had come", None),
        ("to be or not to be", "To be or not to be"),
        ("图书馆", "图书馆"),
        ("cooperation of Caesar", "cooperation of Cæsar"),
        ("10² days", "10² days"),
        ("102 days", None),
        ("bour before", None),
        ("a widow", "a widow"),
        ("1,400", "1,400"),
    ],
)
def test_typing_does_not_matter_and_words_do(filled: Library, typed: str, exact: str | None) -> None:
    assert found(filled, typed) == ([exact] if exact else [])


def test_every_place_is_listed(filled: Library, folder: Path) -> None:
    (folder / "again.txt").write_text("He said: the well-known keeper came. The wellknown keeper left.")
    list(filled.sync([folder]))
    assert sorted(found(filled, "well‐known keeper")) == ["well-known keeper"] * 2 + ["wellknown keeper"]


def test_the_places_of_one_document_share_its_text(library: Library, folder: Path) -> None:
    (folder / "long.txt").write_text("The tide was low at noon. " * 3000)
    list(library.sync([folder]))
    for spans in (library.find("the tide was low"), library.closest("the tide was so low")):
        assert spans
        assert len({id(span.text) for span in spans}) == 1
    assert len(library.find("the tide was low")) == 20


def test_a_quote_is_found_across_chunks(library: Library, folder: Path) -> None:
    text = " ".join(f"Sentence {n} says that the tide of day {n} was low." for n in range(300))
    (folder / "tides.txt").write_text(text)
    list(library.sync([folder]))
    assert library.counts()[1] > 5
    quote = text[text.index("the tide of day 20") : text.index(" was low. Sentence 270")]
    assert found(library, quote.replace(" ", "\n").upper()) == [quote]


def test_what_comes_closest_is_the_likest_sentences_of_the_askers_spaces(filled: Library) -> None:
    (span, *_) = filled.closest("she spent 12 days here")
    assert span.text[span.start : span.end] == "She spent 10² days there."
    assert filled.closest("she spent 12 days here", ["board"]) == []
    assert filled.closest("xylophones") == filled.closest("?!") == []


WORDS = [
    "the",
    "keeper",
    "of",
    "this",
    "harbour",
    "was",
    "fine",
    "in",
    "1905",
    "although",
    "nobody",
    "knew",
]


@given(st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_cut_is_found_at_its_span_and_another_number_nowhere(library, folder, data) -> None:
    text = " ".join(WORDS * 3)
    if not library.counts()[0]:
        (folder / "a.txt").write_text(text)
        list(library.sync([folder]))
    first = data.draw(st.integers(0, len(WORDS) - 2))
    last = data.draw(st.integers(first + 2, len(WORDS)))
    quote = " ".join(WORDS[first:last])
    breaks = st.sampled_from([" ", "\n", "  ", "\u00a0", "\r\n"])
    typed = "".join(data.draw(breaks) if character == " " else character for character in quote)
    case = data.draw(st.sampled_from([str.upper, str.title, str.lower]))
    start = text.index(quote)
    assert (start, start + len(quote)) in [(span.start, span.end) for span in library.find(case(typed))]
    assert library.find(f"{typed} 7") == library.find(f"{typed} 1906") == []
