"""Words are found as people write them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.lexical import Lexical, spaced, terms
from index.types import Entry

SPACE = 1
Indexed = Callable[..., Lexical]


@pytest.fixture
def indexed(tmp_path: Path) -> Iterator[Indexed]:
    """Texts as chunks 0, 1, 2...: (heading, text) or text."""
    opened: list[Lexical] = []

    def make(*texts: str | tuple[str, str], space: int = SPACE) -> Lexical:
        pairs = [text if isinstance(text, tuple) else ("", text) for text in texts]
        entries = [Entry(i, *pair, np.zeros(4, np.float16)) for i, pair in enumerate(pairs)]
        writing = Lexical(tmp_path)
        writing.update(space, entries, [])
        writing.close()
        opened.append(Lexical(tmp_path))
        return opened[-1]

    yield make
    for index in opened:
        index.close()


def found(index: Lexical, question: str, space: int = SPACE) -> list[int]:
    return [chunk for chunk, _ in index.search(space, terms(question), 10)]


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("The officers were deployed.", "deploying an officer"),
        ("Café Zürich", "cafe zurich"),
        ("LEAVE", "leave"),
        ("海地的多国安全支援任务由肯尼亚领导。", "谁领导任务？"),
        ("ポルトープランスの空港", "空港"),
        ("ถนนในเมือง", "เมือง"),
        ("Section 4.2 of 2,500", "section 4.2"),
        ("書", "書"),
    ],
)
def test_words_are_found_in_other_forms_and_scripts(indexed: Indexed, text: str, question: str) -> None:
    index = indexed("Nothing of the kind.", text, "Nichts dergleichen.")
    assert found(index, question)[0] == 1


def test_a_word_in_the_heading_counts_but_less(indexed: Indexed) -> None:
    index = indexed(
        ("Pay", "It is due monthly."), ("Leave", "Pay it monthly, it is due."), ("Leave", "It is due.")
    )
    assert found(index, "pay") == [1, 0]


def test_a_repeated_word_of_the_question_counts_twice(indexed: Indexed) -> None:
    index = indexed("boat", "boat")
    (_, once), *_ = index.search(SPACE, terms("boat"), 1)
    (_, twice), *_ = index.search(SPACE, terms("boat boat"), 1)
    assert twice == pytest.approx(2 * once)


def test_frequencies_count_chunks_of_the_space(indexed: Indexed) -> None:
    index = indexed("boat boat", "boat", "rope")
    assert index.frequencies(SPACE, terms("boats ropes anchors")) == [2, 1, 0]
    assert index.size(SPACE) == 3
    assert index.frequencies(2, terms("boats")) == [0]
    assert index.size(2) == 0


def test_a_frequency_is_never_above_the_size_though_chunks_were_removed(
    indexed: Indexed, tmp_path: Path
) -> None:
    indexed(*["boat"] * 20).close()
    index = Lexical(tmp_path)
    index.update(SPACE, [Entry(99, "", "boat", np.zeros(4, np.float16))], list(range(18)))
    index.close()
    index = Lexical(tmp_path)
    assert index.frequencies(SPACE, ["boat"]) == [3]
    assert index.size(SPACE) == 3
    index.close()


def test_a_question_without_words_finds_nothing(indexed: Indexed) -> None:
    index = indexed("boat")
    assert found(index, "") == found(index, "?! — …") == []


def test_an_unknown_space_is_empty_and_leaves_no_trace(indexed: Indexed, tmp_path: Path) -> None:
    index = indexed("boat")
    assert found(index, "boat", space=7) == []
    assert not (tmp_path / "7").exists()


@given(st.text())
def test_terms_are_at_most_256_and_never_empty(text: str) -> None:
    words = terms(text * 3)
    assert len(words) <= 256
    assert all(words)


@given(st.text(st.characters(categories=["Lu", "Ll", "Lo", "Nd", "Zs", "Po"])))
def test_spacing_keeps_every_character_in_order(text: str) -> None:
    singles = "".join(dict.fromkeys(spaced(text)))
    assert {c for c in singles if not c.isspace()} == {c for c in text if not c.isspace()}


def test_unspaced_scripts_become_overlapping_pairs() -> None:
    assert terms("海地人 boat 書") == ["海地", "地人", "boat", "書"]
