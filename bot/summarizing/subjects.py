"""What the subject of a summary names: a document, the library or a space, or else a topic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.types import Candidates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.records import StoredDocument


def named(subject: str, documents: Sequence[StoredDocument]) -> StoredDocument | Candidates | None:
    """The document that `subject` names, or those it may mean; None where it names none."""
    name = subject.casefold()
    found = [d for d in documents if name in d.source.title.casefold() or name == d.source.key]
    exact = [d for d in found if d.source.title.casefold() == name]
    match exact or found:
        case []:
            return None
        case [document]:
            return document
        case several:
            return Candidates(subject, tuple(several))
