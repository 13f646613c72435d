"""Questions that a newcomer may begin with, made from the documents themselves."""

from __future__ import annotations

from itertools import chain, zip_longest
from typing import TYPE_CHECKING

from bot.text import shortened
from index.types import MarkKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from index.records import StoredDocument

_LONGEST = 80  # characters of a heading
_HEADINGS = 8  # of a document


def candidates(documents: Sequence[StoredDocument]) -> Iterator[str]:
    """Questions about the headings of documents, one of each document by turns."""
    turns = zip_longest(*map(_questions, documents))
    return (question for question in chain.from_iterable(turns) if question)


def _questions(document: StoredDocument) -> list[str]:
    headings = [mark.label for mark in document.marks if mark.kind is MarkKind.HEADING]
    topics = dict.fromkeys(heading for heading in headings if heading != document.source.title)
    chosen = list(topics)[:_HEADINGS] or [document.source.title]
    return [f"What do the documents say about {shortened(topic, _LONGEST)}?" for topic in chosen]
