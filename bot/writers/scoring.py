"""How well each sentence of the passages answers a question.

A sentence is measured by the question's words it holds, alike or alike in meaning, by its
neighbours, its passage's rank, and whether it has the kind of answer that is asked for.
The weights were fitted by `tests/benchmarks/fit_writer.py`, as a choice of one sentence among all
(multinomial logit), so that `probabilities` are probabilities. How rare a word is, is counted in
the passages themselves: what all of them speak of tells their sentences least apart, and
a library of three documents measures like one of a thousand.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bot.writers.cues import cue_of, has_answer
from bot.writers.words import is_function_word, stem, words
from index.sentences import sentence_spans
from index.types import MarkKind, heading_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from index.embedders import Embedder
    from index.types import Passage

    Floats = NDArray[np.float64]

_WEIGHTS = np.array([4.8, 3.0, 4.2, 1.3, 1.6, 4.7])  # of the columns of `features`
_MOST_WORDS = 64  # of a question; more cost time and say nothing new
_UNALIKE = 0.35  # two words of a lower cosine have nothing to do with each other
_BACKGROUND = 20  # imagined sentences that steady the counts of a few real ones
_RARE = 0.01  # the share of them that has a given word
_CACHED_WORDS = 1 << 14  # 17 MB at 256 dimensions


class Sentence(NamedTuple):
    """`passages[passage].text[start:end]`, the headings over it, and whether it is one."""

    passage: int
    start: int
    end: int
    text: str
    headings: str
    is_heading: bool


@dataclass(frozen=True, slots=True)
class Scores:
    """The sentences, n of them, measured against the m content words of a question.

    `rarity` (m,) weighs the words. `exact` and `alike` (n, m), 0 to 1, say how far a sentence
    holds each; `around` the same of it with its neighbours and headings. `features` (n, 6):
    the parts of the question held alike and around, cosine, the passage's share of the best
    score, an answer of the kind asked for, pairs of words kept together. `probabilities` (n,)
    add up to 1."""

    sentences: list[Sentence]
    rarity: Floats
    exact: Floats
    alike: Floats
    around: Floats
    features: Floats
    probabilities: Floats


class Scorer:
    """Scores sentences with the word vectors of `embedder`, which should be a fast one: it
    sees every sentence of every question."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._vector = lru_cache(maxsize=_CACHED_WORDS)(embedder.embed_query)

    def score(self, question: str, passages: Sequence[Passage]) -> Scores | None:
        """None where the question has no word to go by or the passages no sentence."""
        asked = words(question)[:_MOST_WORDS]
        content = list(dict.fromkeys(word for word in asked if not is_function_word(word)))
        sentences = [s for n, passage in enumerate(passages) for s in _sentences(n, passage)]
        if not content or not sentences:
            return None
        written = [words(sentence.text) for sentence in sentences]
        headings = {s.headings: words(s.headings) for s in sentences}
        exact, alike = self._held(content, [*written, *headings.values()])
        places = {heading: row for row, heading in enumerate(headings, start=len(sentences))}
        around = np.maximum(
            _with_neighbours(alike, sentences), alike[[places[s.headings] for s in sentences]]
        )
        exact, alike = exact[: len(sentences)], alike[: len(sentences)]
        rarity = _rarity(exact)
        columns = [
            alike @ rarity / rarity.sum(),
            self._embedder.embed_documents([s.text for s in sentences])
            @ self._embedder.embed_query(question),
            _rank(passages)[[s.passage for s in sentences]],
            _answering(question, sentences),
            _pairs_kept(asked, dict(zip(content, rarity.tolist(), strict=True)), written),
            around @ rarity / rarity.sum(),
        ]
        features = np.column_stack(columns)
        return Scores(sentences, rarity, exact, alike, around, features, _softmax(features @ _WEIGHTS))

    def _held(self, content: list[str], texts: list[list[str]]) -> tuple[Floats, Floats]:
        """How far each text holds each word of `content`: exactly (0 or 1), alike (0 to 1)."""
        vocabulary = {
            word: n for n, word in enumerate(dict.fromkeys(word for text in texts for word in text))
        }
        stems = np.array([stem(word) for word in vocabulary] or [""])
        exact = np.array([stem(word) for word in content])[:, None] == stems
        vectors = np.stack([self._vector(word) for word in [*content, *vocabulary]])
        cosines = vectors[: len(content)] @ vectors[len(content) :].T
        alike = np.where(cosines < _UNALIKE, 0.0, np.minimum(cosines, 1.0))
        alike = np.where(exact, 1.0, alike)
        ids = [np.array([vocabulary[word] for word in text], np.intp) for text in texts]
        return _best(exact.astype(float), ids), _best(alike, ids)


def _sentences(n: int, passage: Passage) -> list[Sentence]:
    heads = {mark.start - passage.start for mark in passage.marks if mark.kind is MarkKind.HEADING}
    text = passage.text
    return [
        Sentence(
            n, start, end, text[start:end], _headings(passage, start), any(start <= h < end for h in heads)
        )
        for start, end in sentence_spans(text)
        if any(map(str.isalnum, text[start:end]))
    ]


def _headings(passage: Passage, start: int) -> str:
    return f"{passage.source.title} {heading_at(passage.marks, passage.start + start)}"


def _best(held: Floats, ids: list[NDArray[np.intp]]) -> Floats:
    """(texts, m): the best of each text's words in `held` (m, vocabulary)."""
    rows = [held[:, i].max(axis=1) if len(i) else np.zeros(len(held)) for i in ids]
    return np.array(rows)


def _with_neighbours(alike: Floats, sentences: list[Sentence]) -> Floats:
    around = alike[: len(sentences)].copy()
    for i, (one, two) in enumerate(pairwise(sentences)):
        if one.passage == two.passage:
            around[i] = np.maximum(around[i], alike[i + 1])
            around[i + 1] = np.maximum(around[i + 1], alike[i])
    return around


def _rarity(exact: Floats) -> Floats:
    """BM25's inverse document frequency with sentences for documents, steadied by the background."""
    total = len(exact) + _BACKGROUND
    counts = exact.sum(axis=0) + _BACKGROUND * _RARE
    return np.asarray(np.log(1 + (total - counts + 0.5) / (counts + 0.5)))


def _rank(passages: Sequence[Passage]) -> Floats:
    scores = np.array([max(passage.score, 0.0) for passage in passages])
    return np.asarray(scores / (scores.max() or 1.0))


def _answering(question: str, sentences: list[Sentence]) -> Floats:
    cue, asked = cue_of(question), frozenset(words(question))
    return np.array([float(has_answer(cue, s.text, asked)) for s in sentences])


def _pairs_kept(asked: list[str], rarity: dict[str, float], written: list[list[str]]) -> Floats:
    """The share of the question's neighbouring words, weighed by rarity, that are neighbours."""
    weights = {
        (stem(one), stem(two)): rarity.get(one, 0.0) + rarity.get(two, 0.0) for one, two in pairwise(asked)
    }
    total = sum(weights.values()) or 1.0
    kept = [weights.keys() & set(pairwise(map(stem, text))) for text in written]
    return np.array([sum(weights[pair] for pair in pairs) / total for pairs in kept])


def _softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max())
    return np.asarray(powers / powers.sum())
