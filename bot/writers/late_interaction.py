"""How closely a sentence, read in its place, meets the words of a question.

A small language model gives every token a vector that depends on the text around it. Each word of the
question then takes the token of the sentence that is nearest to it: the MaxSim of ColBERT (Khattab and
Zaharia, 2020). Function words count too: the "how many" of a question is nearest to a number that is
said of what it asks about. The weights beside are those of all-MiniLM-L6-v2 (six layers, Apache-2.0),
trained further by `tests/benchmarks/train_late_interaction.py`, in 8 bits. They know English only.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from index.function_words import is_function_word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from onnxruntime import InferenceSession
    from tokenizers import BertWordPieceTokenizer, Encoding

    Floats = NDArray[np.float32]

_HOME = Path(__file__).parent / "weights"
_MOST_TOKENS = 128  # of a sentence in its place
_LEAD = 20  # tokens before a sentence that stay where the whole is too long
_KNOWN = 0.7  # of a question's words: 99 % of SQuAD's questions have as many, 9 % of XQuAD's Spanish ones
_WORD = re.compile(r"[^\W\d_]+")
_ONE_AT_A_TIME = Lock()  # it uses all cores, and several together would each take memory and keep it


class InPlace(NamedTuple):
    """A sentence, and what stands before it."""

    before: str
    text: str


class _Tokens(NamedTuple):
    """The token ids of a sentence in its place, and which of them are the sentence's own."""

    ids: list[int]
    own: NDArray[np.int64]


def is_readable(question: str) -> bool:
    """Whether the model knows the language of `question`: most of its words."""
    plain = unicodedata.normalize("NFD", question.lower())
    words = _WORD.findall("".join(c for c in plain if not unicodedata.combining(c)))
    known = _tokenizer().token_to_id
    return bool(words) and sum(known(word) is not None for word in words) >= _KNOWN * len(words)


def closeness(question: str, sentences: Sequence[InPlace]) -> NDArray[np.float64]:
    """How closely each of n sentences meets the question, (n, 3) of -1 to 1: the mean over all its
    tokens of the cosine of the nearest token, over those of its content words, and of the others."""
    asked = _cut(InPlace("", question))
    kinds = _kinds([_tokenizer().id_to_token(asked.ids[n]) for n in asked.own])
    tokens, *texts = _vectors([asked, *map(_cut, sentences)])
    nearest = [(tokens @ text.T).max(axis=1) if len(text) else np.zeros(len(tokens)) for text in texts]
    # not `@`: see `_weighed` of `index/ordering.py`
    return np.array([np.einsum("kt,t->k", kinds, cosines) for cosines in nearest], np.float64)


def _kinds(tokens: Sequence[str]) -> Floats:
    """The weights (3, tokens) of a mean over all tokens, those of content words and of function words;
    over all where there is none of a kind."""
    every = np.ones(len(tokens), bool)
    function = np.array([is_function_word(token) for token in tokens], bool)
    content = ~function & np.array([token.lstrip("#")[:1].isalnum() for token in tokens], bool)
    kinds = np.array([kind if kind.any() else every for kind in (every, content, function)], np.float32)
    return np.asarray(kinds / kinds.sum(axis=1, keepdims=True))


def _cut(sentence: InPlace) -> _Tokens:
    start = len(sentence.before)
    encoded: Encoding = _tokenizer().encode(sentence.before + sentence.text)
    own = np.array([n for n, (a, b) in enumerate(encoded.offsets) if b > a >= start], np.int64)
    first = max(0, min(int(own[0]) - _LEAD, len(encoded.ids) - _MOST_TOKENS)) if len(own) else 0
    last = first + _MOST_TOKENS
    return _Tokens(encoded.ids[first:last], own[own < last] - first)


def _vectors(texts: Sequence[_Tokens]) -> list[Floats]:
    """The vectors, of length 1, of each text's own tokens."""
    ids = np.zeros((len(texts), max(len(text.ids) for text in texts)), np.int64)
    for row, text in zip(ids, texts, strict=True):
        row[: len(text.ids)] = text.ids
    with _ONE_AT_A_TIME:
        (states,) = _model().run(None, {"input_ids": ids, "attention_mask": (ids > 0).astype(np.int64)})
    return [state[text.own] for state, text in zip(states, texts, strict=True)]


@cache
def _tokenizer() -> BertWordPieceTokenizer:
    from tokenizers import BertWordPieceTokenizer

    return BertWordPieceTokenizer(str(_HOME / "vocabulary.txt"))


@cache
def _model() -> InferenceSession:
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    # threads that wait by spinning would take the cores from whoever asks beside
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(_HOME / "minilm.onnx", options)
