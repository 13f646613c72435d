"""What a search gives: exact passages, none of them twice, the best first."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path

import pytest

from index.embedders import Embedder
from index.library import Library

WORDS = [
    "harbour",
    "crew",
    "tide",
    "rope",
    "mast",
    "hull",
    "sail",
    "storm",
    "night",
    "captain",
    "wind",
    "deck",
]


def prose(sentences: int, seed: int) -> str:
    rng = random.Random(seed)
    lines = (
        " ".join(rng.choices(WORDS, k=rng.randint(6, 14))).capitalize() + "." for _ in range(sentences)
    )
    return " ".join(lines)


@pytest.fixture(scope="module")
def filled(
    tmp_path_factory: pytest.TempPathFactory, new_embedder: Callable[[], Embedder]
) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("documents")
    for i in range(6):
        (folder / f"log{i}.txt").write_text(f"{prose(150, i)} Lantern{i} was lit. {prose(80, i + 50)}")
    (folder / "leave.md").write_text(
        "# Staff\n\nGeneral remarks.\n\n## Leave\n\nIt lasts 26 days, every year of service.\n"
    )
    with Library.open(tmp_path_factory.mktemp("library"), new_embedder()) as library:
        for _ in library.sync([folder]):
            pass
        yield library


QUESTIONS = [
    "lantern3",
    "harbour crew tide",
    "How long is the leave of staff?",
    "captain wind deck storm rope mast",
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_passages_are_cut_from_their_documents(filled: Library, question: str) -> None:
    texts = {d.source.uri: filled._catalog.text(d.id) for d in filled.sources()}
    passages = filled.search(question, k=8)
    assert passages
    for passage in passages:
        assert passage.text == texts[passage.source.uri][passage.start : passage.end]
        assert passage.text == passage.text.strip()
        assert all(mark.start < passage.end and passage.start < mark.end for mark in passage.marks)
        assert -1 <= passage.cosine <= 1.001
        assert passage.lexical >= 0


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_character_is_shown_twice(filled: Library, question: str) -> None:
    for one, other in combinations(filled.search(question, k=20), 2):
        apart = one.end <= other.start or other.end <= one.start
        assert one.source.uri != other.source.uri or apart


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_best_come_first_and_no_more_than_asked(filled: Library, question: str) -> None:
    scores = [passage.score for passage in filled.search(question, k=20)]
    assert scores == sorted(scores, reverse=True)
    assert [len(filled.search(question, k=k)) for k in (1, 2, 3)] == [1, 2, 3]
    assert filled.search(question, k=1)[0].score == pytest.approx(scores[0])


@pytest.mark.parametrize("number", range(6))
def test_a_word_that_stands_once_is_found(filled: Library, number: int) -> None:
    best = filled.search(f"When was lantern{number} lit?")[0]
    assert f"Lantern{number} was lit." in best.text


def test_a_passage_has_the_marks_that_touch_it(filled: Library) -> None:
    best = filled.search("How many days of leave?")[0]
    assert {"Staff", "Leave"} <= {mark.label for mark in best.marks}


def test_neighbouring_words_rank_above_scattered_ones(library: Library, folder: Path) -> None:
    (folder / "a.txt").write_text("The sick note and the annual leave are given by the office.")
    (folder / "b.txt").write_text("The sick leave and the annual note are given by the office.")
    for _ in library.sync([folder]):
        pass
    assert [Path(p.source.uri).name for p in library.search("sick leave")] == ["b.txt", "a.txt"]
    assert [Path(p.source.uri).name for p in library.search("sick note")] == ["a.txt", "b.txt"]


def test_rarity_is_the_idf_of_bm25(filled: Library) -> None:
    rare, common = filled.rarity("lantern3").popitem()[1], filled.rarity("harbour").popitem()[1]
    assert rare > common > 0
    assert filled.rarity("nowhere").popitem()[1] > rare


def test_asking_twice_gives_the_same(filled: Library) -> None:
    assert filled.search("harbour crew") == filled.search("harbour crew")


def test_a_library_without_documents_has_no_passages(library: Library, folder: Path) -> None:
    assert library.search("leave") == []
    for _ in library.sync([folder]):
        pass
    assert library.search("leave") == []
    assert library.rarity("leave", spaces=["nowhere"]) == {}
