"""Summaries as Slack's blocks: a line each, with what it rests on a click away."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from bot.citing import place
from bot.render.blocks import button, context, link, rich_text, section, words
from bot.text import one_line, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.render.blocks import Block, Element
    from bot.types import Candidates, Citation, Claim, Summary

_HEADING = 300  # characters
_NAME = 150
_LINE = 3000
_NOTE = 1000
_CANDIDATES = 20


def lines(given: Summary) -> Iterator[Block]:
    """The subject, the lines under their headings, and what was left out."""
    cited = {citation.n: citation for citation in given.citations}
    yield _titled(given.subject)
    for part in given.parts:
        if one_line(part.heading):
            yield _titled(part.heading)
        for claim in part.claims:
            yield _line(claim, [cited[n] for n in claim.citations])
    if one_line(given.note):
        yield rich_text([section(words(shortened(given.note, _NOTE), italic=True))])


def buttons(given: Summary) -> list[Element]:
    """One for each citation that can be opened in its place."""
    return [
        button(f"[{citation.n}] {place(citation)}", f"cite_{citation.n}", citation.id)
        for citation in given.citations
        if citation.id
    ]


def candidates(given: Candidates) -> Iterator[Block]:
    """The documents that a name may mean, in the order of their buttons."""
    yield rich_text([section(words(f"“{shortened(given.name, _HEADING)}” may be one of these:"))])
    for n, document in enumerate(given.documents[:_CANDIDATES], start=1):
        source = document.source
        named = words(f"{n}. {shortened(source.title, _NAME)}", bold=True)
        where = shortened(f"{PurePath(one_line(source.uri)).name}, {source.space}", _NAME)
        yield rich_text([section(named, words(f"  ({where})"))])
    if (more := len(given.documents) - _CANDIDATES) > 0:
        yield context(f"and {more:,} more; give more of the title.")


def choices(given: Candidates) -> list[Element]:
    """A button for each candidate that is shown: it asks for the summary of that document."""
    shown = enumerate((document.source for document in given.documents[:_CANDIDATES]), start=1)
    return [
        button(f"{n}. {source.title}", f"summarize_{n}", f"{source.key} --sentences {given.lines}")
        for n, source in shown
    ]


def _titled(text: str) -> Block:
    return rich_text([section(words(shortened(text, _HEADING), bold=True))])


def _line(claim: Claim, citations: list[Citation]) -> Block:
    """What was said in a conversation begins with who said it and when, which is its source's title."""
    said = [f"{shortened(c.title, _HEADING)}: " for c in citations if not c.id][:1]
    markers = [_marker(citation) for citation in citations]
    text = words(shortened(claim.text, _LINE))
    return rich_text([section(words("• "), *(words(who, bold=True) for who in said), text, *markers)])


def _marker(citation: Citation) -> list[Element]:
    """Its number; that of a message in Slack leads there, by the address that Slack gave."""
    if citation.id or not citation.url:
        return words(f" [{citation.n}]", bold=True)
    return [*words(" "), *link(citation.url, f"[{citation.n}]")]
