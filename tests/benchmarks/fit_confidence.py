"""Fits the constants of `bot/writers/evidence.py`: `python tests/benchmarks/fit_confidence.py`.

Three kinds of questions are told apart: those that the library answers; those on articles it
has not got; and, hardest, the first kind with every passage taken away that touches the
paragraph with the answer. Each is seen twice, with all its passages and with the best one
alone, as a library of one short document would give. Fitted on half of the articles; the
figures are the other half's. There are two fits: as the scorer leaves the sentences, and as the
language model does that reads them, on articles that it was not trained on. Two runs give the
same constants; the run fails where those in the code are others, as they are once retrieval or
scoring has changed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from data import Asked, halves, squad, unanswerable
from numpy.typing import NDArray

from bot.writers.evidence import READ, UNREAD, Judge, evidence
from bot.writers.rereading import reread
from bot.writers.scoring import Scorer, Scores
from index.library import Library
from index.types import Passage

QUESTIONS = 1500
HARD_SHARE = 0.3  # of the weight of all that is to be declined
# Of the questions that are answered: sets the thresholds. Who reads misses fewer, and may be stricter.
DECLINED_UNREAD, DECLINED_READ = 0.05, 0.06
UNANSWERABLE_WEIGHT = 1.5  # they are fewer
RIDGE = 1e-4
Floats = NDArray[np.float64]
Look = Callable[[str, Scores], Scores | None]


@dataclass(frozen=True)
class Sample:
    """What there is to go by, whether it is an answer, and how much it weighs in the fit."""

    evidence: Floats
    answered: bool
    weight: float
    whole: bool  # all passages, not the best one alone
    hard: bool
    train: bool


class Sampler:
    def __init__(self, library: Library, look: Look) -> None:
        self.library = library
        self.look = look
        self.scorer = Scorer(library.embedder)
        self.samples: list[Sample] = []

    def answerable(self, asked: Asked, train: bool) -> None:
        passages = self.library.search(asked.question, k=9)
        self._add(asked.question, passages[:5], asked, True, 1.0, False, train)
        without = [passage for passage in passages if not touches(passage, asked)][:5]
        self._add(asked.question, without, asked, False, HARD_SHARE, True, train)

    def unanswerable(self, question: str, train: bool) -> None:
        passages = self.library.search(question, k=5)
        self._add(question, passages, None, False, UNANSWERABLE_WEIGHT * (1 - HARD_SHARE), False, train)

    def _add(
        self,
        question: str,
        passages: list[Passage],
        asked: Asked | None,
        answered: bool,
        weight: float,
        hard: bool,
        train: bool,
    ) -> None:
        for few in (passages, passages[:1]):
            scores = self.scorer.score(question, few)
            if scores is None or (answered and not any(touches(p, asked) for p in few if asked)):
                continue
            scores = self.look(question, scores)
            if scores is None:
                continue
            best = scores.sentences[int(scores.probabilities.argmax())].text.lower()
            if hard and asked and any(answer.lower() in best for answer in asked.answers):
                continue  # answered elsewhere too
            found = evidence(question, scores)
            self.samples.append(Sample(found, answered, weight, few is passages, hard, train))


def touches(passage: Passage, asked: Asked) -> bool:
    """Whether a passage has any of the paragraph that answers."""
    return Path(passage.source.uri).stem == asked.document and any(
        passage.start < end and start < passage.end for start, end in asked.spans
    )


def logistic(x: Floats, y: Floats, weights: Floats) -> Floats:
    """Coefficients, the bias last, by Newton's method."""
    x = np.column_stack([x, np.ones(len(x))])
    weights = weights / weights.sum()
    ridge = RIDGE * np.diag([1.0] * (x.shape[1] - 1) + [0.0])
    b = np.zeros(x.shape[1])
    for _ in range(40):
        p = 1 / (1 + np.exp(-x @ b))
        b -= np.linalg.solve(
            (x.T * (weights * p * (1 - p))) @ x + ridge, x.T @ (weights * (p - y)) + ridge @ b
        )
    return b


def auroc(positive: Floats, negative: Floats) -> float:
    """The chance that a positive one scores higher than a negative one."""
    order = np.concatenate([positive, negative]).argsort(kind="stable").argsort() + 1
    n = len(positive)
    return float((order[:n].sum() - n * (n + 1) / 2) / (n * len(negative)))


