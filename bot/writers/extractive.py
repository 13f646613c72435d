"""The writer that needs no model: one to three whole sentences, cut from the passages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.types import Draft, DraftClaim, Quote
from bot.writers.evidence import judged
from bot.writers.rereading import reread
from bot.writers.scoring import Scorer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.writers.scoring import Scores, Sentence
    from index.embedders import Embedder
    from index.types import Passage

_MOST_SENTENCES = 3
_SURE = 0.93  # of the chosen sentences together: no further one is needed
_WORTH = 0.04  # of the best one's probability: a lesser sentence only distracts
_MOST_CHARACTERS = 540  # of an answer of several sentences, about 90 words


class ExtractiveWriter:
    """Quotes the sentences that most probably answer, or abstains. About 35 ms a question,
    with the bundled embedder; `embedder` need not be the one the library was made with."""

    def __init__(self, embedder: Embedder) -> None:
        self._scorer = Scorer(embedder)

    def write(self, question: str, passages: Sequence[Passage]) -> Draft:
        scores = self._scorer.score(question, passages)
        if scores is None:
            return Draft(claims=(), confidence=0.0)
        scores = reread(question, scores)
        sure, is_enough = judged(question, scores)
        ranked = _ranked(scores)
        if not is_enough or not ranked:
            nearest = _best_of_passages(scores, ranked)
            return Draft(claims=(), confidence=sure, nearest=tuple(map(_quote, nearest)))
        chosen = _in_reading_order(_chosen(scores, ranked), passages)
        return Draft(tuple(DraftClaim(s.text, (_quote(s),)) for s in chosen), sure)


def _ranked(scores: Scores) -> list[int]:
    """The sentences that may answer, most probable first."""
    order = (-scores.probabilities).argsort(kind="stable").tolist()
    return [i for i in order if scores.probabilities[i] > 0]


def _chosen(scores: Scores, ranked: list[int]) -> list[Sentence]:
    best, *others = ranked
    chosen, together = [best], scores.probabilities[best]
    for i in others[: _MOST_SENTENCES - 1]:
        length = sum(len(scores.sentences[j].text) for j in [*chosen, i])
        if together >= _SURE or scores.probabilities[i] < _WORTH * scores.probabilities[best]:
            break
        if length <= _MOST_CHARACTERS:
            chosen.append(i)
            together += scores.probabilities[i]
    return [scores.sentences[i] for i in chosen]


def _in_reading_order(chosen: list[Sentence], passages: Sequence[Passage]) -> list[Sentence]:
    """The best sentence's source first; within a source as it is written."""
    sources = list(dict.fromkeys(passages[s.passage].source.key for s in chosen))

    def place(sentence: Sentence) -> tuple[int, int]:
        passage = passages[sentence.passage]
        return sources.index(passage.source.key), passage.start + sentence.start

    return sorted(chosen, key=place)


def _best_of_passages(scores: Scores, ranked: list[int]) -> list[Sentence]:
    """The best sentence of each passage, best first."""
    best: dict[int, Sentence] = {}
    for i in ranked:
        best.setdefault(scores.sentences[i].passage, scores.sentences[i])
    return list(best.values())


def _quote(sentence: Sentence) -> Quote:
    return Quote(sentence.passage, sentence.text)
