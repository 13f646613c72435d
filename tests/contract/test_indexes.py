"""What every index of the library keeps to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from index.building import INDEXES
from index.lexical import Lexical, terms
from index.types import Entry
from index.vectors import Vectors

WORDS = ["boat", "rope", "tide", "crew", "lamp", "mast", "sail", "hull"]


def _entry(number: int, word: int) -> Entry:
    vector = np.zeros(len(WORDS), np.float16)
    vector[word] = 1
    return Entry(number, "", WORDS[word], vector)


def _by_word(index: object, space: int, word: int) -> set[int]:
    return {chunk for chunk, _ in cast("Lexical", index).search(space, terms(WORDS[word]), 100)}


def _by_meaning(index: object, space: int, word: int) -> set[int]:
    """The chunks of a word: those that no chunk of the space lies nearer to."""
    vector = np.eye(len(WORDS), dtype=np.float32)[word]
    return set(cast("Vectors", index).search(space, vector, 1))


ASK: dict[str, Callable[[object, int, int], set[int]]] = {"lexical": _by_word, "vectors": _by_meaning}


@pytest.fixture(params=INDEXES)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def _asked(kind: str, folder: Path, space: int, word: int) -> set[int]:
    index = INDEXES[kind](folder)
    try:
        return ASK[kind](index, space, word)
    finally:
        index.close()


def _update(kind: str, folder: Path, space: int, add: list[Entry], remove: list[int]) -> None:
    index = INDEXES[kind](folder)
    index.update(space, add, remove)
    index.close()


def test_what_was_added_is_there_after_reopening(kind: str, tmp_path: Path) -> None:
    _update(kind, tmp_path, 1, [_entry(i, i) for i in range(len(WORDS))], [])
    for word in range(len(WORDS)):
        assert _asked(kind, tmp_path, 1, word) == {word}


def test_what_was_removed_is_gone_and_the_rest_stays(kind: str, tmp_path: Path) -> None:
    _update(kind, tmp_path, 1, [_entry(i, i) for i in range(len(WORDS))], [])
    _update(kind, tmp_path, 1, [], [3])
    assert 3 not in _asked(kind, tmp_path, 1, 3)
    assert _asked(kind, tmp_path, 1, 4) == {4}


def test_one_update_removes_and_adds(kind: str, tmp_path: Path) -> None:
    _update(kind, tmp_path, 1, [_entry(1, 0), _entry(2, 1)], [])
    _update(kind, tmp_path, 1, [_entry(3, 0)], [1])
    assert _asked(kind, tmp_path, 1, 0) == {3}


def test_removing_what_is_not_there_is_no_error(kind: str, tmp_path: Path) -> None:
    _update(kind, tmp_path, 1, [_entry(1, 0)], [77])
    _update(kind, tmp_path, 1, [], [77])
    assert _asked(kind, tmp_path, 1, 0) == {1}


def test_everything_may_be_removed_and_something_added_again(kind: str, tmp_path: Path) -> None:
    _update(kind, tmp_path, 1, [_entry(1, 0), _entry(2, 1)], [])
    _update(kind, tmp_path, 1, [], [1, 2])
    assert _asked(kind, tmp_path, 1, 0) == set()
    _update(kind, tmp_path, 1, [_entry(3, 0)], [])
    assert _asked(kind, tmp_path, 1, 0) == {3}


def test_spaces_are_apart(kind: str, tmp_path: Path) -> None:
    _update(kind, tmp_path, 1, [_entry(1, 0)], [])
    _update(kind, tmp_path, 2, [_entry(2, 0)], [])
    assert _asked(kind, tmp_path, 1, 0) == {1}
    assert _asked(kind, tmp_path, 2, 0) == {2}
    assert _asked(kind, tmp_path, 3, 0) == set()


def test_updates_of_one_opening_add_up(kind: str, tmp_path: Path) -> None:
    index = INDEXES[kind](tmp_path)
    for i in range(3):
        index.update(1, [_entry(i, i)], [])
    index.update(1, [], [0])
    index.close()
    assert _asked(kind, tmp_path, 1, 2) == {2}
    assert 0 not in _asked(kind, tmp_path, 1, 0)


def test_an_empty_update_makes_a_space_without_chunks(kind: str, tmp_path: Path) -> None:
    _update(kind, tmp_path, 1, [], [])
    assert _asked(kind, tmp_path, 1, 0) == set()


def test_a_folder_that_cannot_be_written_is_an_oserror(kind: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        _update(kind, tmp_path / "file", 1, [_entry(1, 0)], [])
