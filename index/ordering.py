"""The second ordering: how much of the question a few neighbouring sentences of a chunk hold.

A word counts in full where it stands itself, and in part where one stands whose vector is near, be it
for what it means or, of rare words and those of other languages than English, for how it is spelt. It
also counts where neighbouring words of the question are neighbours. All of it costs too much to be asked
of every chunk: a phrase query keeps BM25 from passing over hopeless ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
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
_MOST_WORDS = 1 << 15  # that are kept with their vectors: 40 MB
_EMBEDDER = BundledEmbedder()
_WORD = re.compile(r"[^\W_]+")
_COMPARABLE = re.compile(r"[^\W\d_\u0e00-\U0003ffff]{3,}")  # no numbers, no pairs of characters


class _Asked(NamedTuple):
    """The m distinct terms of a question: rarity (m,), the words whose vectors are compared with their
    columns, and the p pairs of neighbours, ascending, as `column * m + column`, with their weights."""

    columns: dict[str, int]
    rarity: Floats
    compared: dict[str, int]
    pairs: Numbers
    weights: Floats


class _Read(NamedTuple):
    """The words of several texts as numbers of a vocabulary, where each sentence begins among them, and
    each text among the sentences. Texts without a word are left out: `texts` are the others."""

    words: Numbers
    sentences: Numbers
    starts: Numbers
    texts: list[int]


def closeness(question: str, rarity: Mapping[str, float], texts: Sequence[str]) -> list[float]:
    """How close each text comes to a question, from 0 to 2.45. `rarity` weighs its distinct terms."""
    scores = [0.0] * len(texts)
    asked = _asked(_words(question), rarity)
    lexicon = _lexicon()
    vocabulary, read = _read(texts, lexicon)
    if asked.columns and read.texts:
        own = np.array([asked.columns.get(lexicon.terms[word], -1) for word in vocabulary], np.int64)
        found = _shares(read, _held(lexicon, vocabulary, own, asked), asked.rarity)
        found += _PAIRS * _pairs_kept(read, own, asked)
        for text, score in zip(read.texts, found.tolist(), strict=True):
            scores[text] = score
    return scores


def _words(text: str) -> list[str]:
    return _WORD.findall(spaced(encodable(text)).lower())


def _term(word: str) -> str:
    """A word as it is indexed."""
    return next(iter(TERMS[word]), "")


def _asked(words: Sequence[str], rarity: Mapping[str, float]) -> _Asked:
    columns = {term: column for column, term in enumerate(rarity)}
    terms = [term for term in map(_term, words) if term in columns]
    pairs = {columns[a] * len(columns) + columns[b]: rarity[a] + rarity[b] for a, b in pairwise(terms)}
    return _Asked(
        columns,
        np.fromiter(rarity.values(), np.float32, len(rarity)),
        {word: columns[_term(word)] for word in words if _is_comparable(word) and _term(word) in columns},
        np.array(sorted(pairs), np.int64),
        np.array([pairs[pair] for pair in sorted(pairs)], np.float32),
    )


def _is_comparable(word: str) -> bool:
    return _COMPARABLE.fullmatch(word) is not None and not is_function_word(word)


def _read(texts: Sequence[str], lexicon: _Lexicon) -> tuple[list[int], _Read]:
    """The distinct words of `texts`, and the texts in their numbers."""
    found = [[words for words in _by_sentence(text) if words] for text in texts]
    full = [n for n, sentences in enumerate(found) if sentences]
    sentences = list(chain.from_iterable(found))
    words = list(map(lexicon.__getitem__, chain.from_iterable(sentences)))
    numbers = {word: number for number, word in enumerate(dict.fromkeys(words))}
    return list(numbers), _Read(
        np.fromiter(map(numbers.__getitem__, words), np.int64, len(words)),
        _starts([len(sentence) for sentence in sentences]),
        _starts([len(found[n]) for n in full]),
        full,
    )


def _by_sentence(text: str) -> Iterator[list[str]]:
    if text.isascii():
        lower = text.lower()
        return (_WORD.findall(lower, start, end) for start, end in sentence_spans(text))
    return (_words(text[start:end]) for start, end in sentence_spans(text))


def _starts(lengths: Sequence[int]) -> Numbers:
    return np.fromiter(accumulate(lengths[:-1], initial=0), np.int64)


def _held(lexicon: _Lexicon, vocabulary: Sequence[int], own: Numbers, asked: _Asked) -> Floats:
    """How far each of n words stands for each term (n, m), 0 to 1; `own` is the column of the term that
    it is, -1 for none."""
    held = np.zeros((len(vocabulary), len(asked.columns)), np.float32)
    if asked.compared:
        compared = lexicon.rows([lexicon[word] for word in asked.compared])
        # not `@`: BLAS would start threads that take the cores from Chroma's and Tantivy's
        cosines = np.einsum("nd,cd->nc", lexicon.rows(vocabulary), compared)
        near = np.where(cosines >= _NEAR, _SHARE * cosines, 0)
        for column, found in zip(asked.compared.values(), near.T, strict=True):
            np.maximum(held[:, column], found, out=held[:, column])
    known = np.flatnonzero(own >= 0)
    held[known, own[known]] = 1
    return held


def _shares(read: _Read, held: Floats, rarity: Floats) -> Floats:
    """The weighted shares of the question that each text holds, as a whole and in its best windows."""
    by_sentence = np.maximum.reduceat(held[read.words], read.sentences, axis=0)
    text = np.searchsorted(read.starts, np.arange(len(by_sentence)), "right")
    shares = _WHOLE * _weighed(np.maximum.reduceat(by_sentence, read.starts, axis=0), rarity)
    windows, width = by_sentence.copy(), 1
    for wanted, weight in _WINDOWS.items():
        for offset in range(width, wanted):  # a window ends with its text
            here = text[offset:] == text[: max(0, len(text) - offset)]
            np.maximum(windows[: len(here)], by_sentence[offset:] * here[:, None], out=windows[: len(here)])
        width = wanted
        shares += weight * np.maximum.reduceat(_weighed(windows, rarity), read.starts)
    return np.asarray(shares / (rarity.sum() or 1.0))


def _pairs_kept(read: _Read, own: Numbers, asked: _Asked) -> Floats:
    """The weighted share of the question's pairs of neighbours that are neighbours in each text."""
    kept = np.zeros((len(read.starts), len(asked.pairs)), np.float32)
    if len(asked.pairs):
        columns = own[read.words]
        both = (columns[:-1] >= 0) & (columns[1:] >= 0)
        both[read.sentences[1:] - 1] = False
        at = np.flatnonzero(both)
        pairs = columns[at] * len(asked.columns) + columns[at + 1]
        places = np.minimum(np.searchsorted(asked.pairs, pairs), len(asked.pairs) - 1)
        is_asked = asked.pairs[places] == pairs
        text = np.searchsorted(read.sentences[read.starts], at, "right") - 1
        kept[text[is_asked], places[is_asked]] = 1
    return np.asarray(_weighed(kept, asked.weights) / (asked.weights.sum() or 1.0))


