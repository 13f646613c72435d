"""How good the extractive writer's answers are: `python tests/benchmarks/answers.py [QUESTIONS]`.

An answer holds when the expected words stand in what it quotes; questions that are declined
count as missed. Every citation is checked against the text of its document. SQuAD is asked twice:
all of it, and the half of its articles that the model which reads was not trained on.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field, replace
from time import perf_counter

import numpy as np
from data import Corpus, halves, squad, unanswerable, xquad
from fit_confidence import auroc, calibration_error

from bot.types import Answer
from bot.verify import verify
from bot.writers.extractive import ExtractiveWriter
from index.library import Library


@dataclass
class Figures:
    held: list[bool] = field(default_factory=list)
    at_once: list[bool] = field(default_factory=list)  # by the first sentence
    words: list[int] = field(default_factory=list)
    sentences: list[int] = field(default_factory=list)
    confidence: list[float] = field(default_factory=list)
    declined: list[bool] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)

    def add(self, answer: Answer, expected: tuple[str, ...], milliseconds: float) -> None:
        quotes = [citation.quote.lower() for citation in answer.citations]
        text = " ".join(quotes)
        self.held.append(any(words.lower() in text for words in expected))
        self.at_once.append(any(words.lower() in first for words in expected for first in quotes[:1]))
        self.declined.append(not answer.claims)
        self.confidence.append(answer.confidence)
        self.milliseconds.append(milliseconds)
        if answer.claims:
            self.words.append(len(text.split()))
            self.sentences.append(len(answer.claims))


def ask(library: Library, writer: ExtractiveWriter, question: str) -> tuple[Answer, float]:
    passages = library.search(question, k=5)
    start = perf_counter()
    draft = writer.write(question, passages)
    milliseconds = 1000 * (perf_counter() - start)
    return verify(question, draft, passages), milliseconds


def measure(corpus: Corpus, questions: int, others: list[str]) -> tuple[Figures, Figures]:
    """Figures of at most `questions` that `corpus` answers, and of `others`, that it does not."""
    answered, unanswered = Figures(), Figures()
    chosen = np.random.default_rng(1).permutation(len(corpus.asked))[:questions]
    with corpus.library() as library:
        writer = ExtractiveWriter(library.embedder)
        for asked in (corpus.asked[i] for i in chosen):
            answer, milliseconds = ask(library, writer, asked.question)
            for citation in (*answer.citations, *answer.nearest):
                span = library.locate(citation.id)
                assert span.text[citation.start : citation.end] == citation.quote
            answered.add(answer, asked.answers, milliseconds)
        for question in others:
            answer, milliseconds = ask(library, writer, question)
            unanswered.add(answer, (), milliseconds)
    return answered, unanswered


def report(name: str, answered: Figures, unanswered: Figures) -> None:
    print(
        f"{name}: {len(answered.held)} questions, answer held {np.mean(answered.held):.3f}, "
        f"by the first sentence {np.mean(answered.at_once):.3f}, "
        f"words {np.mean(answered.words):.1f}, sentences {np.mean(answered.sentences):.2f}, "
        f"declined {np.mean(answered.declined):.3f}, write p50 {np.median(answered.milliseconds):.1f} ms, "
        f"p95 {np.percentile(answered.milliseconds, 95):.1f} ms"
    )
    if unanswered.held:
        yes, no = np.array(answered.confidence), np.array(unanswered.confidence)
        truth = np.r_[np.ones(len(yes)), np.zeros(len(no))]
        print(
            f"  not answered here: {len(no)} questions, declined {np.mean(unanswered.declined):.3f}, "
            f"AUROC {auroc(yes, no):.4f}, ECE {calibration_error(np.r_[yes, no], truth):.3f}"
        )


def main() -> None:
    questions = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    corpus, others = squad(), unanswerable()
    unseen = tuple(asked for asked in corpus.asked if asked.document in halves(corpus)[1])
    report("SQuAD", *measure(corpus, questions, others))
    report("SQuAD, unseen articles", *measure(replace(corpus, asked=unseen), questions // 2, others[1::2]))
    for language in ("es", "zh"):
        report(f"XQuAD {language}", *measure(xquad(language), min(questions, 600), []))


if __name__ == "__main__":
    main()
