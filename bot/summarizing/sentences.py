"""The sentences of a document that may stand in a summary, and the passages they are cited from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from bot.types import DraftClaim, Quote
from bot.writers.words import words
from index.sentences import sentence_spans
from index.types import MarkKind, Passage

if TYPE_CHECKING:
    from index.library import Span

STOPS = '.!…"”»)。！।॥'
_SHORTEST, _LONGEST = 20, 600  # characters
_FEWEST_WORDS = 4
# Rows, the dots of a table of contents, and what stands at the edge of every page.
_LABEL = r"[^:;]{1,40}: "
_ROW = rf"{_LABEL}[^;]+; {_LABEL}"
_FURNITURE = re.compile(
    rf"\|.*\||\t.*\t|\.{{4}}|^{_ROW}|https?://|©|\bcopyright\b|all rights reserved",
    re.IGNORECASE,
)
_LABELS = re.compile(rf"(?:^|; ){_LABEL}")
_BULLET = r"[-*•–◦▪‣·]\s+"
_MARKER = re.compile(_BULLET)
ITEM = rf"(?:{_BULLET}|\d{{1,3}}[.)]\s)"
_ITEM = re.compile(ITEM)
_LEANING = re.compile(
    r"(?:yes|no|sí),|(?:it|he|she|they|this|that|these|those|such|its|his|her|their|however|but|and|so|"
    r"if (?:so|not|this|that)|also|therefore|moreover|furthermore|él|ella|ellos|ellas|est[eao]s?|"
    r"es[eao]s?|pero|además)\b|[他她它这那]|但是|因此",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"(?:welcome|hello|hi|dear|bienvenid[oa]s?|hola|estimad[oa]s?)\b|[欢歡]迎|你好", re.IGNORECASE
)


class Sentence(NamedTuple):
    """`text` stands at `start` to `end` of its document."""

    text: str
    start: int
    end: int


def prose(span: Span) -> list[Sentence]:
    """The sentences of a document that read on their own, and the items that do, in order; none
    where nobody wrote in sentences."""
    whole = [unmarked(sentence) for sentence in _sentences(span) if _is_whole(sentence.text)]
    return whole if any(sentence.text[-1] in STOPS for sentence in whole) else []


def sentences(span: Span, fewest: int = 1) -> list[Sentence]:
    """Prose; where there is none, all that has a few words, if that is at least `fewest`."""
    if found := prose(span):
        return found
    telling = [unmarked(sentence) for sentence in _sentences(span) if _says_something(sentence.text)]
    return telling if len(telling) >= fewest else []


def rows(span: Span) -> list[Sentence]:
    """The rows of a document's tables, in order."""
    return [sentence for sentence in _sentences(span) if re.match(_ROW, sentence.text)]


def entries(span: Span) -> list[Sentence]:
    """The rows and items of a document without prose, in order and each once. Its headings are none,
    unless there is nothing else."""
    worded = [unmarked(s) for s in _sentences(span) if any(map(str.isalnum, s.text))]
    headings = {mark.start for mark in span.marks if mark.kind is MarkKind.HEADING}
    below = [sentence for sentence in worded if sentence.start not in headings] or worded
    firsts: dict[str, Sentence] = {}
    for sentence in below:
        firsts.setdefault(sentence.text, sentence)
    return list(firsts.values())


def leans(text: str) -> bool:
    """Whether a sentence points back at what was said before it."""
    return _LEANING.match(text) is not None


def greets(text: str) -> bool:
    """Whether a sentence only opens the conversation with its reader."""
    return _GREETING.match(text) is not None


def unlabelled(text: str) -> str:
    """A row without its headers, which all rows of a table share."""
    return _LABELS.sub(" ", text)


def unmarked(sentence: Sentence) -> Sentence:
    """Without the bullet of a list: what shows a line puts one of its own before it."""
    bullet = _MARKER.match(sentence.text)
    length = bullet.end() if bullet else 0
    return sentence._replace(text=sentence.text[length:], start=sentence.start + length)


def passage(span: Span, sentence: Sentence) -> Passage:
    """The stretch that a sentence is cited from."""
    marks = tuple(m for m in span.marks if m.start < sentence.end and sentence.start < m.end)
    return Passage(span.source, sentence.text, sentence.start, sentence.end, marks, 1.0, 0.0, 0.0)


def claim(sentence: Sentence, number: int) -> DraftClaim:
    """The sentence as a line of a summary, quoted from passage `number`."""
    return DraftClaim(sentence.text, (Quote(number, sentence.text),))


def _sentences(span: Span) -> list[Sentence]:
    return [Sentence(span.text[start:end], start, end) for start, end in sentence_spans(span.text)]


def _is_whole(text: str) -> bool:
    return (
        (text[-1] in STOPS or _ITEM.match(text) is not None)
        and _SHORTEST < len(text) < _LONGEST
        and (text[0].isupper() or not text[0].islower())
        and _says_something(text)
    )


def _says_something(text: str) -> bool:
    return _FURNITURE.search(text) is None and len(words(text)) >= _FEWEST_WORDS
