"""What the documents say about a topic: by document, and side by side where they differ."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bot.facts import denies
from bot.quantities import quantities
from bot.summarizing.choosing import choose, content, repeats
from bot.summarizing.paragraphs import Paragraphs
from bot.summarizing.sentences import claim, entries, leans, passage, prose, rows, unlabelled
from bot.types import DraftPart, DraftSummary
from index.records import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bot.summarizing.sentences import Sentence
    from index.embedders import Embedder
    from index.types import Passage

_HELD = 0.5  # of the topic's words that a passage must hold to be about it
_MORE_THAN = 0.5  # of what the line holds that holds most, each with what it is read with
_ABOUT = 1.5  # what being about the topic counts, against being central
_LEANS = -0.2
_MOST_DIFFERENCES = 3


class _Line(NamedTuple):
    """A sentence, a row or an item in the passage it was found in, and how much of the topic's words
    it holds with what it is read with."""

    passage: Passage
    sentence: Sentence
    held: float


def summarize_topic(
    topic: str,
    passages: Sequence[Passage],
    embedder: Embedder,
    rarity: Mapping[str, float],
    dates: Mapping[str, str],
    lines: int,
) -> DraftSummary:
    """`lines` sentences about the topic. `rarity` weighs its words; `dates` are those of the
    documents, by key, "" where the title has one. Without parts where no passage is about it."""
    weights = {word: rarity.get(word, 1.0) for word in sorted(content(topic))}
    about = [passage_ for passage_ in passages if _is_about(passage_, set(weights))]
    found = _foremost([line for passage_ in about for line in _lines(passage_, weights)])
    if not found:
        return DraftSummary(topic, (), ())
    texts = [line.sentence.text for line in found]
    vectors = embedder.embed_documents(texts)
    held = np.array([_held(text, weights) for text in texts])
    worth = _ABOUT * (vectors @ embedder.embed_query(topic) + held) / 2
    leaning = np.array([_LEANS if leans(text) else 0.0 for text in texts])
    places = choose([unlabelled(text) for text in texts], vectors, worth + leaning, lines)
    chosen = [found[place] for place in places]
    pairs = list(_differing([found[place] for place in np.flatnonzero(held > 0)]))[:_MOST_DIFFERENCES]
    return _draft(topic, chosen, pairs, dates)


def _draft(
    topic: str, chosen: Sequence[_Line], pairs: Sequence[tuple[_Line, _Line]], dates: Mapping[str, str]
) -> DraftSummary:
    """Numbers the lines as passages: first those by document, then those that differ."""
    by_document: dict[str, list[_Line]] = {}
    for line in chosen:
        by_document.setdefault(line.passage.source.key, []).append(line)
    groups = [(_titled(lines[0], dates), lines) for lines in by_document.values()]
    groups += [(_against(pair, dates), list(pair)) for pair in pairs]
    everything = [line for _, lines in groups for line in lines]
    numbers = iter(range(len(everything)))
    parts = tuple(
        DraftPart(heading, tuple(claim(line.sentence, next(numbers)) for line in lines))
        for heading, lines in groups
    )
    return DraftSummary(topic, parts, tuple(_cited(line) for line in everything))


def _lines(passage_: Passage, weights: Mapping[str, float]) -> list[_Line]:
    """The sentences and rows that hold some of the topic's words; where none does, other entries."""
    at = passage_.start
    marks = tuple(replace(mark, start=mark.start - at, end=mark.end - at) for mark in passage_.marks)
    span = Span(passage_.source, passage_.text, marks, 0, len(passage_.text))
    paragraphs = Paragraphs(span)

    def holding(sentences: Iterable[Sentence]) -> list[_Line]:
        held = ((s, _held(paragraphs.read_with(s.start, s.end), weights)) for s in sentences)
        return [_Line(passage_, sentence, share) for sentence, share in held if share]

    return holding(sorted([*prose(span), *rows(span)], key=lambda s: s.start)) or holding(entries(span))


def _foremost(found: Sequence[_Line]) -> list[_Line]:
    """Those that hold much of what the one that holds most does."""
    most = max((line.held for line in found), default=0.0)
    return [line for line in found if line.held > _MORE_THAN * most]


def _held(text: str, weights: Mapping[str, float]) -> float:
    """How much of the topic's words stands in a text, 0 to 1."""
    said = content(text)
    return sum(weight for word, weight in weights.items() if word in said) / sum(weights.values())


def _cited(line: _Line) -> Passage:
    """The sentence as a passage of its document."""
    source, sentence = line.passage, line.sentence
    start, end = source.start + sentence.start, source.start + sentence.end
    return passage(
        Span(source.source, "", source.marks, start, end), sentence._replace(start=start, end=end)
    )


def _is_about(passage_: Passage, wanted: set[str]) -> bool:
    over = " ".join([passage_.source.title, *(mark.label for mark in passage_.marks)])
    return bool(wanted) and len(wanted & content(f"{passage_.text} {over}")) >= _HELD * len(wanted)


def _differing(found: Sequence[_Line]) -> Iterator[tuple[_Line, _Line]]:
    """Sentences of two documents that say the same with another number, or deny it."""
    texts = [line.sentence.text for line in found]
    said = [(line, content(unlabelled(t)), quantities(t)) for line, t in zip(found, texts, strict=True)]
    for (one, words, numbers), (other, words_too, numbers_too) in combinations(said, 2):
        if one.passage.source.key == other.passage.source.key or not repeats(words, words_too):
            continue
        units = {unit for _, unit in numbers} & {unit for _, unit in numbers_too}
        differ = {n for n, u in numbers if u in units} != {n for n, u in numbers_too if u in units}
        if (units and differ) or denies(one.sentence.text) != denies(other.sentence.text):
            yield one, other


def _titled(line: _Line, dates: Mapping[str, str]) -> str:
    source = line.passage.source
    date = dates.get(source.key, "")  # which may have come since they were listed
    return f"{source.title} ({date})" if date else source.title


def _against(pair: tuple[_Line, _Line], dates: Mapping[str, str]) -> str:
    return f"These differ: {_titled(pair[0], dates)} and {_titled(pair[1], dates)}"
