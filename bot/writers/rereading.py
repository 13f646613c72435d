"""The likeliest sentences once more, by a language model that reads them in their place.

The weights were fitted by `tests/benchmarks/fit_rereading.py` as a choice of one among the sentences
(multinomial logit).
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from bot.writers.late_interaction import InPlace, closeness, is_readable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.writers.candidates import Sentence
    from bot.writers.scoring import Floats, Scores

_MOST = 4  # sentences; more take time, and few of them turn out to answer
_BEFORE = 200  # characters of the sentence before
_PRIOR = 0.52  # of what the probability says that a sentence has already
# What asks for a subject rather than a fact: nothing is close to "What do the documents say about it?"
_OPEN = re.compile(
    r"\b(?:says?|said|know|known|tell|mention\w*|written|learn)(?: \w+)? (?:about|of)\b", re.IGNORECASE
)
_WEIGHTS = np.array([5.24, 3.78, 6.91])  # of the columns of `closeness`


def reread(question: str, scores: Scores) -> Scores:
    """`scores` with the probabilities of the likeliest sentences shared out anew among them, and their
    closeness; as they are where the question is open, or in a language that the model does not know."""
    likeliest = likeliest_of(scores)
    if not likeliest or _OPEN.search(question) or not is_readable(question):
        return scores
    close = closeness(question, [in_place(scores.sentences, n) for n in likeliest])
    prior = scores.probabilities[likeliest]
    shares = np.exp(_logits(prior, close) - _logits(prior, close).max())
    probabilities, whole = scores.probabilities.copy(), np.zeros((len(scores.sentences), close.shape[1]))
    probabilities[likeliest] = prior.sum() * shares / shares.sum()
    whole[likeliest] = close
    return replace(scores, probabilities=probabilities, closeness=whole)


def likeliest_of(scores: Scores) -> list[int]:
    """The sentences worth reading, likeliest first."""
    order = (-scores.probabilities).argsort(kind="stable")[:_MOST].tolist()
    return [n for n in order if scores.probabilities[n] > 0]


def in_place(sentences: Sequence[Sentence], n: int) -> InPlace:
    """A sentence with its headings and the one before it."""
    sentence = sentences[n]
    follows = n > 0 and sentences[n - 1].passage == sentence.passage
    before = sentences[n - 1].text[-_BEFORE:] + " " if follows else ""
    return InPlace(f"{sentence.headings.strip()}: {before}", sentence.text)


def _logits(prior: Floats, close: Floats) -> Floats:
    return np.asarray(_PRIOR * np.log(prior) + close @ _WEIGHTS)
