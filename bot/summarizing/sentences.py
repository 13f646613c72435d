"""The sentences of a document that may stand in a summary, and the passages they are cited from."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bot.types import DraftClaim, Quote
from index.sentences import sentence_spans
from index.types import Passage

if TYPE_CHECKING:
    from index.library import Span

_STOPS = '.!…"”»)。！।॥؟'


class Sentence(NamedTuple):
    """`text` stands at `start` to `end` of its document."""

    text: str
    start: int
    end: int


def sentences(span: Span) -> list[Sentence]:
    """The whole sentences of a document's text, in order."""
    found = [Sentence(span.text[start:end], start, end) for start, end in sentence_spans(span.text)]
    return [sentence for sentence in found if sentence.text[-1] in _STOPS and len(sentence.text) > 20]


def passage(span: Span, sentence: Sentence) -> Passage:
    """The stretch that a sentence is cited from."""
    marks = tuple(m for m in span.marks if m.start < sentence.end and sentence.start < m.end)
    return Passage(span.source, sentence.text, sentence.start, sentence.end, marks, 1.0, 0.0, 0.0)


def claim(sentence: Sentence, number: int) -> DraftClaim:
    """The sentence as a line of a summary, quoted from passage `number`."""
    return DraftClaim(sentence.text, (Quote(number, sentence.text),))
