"""Nearest vectors, space by space."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.types import Entry
from index.vectors import Vectors

if TYPE_CHECKING:
    from numpy.typing import NDArray

DIMENSIONS = 8


def unit(seed: int) -> NDArray[np.float32]:
    vector = np.random.default_rng(seed).normal(size=DIMENSIONS)
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def entry(number: int, vector: NDArray[np.float32] | None = None) -> Entry:
    return Entry(number, "", "", (unit(number) if vector is None else vector).astype(np.float16))


@pytest.fixture
def vectors(tmp_path: Path) -> Iterator[Vectors]:
    index = Vectors(tmp_path / "vectors")
    yield index
    index.close()


def test_neighbours_come_in_the_order_of_cosine(vectors: Vectors) -> None:
    vectors.update(1, [entry(i) for i in range(200)], [])
    question = unit(1000)
    exact = np.argsort([-float(unit(i).astype(np.float16) @ question) for i in range(200)])
    assert vectors.search(1, question, 10) == exact[:10].tolist()


def test_a_vector_of_zeros_is_neither_stored_nor_asked_for(vectors: Vectors) -> None:
    zeros = np.zeros(DIMENSIONS, np.float32)
    vectors.update(1, [entry(1), entry(2, zeros)], [])
    assert vectors.search(1, unit(5), 10) == [1]
    assert vectors.search(1, zeros, 10) == []
    vectors.update(1, [], [2])
    assert vectors.search(1, unit(5), 10) == [1]


def test_a_space_sees_nothing_of_another(vectors: Vectors) -> None:
    vectors.update(1, [entry(1)], [])
    vectors.update(2, [entry(2)], [])
    assert vectors.search(1, unit(2), 10) == [1]
    assert vectors.search(3, unit(2), 10) == []


def test_more_rows_than_chroma_takes_at_once(vectors: Vectors) -> None:
    vectors.update(1, [entry(i) for i in range(5600)], [])
    assert vectors.search(1, unit(5599), 1) == [5599]
    vectors.update(1, [], list(range(5590)))
    assert sorted(vectors.search(1, unit(1), 50)) == list(range(5590, 5600))
