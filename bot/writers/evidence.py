"""How likely it is that passages answer a question at all.

A logistic regression on what the best sentence and its passage hold of the question. Only
what is in the passages is measured, never a score that grows with the library, so that one
document and ten thousand are judged alike. Fitted by `tests/benchmarks/fit_confidence.py` on
questions that the library answers, others on articles it has not got, and the first with
the paragraph that answers them taken away. Over it stands one rule: of machine 12 nothing is
learnt about machine 14.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bot.quantities import is_quantity
from bot.writers.cues import cue_of
from bot.writers.scoring import ANSWERING
from bot.writers.words import stem, words
from index.function_words import is_function_word

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bot.writers.scoring import Scores


class Judge(NamedTuple):
    """A logistic regression, and the least probability that is enough."""

    weights: NDArray[np.float64]  # of the columns of `evidence`
    bias: float
    threshold: float


# Where no model has read the sentences, and where one has. They decline 4 and 5 % of the questions that
# SQuAD answers, and 89 and 96 % of those that it does not.
UNREAD = Judge(np.array([3.82, 3.78, 2.13, 2.1, 1.72, -2.98, -0.59]), -7.4, 0.27)
READ = Judge(np.array([2.12, 2.35, -0.16, 1.31, 1.03, -3.78, -0.44, 4.55, 4.93, 3.91]), -10.65, 0.43)
_OF_ANOTHER = 0.1  # how sure at most, where the sentence is about another one than was asked about
_YEAR = re.compile(r"\b(?:1[5-9]\d\d|20\d\d)\b")
# Before and after a number that counts or measures, beside function words and units.
_LIMITS = frozenset(
    ("above", "after", "before", "below", "until", "within", "between", "exactly", "only", "every", "last")
)
_COUNTED = frozenset(("people", "persons", "times", "more", "or", "to"))
# A name or a number: what is asked about, so that it must be there.
_NAME = re.compile(r"(?<=\S\s)[^\W\d_a-z][^\W_]*|\d[^\W_]*")


def judged(question: str, scores: Scores) -> tuple[float, bool]:
    """The probability, 0 to 1, that the sentences scored answer `question`, and whether it is enough."""
    judge = UNREAD if scores.closeness is None else READ
    sure = 1 / (1 + math.exp(-float(evidence(question, scores) @ judge.weights) - judge.bias))
    if _is_of_another(question, scores):
        sure = min(sure, _OF_ANOTHER)
    return sure, sure >= judge.threshold


def _is_of_another(question: str, scores: Scores) -> bool:
    """Whether the best sentence is about another one than was asked about, by its number: machine 12
    instead of 14, the year before."""
    best = scores.sentences[int(scores.probabilities.argmax())]
    around = [s.text for s in scores.sentences if s.passage == best.passage]
    asked, own = _numbered(question), _numbered(best.text) | _numbered(best.headings)
    lacking = asked.difference(own, *map(_numbered, around))
    if cue_of(question) is not None:
        years = _years(question)
        asked, own = asked | years, own | _years(best.text)
        lacking |= years.difference(own, *map(_years, [best.headings, *around]))
    kinds = {kind for kind, _ in lacking} - {kind for kind, _ in asked & own}
    return not kinds.isdisjoint(kind for kind, _ in own)


def _numbered(text: str) -> set[tuple[str, str]]:
    """What has a number in `text`, "machine 12": the stem of its kind, and the number. What is counted
    or measured, "take 10 days", has none."""
    written = [*words(text), ""]
    return {
        (stem(kind), number)
        for kind, number, after in zip(written, written[1:], written[2:], strict=False)
        if number.isdecimal() and kind.isalpha() and not _is_counted(kind, after)
    }


def _years(text: str) -> set[tuple[str, str]]:
    return {("year", year) for year in _YEAR.findall(text)}


def _is_counted(before: str, after: str) -> bool:
    return (
        is_function_word(before)
        or before in _LIMITS
        or (after != "" and is_quantity(after))
        or after in _COUNTED
        or (after.endswith("s") and not is_function_word(after))
    )


def evidence(question: str, scores: Scores) -> NDArray[np.float64]:
    """What the best sentence has to show, (7,): the part of the question around it, the best
    cosine of any sentence, its passage's cosine, its probability among the sentences, the
    rarity of the words it holds, and of the names missing around it, in tens, and whether
    it lacks the kind of answer that is asked for, such as a date; where a model has read it,
    its closeness as well, (10,)."""
    best = int(scores.probabilities.argmax())
    names = {word for name in _NAME.findall(question) for word in words(name)}
    is_name = np.array([word in names for word in scores.content])
    held, around = scores.alike[best], scores.around[best]
    found = np.array(
        [
            around @ scores.rarity / scores.rarity.sum(),
            scores.cosines.max(),
            scores.passage_cosines[scores.sentences[best].passage],
            scores.probabilities[best],
            held @ scores.rarity / 10,
            (1 - around) @ (scores.rarity * is_name) / 10,
            cue_of(question) is not None and not scores.features[best, ANSWERING],
        ]
    )
    return found if scores.closeness is None else np.append(found, scores.closeness[best])
