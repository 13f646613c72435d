"""What is in a space, or in the whole library: a line a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.summarizing.document import summarize_document
from bot.types import DraftClaim, DraftPart, DraftSummary, Quote

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.embedders import Embedder
    from index.library import Span

MOST_DOCUMENTS = 30
BEGINNING = 4000  # characters of a document that its line is cut from


def summarize_library(
    subject: str, spans: Sequence[Span], embedder: Embedder, documents: int
) -> DraftSummary:
    """The most telling sentence of each beginning; `documents` is how many there are in all."""
    drafts = [summarize_document(span, embedder, 1) for span in spans]
    told = [draft for draft in drafts if draft.passages]
    parts = [DraftPart(draft.subject, tuple(_renumbered(draft, n))) for n, draft in enumerate(told)]
    passages = tuple(draft.passages[0] for draft in told)
    left = documents - len(told)
    note = f"{left:,} more {'document' if left == 1 else 'documents'} not shown." if left else ""
    return DraftSummary(subject, tuple(parts), passages, note)


def _renumbered(draft: DraftSummary, number: int) -> list[DraftClaim]:
    [part] = draft.parts
    return [DraftClaim(c.text, tuple(Quote(number, q.text) for q in c.quotes)) for c in part.claims]
