"""A conversation: who said what, what was decided, and what is still open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.summarizing.sentences import claim, passage, sentences
from bot.types import DraftPart, DraftSummary
from index.library import Span
from index.types import Source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.types import Remark


def summarize_talk(remarks: Sequence[Remark], subject: str, lines: int) -> DraftSummary:
    spans = [_span(remark) for remark in sorted(remarks, key=lambda remark: remark.at)]
    chosen = [(span, sentence) for span in spans for sentence in sentences(span)][:lines]
    claims = tuple(claim(sentence, n) for n, (_, sentence) in enumerate(chosen))
    return DraftSummary(subject, (DraftPart("", claims),), tuple(passage(*place) for place in chosen))


def _span(remark: Remark) -> Span:
    title = f"{remark.speaker}, {remark.at[:16].replace('T', ' ')}"
    source = Source(key="", uri=remark.url, title=title, space="", version="", url=remark.url)
    return Span(source, remark.text, (), 0, len(remark.text))
