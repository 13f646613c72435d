"""Eight times the text takes about eight times as long, whatever it is made of."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from index.chunking import chunk
from index.readers import read
from index.types import Document, Mark, MarkKind

TIMES = 8
TOLERATED = 3 * TIMES  # a square would be TIMES * TIMES


def sections(n: int) -> Document:
    """As many headings as lines."""
    starts = range(0, 8 * n, 8)
    marks = tuple(Mark(MarkKind.HEADING, "Heading", start, start + 8) for start in starts)
    return Document("/d.md", "D", "Heading\n" * n, marks)


def read_and_cut(data: bytes, suffix: str) -> object:
    return chunk(read(data, Path(f"d{suffix}")))


CASES: dict[str, tuple[int, Callable[[int], object]]] = {
    "blank lines": (10_000, lambda n: read_and_cut(b"<pre>a" + b"\n" * n + b"b</pre>", ".html")),
    "lines of spaces": (5_000, lambda n: read_and_cut(b"<pre>a" + b"\n \t" * n + b"b</pre>", ".html")),
    "spaces in a front matter": (
        10_000,
        lambda n: read_and_cut(b"---\ntitle: x" + b" " * n + b"y\n---\nHello.", ".md"),
    ),
    "headings": (20_000, lambda n: chunk(sections(n))),
}


@pytest.mark.parametrize(("size", "work"), CASES.values(), ids=CASES)
def test_time_grows_no_faster_than_the_text(size: int, work: Callable[[int], object]) -> None:
    work(size)
    few = min(seconds(work, size) for _ in range(3))
    many = min(seconds(work, size * TIMES) for _ in range(2))
    assert many < TOLERATED * max(few, 0.01)


def seconds(work: Callable[[int], object], size: int) -> float:
    """Of the processor, which others do not lengthen."""
    began = time.process_time()
    work(size)
    return time.process_time() - began
