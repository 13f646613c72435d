"""Eight times the text takes about eight times as long, whatever it is made of."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from index.chunking import chunk
from index.readers import read
from index.types import Document, Mark, MarkKind

TIMES = 8
TOLERATED = 3 * TIMES  # a square would be TIMES * TIMES


def in_file(data: bytes, suffix: str) -> Callable[[], object]:
    return lambda: chunk(read(data, Path(f"d{suffix}")))


def sections(n: int) -> Callable[[], object]:
    """As many headings as lines."""
    marks = tuple(Mark(MarkKind.HEADING, "Heading", start, start + 8) for start in range(0, 8 * n, 8))
    return lambda: chunk(Document("/d.md", "D", "Heading\n" * n, marks))


def styles(n: int) -> Callable[[], object]:
    """Each based on the one before."""
    document = docx.Document()
    for number in range(n):
        style = document.styles.element.add_style_of_type(f"Style {number}", 1, builtin=False)
        style.basedOn_val = f"Style{number - 1}"
    document.add_paragraph("item")
    buffer = io.BytesIO()
    document.save(buffer)
    return in_file(buffer.getvalue(), ".docx")


CASES: dict[str, tuple[int, Callable[[int], Callable[[], object]]]] = {
    "blank lines": (10_000, lambda n: in_file(b"<pre>a" + b"\n" * n + b"b</pre>", ".html")),
    "lines of spaces": (5_000, lambda n: in_file(b"<pre>a" + b"\n \t" * n + b"b</pre>", ".html")),
    "spaces in a front matter": (
        10_000,
        lambda n: in_file(b"---\ntitle: x" + b" " * n + b"y\n---\nHello.", ".md"),
    ),
    "headings": (20_000, sections),
    "styles": (200, styles),
}


@pytest.mark.parametrize(("size", "make"), CASES.values(), ids=CASES)
def test_time_grows_no_faster_than_the_text(size: int, make: Callable[[int], Callable[[], object]]) -> None:
    few, many = make(size), make(size * TIMES)
    few()  # so that all is loaded
    short = min(seconds(few) for _ in range(3))
    assert min(seconds(many) for _ in range(2)) < TOLERATED * max(short, 0.01)


def seconds(work: Callable[[], object]) -> float:
    """Of the processor, which others do not lengthen."""
    began = time.process_time()
    work()
    return time.process_time() - began
