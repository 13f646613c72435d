"""Which sentences stand for many: the most central ones that do not repeat each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bot.writers.words import stem, words
from index.function_words import is_function_word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_BALANCE = 0.7  # of being central, against being new
REPEATED = 0.6  # of the shorter sentence's words: what shares more says the same again


def choose(
    texts: Sequence[str],
    vectors: NDArray[np.float32],
    bonus: NDArray[np.float64],
    most: int,
    repeated: float = REPEATED,
) -> list[int]:
    """At most `most` of the n `texts`, in their order, by maximal marginal relevance (Carbonell and
    Goldstein, 1998). `vectors` (n, dimensions) are theirs, of length 1; what is central is near to
    the mean of all. `bonus` (n,) is added to that, and no sentence repeats
    more than the share `repeated` of another's words."""
    middle = vectors.mean(axis=0)
    worth = vectors @ (middle / (np.linalg.norm(middle) or 1.0)) + bonus
    nearest = np.zeros(len(texts))
    chosen: dict[int, set[str]] = {}
    for _ in texts:
        if len(chosen) == most:
            break
        best = int((_BALANCE * worth - (1 - _BALANCE) * nearest).argmax())
        worth[best] = -np.inf
        said = content(texts[best])
        if not any(repeats(said, other, repeated) for other in chosen.values()):
            chosen[best] = said
            nearest = np.maximum(nearest, vectors @ vectors[best])
    return sorted(chosen)


def repeats(said: set[str], other: set[str], share: float = REPEATED) -> bool:
    """Whether one of two sentences, as `content` gives them, says much of the other again."""
    return len(said & other) > share * min(len(said), len(other))


def content(text: str) -> set[str]:
    """The stems of what a sentence is about."""
    return {stem(word) for word in words(text) if not is_function_word(word)}
