"""How likely it is that passages answer a question at all.

A logistic regression on what the best sentence and its passage hold of the question. Only
what is in the passages is measured, never a score that grows with the library, so that one
document and ten thousand are judged alike. Fitted by `tests/benchmarks/fit_confidence.py` on
questions that the library answers, others on articles it has not got, and the first with
the paragraph that answers them taken away.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

import numpy as np

from bot.writers.words import words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bot.writers.scoring import Scores

THRESHOLD = 0.27  # declines 6 % of the questions that SQuAD answers, 88 % of those it does not
_WEIGHTS = np.array([3.76, 3.64, 2.22, 2.12, 1.71, -2.93])  # of the columns of `evidence`
_BIAS = -7.35
# A name or a number: what is asked about, so that it must be there.
_NAME = re.compile(r"(?<=\S\s)[^\W\d_a-z][^\W_]*|\d[^\W_]*")


def confidence(question: str, scores: Scores) -> float:
    """The probability, 0 to 1, that the sentences scored answer `question`."""
    return 1 / (1 + math.exp(-float(evidence(question, scores) @ _WEIGHTS) - _BIAS))


def evidence(question: str, scores: Scores) -> NDArray[np.float64]:
    """What the best sentence has to show, (6,): the part of the question around it, the best
    cosine of any sentence, its passage's cosine, its probability among the sentences, and
    the rarity of the words it holds, and of the names missing around it, in tens."""
    best = int(scores.probabilities.argmax())
    names = {word for name in _NAME.findall(question) for word in words(name)}
    is_name = np.array([word in names for word in scores.content])
    held, around = scores.alike[best], scores.around[best]
    return np.array(
        [
            around @ scores.rarity / scores.rarity.sum(),
            scores.cosines.max(),
            scores.passage_cosines[scores.sentences[best].passage],
            scores.probabilities[best],
            held @ scores.rarity / 10,
            (1 - around) @ (scores.rarity * is_name) / 10,
        ]
    )
