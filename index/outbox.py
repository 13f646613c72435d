"""What has changed in the catalog, and how far each index follows it.

Chunk numbers only ever grow and removed ones are noted, so that "what has changed since
chunk N and removal M" brings a projection up to date.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from index.database import Database
from index.records import CHUNKS, Place, Projection, StoredChunk


class Outbox:
    """The catalog's changes, and the published states of the indexes that take them up."""

    def __init__(self, database: Database) -> None:
        self._rows = database.rows

    def place(self) -> Place:
        """Where the outbox ends."""
        ends = dict(self._rows("SELECT name, seq FROM sqlite_sequence"))
        return Place(ends.get("chunks", 0), ends.get("removals", 0))

    def added(self, after: int, upto: int, space: int, batch: int) -> Iterator[list[StoredChunk]]:
        """The chunks of a space with numbers in (after, upto], in batches."""
        while True:
            rows = self._rows(
                f"{CHUNKS} WHERE chunks.id > ? AND chunks.id <= ? AND space = ? AND NOT gone"
                " ORDER BY chunks.id LIMIT ?",
                *(after, upto, space, batch),
            )
            if not rows:
                return
            yield [StoredChunk.of(*row) for row in rows]
            after = rows[-1][0]

    def removed(self, after: Place, upto: Place, space: int) -> list[int]:
        """The chunks of a space that were removed since `after`, up to `upto`."""
        rows = self._rows(
            "SELECT chunk FROM removals WHERE id > ? AND id <= ? AND space = ?",
            after.removal,
            upto.removal,
            space,
        )
        return [chunk for (chunk,) in rows]

    def projections(self) -> dict[str, Projection]:
        """The published state of each index, by kind."""
        rows = self._rows("SELECT kind, folder, chunk, removal, files FROM projections")
        return {
            kind: Projection(
                kind,
                folder,
                Place(chunk, removal),
                {name: tuple(facts) for name, facts in json.loads(files).items()},
            )
            for kind, folder, chunk, removal, files in rows
        }

    def folders(self) -> dict[str, str]:
        """The published folder of each index, by kind."""
        return dict(self._rows("SELECT kind, folder FROM projections"))

    def publish(self, projections: Iterable[Projection]) -> None:
        """Makes these the state of their indexes; removals that all of them have seen leave the
        outbox, and chunks that none of them leads to any more leave the catalog."""
        for made in projections:
            self._rows(
                "INSERT OR REPLACE INTO projections VALUES (?, ?, ?, ?, ?)",
                *(made.kind, made.folder, *made.place, json.dumps(made.files)),
            )
        self._rows("DELETE FROM removals WHERE id <= (SELECT min(removal) FROM projections)")
        self._rows(
            "DELETE FROM chunks WHERE document IN (SELECT id FROM documents WHERE gone)"
            " AND id NOT IN (SELECT chunk FROM removals)"
        )
