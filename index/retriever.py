"""A question to the passages that may answer it.

Words rank first and meaning beside them: BM25 and cosine scores are fused with the
embedder's own weight, then the best chunks are ordered again, see `index.ordering`. Of copies
the first is kept, see `index.copies`. Chunks that overlap become one passage.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import TYPE_CHECKING

import numpy as np

from index.catalog import Catalog
from index.copies import Cut, without_copies
from index.embedders.patience import ASKING, patiently
from index.errors import EmbedderError
from index.lexical import Lexical, encodable, terms
from index.ordering import closeness
from index.records import StoredChunk, StoredDocument
from index.types import Passage

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.embedders import Embedder
    from index.vectors import Vectors

_SHORTEST, _LONGEST = 50, 2500  # characters: a shorter rest is dropped, a longer passage not made
_CANDIDATES, _AMONG_COPIES = 50, 250  # from each index
_RERANKED = 15
log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Candidate:
    """A chunk, and once it is read its text and how close that is to the question."""

    chunk: StoredChunk
    lexical: float
    cosine: float
    fused: float = 0.0
    text: str = ""
    closeness: float = 0.0

    @property
    def score(self) -> float:
        return self.fused + self.closeness

    def cut(self, start: int, end: int, closeness: float) -> _Candidate:
        """Its `text[start:end]`, which counts as far as it is as close to the question as the whole."""
        return replace(
            self,
            chunk=replace(self.chunk, start=self.chunk.start + start, end=self.chunk.start + end),
            text=self.text[start:end],
            fused=self.fused * closeness / self.closeness if self.closeness else 0.0,
            closeness=closeness,
        )


@dataclass(slots=True)
class _Stretch:
    """A passage in the making: characters of a document, and the best chunk in them."""

    document: int
    start: int
    end: int
    best: _Candidate

    @property
    def length(self) -> int:
        return self.end - self.start

    def overlaps(self, other: _Stretch) -> bool:
        return self.document == other.document and self.start < other.end and other.start < self.end

    def extend(self, other: _Stretch) -> None:
        self.start, self.end = min(self.start, other.start), max(self.end, other.end)

    def cut(self, shown: _Stretch) -> None:
        """Leaves out what `shown` shows; of two ends that stand out, the later."""
        if self.overlaps(shown):
            if self.end > shown.end:
                self.start = shown.end
            else:
                self.end = max(self.start, shown.start)


def search(
    catalog: Catalog,
    indexes: tuple[Lexical, Vectors],
    embedder: Embedder,
    question: str,
    spaces: Collection[int],
    k: int,
) -> list[Passage]:
    """At most `k` passages for a question, best first, out of `spaces` alone. The caller
    holds `catalog.reading()` since it chose the indexes."""
    lexical, _ = indexes
    words, vector = terms(question), _meaning(embedder, encodable(question))
    closeness_of = partial(closeness, question, rarity(lexical, words, spaces))

    def find(most: int) -> list[_Candidate]:
        found = _found(indexes, words, vector, spaces, most)
        return _fuse(_candidates(catalog.chunks(found, spaces), found, vector), embedder.dense_weight)

    stretches: list[_Stretch] = []
    for candidates in _in_turn(find, max(_RERANKED, 2 * k)):
        stretches = _merge(_best(catalog, candidates, closeness_of), k)
        if len(stretches) == k:
            break
    documents = catalog.documents_by_id({stretch.document for stretch in stretches})
    texts = catalog.texts([(s.document, s.start, s.end) for s in stretches])
    return [_passage(documents[s.document], s, text) for s, text in zip(stretches, texts, strict=True)]


def _meaning(embedder: Embedder, question: str) -> NDArray[np.float32] | None:
    """The question's vector; None where the embedder fails: words alone rank well enough."""
    try:
        return patiently(partial(embedder.embed_query, question), ASKING)
    except EmbedderError as error:
        log.warning("Searched by words alone. %s", error)
        return None


@cache
def _beside() -> ThreadPoolExecutor:
    """Where meaning is searched while words are: both let go of the interpreter's lock."""
    return ThreadPoolExecutor(thread_name_prefix="search")


def _found(
    indexes: tuple[Lexical, Vectors],
    words: Sequence[str],
    vector: NDArray[np.float32] | None,
    spaces: Collection[int],
    most: int,
) -> dict[int, float]:
    """The chunks that either index finds, at most so many of each and each space, with their BM25."""
    lexical, vectors = indexes
    found: dict[int, float] = {}
    meant = [
        _beside().submit(vectors.search, space, vector, most) for space in spaces if vector is not None
    ]
    for space in spaces:
        found |= dict(lexical.search(space, words, most))
    for neighbours in meant:
        found = dict.fromkeys(neighbours.result(), 0.0) | found
    return found


def _in_turn(find: Callable[[int], list[_Candidate]], few: int) -> Iterator[list[_Candidate]]:
    """The best few candidates; then all, and then more, for where copies have taken the places."""
    candidates = find(_CANDIDATES)
    yield candidates[:few]
    if len(candidates) > few:
        yield candidates
    if len(candidates) >= _CANDIDATES:
        yield find(_AMONG_COPIES)


