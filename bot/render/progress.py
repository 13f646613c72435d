"""How an index run goes on, shown while it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from bot.text import one_line
from index.sync import Embedding, Indexing, Read, Scanned, Synced

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console
    from rich.progress import Task

    from index.sync import Event


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.finished_speed or task.speed or 0:,.0f}/s")


def follow(events: Iterable[Event], console: Console) -> Synced:
    """Run through `events`, with a bar where `console` is a terminal and a line for every file
    that could not be read. Returns the last event, which sums them up."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TextColumn("{task.fields[chunks]}"),
        TimeRemainingColumn(),
    )
    done: Synced | None = None
    chunks = 0
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        files = progress.add_task("Files", total=None, chunks="")
        steps = {
            kind: progress.add_task(kind.__name__, total=None, chunks="", visible=False)
            for kind in (Embedding, Indexing)
        }
        for event in events:
            match event:
                case Scanned():
                    progress.update(files, total=event.files)
                case Read():
                    chunks += event.chunks
                    progress.update(files, advance=1, chunks=f"{chunks:,} chunks")
                    if event.outcome == "failed":
                        console.print(_failure(event), style="yellow")
                case Embedding() | Indexing():
                    step = steps[type(event)]
                    progress.update(step, completed=event.done, total=event.total, visible=True)
                case Synced():
                    done = event
    if done is None:
        raise RuntimeError("the library's sync ended without its last event")
    return done


def _failure(event: Read) -> str:
    return f"{one_line(event.path)} {one_line(event.reason)}."
