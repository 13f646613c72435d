"""What the documents say about a topic: by document, and side by side where they differ."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bot.facts import denies
from bot.quantities import quantities
from bot.summarizing.choosing import choose, content, repeats
from bot.summarizing.sentences import claim, leans, passage, sentences
from bot.types import DraftPart, DraftSummary
from index.records import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.summarizing.sentences import Sentence
    from index.embedders import Embedder
    from index.types import Passage

_HELD = 0.5  # of the topic's words that a passage must hold to be about it
_ABOUT = 1.5  # what being about the topic counts, against being central
_LEANS = -0.2
_MOST_DIFFERENCES = 3


class _Line(NamedTuple):
    """A sentence in the passage it was found in; the span begins where the document does."""

    passage: Passage
    sentence: Sentence


def summarize_topic(
    topic: str, passages: Sequence[Passage], embedder: Embedder, dates: Mapping[str, str], lines: int
) -> DraftSummary:
    """`lines` sentences about the topic. `dates` are those of the documents, by key, "" where the
    title has one. Without parts where no passage is about it."""
    wanted = content(topic)
    found = [line for passage_ in passages if _is_about(passage_, wanted) for line in _lines(passage_)]
    if not found:
        return DraftSummary(topic, (), ())
    texts = [line.sentence.text for line in found]
    vectors = embedder.embed_documents(texts)
    held = np.array([len(wanted & content(text)) / len(wanted) for text in texts])
    about = _ABOUT * (vectors @ embedder.embed_query(topic) + held) / 2
    leaning = np.array([_LEANS if leans(text) else 0.0 for text in texts])
    places = choose(texts, vectors, about + leaning, lines)
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


def _lines(passage_: Passage) -> Iterator[_Line]:
    span = Span(passage_.source, passage_.text, (), 0, len(passage_.text))
    return (_Line(passage_, sentence) for sentence in sentences(span))


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
    said = [(line, content(line.sentence.text), quantities(line.sentence.text)) for line in found]
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
