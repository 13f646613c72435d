"""A citation's id or quoted words, to the passages they name."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from bot.citing import in_place
from bot.text import one_line
from bot.types import CitedPassage, Lookup
from index.citation import is_citation_id, is_like_citation_id
from index.errors import RemovedError, UnknownCitationError
from index.sentences import sentence_spans

if TYPE_CHECKING:
    from collections.abc import Iterable

    from index.library import Library, Span

NO_WORDS = "Give the id of a citation, or the words that you are looking for."
NOWHERE = "These words stand in none of the documents, whatever their typing."
MISTYPED = (
    "This is no valid citation id: check it for a mistyped character. Nor does it stand in the documents."
)
_MOST = 20
MORE = f"These are the first {_MOST} places; there are more. With more words there are fewer."


def look_up(library: Library, reference: str, spaces: frozenset[str] | None, context: int) -> Lookup:
    """What `reference` names, each passage with `context` sentences around it."""
    name = one_line(reference)
    try:
        return Lookup(_shown([library.locate(name, spaces)], context))
    except RemovedError as error:
        return Lookup((), note=str(error))
    except UnknownCitationError as error:  # so it may be words
        unknown = str(error)
    if found := library.find(reference, spaces, _MOST + 1):
        return Lookup(_shown(found[:_MOST], context), note=MORE if len(found) > _MOST else "")
    if is_citation_id(name):
        return Lookup((), note=unknown)
    note = MISTYPED if is_like_citation_id(name) else NOWHERE
    return Lookup((), _shown(library.closest(reference, spaces), context), note)


def _shown(spans: Iterable[Span], context: int) -> tuple[CitedPassage, ...]:
    split = cache(sentence_spans)  # each text once, however many of its places are shown
    return tuple(in_place(span, n, context, split) for n, span in enumerate(spans, start=1))
