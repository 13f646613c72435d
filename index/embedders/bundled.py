"""The default: it needs no key, no download and no GPU."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tokenizers import Tokenizer


class BundledEmbedder:
    """WordLlama's 256-dimensional token vectors, averaged: 0.05 ms a question.

    Reads the weights out of the `wordllama` wheel itself; importing that package would
    configure the root logger and look for its files in a cache folder first."""

    name = "bundled:l2_supercat_256"
    dimensions = 256
    dense_weight = 0.3
    batch_size = 32  # between two batches other threads get their turn
    at_once = 1
    is_kept = False
    is_paid = False

    def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        weights = _weights()
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in zip(vectors, texts, strict=True):
            if ids := list(chain.from_iterable(map(_token_ids, text.split()))):
                weights.take(ids, axis=0).sum(axis=0, out=row)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        np.divide(vectors, lengths, out=vectors, where=lengths > 0)
        return vectors

    def knows(self, word: str) -> bool:
        """Whether a word has a vector of its own. That of others is made of their pieces, and says how
        they are spelt rather than what they mean: "carbamazepine" is like "oxcarbazepine"."""
        return len(_token_ids(word)) == 1

    def embed_query(self, text: str) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = self.embed_documents([text])[0]
        return vector


@lru_cache(maxsize=1 << 18)
def _token_ids(word: str) -> tuple[int, ...]:
    """The tokens of a word. No token of this vocabulary crosses a space, so words may be
    tokenised one by one, and most of them come from this cache: five times faster."""
    return tuple(_tokenizer().encode(word, add_special_tokens=False).ids)


@cache
def _tokenizer() -> Tokenizer:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(_home() / "tokenizers" / "l2_supercat_tokenizer_config.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


@cache
def _weights() -> NDArray[np.float32]:
    from safetensors.numpy import load_file

    tensors: dict[str, NDArray[np.float16]] = load_file(_home() / "weights" / "l2_supercat_256.safetensors")
    weights: NDArray[np.float32] = tensors["embedding.weight"].astype(np.float32)
    return weights


def _home() -> Path:
    spec = importlib.util.find_spec("wordllama")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("wordllama is not installed; install Footnote again")
    return Path(spec.origin).parent
