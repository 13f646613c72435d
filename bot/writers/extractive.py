"""The writer that needs no model: one to three whole sentences, cut from the passages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.types import Draft, DraftClaim, Quote
from bot.writers.candidates import leads, led_to
from bot.writers.evidence import judged
from bot.writers.rereading import reread
from bot.writers.scoring import Scorer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.writers.candidates import Sentence
    from bot.writers.scoring import Scores
    from index.embedders import Embedder
    from index.types import Passage

_MOST_SENTENCES = 3
_SURE = 0.93  # of the chosen sentences together: no further one is needed
_WORTH = 0.04  # of the best one's probability: a lesser sentence only distracts
_MOST_CHARACTERS = 540  # of an answer of several sentences, about 90 words
_TOGETHER = 2  # sentences from one to the other
_SAME = 0.99  # a sentence holds a word itself
_LEANS = re.compile(r"(?:he|she|it|they|his|her|its|their|this|these|those|such)\b", re.IGNORECASE)


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
        chosen = _best_first(scores, _chosen(scores, ranked))
        return Draft(tuple(_claims(scores, chosen, passages)), sure)


def _ranked(scores: Scores) -> list[int]:
    """The sentences that may answer, most probable first."""
    order = (-scores.probabilities).argsort(kind="stable").tolist()
    return [i for i in order if scores.probabilities[i] > 0]


def _chosen(scores: Scores, ranked: list[int]) -> list[int]:
    best, *others = ranked
    chosen, together = [best], scores.probabilities[best]
    for i in others[: _MOST_SENTENCES - 1]:
        length = sum(len(scores.sentences[j].text) for j in [*chosen, i])
        if together >= _SURE or scores.probabilities[i] < _WORTH * scores.probabilities[best]:
            break
        if length <= _MOST_CHARACTERS and not _distracts(scores, i, chosen):
            chosen.append(i)
            together += scores.probabilities[i]
    return chosen


def _distracts(scores: Scores, i: int, chosen: list[int]) -> bool:
    """Whether a sentence would be misread among the chosen: it leans on one that is not there, or is a
    line of a list or table that has less of what is asked for than the best one."""
    sentence, best = scores.sentences[i], scores.sentences[chosen[0]]
    leans = _LEANS.match(sentence.text) is not None and i - 1 not in chosen
    lines = not sentence.is_whole and not best.is_whole
    held, wanted = scores.alike[i] >= _SAME, scores.alike[chosen[0]] >= _SAME
    return leans or (lines and bool((held <= wanted).all() and (held < wanted).any()))


def _best_first(scores: Scores, chosen: list[int]) -> list[int]:
    """Sentences that stand together come as they are written, lines of a list or table do not."""
    ordered: list[int] = []
    for i in chosen:
        beside = [j for j in chosen if _stand_together(scores, i, j)]
        ordered += [j for j in sorted({i, *beside}) if j not in ordered]
    return ordered


def _stand_together(scores: Scores, i: int, j: int) -> bool:
    one, other = scores.sentences[i], scores.sentences[j]
    near = abs(i - j) <= _TOGETHER and one.passage == other.passage
    return near and one.is_whole and other.is_whole


def _best_of_passages(scores: Scores, ranked: list[int]) -> list[Sentence]:
    """The best sentence of each passage, best first."""
    best: dict[int, Sentence] = {}
    for i in ranked:
        best.setdefault(scores.sentences[i].passage, scores.sentences[i])
    return list(best.values())


def _claims(scores: Scores, chosen: Sequence[int], passages: Sequence[Passage]) -> Iterator[DraftClaim]:
    """The chosen sentences, one with what it leads to as far as that fits, and a line after the
    sentence that leads to it: "cash" may be what is accepted, or what is not."""
    sentences, lead_of = scores.sentences, leads(scores.sentences)
    stretches: dict[int, int] = {}
    for i in chosen:
        lead = lead_of.get(i, i)
        if not sentences[i].is_whole and lead not in chosen:
            stretches.setdefault(lead, lead)
        stretches.setdefault(i, _last_to_fit(sentences, i))
    told = {n for first, last in stretches.items() for n in range(first + 1, last + 1)}
    for first, last in stretches.items():
        if first not in told:
            passage, start = sentences[first].passage, sentences[first].start
            text = passages[passage].text[start : sentences[last].end]
            yield DraftClaim(text, (Quote(passage, text),))


def _last_to_fit(sentences: Sequence[Sentence], i: int) -> int:
    """The last of those that a sentence leads to, itself where there is none."""
    limit = sentences[i].start + _MOST_CHARACTERS
    return max((n for n in led_to(sentences, i) if sentences[n].end <= limit), default=i)


def _quote(sentence: Sentence) -> Quote:
    return Quote(sentence.passage, sentence.text)
