"""A conversation: who said what, what was decided, and what is still open."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bot.summarizing.choosing import choose
from bot.summarizing.sentences import Sentence, claim, passage, sentences
from bot.types import DraftPart, DraftSummary
from index.records import Span
from index.sentences import sentence_spans
from index.types import Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.types import Remark
    from index.embedders import Embedder

_DECIDED = re.compile(
    r"\b(?:decided|agreed|approved|settled|let's|we(?:'ll| will| are going to| shall)|decision|deadline|"
    r"decidi\w+|acord\w+|aprobad\w+|vamos a)\b|决定|同意|我们将|我们要",
    re.IGNORECASE,
)
_ASKED = re.compile(r"[?？]\W*$")
_REPEATED = 0.95  # people may say nearly the same, and each has said it
_BONUS = 0.3  # of what was decided, and of what nobody answered


class _Line(NamedTuple):
    span: Span
    sentence: Sentence


def summarize_talk(remarks: Sequence[Remark], subject: str, embedder: Embedder, lines: int) -> DraftSummary:
    """`lines` sentences in the order they were said: decisions, then what is open, then the rest.
    A question is open where nobody else said anything after it."""
    ordered = sorted(remarks, key=lambda remark: remark.at)
    last = ordered[-1].speaker if ordered else ""
    silent_since = next((r.at for r in reversed(ordered) if r.speaker != last), "")
    found = [line for remark in ordered for line in _lines(remark)]
    if not found:
        return DraftSummary(subject, (), ())
    texts = [line.sentence.text for line in found]
    opened = {n for n, line in enumerate(found) if _ASKED.search(texts[n]) and _at(line) >= silent_since}
    decided = {n for n, text in enumerate(texts) if _DECIDED.search(text) and not _ASKED.search(text)}
    bonus = np.array([_BONUS * (n in opened or n in decided) for n in range(len(found))])
    places = choose(texts, embedder.embed_documents(texts), bonus, lines, _REPEATED)
    rest = [n for n in places if n not in opened | decided]
    groups = (("Decisions", decided), ("Open questions", opened), ("Who said what", set(rest)))
    numbers = {place: n for n, place in enumerate(places)}
    parts = tuple(
        DraftPart(heading, tuple(claim(found[n].sentence, numbers[n]) for n in places if n in members))
        for heading, members in groups
        if members.intersection(places)
    )
    if len(parts) == 1 and rest:
        parts = (DraftPart("", parts[0].claims),)
    return DraftSummary(subject, parts, tuple(passage(*found[n]) for n in places))


def _lines(remark: Remark) -> Iterable[_Line]:
    title = f"{remark.speaker}, {remark.at[:16].replace('T', ' ')}"
    source = Source(key="", uri=remark.at, title=title, space="", version="", url=remark.url)
    span = Span(source, remark.text, (), 0, len(remark.text))
    asked = [
        Sentence(remark.text[start:end], start, end)
        for start, end in sentence_spans(remark.text)
        if _ASKED.search(remark.text[start:end])
    ]
    told = [sentence for sentence in sentences(span) if not _ASKED.search(sentence.text)]
    return (_Line(span, sentence) for sentence in sorted([*told, *asked], key=lambda s: s.start))


def _at(line: _Line) -> str:
    return line.span.source.uri
