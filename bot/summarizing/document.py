"""A document in a few of its sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.summarizing.sentences import claim, passage, sentences
from bot.types import DraftPart, DraftSummary

if TYPE_CHECKING:
    from index.library import Span


def summarize_document(span: Span, lines: int) -> DraftSummary:
    chosen = sentences(span)[:lines]
    claims = tuple(claim(sentence, n) for n, sentence in enumerate(chosen))
    return DraftSummary(
        span.source.title, (DraftPart("", claims),), tuple(passage(span, s) for s in chosen)
    )
