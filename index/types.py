"""The nouns of the library. Every offset counts characters of `Document.text`, end exclusive."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Standing(StrEnum):
    """What has become of a cited passage since."""

    CURRENT = "current"
    CHANGED = "changed"
    MOVED = "moved"


class MarkKind(StrEnum):
    """What a stretch of a document is."""

    PAGE = "page"
    HEADING = "heading"


@dataclass(frozen=True, slots=True)
class Mark:
    """A labelled stretch of a text. A heading's mark runs to the end of its section, so
    that the headings over a position are the marks that hold it, outermost first."""

    kind: MarkKind
    label: str
    start: int
    end: int

    def holds(self, position: int) -> bool:
        return self.start <= position < self.end


@dataclass(frozen=True, slots=True)
class Document:
    """What a reader made of a source. `uri` is an absolute path for a file; `url` the web
    address that it names as its own, "" for none."""

    uri: str
    title: str
    text: str
    marks: tuple[Mark, ...] = ()
    url: str = ""

    @property
    def version(self) -> str:
        """Names this text: 16 hexadecimal digits of its SHA-256."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of a document small enough to embed: `text == document.text[start:end]`."""

    text: str
    start: int
    end: int
    heading: str
    tokens: int


class Entry(NamedTuple):
    """A chunk as the indexes take it. `heading` is its document's title and headings;
    `vector` a unit vector (dimensions,)."""

    id: int
    heading: str
    text: str
    vector: NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class Source:
    """A version of a document as the library holds it. `key` is short, typeable and names
    this version alone; citation ids begin with it. `url` is where people open the original,
    "" where they cannot."""

    key: str
    uri: str
    title: str
    space: str
    version: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A retrieved stretch of a source: `text == document.text[start:end]`.

    `score` orders passages (higher is better); `lexical` is the best BM25 score and
    `cosine` the best similarity (-1 to 1) of the chunks it was merged from. `marks` are
    those of the document that touch the stretch."""

    source: Source
    text: str
    start: int
    end: int
    marks: tuple[Mark, ...]
    score: float
    lexical: float
    cosine: float


def headings_at(marks: Iterable[Mark], positions: Iterable[int]) -> Iterator[str]:
    """The path of headings over each of ascending `positions`, outermost first: "Staff › Leave";
    "" for none."""
    headings = (mark for mark in marks if mark.kind is MarkKind.HEADING)
    to_come = deque(sorted(headings, key=lambda mark: (mark.start, -mark.end)))
    over: list[Mark] = []
    for position in positions:
        while to_come and to_come[0].start <= position:
            over.append(to_come.popleft())
        over = [mark for mark in over if mark.holds(position)]
        yield " › ".join(mark.label for mark in over)


def heading_at(marks: Iterable[Mark], position: int) -> str:
    """The path of headings over `position`."""
    return next(headings_at((mark for mark in marks if mark.holds(position)), [position]))


def page_at(marks: Iterable[Mark], position: int) -> str | None:
    """The label of the page that holds `position`; None where there is none."""
    return next((m.label for m in marks if m.kind is MarkKind.PAGE and m.holds(position)), None)
