"""The truth: documents, their text, chunks and vectors, in one SQLite file.

Chroma and Tantivy are projections of what stands here; the outbox brings them up to date.
A document that was replaced or removed stays, marked as gone: its chunks for as long as a
published projection leads to them, its text for as many days as versions are kept. Text is
kept in compressed parts: a passage costs one or two of them, however long its document is.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index import schema
from index.cache import VectorCache, digest
from index.citation import source_key
from index.database import Database
from index.errors import HomeError
from index.outbox import Outbox
from index.records import CHUNKS, DOCUMENTS, HEIRS, Stat, StoredChunk, StoredDocument, dump_marks
from index.types import Chunk, Document
from index.versions import VERSION_DAYS, Versions

if TYPE_CHECKING:
    from numpy.typing import NDArray

CATALOG = "catalog.db"
_PART = 1 << 13  # characters of text a row
_ENDLESS = 1 << 62
_AMONG = "IN (SELECT value FROM json_each(?))"  # one statement for a list of any length


class Catalog:
    """What the library knows, in one file; safe to share between threads."""

    def __init__(self, path: Path, version_days: int = VERSION_DAYS) -> None:
        """Opens the catalog at `path`, making it where there is none. Raises HomeError
        where the file cannot be used, NewerLibraryError, OtherLibraryError."""
        self._database = Database(path, schema.TABLES, schema.VERSION)
        self._rows = self._database.rows
        self.outbox = Outbox(self._database)
        self.embedded = VectorCache(self._database)
        self.versions = Versions(self._database, version_days)
        self.close = self._database.close
        self.reading = self._database.reading
        self.writing = self._database.writing

    def meta(self, name: str) -> str | None:
        """A fact about the whole library, such as the embedder that made its vectors."""
        rows = self._rows("SELECT value FROM meta WHERE name = ?", name)
        return str(rows[0][0]) if rows else None

    def set_meta(self, name: str, value: str) -> None:
        self._rows("INSERT OR REPLACE INTO meta VALUES (?, ?)", name, value)

    # Spaces

    def spaces(self) -> dict[str, int]:
        """The spaces' names and numbers."""
        return dict(self._rows("SELECT name, id FROM spaces ORDER BY name"))

    def add_space(self, name: str) -> int:
        """The number of the space `name`, which is made where there is none."""
        self._rows("INSERT OR IGNORE INTO spaces (name) VALUES (?)", name)
        return self.spaces()[name]

    # Documents

    def put(
        self,
        space: int,
        document: Document,
        stat: Stat,
        chunks: Sequence[Chunk],
        vectors: NDArray[np.float32],
    ) -> None:
        """Adds a document, in place of the version that stood at its uri."""
        self.remove(space, document.uri)
        [(number,)] = self._rows(
            "INSERT INTO documents (space, uri, key, title, version, url, characters, marks, size,"
            " mtime_ns, digest, indexed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            *(space, document.uri, self._free_key(space, document), document.title, document.version),
            *(document.url, len(document.text), dump_marks(document.marks), *stat, _now()),
        )
        self._database.run_many(
            "INSERT INTO parts VALUES (?, ?, ?)",
            (
                (number, part, zlib.compress(document.text[i : i + _PART].encode("utf-8"), 1))
                for part, i in enumerate(range(0, len(document.text), _PART))
            ),
        )
        self.put_chunks(number, chunks, vectors)

    def put_chunks(self, document: int, chunks: Sequence[Chunk], vectors: NDArray[np.float32]) -> None:
        """Gives a document its chunks and their unit vectors (n, dimensions)."""
        self._rows("UPDATE documents SET chunks = ? WHERE id = ?", len(chunks), document)
        self._database.run_many(
            "INSERT INTO chunks (document, start, stop, vector, digest) VALUES (?, ?, ?, ?, ?)",
            (
                (document, chunk.start, chunk.end, vector.tobytes(), digest(chunk.text))
                for chunk, vector in zip(chunks, vectors.astype(np.float16), strict=True)
            ),
        )

    def touch(self, space: int, uri: str, stat: Stat) -> None:
        """Notes how an unchanged file looks now."""
        self._rows(
            "UPDATE documents SET size = ?, mtime_ns = ?, digest = ?"
            " WHERE space = ? AND uri = ? AND NOT gone",
            *(*stat, space, uri),
        )

    def remove(self, space: int, uri: str) -> None:
        """Takes a document away from the next state of the indexes; its text may be kept."""
        self._rows(
            "UPDATE documents SET gone = 1, gone_at = ? WHERE space = ? AND uri = ? AND NOT gone",
            *(_now(), space, uri),
        )

    def remove_chunks(self) -> None:
        """Forgets every chunk, vector and projection; the documents and their text stay."""
        for table in ("chunks", "removals", "projections"):
            self._rows(f"DELETE FROM {table}")  # noqa: S608 - the names stand above

    def stats(self, space: int) -> dict[str, Stat]:
        """How the files of a space looked when they were read, by uri."""
        rows = self._rows(
            "SELECT uri, size, mtime_ns, digest FROM documents WHERE space = ? AND NOT gone", space
        )
        return {uri: Stat(*stat) for uri, *stat in rows}

    def documents(self, spaces: Collection[int]) -> list[StoredDocument]:
        """The documents of `spaces`, by title."""
        return self._documents(f"space {_AMONG} AND NOT gone ORDER BY title, uri", _listed(spaces))

    def documents_by_id(self, ids: Collection[int]) -> dict[int, StoredDocument]:
        return {d.id: d for d in self._documents(f"documents.id {_AMONG}", _listed(ids))}

    def document_by_key(self, key: str, spaces: Collection[int]) -> StoredDocument | None:
        """The document whose version `key` names, in one of `spaces`: the version that stands,
        or one that is kept."""
        where = f"key = ? AND space {_AMONG} AND (NOT gone OR gone_at > ?)"
        found = self._documents(where, key, _listed(spaces), self.versions.oldest())
        return next(iter(found), None)

    def heirs(self, document: StoredDocument, spaces: Collection[int]) -> list[StoredDocument]:
        """The documents of `spaces` that now stand where `document` stood, or where its text
        does or did; where it stood itself first, then those of its space, the latest first."""
        number, source = document.id, document.source
        where = f"documents.id IN ({HEIRS}) AND space {_AMONG}"
        order = "uri = ? DESC, spaces.name = ? DESC, indexed_at DESC, uri"
        return self._documents(
            f"{where} ORDER BY {order}",
            *(number, source.version, source.version, _listed(spaces), source.uri, source.space),
        )

    def text(self, document: int, start: int = 0, end: int | None = None) -> str:
        """Characters `start` to `end` of a document's text."""
        [text] = self.texts([(document, start, _ENDLESS if end is None else end)])
        return text

    def texts(self, stretches: Sequence[tuple[int, int, int]]) -> list[str]:
        """The text of each (document, start, end), in one read."""
        rows = self._rows(
            "SELECT key, text FROM json_each(?) CROSS JOIN parts ON document = json_extract(value, '$[0]')"
            " AND number BETWEEN json_extract(value, '$[1]') AND json_extract(value, '$[2]')"
            " ORDER BY key, number",
            json.dumps([(document, start // _PART, end // _PART) for document, start, end in stretches]),
        )
        parts: list[list[str]] = [[] for _ in stretches]
        for n, part in rows:
            parts[n].append(_inflated(part))
        return [
            "".join(mine)[start % _PART : end - start // _PART * _PART]
            for mine, (_, start, end) in zip(parts, stretches, strict=True)
        ]

    def counts(self) -> tuple[int, int]:
        """How many documents and chunks there are."""
        [(documents, chunks)] = self._rows(
            "SELECT count(*), coalesce(sum(chunks), 0) FROM documents WHERE NOT gone"
        )
        return documents, chunks

    def is_sound(self) -> bool:
        """Whether SQLite finds its file in order."""
        return self._rows("PRAGMA quick_check(1)") == [("ok",)]

    # Chunks

    def chunks(self, ids: Collection[int], spaces: Collection[int]) -> list[StoredChunk]:
        """Those of `ids` that stand in one of `spaces`."""
        rows = self._rows(
            f"{CHUNKS} WHERE chunks.id {_AMONG} AND space {_AMONG}", _listed(ids), _listed(spaces)
        )
        return [StoredChunk.of(*row) for row in rows]

    def _documents(self, where: str, *values: object) -> list[StoredDocument]:
        rows = self._rows(f"{DOCUMENTS} WHERE {where}", *values)
        return [StoredDocument.of(*row) for row in rows]

    def _free_key(self, space: int, document: Document) -> str:
        """The version's key; the rare one that is taken by another version gives way."""
        [(name,)] = self._rows("SELECT name FROM spaces WHERE id = ?", space)
        for attempt in count():
            key = source_key(f"{name}\0{document.uri}", document.version, attempt)
            if not self._rows("SELECT 1 FROM documents WHERE key = ?", key):
                return key
        raise AssertionError("count() is endless")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


@lru_cache(maxsize=256)
def _inflated(part: bytes) -> str:
    """A part of a text. Neighbouring chunks share it, and so do a chunk and its passage."""
    try:
        return zlib.decompress(part).decode("utf-8")
    except zlib.error as error:
        raise HomeError(f"The text of a document is damaged ({error}).") from error


def _listed(numbers: Collection[int]) -> str:
    return json.dumps(list(numbers))
