"""A citation from a span of a document, and the sentences it stands between."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from bot.text import one_line, plain, shortened
from bot.types import Citation, CitedPassage, Claim, Standing
from index.citation import citation_id
from index.quotes import normalise
from index.sentences import sentence_spans
from index.types import MarkKind, heading_at, page_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from index.library import Span
    from index.types import Mark, Passage, Source

_PLACE = 300  # characters of a reference
_STRETCH = 5  # sentences that are read on at a time


def citation(source: Source, marks: Iterable[Mark], start: int, quote: str, n: int) -> Citation:
    """Citation number `n`: the words that stand at `start` of a source, and where that is."""
    return Citation(
        n=n,
        id=citation_id(source.key, start, start + len(quote)) if source.key else "",
        document=source.uri,
        title=source.title,
        version=source.version,
        page=page_at(marks, start),
        heading=heading_at(marks, start),
        start=start,
        end=start + len(quote),
        quote=quote,
        url=source.url,
    )


def spanned(span: Span, n: int) -> Citation:
    """Citation number `n` of a place in a document."""
    return citation(span.source, span.marks, span.start, span.text[span.start : span.end], n)


def in_place(
    span: Span, n: int, context: int, split: Callable[[str], Sequence[tuple[int, int]]] = sentence_spans
) -> CitedPassage:
    """The citation with the rest of the sentences it cuts and `context` whole ones on either side."""
    sentences = split(span.text)
    first = bisect_right(sentences, span.start, key=lambda sentence: sentence[1])
    behind = bisect_left(sentences, span.end, key=lambda sentence: sentence[0])
    shown = sentences[max(first - context, 0) : max(behind, first) + context]
    start = min([span.start, *(start for start, _ in shown[:1])])
    end = max([span.end, *(end for _, end in shown[-1:])])
    cited = spanned(span, n)
    first, last = bisect_left(sentences, (start, 0)), bisect_left(sentences, (end, 0))
    return CitedPassage(
        citation=cited,
        before=span.text[start : span.start],
        after=span.text[span.end : end],
        earlier=_stretch(span.source, sentences[max(first - _STRETCH, 0) : first]),
        later=_stretch(span.source, sentences[last : last + _STRETCH]),
        date=span.date,
        standing=span.standing,
        now=spanned(span.now, n) if span.now else None,
    )


def _stretch(source: Source, sentences: Sequence[tuple[int, int]]) -> str:
    return citation_id(source.key, sentences[0][0], sentences[-1][1]) if sentences else ""


def over(passage: Passage) -> str:
    """What stands over a passage: its title and headings."""
    headings = (mark.label for mark in passage.marks if mark.kind is MarkKind.HEADING)
    return " ".join([passage.source.title, *headings])


def with_markers(claim: Claim) -> str:
    """A claim as an answer's text shows it: "It is so. [1] [2]"."""
    return " ".join([claim.text, *(f"[{n}]" for n in claim.citations)])


def place(citation: Citation) -> str:
    """ "Title › Heading, p. 3": a title that is the first heading as well is said once."""
    title, heading = one_line(citation.title), one_line(citation.heading)
    path = heading if heading == title or heading.startswith(f"{title} › ") else f"{title} › {heading}"
    page = one_line(citation.page or "")
    return (
        (path if heading else title) + (f", p. {page}" if page.isdigit() else page and f", {page}")
    ).strip()


def version(passage: CitedPassage) -> str:
    """ "version 0123456789abcdef of 2026-05-01"."""
    return f"version {passage.citation.version}" + (f" of {passage.date[:10]}" if passage.date else "")


def news(passage: CitedPassage) -> str:
    """One sentence on what has become of a passage since it was cited, "" for nothing."""
    if passage.standing is Standing.MOVED:
        return "Its document was moved since; the same text now stands here."
    if passage.standing is Standing.CURRENT:
        return ""
    if passage.now is None:
        return "This passage has changed since; nothing stands there any more."
    if normalise(passage.now.quote).text == normalise(passage.citation.quote).text:
        return "Its document has changed since; the same words still stand in it, as shown below."
    return "This passage has changed since; what stands there now is shown below."


def quotation(passage: CitedPassage) -> str:
    """The quote, and below it a reference that leads back to it."""
    cited = passage.citation
    parts = (shortened(place(cited), _PLACE), version(passage), f"Footnote {cited.id}", cited.url)
    return f"“{plain(cited.quote).strip()}”\n— {'. '.join(filter(None, parts))}"
