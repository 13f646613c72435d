"""Fits the constants of `bot/writers/rereading.py`: `python tests/benchmarks/fit_rereading.py`.

Which of the likeliest sentences answers is a choice of one among them (multinomial logit) by what the
scorer makes of it and its closeness to the question. Fitted on half of SQuAD's articles; the figures are
the other half's. The run fails where the constants in the code are others.
"""

from __future__ import annotations

import sys
from typing import NamedTuple

import numpy as np
from data import Asked, halves, squad
from fit_confidence import QUESTIONS, Floats, touches

from bot.writers.late_interaction import closeness
from bot.writers.rereading import _PRIOR, _WEIGHTS, in_place, likeliest_of
from bot.writers.scoring import Scorer
from index.library import Library

RIDGE = 1e-3


class Choice(NamedTuple):
    """What there is to go by, a row a sentence, and which of them answers."""

    x: Floats
    right: int
    train: bool


def choice(library: Library, scorer: Scorer, asked: Asked, train: bool) -> Choice | None:
    """None where none of the likeliest sentences answers."""
    passages = library.search(asked.question, k=5)
    scores = scorer.score(asked.question, passages)
    if scores is None:
        return None
    likeliest = likeliest_of(scores)
    sentences = [scores.sentences[n] for n in likeliest]
    right = [
        row
        for row, sentence in enumerate(sentences)
        if touches(passages[sentence.passage], asked)
        and any(words.lower() in sentence.text.lower() for words in asked.answers)
    ]
    if not right:
        return None
    close = closeness(asked.question, [in_place(scores.sentences, n) for n in likeliest])
    return Choice(np.column_stack([np.log(scores.probabilities[likeliest]), close]), right[0], train)


def probabilities(x: Floats, b: Floats) -> Floats:
    powers = np.exp(x @ b - (x @ b).max())
    return np.asarray(powers / powers.sum())


def fit(choices: list[Choice]) -> Floats:
    """Coefficients by Newton's method."""
    b = np.zeros(choices[0].x.shape[1])
    for _ in range(20):
        slope, curve = RIDGE * len(choices) * b, RIDGE * len(choices) * np.eye(len(b))
        for x, right, _ in choices:
            p = probabilities(x, b)
            mean = p @ x
            slope += mean - x[right]
            curve += (x * p[:, None]).T @ x - np.outer(mean, mean)
        b -= np.linalg.solve(curve, slope)
    return np.asarray(b.round(2))


def report(name: str, choices: list[Choice], b: Floats) -> None:
    first = np.mean([probabilities(x, b).argmax() == right for x, right, _ in choices])
    loss = np.mean([-np.log(probabilities(x, b)[right]) for x, right, _ in choices])
    print(f"{name}: the right sentence first {first:.3f}, log loss {loss:.3f}")


def main() -> None:
    corpus = squad()
    trained_on, _ = halves(corpus)
    chosen = np.random.default_rng(7).permutation(len(corpus.asked))[:QUESTIONS]
    with corpus.library() as library:
        scorer = Scorer(library.embedder)
        some = [
            choice(library, scorer, asked, asked.document in trained_on)
            for asked in (corpus.asked[n] for n in chosen)
        ]
    choices = [one for one in some if one is not None]
    held = [one for one in choices if not one.train]
    b, in_force = fit([one for one in choices if one.train]), np.array([_PRIOR, *_WEIGHTS])
    print(f"_PRIOR = {b[0]}, _WEIGHTS = np.array({b[1:].tolist()})")
    report("as the scorer has them", held, np.array([1.0, 0, 0, 0]))
    report("reread", held, b)
    if not np.array_equal(b, in_force):
        report("reread as in force", held, in_force)
        sys.exit("The constants of bot/writers/rereading.py are not these.")


if __name__ == "__main__":
    main()
