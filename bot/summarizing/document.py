"""A document in a few of its sentences."""

from __future__ import annotations

from bisect import bisect_left
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from bot.summarizing.choosing import choose
from bot.summarizing.sentences import claim, entries, greets, leans, passage, sentences
from bot.types import DraftPart, DraftSummary
from index.types import MarkKind, heading_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bot.summarizing.sentences import Sentence
    from index.embedders import Embedder
    from index.library import Span

_HEADED = 5  # lines: fewer need no headings
_FIRST = 0.1  # what the first sentence of a section is worth more
_EARLY = 0.1  # the first of the document, falling to nothing at its end
_LEANS = -0.3  # a sentence that needs the one before it, or only greets


def summarize_document(span: Span, embedder: Embedder, lines: int) -> DraftSummary:
    """`lines` of its sentences, in their order, under their headings where there are several; of a
    table or a list, its first rows or items."""
    if found := sentences(span, lines):
        texts = [sentence.text for sentence in found]
        places = choose(texts, embedder.embed_documents(texts), _bonus(span, found), lines)
        chosen = [found[place] for place in places]
        left = 0
    else:
        every = entries(span)
        chosen, left = every[:lines], len(every[lines:])
    return DraftSummary(
        span.source.title,
        _parts(span, chosen),
        tuple(passage(span, sentence) for sentence in chosen),
        f"{left:,} more {'line' if left == 1 else 'lines'} not shown." if left else "",
    )


def _bonus(span: Span, found: Sequence[Sentence]) -> NDArray[np.float64]:
    """Where a sentence stands, and whether it stands alone, in the units of a cosine."""
    starts = [sentence.start for sentence in found]
    opening = {bisect_left(starts, m.start) for m in span.marks if m.kind is MarkKind.HEADING} | {0}
    early = _EARLY * (1 - np.array(starts) / max(len(span.text), 1))
    first = np.array([_FIRST if n in opening else 0.0 for n in range(len(found))])
    leaning = np.array([_LEANS if leans(s.text) or greets(s.text) else 0.0 for s in found])
    total: NDArray[np.float64] = early + first + leaning
    return total


def _parts(span: Span, chosen: Sequence[Sentence]) -> tuple[DraftPart, ...]:
    numbered = list(enumerate(chosen))
    headings = [_heading(span, sentence) for sentence in chosen]
    if len(chosen) < _HEADED or len(set(headings)) < 2:
        headings = [""] * len(chosen)
    groups = groupby(numbered, key=lambda pair: headings[pair[0]])
    return tuple(
        DraftPart(heading, tuple(claim(sentence, n) for n, sentence in group)) for heading, group in groups
    )


def _heading(span: Span, sentence: Sentence) -> str:
    """What stands over a sentence, below the document's title."""
    below = [mark for mark in span.marks if mark.label != span.source.title]
    return heading_at(below, sentence.start)
