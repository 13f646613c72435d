"""A document in a few of its sentences."""

from __future__ import annotations

from bisect import bisect_left
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from bot.summarizing.choosing import choose
from bot.summarizing.sentences import claim, leans, passage, sentences
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
_LEANS = -0.3  # a sentence that needs the one before it


def summarize_document(span: Span, embedder: Embedder, lines: int) -> DraftSummary:
    """`lines` of its sentences, in their order, under their headings where there are several."""
    found = sentences(span)
    texts = [sentence.text for sentence in found]
    places = choose(texts, embedder.embed_documents(texts), _bonus(span, found), lines) if found else []
    chosen = [found[place] for place in places]
    return DraftSummary(
        span.source.title, _parts(span, chosen), tuple(passage(span, sentence) for sentence in chosen)
    )


def _bonus(span: Span, found: Sequence[Sentence]) -> NDArray[np.float64]:
    """Where a sentence stands, and whether it stands alone, in the units of a cosine."""
    starts = [sentence.start for sentence in found]
    opening = {bisect_left(starts, m.start) for m in span.marks if m.kind is MarkKind.HEADING} | {0}
    early = _EARLY * (1 - np.array(starts) / max(len(span.text), 1))
    first = np.array([_FIRST if n in opening else 0.0 for n in range(len(found))])
    leaning = np.array([_LEANS if leans(sentence.text) else 0.0 for sentence in found])
    total: NDArray[np.float64] = early + first + leaning
    return total


def _parts(span: Span, chosen: Sequence[Sentence]) -> tuple[DraftPart, ...]:
    numbered = list(enumerate(chosen))
    headings = [heading_at(span.marks, sentence.start) for sentence in chosen]
    if len(chosen) < _HEADED or len(set(headings)) < 2:
        headings = [""] * len(chosen)
    groups = groupby(numbered, key=lambda pair: headings[pair[0]])
    return tuple(
        DraftPart(heading, tuple(claim(sentence, n) for n, sentence in group)) for heading, group in groups
    )