def _weighed(kept: Floats, weights: Floats) -> Floats:
    """`kept @ weights`, (n,) of (n, m) and (m,), without BLAS: OpenBLAS 0.3.31 multiplies five columns
    with what happens to lie on the stack, and though it drops that, NumPy warns of what it was."""
    return np.asarray(np.einsum("nm,m->n", kept, weights))


class _Lexicon(dict[str, int]):
    """Words by number, each with its term and its vector. It belongs to no library: words mean the
    same in all."""

    def __init__(self) -> None:
        super().__init__()
        self.terms: list[str] = []
        self._vectors: list[Floats] = []
        self._lock = Lock()

    def __missing__(self, word: str) -> int:
        with self._lock:
            if word not in self:
                self.terms.append(_term(word))
                self._vectors.append(_EMBEDDER.embed_query(word))
                self[word] = len(self)
        return self[word]

    def rows(self, words: Sequence[int]) -> Floats:
        """Unit rows (n, dimensions); zeros where nothing in a word is known."""
        return np.concatenate([self._vectors[word] for word in words]).reshape(len(words), -1)


@cache
def _kept() -> _Lexicon:
    return _Lexicon()


def _lexicon() -> _Lexicon:
    """The one in use, until it is full: most words stand in every question's chunks."""
    if len(_kept()) > _MOST_WORDS:
        _kept.cache_clear()
    return _kept()
