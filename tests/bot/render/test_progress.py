import io

import pytest
from rich.console import Console

from bot.render.progress import follow
from index.sync import Failure, Indexing, Read, Removed, Scanned, Synced

DONE = Synced(1, 0, 1, 0, (Failure("/docs/b.pdf", "is empty"),), documents=1, chunks=4, seconds=0.1)
EVENTS = [
    Scanned(2),
    Read("/docs/a.md", "added", 4),
    Read("/docs/b\x1b[2J.pdf", "failed", 0, "is empty"),
    Removed("/docs/c.md"),
    Indexing(4, 4),
    DONE,
]


def watch(events, terminal: bool) -> tuple[Synced, str]:
    """The sum of `events`, and what a pipe or a terminal was shown meanwhile."""
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, width=100, color_system=None, markup=False)
    return follow(iter(events), console), out.getvalue()


def test_a_pipe_is_told_of_files_that_were_not_read_and_nothing_else():
    done, shown = watch(EVENTS, terminal=False)
    assert done is DONE
    assert shown == "/docs/b[2J.pdf is empty.\n"


def test_a_terminal_sees_files_and_chunks_go_by():
    _, shown = watch(EVENTS, terminal=True)
    assert "2/2" in shown
    assert "4 chunks" in shown
    assert "/docs/b[2J.pdf is empty." in shown
    assert "\x1b[2J" not in shown


def test_a_run_without_an_end_is_an_error():
    with pytest.raises(RuntimeError, match="last event"):
        watch(EVENTS[:-1], terminal=False)
