"""A citation from a span of a document, and the sentences it stands between."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from bot.types import Citation, CitedPassage
from index.citation import citation_id
from index.sentences import sentence_spans
from index.types import heading_at, page_at

if TYPE_CHECKING:
    from index.library import Span


def citation(span: Span, n: int) -> Citation:
    """Citation number `n`: the span itself, and where it stands."""
    source = span.source
    return Citation(
        n=n,
        id=citation_id(source.key, span.start, span.end),
        document=source.uri,
        title=source.title,
        version=source.version,
        page=page_at(span.marks, span.start),
        heading=heading_at(span.marks, span.start),
        start=span.start,
        end=span.end,
        quote=span.text[span.start : span.end],
    )


def in_place(span: Span, n: int, context: int) -> CitedPassage:
    """The citation with the rest of the sentences it cuts and `context` whole ones on either side."""
    sentences = sentence_spans(span.text)
    first = bisect_right(sentences, span.start, key=lambda sentence: sentence[1])
    behind = bisect_left(sentences, span.end, key=lambda sentence: sentence[0])
    shown = sentences[max(first - context, 0) : max(behind, first) + context]
    start = min([span.start, *(start for start, _ in shown[:1])])
    end = max([span.end, *(end for _, end in shown[-1:])])
    return CitedPassage(citation(span, n), span.text[start : span.start], span.text[span.end : end])
