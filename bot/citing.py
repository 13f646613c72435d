"""A citation from a span of a document, and the sentences it stands between."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from bot.types import Citation, CitedPassage
from index.citation import citation_id
from index.sentences import sentence_spans
from index.types import heading_at, page_at

if TYPE_CHECKING:
    from collections.abc import Iterable

    from index.library import Span
    from index.types import Mark, Source


def citation(source: Source, marks: Iterable[Mark], start: int, quote: str, n: int) -> Citation:
    """Citation number `n`: the words that stand at `start` of a source, and where that is."""
    return Citation(
        n=n,
        id=citation_id(source.key, start, start + len(quote)),
        document=source.uri,
        title=source.title,
        version=source.version,
        page=page_at(marks, start),
        heading=heading_at(marks, start),
        start=start,
        end=start + len(quote),
        quote=quote,
    )


def in_place(span: Span, n: int, context: int) -> CitedPassage:
    """The citation with the rest of the sentences it cuts and `context` whole ones on either side."""
    sentences = sentence_spans(span.text)
    first = bisect_right(sentences, span.start, key=lambda sentence: sentence[1])
    behind = bisect_left(sentences, span.end, key=lambda sentence: sentence[0])
    shown = sentences[max(first - context, 0) : max(behind, first) + context]
    start = min([span.start, *(start for start, _ in shown[:1])])
    end = max([span.end, *(end for _, end in shown[-1:])])
    cited = citation(span.source, span.marks, span.start, span.text[span.start : span.end], n)
    return CitedPassage(cited, span.text[start : span.start], span.text[span.end : end])
