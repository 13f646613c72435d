"""Versions that stand no more: how long their text is kept, so that an old citation still
shows what it cited."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.database import Database
    from index.types import Source

VERSION_DAYS = 90


class Versions:
    """The catalog's documents that were replaced or removed. No index leads to them."""

    def __init__(self, database: Database, days: int) -> None:
        self._rows = database.rows
        self._days = days

    def oldest(self) -> str:
        """What went until this moment, an ISO time, is not kept any more."""
        return (datetime.now(UTC) - timedelta(days=self._days)).isoformat(timespec="seconds")

    def removed_at(self, source: Source) -> str:
        """When the last version went that stood where `source` did, an ISO time."""
        [(at,)] = self._rows(
            "SELECT max(gone_at) FROM documents JOIN spaces ON spaces.id = space"
            " WHERE spaces.name = ? AND uri = ? AND gone",
            *(source.space, source.uri),
        )
        return str(at)

    def forget(self) -> None:
        """Deletes what is not kept any more, but for what a published index still leads to."""
        self._rows(
            "DELETE FROM documents WHERE gone AND gone_at <= ?"
            " AND NOT EXISTS (SELECT 1 FROM chunks WHERE document = documents.id)",
            self.oldest(),
        )
