"""The sentences of a document that may stand in a summary, and the passages they are cited from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from bot.types import DraftClaim, Quote
from bot.writers.words import words
from index.sentences import sentence_spans
from index.types import Passage

if TYPE_CHECKING:
    from index.library import Span

_STOPS = '.!…"”»)。！।॥'
_SHORTEST, _LONGEST = 20, 600  # characters
_FEWEST_WORDS = 4
_TABLE = re.compile(r"\|.*\||\t.*\t|\.{4}")  # rows, and the dots of a table of contents
_LEANING = re.compile(
    r"(?:it|he|she|they|this|that|these|those|such|its|his|her|their|however|but|and|so|also|therefore|"
    r"moreover|furthermore|él|ella|ellos|ellas|est[eao]s?|es[eao]s?|pero|además)\b|[他她它这那]|但是|因此",
    re.IGNORECASE,
)


class Sentence(NamedTuple):
    """`text` stands at `start` to `end` of its document."""

    text: str
    start: int
    end: int


def sentences(span: Span) -> list[Sentence]:
    """The sentences of a document's text that read on their own, in order; where there are none, all
    that have a few words."""
    found = [Sentence(span.text[start:end], start, end) for start, end in sentence_spans(span.text)]
    return [s for s in found if _is_whole(s.text)] or [s for s in found if _says_something(s.text)]


def leans(text: str) -> bool:
    """Whether a sentence points back at what was said before it."""
    return _LEANING.match(text) is not None


def passage(span: Span, sentence: Sentence) -> Passage:
    """The stretch that a sentence is cited from."""
    marks = tuple(m for m in span.marks if m.start < sentence.end and sentence.start < m.end)
    return Passage(span.source, sentence.text, sentence.start, sentence.end, marks, 1.0, 0.0, 0.0)


def claim(sentence: Sentence, number: int) -> DraftClaim:
    """The sentence as a line of a summary, quoted from passage `number`."""
    return DraftClaim(sentence.text, (Quote(number, sentence.text),))


def _is_whole(text: str) -> bool:
    return (
        text[-1] in _STOPS
        and _SHORTEST < len(text) < _LONGEST
        and (text[0].isupper() or not text[0].islower())
        and _says_something(text)
    )


def _says_something(text: str) -> bool:
    return _TABLE.search(text) is None and len(words(text)) >= _FEWEST_WORDS
