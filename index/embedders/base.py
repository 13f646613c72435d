"""What an embedder is, and what its vectors must be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np

from index.errors import EmbedderError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


class Embedder(Protocol):
    """Turns texts into unit vectors. Documents and questions are embedded by different
    calls, since some providers tell them apart. Safe to share between threads. Every call
    asks once and raises EmbedderError; who calls decides whether to ask again."""

    @property
    def name(self) -> str:
        """`provider:model`; an index is only ever asked with the embedder that made it."""

    @property
    def dimensions(self) -> int: ...

    @property
    def dense_weight(self) -> float:
        """The share of cosine similarity in the fused score (0 to 1), fitted by measurement."""

    @property
    def batch_size(self) -> int:
        """How many texts one call is best given."""

    @property
    def at_once(self) -> int:
        """How many calls may run beside each other; more than one where a server answers."""

    @property
    def is_kept(self) -> bool:
        """Whether a vector is worth storing as soon as it is there, since it took time or money."""

    @property
    def is_paid(self) -> bool:
        """Whether somebody is charged by the token."""

    def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit rows (n, dimensions); a row of zeros where nothing in the text is known."""

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """A unit vector (dimensions,), or zeros where nothing in the text is known."""


def unit_rows(name: str, reply: ArrayLike, texts: int, dimensions: int | None) -> NDArray[np.float32]:
    """A provider's reply as unit rows (texts, dimensions); zeros stay zeros. Raises
    EmbedderError where it is not one vector of finite numbers for each text, all of them
    as long as `dimensions` says, if that is known."""
    try:
        rows = np.array(reply, np.float32)
    except (ValueError, TypeError) as error:
        raise EmbedderError(f"{name} gave vectors of different lengths, or none at all.") from error
    if rows.ndim != 2 or len(rows) != texts or not rows.shape[1]:
        raise EmbedderError(f"{name} gave {len(rows) if rows.ndim else 0} vectors for {texts} texts.")
    if dimensions not in (None, rows.shape[1]):
        raise EmbedderError(f"{name} gave vectors of {rows.shape[1]} numbers where {dimensions} are due.")
    if not np.isfinite(rows).all():
        raise EmbedderError(f"{name} gave a vector with something in it that is no number.")
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    np.divide(rows, lengths, out=rows, where=lengths > 0)
    return rows
