"""What a sentence is read with: its paragraph so far, and what stands over that."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from bot.summarizing.sentences import ITEM, STOPS, leans
from index.types import MarkKind

if TYPE_CHECKING:
    from index.library import Span

# A blank line, the end of a short line, or what precedes an item or "Label: ".
_BREAK = re.compile(rf"\n\s*\n|(?<![^\n]{{50}})\n|\n(?=\s*(?:{ITEM}|[^:;.\n]{{1,60}}:\s))")
_ITEM = re.compile(ITEM)


class _Paragraph(NamedTuple):
    """One that begins at `start`; it goes on from what begins at `since`, and `lead` leads to it."""

    start: int
    since: int
    lead: str


class Paragraphs:
    """Those of a document's text. One that leans goes on from the one before; a line that ends no
    sentence, like an untagged heading or "We need:", leads to the paragraph or the list below it."""

    def __init__(self, span: Span) -> None:
        self._span = span
        self._all: list[_Paragraph] = []
        lead = ""
        ends = [0, *(match.end() for match in _BREAK.finditer(span.text)), len(span.text)]
        for start, end in pairwise(ends):
            text = span.text[start:end].strip()
            is_item, is_told = _ITEM.match(text) is not None, text[-1:] in STOPS
            since = self._all[-1].since if self._all and leans(text) else start
            self._all.append(_Paragraph(start, since, lead if is_item or is_told else ""))
            if not is_item:
                lead = "" if is_told else text

    def read_with(self, start: int, end: int) -> str:
        """What is read before the sentence from `start` to `end`, and itself."""
        found = self._all[bisect_right(self._all, start, key=lambda paragraph: paragraph.start) - 1]
        over = (m.label for m in self._span.marks if m.kind is MarkKind.HEADING and m.holds(start))
        return " ".join([self._span.source.title, *over, found.lead, self._span.text[found.since : end]])
