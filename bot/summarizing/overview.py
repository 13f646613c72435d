"""What is in a space, or in the whole library: by default a line a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bot.summarizing.choosing import choose
from bot.summarizing.document import summarize_document
from bot.types import DraftClaim, DraftPart, DraftSummary, Quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from index.embedders import Embedder
    from index.library import Span

MOST_DOCUMENTS = 30
BEGINNING = 4000  # characters of a document that its line is cut from


def summarize_library(
    subject: str, spans: Sequence[Span], embedder: Embedder, documents: int, lines: int
) -> DraftSummary:
    """`lines` out of beginnings of documents, of which there are `documents` in all: one of each, of
    the most telling only where these are too many, or several."""
    told = [draft for draft in _drafts(spans, embedder, lines) if draft.passages]
    if lines < len(told):
        told = _most_telling(told, embedder, lines)
    passages = [passage for draft in told for passage in draft.passages]
    numbers = iter(range(len(passages)))
    parts = [DraftPart(draft.subject, tuple(_renumbered(draft, numbers))) for draft in told]
    left = documents - len(told)
    note = f"{left:,} more {'document' if left == 1 else 'documents'} not shown." if left else ""
    return DraftSummary(subject, tuple(parts), tuple(passages), note)


def _drafts(spans: Sequence[Span], embedder: Embedder, lines: int) -> list[DraftSummary]:
    """Of each as many lines; the longer ones make up for what the shorter ones lack."""
    drafts = {}
    for n, span in enumerate(sorted(spans, key=lambda span: len(span.text))):
        draft = summarize_document(span, embedder, max(1, lines // (len(spans) - n)))
        drafts[span.source.key] = draft
        lines -= len(draft.passages)
    return [drafts[span.source.key] for span in spans]


def _most_telling(drafts: Sequence[DraftSummary], embedder: Embedder, most: int) -> list[DraftSummary]:
    """Those whose lines are central and differ; two documents may say the same."""
    texts = [draft.passages[0].text for draft in drafts]
    places = choose(texts, embedder.embed_documents(texts), np.zeros(len(texts)), most, repeated=1.0)
    return [drafts[place] for place in places]


def _renumbered(draft: DraftSummary, numbers: Iterator[int]) -> Iterator[DraftClaim]:
    """The claims, each of which quotes one passage, under the numbers that come next."""
    for claim in (claim for part in draft.parts for claim in part.claims):
        [quote] = claim.quotes
        yield DraftClaim(claim.text, (Quote(next(numbers), quote.text),))
