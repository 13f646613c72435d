"""What the catalog hands out: its records, and how each is read from a row."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np

from index.types import Mark, MarkKind, Source, Standing

if TYPE_CHECKING:
    from numpy.typing import NDArray

DOCUMENTS = """SELECT
    documents.id, key, uri, title, spaces.name, version, url, marks, characters, chunks, indexed_at,
    gone_at FROM documents JOIN spaces ON spaces.id = space"""
# The documents that stand: at the place of a document by its id; with the text of a version; or
# at a place where a version stood.
HEIRS = """SELECT heir.id FROM documents AS heir JOIN documents AS old USING (space, uri)
    WHERE old.id = ? AND NOT heir.gone
    UNION SELECT id FROM documents WHERE version = ? AND NOT gone
    UNION SELECT heir.id FROM documents AS heir JOIN documents AS old USING (space, uri)
    WHERE old.version = ? AND old.gone AND NOT heir.gone"""
# CROSS JOIN keeps SQLite from going through every document of the space first.
CHUNKS = """SELECT chunks.id, document, start, stop, vector
    FROM chunks CROSS JOIN documents ON documents.id = document"""


class Stat(NamedTuple):
    """How a file looked when it was read: what tells a changed one from an unchanged one."""

    size: int
    mtime_ns: int
    digest: str


class Place(NamedTuple):
    """Where the outbox was read to: the last chunk and the last removal seen."""

    chunk: int
    removal: int


@dataclass(frozen=True, slots=True)
class Projection:
    """The published state of an index: its folder, how far it follows the catalog, and its
    files as they were closed (name -> size, modification time, digest)."""

    kind: str
    folder: str
    place: Place
    files: dict[str, tuple[int, int, str]]


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document as the library holds it, without its text. `gone_at` says since when another
    version or none stands in its place, "" while it stands itself."""

    id: int
    source: Source
    marks: tuple[Mark, ...]
    characters: int
    chunks: int
    indexed_at: str
    gone_at: str = ""

    @classmethod
    def of(cls, number: int, *row: Any) -> Self:
        """Out of a row of `DOCUMENTS`."""
        *source, marks, characters, chunks, indexed_at, gone_at = row
        return cls(number, Source(*source), _load_marks(marks), characters, chunks, indexed_at, gone_at)


@dataclass(frozen=True, slots=True)
class StoredChunk:
    """Where a chunk lies, and its unit vector (dimensions,) as 16-bit floats."""

    id: int
    document: int
    start: int
    end: int
    vector: NDArray[np.float16]

    @classmethod
    def of(cls, number: int, document: int, start: int, end: int, vector: bytes) -> Self:
        """Out of a row of `CHUNKS`."""
        return cls(number, document, start, end, np.frombuffer(vector, np.float16))


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a document, with the whole of its text: `text[start:end]` is what is meant.
    `date` is when that version was read; `standing` and `now` tell of a version that was
    kept: what has become of it, and the place that corresponds to it today, if there is one."""

    source: Source
    text: str
    marks: tuple[Mark, ...]
    start: int
    end: int
    date: str = ""
    standing: Standing = Standing.CURRENT
    now: Span | None = None

    @classmethod
    def of_document(cls, document: StoredDocument, text: str, start: int, end: int) -> Self:
        return cls(document.source, text, document.marks, start, end, document.indexed_at)


def dump_marks(marks: Iterable[Mark]) -> str:
    """A document's marks as they are stored."""
    return json.dumps([(mark.kind, mark.label, mark.start, mark.end) for mark in marks])


def _load_marks(text: str) -> tuple[Mark, ...]:
    return tuple(Mark(MarkKind(kind), label, start, end) for kind, label, start, end in json.loads(text))
