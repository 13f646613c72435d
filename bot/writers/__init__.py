"""Writers turn passages into a draft: one file a way of writing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.types import Draft
    from index.types import Passage


class Writer(Protocol):
    """Proposes an answer from passages alone. `verify` decides what of it stands.

    Synchronous: writing without a model is a few milliseconds of computing, done in the
    thread that searched."""

    def write(self, question: str, passages: Sequence[Passage]) -> Draft:
        """A draft whose quotes name passages by their place in `passages`; one without
        claims where they do not answer the question. Never raises for odd questions."""
