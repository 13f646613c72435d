"""The second ordering: how much of the question a few neighbouring sentences of a chunk hold.

A word counts in full where it stands itself, and in part where one stands whose vector is near. It also
counts where neighbouring words of the question are neighbours. All of it costs too much to be asked of
every chunk: a phrase query keeps BM25 from passing over hopeless ones.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import accumulate, chain, pairwise
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from index.embedders import BundledEmbedder
from index.function_words import is_function_word
from index.lexical import TERMS, encodable, spaced
from index.sentences import sentence_spans

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Numbers = NDArray[np.int64]

_WINDOWS = {1: 0.4, 2: 0.4, 3: 0.5, 5: 0.4}  # sentences -> weight of the part of the question they hold
_WHOLE = 0.45  # the same for the whole chunk
_PAIRS = 0.3  # the same of the pairs of neighbouring words
_NEAR, _SHARE = 0.65, 0.8  # a word of this cosine or more counts for this share of it
_MOST_WORDS = 1 << 15  # whose vectors are kept: 32 MB
_WORD = re.compile(r"[^\W_]+")
_COMPARABLE = re.compile(r"[^\W\d_\u0e00-\U0003ffff]{3,}")  # no numbers, no pairs of characters


class _Asked(NamedTuple):
    """The m distinct terms of a question: rarity (m,), the words whose vectors are compared with their
    columns, and the pairs of neighbours as `column * m + column` with their weights."""

    columns: dict[str, int]
    rarity: Floats
    compared: dict[str, int]
    pairs: Numbers
    weights: Floats


def closeness(question: str, rarity: Mapping[str, float], texts: Sequence[str]) -> list[float]:
    """How close each text comes to a question, from 0 to 2.45. `rarity` weighs its distinct terms."""
    asked = _asked(_words(question), rarity)
    if not asked.columns:
        return [0.0] * len(texts)
    read = [[found for span in sentence_spans(t) if (found := _words(t[slice(*span)]))] for t in texts]
    rows = {word: row for row, word in enumerate(dict.fromkeys(chain.from_iterable(chain(*read))))}
    own = np.array([asked.columns.get(_term(word), -1) for word in rows], np.int64)
    held = _held(list(rows), own, asked)
    return [_closeness([[rows[w] for w in words] for words in found], own, held, asked) for found in read]


def _words(text: str) -> list[str]:
    return _WORD.findall(spaced(encodable(text)).lower())


def _term(word: str) -> str:
    """A word as it is indexed."""
    return next(iter(TERMS[word]), "")


def _asked(words: Sequence[str], rarity: Mapping[str, float]) -> _Asked:
    columns = {term: column for column, term in enumerate(rarity)}
    pairs = {
        (a, b): rarity[a] + rarity[b] for a, b in pairwise(map(_term, words)) if {a, b} <= columns.keys()
    }
    return _Asked(
        columns,
        np.fromiter(rarity.values(), np.float32, len(rarity)),
        {word: columns[_term(word)] for word in words if _is_comparable(word) and _term(word) in columns},
        np.array([columns[a] * len(columns) + columns[b] for a, b in pairs], np.int64),
        np.fromiter(pairs.values(), np.float32, len(pairs)),
    )


def _is_comparable(word: str) -> bool:
    return _COMPARABLE.fullmatch(word) is not None and not is_function_word(word)


def _held(vocabulary: list[str], own: Numbers, asked: _Asked) -> Floats:
    """How far each word of the vocabulary stands for each term (n, m), 0 to 1; `own` is the column of
    the term that it is, -1 for none."""
    held = np.zeros((len(vocabulary), len(asked.columns)), np.float32)
    if asked.compared and vocabulary:
        vectors = _VECTORS.of([*vocabulary, *asked.compared])
        cosines = vectors[: len(vocabulary)] @ vectors[len(vocabulary) :].T
        near = np.where(cosines >= _NEAR, _SHARE * cosines, 0)
        for column, found in zip(asked.compared.values(), near.T, strict=True):
            np.maximum(held[:, column], found, out=held[:, column])
    known = np.flatnonzero(own >= 0)
    held[known, own[known]] = 1
    return held


def _closeness(sentences: list[list[int]], own: Numbers, held: Floats, asked: _Asked) -> float:
    if not sentences:
        return 0.0
    words = np.fromiter(chain.from_iterable(sentences), np.int64)
    starts = np.fromiter(accumulate(map(len, sentences[:-1]), initial=0), np.int64)
    by_sentence = np.maximum.reduceat(held[words], starts, axis=0)
    part = _WHOLE * float(by_sentence.max(axis=0) @ asked.rarity)
    for width, weight in _WINDOWS.items():
        part += weight * float((_windows(by_sentence, width) @ asked.rarity).max())
    kept = np.isin(asked.pairs, _neighbours(own[words], starts, len(asked.columns)))
    return part / (float(asked.rarity.sum()) or 1.0) + _PAIRS * float(asked.weights[kept].sum()) / (
        float(asked.weights.sum()) or 1.0
    )


def _windows(by_sentence: Floats, width: int) -> Floats:
    """What `width` neighbouring sentences hold together, wherever they stand; all of them where they
    are fewer."""
    windows = by_sentence
    for offset in range(1, min(width, len(by_sentence))):
        windows = np.maximum(windows[:-1], by_sentence[offset:])
    return windows


def _neighbours(columns: Numbers, starts: Numbers, m: int) -> Numbers:
    """The pairs of neighbouring terms within a sentence, as `column * m + column`."""
    both = (columns[:-1] >= 0) & (columns[1:] >= 0)
    both[starts[1:] - 1] = False
    return columns[:-1][both] * m + columns[1:][both]


class _Vectors:
    """The vectors of words, kept: most stand in every question's chunks. It begins again when it is
    full, and belongs to no library: words mean the same in all."""

    def __init__(self) -> None:
        self._embedder = BundledEmbedder()
        self._rows: dict[str, int] = {}
        self._vectors = np.zeros((_MOST_WORDS, self._embedder.dimensions), np.float32)
        self._lock = Lock()

    def of(self, words: Sequence[str]) -> Floats:
        """Unit rows (n, dimensions); zeros where nothing in a word is known."""
        if len(distinct := list(dict.fromkeys(words))) > _MOST_WORDS:
            return self._embedder.embed_documents(words)
        with self._lock:
            missing = [word for word in distinct if word not in self._rows]
            if len(self._rows) + len(missing) > _MOST_WORDS:
                self._rows.clear()
                missing = distinct
            start = len(self._rows)
            self._rows.update({word: start + n for n, word in enumerate(missing)})
            self._vectors[start : start + len(missing)] = self._embedder.embed_documents(missing)
            return self._vectors[[self._rows[word] for word in words]]


_VECTORS = _Vectors()
