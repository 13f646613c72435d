"""What people read in a terminal: styled where there is one, bare lines in a pipe.

Everything that comes from a document passes through `bot.text`, and is never read as markup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from bot.citing import news, place, version, with_markers
from bot.text import one_line, plain, shortened
from bot.types import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType
    from rich.status import Status as Spinner

    from bot.types import Answer, Candidates, Citation, CitedPassage, Claim, Lookup, Summary
    from index.library import Finding
    from index.records import StoredDocument
    from index.sync import Synced

_QUOTE_LIMIT = 200
_COLUMNS = ("Space", "Title", "Chunks", "Characters", "Indexed", "Document")


def console(stderr: bool = False) -> Console:
    """A console that reads nothing as markup and, in a pipe, never breaks a line."""
    made = Console(stderr=stderr, highlight=False, markup=False, emoji=False)
    made.soft_wrap = not made.is_terminal
    return made


def working(what: str) -> Spinner:
    """Turns beside `what` until it is done; nothing at all in a pipe."""
    return console(stderr=True).status(f"{what}…")


def answer(given: Answer, told: int = 0) -> Text:
    """The answer's text, without the first `told` claims; its sources, or what came nearest, below."""
    text = Text("\n").join(map(claim, given.claims[told:])) if told else _marked(given.text)
    if given.incomplete:
        text.append(f"\n{given.incomplete}", "italic")
    if given.status is Status.NOT_FOUND and given.nearest:
        text.append("\n\nWhat came nearest:", "bold")
        for citation in given.nearest:
            text.append("\n- ").append(_source_line(citation))
    return _with_sources(text, given.citations)


def claim(said: Claim) -> Text:
    """A claim with its markers, as it comes."""
    return _marked(with_markers(said))


def _marked(said: str) -> Text:
    text = Text(plain(said))
    text.highlight_regex(r"\[\d+\]", "cyan")
    return text


def summary(given: Summary) -> Text:
    """The lines of a summary under their headings; what was left out, and its sources, below."""
    text = Text(one_line(given.subject), "bold underline")
    for part in given.parts:
        if part.heading:
            text.append(f"\n\n{one_line(part.heading)}", "bold not underline")
        for claim in part.claims:
            text.append(f"\n- {one_line(claim.text)}", "not bold not underline")
            text.append("".join(f" [{n}]" for n in claim.citations), "not bold not underline cyan")
    if given.note:
        text.append(f"\n\n{one_line(given.note)}", "not bold not underline italic")
    return _with_sources(text, given.citations)


def candidates(given: Candidates) -> Text:
    """The documents that a name may mean, a line each: title, path and key."""
    lines = (
        f"{one_line(document.source.title)} ({one_line(document.source.uri)}, key {document.source.key})"
        for document in given.documents
    )
    return Text("\n".join(lines))


def cited(found: Lookup) -> Text:
    """Each passage in its place: where it stands, then the quote between its neighbours."""
    shown = [_cited(passage) for passage in found.passages or found.closest]
    if not found.passages:
        shown.insert(0, Text("What comes closest; none of it is the source:", "bold"))
    return Text("\n\n").join(shown)


def sources(listing: Sequence[StoredDocument]) -> Table:
    """The documents of the library as a table."""
    table = Table(*_COLUMNS, box=None, pad_edge=False, header_style="bold")
    for row in _rows(listing):
        table.add_row(*map(Text, row))
    return table


def source_lines(listing: Sequence[StoredDocument]) -> list[str]:
    """The same for a pipe: a line a document, its fields separated by tabs."""
    return ["\t".join(row) for row in _rows(listing)]


def synced(done: Synced) -> Text:
    """How an `index` run ended, in one line."""
    counts = (
        f"{done.added} added, {done.changed} changed, {done.removed} removed, {done.unchanged} unchanged"
    )
    failed = f", {len(done.failed)} not read" if done.failed else ""
    return Text(
        f"{counts}{failed}: {done.documents:,} documents, {done.chunks:,} chunks in {done.seconds:.1f} s."
    )


def findings(found: Sequence[Finding]) -> RenderableType:
    """What the doctor found, a line each."""
    return Group(*(_finding(finding) for finding in found))


def _with_sources(text: Text, citations: Sequence[Citation]) -> Text:
    if citations:
        text.append("\n")
    for citation in citations:
        text.append(f"\n[{citation.n}] ", "not bold not underline cyan").append(_source_line(citation))
    return text


def _source_line(citation: Citation) -> Text:
    line = Text(place(citation), "bold")
    line.append(f" — “{shortened(citation.quote, _QUOTE_LIMIT)}”", "not bold")
    return line.append(f" (id {citation.id})", "not bold dim")


def _cited(passage: CitedPassage) -> Text:
    citation = passage.citation
    text = Text(place(citation), "bold")
    span = f"characters {citation.start:,} to {citation.end:,}, id {citation.id}"
    where = f"\n{one_line(citation.document)}, {span}\n{version(passage)}"
    opens = f"\nThe original: {one_line(citation.url)}" if citation.url else ""
    text.append(f"{where}{opens}\n", "not bold dim")
    if told := news(passage):
        text.append(f"{told}\n", "not bold yellow")
    text.append("\n")
    text.append(plain(passage.before), "not bold dim")
    text.append(plain(citation.quote), "bold green")
    text.append(plain(passage.after), "not bold dim")
    if passage.now is not None:
        text.append("\n\nNow: ", "not bold yellow").append(_source_line(passage.now))
    return text


def _rows(listing: Sequence[StoredDocument]) -> list[tuple[str, ...]]:
    return [
        (
            one_line(document.source.space),
            one_line(document.source.title),
            str(document.chunks),
            str(document.characters),
            one_line(document.indexed_at),
            one_line(document.source.uri),
        )
        for document in listing
    ]


def _finding(finding: Finding) -> Text:
    mark = ("✓", "green") if finding.ok else ("✗", "bold red")
    return Text.assemble(mark, f" {one_line(finding.name)}: {one_line(finding.detail)}")