def _candidates(
    chunks: Sequence[StoredChunk], lexical: Mapping[int, float], vector: NDArray[np.float32] | None
) -> list[_Candidate]:
    if not chunks:
        return []
    cosines = np.zeros(len(chunks), np.float32)
    if vector is not None:
        vectors = np.concatenate([chunk.vector for chunk in chunks]).reshape(len(chunks), -1)
        cosines = vectors.astype(np.float32) @ vector
    return [
        _Candidate(c, lexical[c.id], cosine) for c, cosine in zip(chunks, cosines.tolist(), strict=True)
    ]


def rarity(lexical: Lexical, words: Sequence[str], spaces: Collection[int]) -> dict[str, float]:
    """BM25's inverse document frequency of each word: ln(1 + (N - n + 0.5) / (n + 0.5))."""
    distinct = list(dict.fromkeys(words))
    total = sum(lexical.size(space) for space in spaces)
    counts = np.sum([lexical.frequencies(space, distinct) for space in spaces], axis=0)
    return {
        word: math.log(1 + (total - n + 0.5) / (n + 0.5))
        for word, n in zip(distinct, counts.tolist(), strict=True)
    }


def _fuse(candidates: list[_Candidate], weight: float) -> list[_Candidate]:
    """Candidates by both scores, each scaled to 1 for its best: reciprocal ranks would let a
    weak embedder outvote a sure word."""
    top = max((c.lexical for c in candidates), default=0.0) or 1.0
    cosines = [c.cosine for c in candidates] or [0.0]
    low, span = min(cosines), (max(cosines) - min(cosines)) or 1.0
    for c in candidates:
        c.fused = (1 - weight) * c.lexical / top + weight * (c.cosine - low) / span
    return sorted(candidates, key=_by_score)


def _best(
    catalog: Catalog, candidates: Sequence[_Candidate], closeness_of: Callable[[Sequence[str]], list[float]]
) -> list[_Candidate]:
    """The candidates in their second order, without those that are copies."""
    texts = catalog.texts([(c.chunk.document, c.chunk.start, c.chunk.end) for c in candidates])
    distinct = _distinct(texts, candidates)
    close = zip(distinct.items(), closeness_of(list(distinct)), strict=True)
    ordered = sorted((replace(c, text=text, closeness=near) for (text, c), near in close), key=_by_score)
    parts = without_copies([Cut(c.chunk.document, c.chunk.start, c.text) for c in ordered])
    rests = [p for p in parts if p.end - p.start < len(ordered[p.number].text)]
    left = closeness_of([ordered[p.number].text[p.start : p.end] for p in rests])
    cut = {p.number: ordered[p.number].cut(p.start, p.end, c) for p, c in zip(rests, left, strict=True)}
    return sorted((cut.get(p.number, ordered[p.number]) for p in parts), key=_by_score)


def _distinct(texts: Sequence[str], candidates: Sequence[_Candidate]) -> dict[str, _Candidate]:
    """Each text once, with the candidate whose `without_copies` would keep: this costs less."""
    kept: dict[str, _Candidate] = {}
    for text, new in zip(texts, candidates, strict=True):
        known = kept.setdefault(text, new)
        if known.chunk.document == new.chunk.document and new.chunk.start < known.chunk.start:
            kept[text] = new
    return kept


def _by_score(candidate: _Candidate) -> tuple[float, int]:
    return -candidate.score, candidate.chunk.id


def _merge(candidates: Iterable[_Candidate], k: int) -> list[_Stretch]:
    """At most `k` stretches, in the order of the chunks, none of which overlap. A chunk
    that overlaps the stretch just before it extends that one; of a chunk that overlaps an
    earlier one, what was not yet shown is left, so that the order stays by relevance."""
    stretches: list[_Stretch] = []
    for candidate in candidates:
        new = _Stretch(candidate.chunk.document, candidate.chunk.start, candidate.chunk.end, candidate)
        last = stretches[-1] if stretches else None
        for shown in stretches[:-1]:
            new.cut(shown)
        if last is not None and last.overlaps(new) and last.length + new.length < _LONGEST:
            last.extend(new)
            continue
        if last is not None:
            new.cut(last)
        if new.length >= _SHORTEST or new.length == candidate.chunk.end - candidate.chunk.start:
            if len(stretches) == k:
                break
            stretches.append(new)
    return stretches


def _passage(document: StoredDocument, stretch: _Stretch, text: str) -> Passage:
    start = stretch.start + len(text) - len(text.lstrip())
    text = text.strip()
    end = start + len(text)
    return Passage(
        source=document.source,
        text=text,
        start=start,
        end=end,
        marks=tuple(mark for mark in document.marks if mark.start < end and start < mark.end),
        score=stretch.best.score,
        lexical=stretch.best.lexical,
        cosine=stretch.best.cosine,
    )
