"""A question to the passages that may answer it.

Words rank first and meaning beside them: BM25 and cosine scores are fused with the
embedder's own weight, then the best chunks are ordered again by how much of the question
one or two neighbouring sentences of theirs hold. Chunks that overlap become one passage.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import TYPE_CHECKING

import numpy as np

from index.catalog import Catalog, StoredChunk, StoredDocument
from index.lexical import Lexical, terms
from index.sentences import sentence_spans
from index.types import Passage

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.embedders import Embedder
    from index.vectors import Vectors

_CANDIDATES = 50  # from each index
_RERANKED = 20
_ONE_SENTENCE, _TWO_SENTENCES = 0.3, 0.3  # weights of the part of the question they hold


@dataclass(slots=True)
class _Candidate:
    chunk: StoredChunk
    lexical: float
    cosine: float
    score: float = 0.0
    text: str = ""


def search(
    catalog: Catalog,
    indexes: tuple[Lexical, Vectors],
    embedder: Embedder,
    question: str,
    spaces: Collection[int],
    k: int,
) -> list[Passage]:
    """At most `k` passages for a question, best first, out of `spaces` alone."""
    lexical, vectors = indexes
    words, vector = terms(question), embedder.embed_query(question)
    found: dict[int, float] = {}
    for space in spaces:
        found |= lexical.search(space, words, _CANDIDATES)
        found = dict.fromkeys(vectors.search(space, vector, _CANDIDATES), 0.0) | found
    with catalog.reading():
        chunks = catalog.chunks(found, spaces)
        candidates = [_Candidate(c, found[c.id], float(c.vector.astype(np.float32) @ vector)) for c in chunks]
        best = _fuse(candidates, embedder.dense_weight)[: max(_RERANKED, 2 * k)]
        for candidate in best:
            chunk = candidate.chunk
            candidate.text = catalog.text(chunk.document, chunk.start, chunk.end)
        _rerank(best, rarity(lexical, words, spaces))
        documents = catalog.documents_by_id({c.chunk.document for c in best})
        return [_passage(catalog, documents, group) for group in _merge(best, k)]


def rarity(lexical: Lexical, words: Sequence[str], spaces: Collection[int]) -> dict[str, float]:
    """BM25's inverse document frequency of each word: ln(1 + (N - n + 0.5) / (n + 0.5))."""
    distinct = list(dict.fromkeys(words))
    total = sum(lexical.size(space) for space in spaces)
    counts = np.sum([lexical.frequencies(space, distinct) for space in spaces], axis=0)
    return {
        word: math.log(1 + (total - n + 0.5) / (n + 0.5)) for word, n in zip(distinct, counts.tolist(), strict=True)
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


def _rerank(candidates: list[_Candidate], weights: Mapping[str, float]) -> None:
    total = sum(weights.values()) or 1.0
    for candidate in candidates:
        spans = sentence_spans(candidate.text)
        held = [weights.keys() & set(terms(candidate.text[start:end])) for start, end in spans]
        one = max((_mass(words, weights) for words in held), default=0.0)
        two = max((_mass(a | b, weights) for a, b in pairwise(held)), default=one)
        candidate.score += (_ONE_SENTENCE * one + _TWO_SENTENCES * max(one, two)) / total
    candidates.sort(key=_by_score)


def _mass(words: Iterable[str], weights: Mapping[str, float]) -> float:
    return sum(weights[word] for word in words)


def _by_score(candidate: _Candidate) -> tuple[float, int]:
    return -candidate.score, candidate.chunk.id


def _merge(candidates: Sequence[_Candidate], k: int) -> list[list[_Candidate]]:
    """Groups of overlapping chunks of a document, at most `k`, in the order of their best."""
    groups: list[list[_Candidate]] = []
    for candidate in candidates[: 2 * k]:
        touching = [group for group in groups if any(_overlap(candidate, other) for other in group)]
        if touching:
            merged = [*chain.from_iterable(touching), candidate]
            groups = [merged if group is touching[0] else group for group in groups if group not in touching[1:]]
        elif len(groups) < k:
            groups.append([candidate])
    return groups


def _overlap(a: _Candidate, b: _Candidate) -> bool:
    return a.chunk.document == b.chunk.document and a.chunk.start < b.chunk.end and b.chunk.start < a.chunk.end


def _passage(catalog: Catalog, documents: Mapping[int, StoredDocument], group: Sequence[_Candidate]) -> Passage:
    document = documents[group[0].chunk.document]
    start, end = min(c.chunk.start for c in group), max(c.chunk.end for c in group)
    return Passage(
        source=document.source,
        text=catalog.text(document.id, start, end),
        start=start,
        end=end,
        marks=tuple(mark for mark in document.marks if mark.start < end and start < mark.end),
        score=max(c.score for c in group),
        lexical=max(c.lexical for c in group),
        cosine=max(c.cosine for c in group),
    )
