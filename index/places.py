"""Words to the places where they stand, and to the passages that come closest.

The words index only proposes chunks; what counts is whether the words stand in the text
around them, exactly but for their typing (see `index.quotes`).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache
from itertools import chain, islice

from index.catalog import Catalog
from index.correspondence import likeness
from index.lexical import Lexical, terms
from index.quotes import find, normalise
from index.records import Span, StoredDocument
from index.sentences import sentence_spans

_CANDIDATES = 50  # chunks looked at, of each kind
_FIRST = 60  # words of a quote: one or the other of two neighbouring chunks holds most of them
_RAREST = 16  # of these, which choose among chunks
_SHARE = 0.4  # of these that a chunk holds: some may be in the next, or broken at a line's end
_CERTAIN = 1e6  # more than any score
_CLOSEST = 3
_LEAST_ALIKE = 0.3
# A word that may be written in one or in two, or is broken at the end of a line.
_HYPHENED = re.compile(r"\S*[-‐‑‒–—―−\u00ad]\s*\S*")


def places(catalog: Catalog, index: Lexical, words: str, visible: Collection[int], most: int) -> list[Span]:
    """Where `words` stand as a whole; the likeliest first, at most so many."""
    windows = _windows(catalog, _proposed(index, words, visible, _SHARE), len(words), visible)
    return list(islice(_found(catalog, words, windows), most))


def closest(catalog: Catalog, index: Lexical, words: str, visible: Collection[int]) -> list[Span]:
    """The sentences most like `words`, best first, at most 3, one a window of text; none where
    hardly a word is the same."""
    wanted = Counter(terms(normalise(words).text))
    windows = _windows(catalog, _proposed(index, words, visible, 0), 0, visible)
    alike = sorted(_most_alike(catalog, wanted, windows), key=lambda found: -found[0])
    text_of = cache(catalog.text)
    return [_span(text_of, *place) for _, place in alike[:_CLOSEST]]


_Window = tuple[StoredDocument, int, int]


def _proposed(index: Lexical, words: str, visible: Collection[int], share: float) -> list[int]:
    """Chunks that may hold `words`, the likeliest first: those where they stand in a row, then
    those with a `share` of the rarest."""
    typed = unicodedata.normalize("NFKC", words)
    certain = [run for run in map(terms, _HYPHENED.split(typed)) if run]
    rows = certain or [run for run in [terms(typed)] if run]
    first = (terms(typed)[:_FIRST], terms(normalise(words).text)[:_FIRST])
    hits: dict[int, float] = {}
    for space in visible:
        rare = _rarest(index, space, list(dict.fromkeys(chain(*first))))
        least = max(1, int(share * len(rare)))
        hits |= index.holding(space, [[word] for word in rare], least, _CANDIDATES)
        hits |= {c: score + _CERTAIN for c, score in index.holding(space, rows, len(rows), _CANDIDATES)}
    return sorted(hits, key=lambda chunk: -hits[chunk])


def _rarest(index: Lexical, space: int, words: Sequence[str]) -> list[str]:
    known = [(n, word) for n, word in zip(index.frequencies(space, words), words, strict=True) if n]
    return [word for _, word in sorted(known)[:_RAREST]]


def _windows(
    catalog: Catalog, chunks: Sequence[int], margin: int, visible: Collection[int]
) -> list[_Window]:
    """The stretches of text that hold `chunks` with twice `margin` characters and some around
    each; chunks that meet share one. As likely as their likeliest chunk, in that order."""
    around = 2 * margin + 100
    stored = {chunk.id: chunk for chunk in catalog.chunks(chunks, visible)}
    documents = catalog.documents_by_id({chunk.document for chunk in stored.values()})
    rank = {chunk: n for n, chunk in enumerate(chunks)}
    merged: list[tuple[int, int, int, int]] = []  # document, start, end, rank
    for chunk in sorted(stored.values(), key=lambda chunk: (chunk.document, chunk.start)):
        start, end = max(0, chunk.start - around), chunk.end + around
        if merged and merged[-1][0] == chunk.document and merged[-1][2] >= start:
            _, first, last, best = merged.pop()
            start, end, best = first, max(end, last), min(best, rank[chunk.id])
        else:
            best = rank[chunk.id]
        merged.append((chunk.document, start, end, best))
    merged.sort(key=lambda window: window[3])
    return [(documents[document], start, end) for document, start, end, _ in merged]


def _found(catalog: Catalog, words: str, windows: Sequence[_Window]) -> Iterator[Span]:
    texts = catalog.texts([(document.id, start, end) for document, start, end in windows])
    text_of = cache(catalog.text)
    for (document, first, _), text in zip(windows, texts, strict=True):
        for start, end in find(words, text):
            yield _span(text_of, document, first + start, first + end)


def _most_alike(
    catalog: Catalog, wanted: Counter[str], windows: Sequence[_Window]
) -> Iterator[tuple[float, _Window]]:
    """The best sentence of each window."""
    texts = catalog.texts([(document.id, start, end) for document, start, end in windows])
    for (document, first, _), text in zip(windows, texts, strict=True):
        alike, start, end = max(
            (likeness(wanted, Counter(terms(text[start:end]))), start, end)
            for start, end in sentence_spans(text)
        )
        if alike >= _LEAST_ALIKE:
            yield alike, (document, first + start, first + end)


def _span(text_of: Callable[[int], str], document: StoredDocument, start: int, end: int) -> Span:
    return Span.of_document(document, text_of(document.id), start, end)
