"""A question to the passages that may answer it.

Words rank first and meaning beside them: BM25 and cosine scores are fused with the
embedder's own weight, then the best chunks are ordered again by how much of the question
a few neighbouring sentences of theirs hold. Chunks that overlap become one passage.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, partial, reduce
from itertools import pairwise
from operator import or_
from typing import TYPE_CHECKING

import numpy as np

from index.catalog import Catalog
from index.embedders.patience import ASKING, patiently
from index.errors import EmbedderError
from index.lexical import Lexical, encodable, terms
from index.records import StoredChunk, StoredDocument
from index.sentences import sentence_spans
from index.types import Passage

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.embedders import Embedder
    from index.vectors import Vectors

_SHORTEST, _LONGEST = 50, 2500  # characters: a shorter rest is dropped, a longer passage not made
_CANDIDATES = 50  # from each index
_RERANKED = 15
_WINDOWS = {1: 0.4, 2: 0.4, 3: 0.5, 5: 0.4}  # sentences -> weight of the part of the question they hold
_WHOLE = 0.45  # the same for the whole chunk
_PAIRS = 0.3  # the same of the pairs of neighbouring words
log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Candidate:
    chunk: StoredChunk
    lexical: float
    cosine: float
    score: float = 0.0


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
    lexical, vectors = indexes
    words, vector = terms(question), _meaning(embedder, encodable(question))
    found: dict[int, float] = {}
    near = [
        _beside().submit(vectors.search, space, vector, _CANDIDATES)
        for space in spaces
        if vector is not None
    ]
    for space in spaces:
        found |= dict(lexical.search(space, words, _CANDIDATES))
    for neighbours in near:
        found = dict.fromkeys(neighbours.result(), 0.0) | found
    candidates = _candidates(catalog.chunks(found, spaces), found, vector)
    best = _fuse(candidates, embedder.dense_weight)[: max(_RERANKED, 2 * k)]
    texts = catalog.texts([(c.chunk.document, c.chunk.start, c.chunk.end) for c in best])
    _rerank(best, texts, words, rarity(lexical, words, spaces))
    stretches = _merge(best, k)
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
        c.score = (1 - weight) * c.lexical / top + weight * (c.cosine - low) / span
    return sorted(candidates, key=_by_score)


def _rerank(
    candidates: list[_Candidate], texts: Sequence[str], words: Sequence[str], weights: Mapping[str, float]
) -> None:
    """Orders candidates anew by how much of the question a few neighbouring sentences hold,
    and by the pairs of neighbouring words that they share with it. Both cost too much to be
    asked of every chunk: a phrase query keeps BM25 from passing over hopeless ones.

    Which words a sentence holds is a number with a bit for each."""
    bits = {word: 1 << n for n, word in enumerate(weights)}
    pairs = {(a, b): weights[a] + weights[b] for a, b in pairwise(words)}
    total, pairs_total = sum(weights.values()) or 1.0, sum(pairs.values()) or 1.0

    @cache
    def worth(held: int) -> float:
        return sum(weight for word, weight in weights.items() if held & bits[word])

    for candidate, text in zip(candidates, texts, strict=True):
        held: list[int] = []
        shared: set[tuple[str, str]] = set()
        for start, end in sentence_spans(text):
            sentence = terms(text[start:end])
            known = [bits[word] for word in sentence if word in bits]
            held.append(reduce(or_, known, 0))
            if len(known) > 1:
                shared |= pairs.keys() & set(pairwise(sentence))
        part = _WHOLE * worth(reduce(or_, held, 0))
        part += sum(
            weight * max(map(worth, _windows(held, width)), default=0.0)
            for width, weight in _WINDOWS.items()
        )
        candidate.score += part / total
        candidate.score += _PAIRS * sum(map(pairs.__getitem__, shared)) / pairs_total
    candidates.sort(key=_by_score)


def _windows(held: Sequence[int], width: int) -> Sequence[int]:
    """What `width` neighbouring sentences hold together, wherever they stand; all of them
    where they are fewer."""
    windows = held
    for offset in range(1, min(width, len(held))):
        windows = list(map(or_, windows, held[offset:]))
    return windows


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
