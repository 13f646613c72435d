"""The sentences of the passages, and which of them may answer a question."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from bot.writers.cues import is_polar
from bot.writers.words import stem, words
from index.function_words import is_function_word
from index.sentences import sentence_spans
from index.types import MarkKind, heading_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from index.types import Passage

_STOPS = '.!?…"”»)。！？'  # a sentence ends with one
_ASKS, _CLOSING = ("?", "？", "؟"), "\"'”’»」』)）"
_ITEM = re.compile(r"[-*•–—]\s+")


class Sentence(NamedTuple):
    """`passages[passage].text[start:end]`, without the mark of a list's item, and the title and headings
    over it. `section` is where the section ends whose heading it is, 0 where it is none. `parted`
    says that a blank line stands before it."""

    passage: int
    start: int
    end: int
    text: str
    headings: str
    section: int = 0
    parted: bool = False

    @property
    def asks(self) -> bool:
        return self.text.rstrip(_CLOSING)[-1:] in _ASKS

    @property
    def is_whole(self) -> bool:
        return self.text[-1] in _STOPS


def sentences_of(passages: Sequence[Passage]) -> list[Sentence]:
    return [sentence for n, passage in enumerate(passages) for sentence in _sentences(n, passage)]


def _sentences(n: int, passage: Passage) -> Iterator[Sentence]:
    text = passage.text
    marks = {mark.start - passage.start: mark for mark in passage.marks if mark.kind is MarkKind.HEADING}
    last = 0
    for first, end in sentence_spans(text):
        item = _ITEM.match(text, first, end)
        start = item.end() if item else first
        if any(map(str.isalnum, text[start:end])):
            mark = marks.get(first)
            is_heading = mark is not None and mark.label.startswith(text[first:end])
            section = mark.end - passage.start if mark and is_heading else 0
            headings = f"{passage.source.title} {heading_at(passage.marks, passage.start + start)}"
            yield Sentence(n, start, end, text[start:end], headings, section, "\n\n" in text[last:first])
            last = end


def led_to(sentences: Sequence[Sentence], i: int) -> range:
    """What a sentence that ends with a colon leads to: the list, or the lines, that come next."""
    end = i + 1
    if sentences[i].text.endswith(":"):
        for n, sentence in enumerate(sentences[i + 1 :], i + 1):
            same = sentence.passage == sentences[i].passage and not sentence.section
            if not same or (sentence.parted and n > i + 1):
                break
            end = n + 1
    return range(i + 1, end)


def leads(sentences: Sequence[Sentence]) -> dict[int, int]:
    """The sentence that leads to each of those that one leads to, both by their places."""
    return {n: i for i in range(len(sentences)) for n in led_to(sentences, i)}


def eligible(question: str, sentences: Sequence[Sentence], answering: NDArray[np.float64]) -> list[bool]:
    """Which may answer: nothing that asks, that has been said before or says no more than is asked, and
    no heading over what can answer itself. `answering` says which have the kind of answer asked for."""
    known, seen, polar = {stem(word) for word in words(question)}, set[str](), is_polar(question)
    lead_of, found = leads(sentences), []
    for n, sentence in enumerate(sentences):
        says_yes = polar and not sentence.section and n not in lead_of
        says_more = sentence.is_whole or says_yes or n + 1 in lead_of or _says_more(sentence.text, known)
        stands_over = sentence.section and not _answers_alone(n, sentences, answering)
        found.append(says_more and not sentence.asks and not stands_over and sentence.text not in seen)
        seen.add(sentence.text)
    return found


def _says_more(text: str, known: set[str]) -> bool:
    return any(stem(word) not in known and not is_function_word(word) for word in words(text))


def _answers_alone(n: int, sentences: Sequence[Sentence], answering: NDArray[np.float64]) -> bool:
    """Whether a heading is all there is to answer: nothing stands under it, or it alone has the kind of
    answer that is asked for."""
    heading = sentences[n]
    below = [
        m
        for m in range(n + 1, len(sentences))
        if sentences[m].passage == heading.passage and sentences[m].start < heading.section
    ]
    return not below or bool(answering[n] and not answering[below].any())
