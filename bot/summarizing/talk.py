"""A conversation: who said what, what was decided, and what is still open."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bot.quantities import quantities
from bot.summarizing.choosing import choose, content
from bot.summarizing.sentences import Sentence, claim, passage, sentences, unmarked
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
_SHORT = 4  # stems: who says no more than this right after a question answers it
_HALF = 0.5  # of a question's stems: whoever takes up so many answers it, also later


class _Line(NamedTuple):
    remark: Remark
    span: Span
    sentence: Sentence


def summarize_talk(remarks: Sequence[Remark], subject: str, embedder: Embedder, lines: int) -> DraftSummary:
    """`lines` sentences in the order they were said: decisions, then what is open, then the rest.
    A question is open where nobody else answered it."""
    ordered = sorted(remarks, key=lambda remark: remark.at)
    found = [line for remark in ordered for line in _lines(remark)]
    if not found:
        return DraftSummary(subject, (), ())
    texts = [line.sentence.text for line in found]
    opened = {
        n
        for n, line in enumerate(found)
        if _ASKED.search(texts[n]) and _is_open(texts[n], _after(line.remark, ordered))
    }
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
    return DraftSummary(
        subject, parts, tuple(passage(found[place].span, found[place].sentence) for place in places)
    )


def _after(remark: Remark, ordered: Sequence[Remark]) -> list[str]:
    """What others said later."""
    later = ordered[ordered.index(remark) + 1 :]
    return [other.text for other in later if other.speaker != remark.speaker]


def _is_open(question: str, replies: Sequence[str]) -> bool:
    """Whether nobody took the question up: not the next to speak, in a few words or in some of its
    own or with a number, nor anybody later in half of its words."""
    told = [(content(reply), reply) for reply in replies if not _ASKED.search(reply)]
    if not told:
        return True
    asked, (first, text) = content(question), told[0]
    is_next = told[0][1] == replies[0]
    if is_next and (len(first) <= _SHORT or asked & first or quantities(text)):
        return False
    return not any(len(asked & said) >= max(2, _HALF * len(asked)) for said, _ in told)


def _lines(remark: Remark) -> Iterable[_Line]:
    title = f"{remark.speaker}, {remark.at[:16].replace('T', ' ')}"
    source = Source(key="", uri=remark.url, title=title, space="", version="", url=remark.url)
    span = Span(source, remark.text, (), 0, len(remark.text))
    asked = [
        unmarked(Sentence(remark.text[start:end], start, end))
        for start, end in sentence_spans(remark.text)
        if _ASKED.search(remark.text[start:end])
    ]
    told = [sentence for sentence in sentences(span) if not _ASKED.search(sentence.text)]
    return (_Line(remark, span, sentence) for sentence in sorted([*told, *asked], key=lambda s: s.start))
