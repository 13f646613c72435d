"""How well each sentence of the passages answers a question.

A sentence is measured by the question's words it holds, alike or alike in meaning, by its
neighbours, its passage's rank, and whether it has the kind of answer that is asked for. The
weights were fitted on 24 SQuAD articles as a choice of one sentence among all (multinomial
logit), so that `probabilities` are near to being that; half of the articles gave the same.
How rare a word is, is counted in the passages themselves: what all of them speak of tells
their sentences least apart, and a library of three documents measures like one of a thousand.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise
from typing import TYPE_CHECKING

import numpy as np

from bot.writers.candidates import eligible, sentences_of
from bot.writers.cues import cue_of, has_answer
from bot.writers.words import stem, words
from index.function_words import is_function_word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bot.writers.candidates import Sentence
    from index.embedders import Embedder
    from index.types import Passage

    Floats = NDArray[np.float64]

_WEIGHTS = np.array([4.9, 3.1, 5.0, 1.7, 2.5, 4.9])  # of the columns of `features`
ANSWERING = 3  # the column that says whether a sentence has the kind of answer asked for
_MOST_WORDS = 64  # of a question; more cost time and say nothing new
_UNALIKE = 0.35  # two words of a lower cosine have nothing to do with each other
_PASSAGE_SHARE = 0.5  # of a word elsewhere in the passage: what a pronoun may stand for
_BACKGROUND = 20  # imagined sentences that steady the counts of a few real ones
_RARE = 0.01  # the share of them that has a given word
_CACHED_WORDS = 1 << 14  # 17 MB at 256 dimensions


@dataclass(frozen=True, slots=True)
class Scores:
    """The sentences, n of them, measured against the m content words of a question.

    `rarity` (m,) weighs the words. `alike` (n, m), 0 to 1, says how far a sentence holds
    each; `around` the same of it in its place, see `_around`. `cosines` (n,) and
    `passage_cosines` compare whole texts with the question. `features` (n, 6): the share of
    the question held, cosine, the passage's part of the best score, an answer of the kind
    asked for, pairs of words kept together, the share held around. `probabilities` (n,) add
    up to 1. `closeness` (n, 3) is that of `late_interaction`, 0 where no model has read them;
    None where it read none."""

    content: list[str]
    sentences: list[Sentence]
    rarity: Floats
    alike: Floats
    around: Floats
    cosines: Floats
    passage_cosines: Floats
    features: Floats
    probabilities: Floats
    closeness: Floats | None = None


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
        sentences = sentences_of(passages)
        if not content or not sentences:
            return None
        written = [words(sentence.text) for sentence in sentences]
        headings = {s.headings: words(s.headings) for s in sentences}
        exact, alike = self._held(content, [*written, *headings.values()])
        alike, over = np.split(alike, [len(sentences)])
        rows = {heading: row for row, heading in enumerate(headings)}
        around = _around(alike, over[[rows[s.headings] for s in sentences]], sentences)
        rarity = _rarity(exact[: len(sentences)])
        cosines, passage_cosines = self._cosines(question, sentences, passages)
        answering = _answering(question, sentences)
        features = np.column_stack(
            [
                alike @ rarity / rarity.sum(),
                cosines,
                _rank(passages)[[s.passage for s in sentences]],
                answering,
                _pairs_kept(asked, dict(zip(content, rarity.tolist(), strict=True)), written),
                around @ rarity / rarity.sum(),
            ]
        )
        return Scores(
            content=content,
            sentences=sentences,
            rarity=rarity,
            alike=alike,
            around=around,
            cosines=cosines,
            passage_cosines=passage_cosines,
            features=features,
            probabilities=_softmax(
                np.where(eligible(question, sentences, answering), features @ _WEIGHTS, -np.inf)
            ),
        )

    def _cosines(
        self, question: str, sentences: list[Sentence], passages: Sequence[Passage]
    ) -> tuple[Floats, Floats]:
        vectors = self._embedder.embed_documents(
            [*(s.text for s in sentences), *(p.text for p in passages)]
        )
        cosines = (vectors @ self._embedder.embed_query(question)).astype(np.float64)
        return cosines[: len(sentences)], cosines[len(sentences) :]

    def _held(self, content: list[str], texts: list[list[str]]) -> tuple[Floats, Floats]:
        """How far each text holds each word of `content`: exactly (0 or 1), alike (0 to 1)."""
        vocabulary = {word: n for n, word in enumerate(dict.fromkeys(chain.from_iterable(texts)))}
        stems = [stem(word) for word in vocabulary]
        exact = np.array([[stem(word) == other for other in stems] for word in content], np.float32)
        vectors = np.array([self._vector(word) for word in [*content, *vocabulary]])
        cosines = vectors[: len(content)] @ vectors[len(content) :].T
        alike = np.maximum(exact, np.where(cosines < _UNALIKE, 0.0, np.minimum(cosines, 1.0)))
        ids = [[*(vocabulary[word] for word in text), len(vocabulary)] for text in texts]
        return _best(exact, ids), _best(alike, ids)


def _best(held: NDArray[np.floating], ids: list[list[int]]) -> Floats:
    """(texts, m): the best of each text's words in `held` (m, vocabulary); the id after the
    last stands for no word, so that no text is empty."""
    padded = np.pad(held.astype(np.float64), ((0, 0), (0, 1)))
    starts = np.cumsum([0, *map(len, ids[:-1])])
    return np.asarray(np.maximum.reduceat(padded[:, list(chain.from_iterable(ids))], starts, axis=1).T)


def _around(alike: Floats, over: Floats, sentences: list[Sentence]) -> Floats:
    """What a sentence holds with its neighbours, the headings `over` it and, for half, its passage."""
    places = np.array([s.passage for s in sentences])
    same = (places[1:] == places[:-1])[:, None]
    around = np.maximum(alike, over)
    around[1:] = np.maximum(around[1:], alike[:-1] * same)
    around[:-1] = np.maximum(around[:-1], alike[1:] * same)
    whole: Floats = np.array([alike[places == n].max(axis=0, initial=0.0) for n in range(places.max() + 1)])
    return np.asarray(np.maximum(around, _PASSAGE_SHARE * whole[places]))


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
    """Probabilities; zeros where no score is finite."""
    top = scores.max()
    powers = np.exp(scores - top) if np.isfinite(top) else np.zeros_like(scores)
    return np.asarray(powers / (powers.sum() or 1.0))
