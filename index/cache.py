"""Vectors that were paid for, in time or money: no text is embedded twice.

Those of standing chunks are found where the chunks are. Those that came while a change was
being made are kept beside them, so that one which is cut short goes on where it was. When a
change is done, they stand in the chunks and the copies go. What another embedder made waits
a month, in case somebody goes back to it or on with it.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import numpy as np

from index.database import Database

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DAYS = 30
_TODAY = 86_400  # seconds


class VectorCache:
    """Unit vectors (dimensions,) as 16-bit floats, by embedder and digest of their text."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._rows = database.rows

    def find(self, embedder: str, digests: Collection[str]) -> dict[str, NDArray[np.float16]]:
        """The vectors that are known of `digests`."""
        listed = json.dumps(list(digests))
        rows = self._rows(
            "WITH wanted AS (SELECT value AS digest FROM json_each(?))"
            " SELECT digest, vector FROM wanted JOIN embedded USING (digest) WHERE embedder = ?"
            " UNION SELECT digest, vector FROM wanted JOIN chunks USING (digest)"
            " WHERE ? = (SELECT value FROM meta WHERE name = 'embedder')",
            *(listed, embedder, embedder),
        )
        return {digest: np.frombuffer(vector, np.float16) for digest, vector in rows}

    def dimensions(self, embedder: str) -> int | None:
        """How long the vectors are that are known of `embedder`."""
        rows = self._rows(
            "SELECT length(vector) / 2 FROM ("
            "SELECT vector FROM (SELECT vector FROM embedded WHERE embedder = ? LIMIT 1)"
            " UNION ALL SELECT vector FROM (SELECT vector FROM chunks"
            " WHERE ? = (SELECT value FROM meta WHERE name = 'embedder') LIMIT 1)) LIMIT 1",
            *(embedder, embedder),
        )
        return int(rows[0][0]) if rows else None

    def put(self, embedder: str, digests: Sequence[str], vectors: NDArray[np.floating]) -> None:
        """Keeps unit rows (n, dimensions)."""
        self._database.run_many(
            "INSERT OR REPLACE INTO embedded VALUES (?, ?, ?, ?)",
            (
                (embedder, digest, vector.tobytes(), _today())
                for digest, vector in zip(digests, vectors.astype(np.float16), strict=True)
            ),
        )

    def put_standing(self) -> None:
        """Keeps the vectors of all chunks, which are about to go."""
        self._rows(
            "INSERT OR IGNORE INTO embedded SELECT value, digest, vector, ?"
            " FROM chunks, meta WHERE name = 'embedder'",
            _today(),
        )

    def drop(self, embedder: str) -> None:
        """Forgets what `embedder` made, and what has waited for a month."""
        self._rows("DELETE FROM embedded WHERE embedder = ? OR day < ?", embedder, _today() - _DAYS)


def digest(text: str) -> str:
    """What stands for a text: 32 hexadecimal digits."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _today() -> int:
    """Days since 1970."""
    return int(time.time()) // _TODAY