def calibration_error(p: Floats, y: Floats, bins: int = 10) -> float:
    """Expected calibration error over bins of equal width."""
    place = np.minimum((p * bins).astype(int), bins - 1)
    return float(sum(abs((p - y)[place == b].sum()) for b in range(bins)) / len(p))


def sample(look: Look, among: list[str], others: list[str]) -> list[Sample]:
    """Of questions on the articles named, every other one for the fit, and of `others`, the same."""
    corpus = squad()
    trained_on = set(among[::2])
    asked = [one for one in corpus.asked if one.document in among]
    with corpus.library() as library:
        sampler = Sampler(library, look)
        for n in np.random.default_rng(7).permutation(len(asked))[:QUESTIONS]:
            sampler.answerable(asked[n], asked[n].document in trained_on)
        for n, question in enumerate(others):
            sampler.unanswerable(question, n % 2 == 0)
    return sampler.samples


def report(name: str, samples: list[Sample], judge: Judge) -> None:
    p = probabilities(samples, judge)
    y = np.array([s.answered for s in samples], float)
    hard = np.array([s.hard for s in samples])
    yes, no = p[y == 1], p[(y == 0) & ~hard]
    declined = [float(np.mean(group < judge.threshold)) for group in (yes, no, p[hard])]
    print(
        f"{name}: AUROC {auroc(yes, no):.4f} (gold removed: {auroc(yes, p[hard]):.4f}); "
        f"at {judge.threshold:.2f} declined: answerable {declined[0]:.3f}, unanswerable {declined[1]:.3f}, "
        f"gold removed {declined[2]:.3f}; ECE {calibration_error(p[~hard], y[~hard]):.3f}"
    )


def probabilities(samples: list[Sample], judge: Judge) -> Floats:
    evidence = np.array([s.evidence for s in samples])
    return np.asarray(1 / (1 + np.exp(-(evidence @ judge.weights + judge.bias))))


def fit(samples: list[Sample], declined: float) -> Judge:
    """The constants as they are to stand in the code."""
    x = np.array([s.evidence for s in samples])
    weights = np.array([s.weight for s in samples])
    *b, bias = logistic(x, np.array([s.answered for s in samples], float), weights).round(2)
    whole = [s for s in samples if s.answered and s.whole]
    judge = Judge(np.array(b), float(bias), 0.0)
    threshold = np.quantile(probabilities(whole, judge), declined)
    return judge._replace(threshold=round(float(threshold), 2))


def is_in_force(name: str, samples: list[Sample], in_force: Judge, declined: float) -> bool:
    judge = fit([s for s in samples if s.train], declined)
    print(f"{name} = Judge(np.array({judge.weights.tolist()}), {judge.bias}, {judge.threshold})")
    held = [s for s in samples if not s.train]
    report("all passages", [s for s in held if s.whole], judge)
    report("one passage", [s for s in held if not s.whole], judge)
    same = np.array_equal(judge.weights, in_force.weights) and judge[1:] == in_force[1:]
    if not same:
        report("in force, all passages", [s for s in held if s.whole], in_force)
        report("in force, one passage", [s for s in held if not s.whole], in_force)
    return same


def read(question: str, scores: Scores) -> Scores | None:
    """None where the model does not know the question's language."""
    scores = reread(question, scores)
    return scores if scores.closeness is not None else None


def readable(question: str, scores: Scores) -> Scores | None:
    """As the scorer leaves them, of the questions that `read` keeps."""
    return scores if read(question, scores) else None


def main() -> None:
    corpus, others = squad(), unanswerable()
    unread = sample(lambda _, scores: scores, sorted(corpus.texts), others)
    read_ = sample(read, halves(corpus)[1], others[1::2])
    same = [
        is_in_force("UNREAD", unread, UNREAD, DECLINED_UNREAD),
        is_in_force("READ", read_, READ, DECLINED_READ),
    ]
    beside = sample(readable, halves(corpus)[1], others[1::2])
    report("UNREAD, READ's questions", [s for s in beside if not s.train and s.whole], UNREAD)
    if not all(same):
        sys.exit("The constants of bot/writers/evidence.py are not these.")


if __name__ == "__main__":
    main()
