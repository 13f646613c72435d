"""Killed at any moment, a library answers when it is opened again, and a re-run leaves it
equal to one that was never killed."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest

from index.citation import citation_id
from index.errors import RemovedError
from index.library import Library

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("FOOTNOTE_KILLS", "12"))
SENTINEL = "The lantern on the pier was lit at dusk by the keeper of the harbour."
QUESTION = "Who lit the lantern on the pier?"

# Syncs, and ends itself at a chosen event; the answer to a question is what `ask` prints.
SYNC = """
import os, signal, sys
from pathlib import Path
from index.library import Library
from index.sync import Indexing

home, folder, edge = sys.argv[1:]
with Library.open(Path(home)) as library:
    for event in library.sync([Path(folder)]):
        at = type(event).__name__
        if at == edge or (edge == "Published" and at == "Synced") or (
            edge == "Built" and isinstance(event, Indexing) and event.done >= event.total
        ):
            os.kill(os.getpid(), signal.SIGKILL)
"""
ASK = """
import sys
from pathlib import Path
from index.library import Library

with Library.open(Path(sys.argv[1])) as library:
    assert all(finding.ok for finding in library.health())
    print(any(d.source.uri.endswith("/000.txt") for d in library.sources()))
    print(any(sys.argv[3] in passage.text for passage in library.search(sys.argv[2])))
"""


class Writer:
    """Writes documents of made-up words, the same for the same seed."""

    def __init__(self, folder: Path, chunks: int) -> None:
        self.folder = folder
        self.sentences = chunks * 22
        rng = random.Random(1)
        syllables = ["ba", "ri", "to", "len", "mu", "sha", "ker", "di", "on", "vel"]
        self.words = sorted({"".join(rng.choices(syllables, k=rng.randint(1, 3))) for _ in range(2500)})

    def write(self, number: int, seed: int, first: str = "") -> None:
        rng = random.Random(number * 1000 + seed)
        words = rng.choices(self.words, k=self.sentences * 8)
        lines = (" ".join(words[i : i + 8]).capitalize() + "." for i in range(0, len(words), 8))
        (self.folder / f"{number:03}.txt").write_text(first + "\n\n" + "\n".join(lines))


def process(script: str, *words: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, words)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def children_of(home: Path) -> list[str]:
    """The command lines of processes that build an index of `home`."""
    lines = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = entry.read_bytes().decode(errors="replace").replace("\0", " ")
        except OSError:  # it has ended
            continue
        if "index.building" in line and str(home) in line:
            lines.append(line)
    return lines


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """The home of a library that took up a folder without being killed."""

    def make(folder: Path) -> Path:
        home = tmp_path_factory.mktemp("clean")
        with Library.open(home) as library:
            for _ in library.sync([folder]):
                pass
        return home

    return make


EDGES = product(["Read", "Indexing", "Built", "Published"], ["here", "in children"])
QUICK = [("Read", "here"), ("Built", "here")]


@pytest.mark.parametrize(
    ("edge", "size"),
    [pytest.param(*edge, marks=() if edge in QUICK else pytest.mark.slow) for edge in EDGES],
)
def test_killed_at_an_edge_it_recovers(
    tmp_path: Path, edge: str, size: str, contents: Callable[[Path], object], clean: Callable[[Path], Path]
) -> None:
    folder, home = tmp_path / "documents", tmp_path / "library"
    folder.mkdir()
    writer = Writer(folder, 2 if size == "here" else 300)
    (folder / "000.txt").write_text(SENTINEL)
    (folder / "gone.txt").write_text("This one will be gone.")
    (folder / "old.txt").write_text("This one will change.")
    with Library.open(home) as library:
        list(library.sync([folder]))
        cited = {d.source.title: citation_id(d.source.key, 0, 8) for d in library.sources()}
    (folder / "gone.txt").unlink()
    (folder / "old.txt").write_text("This one has changed.")
    writer.write(1, 0)
    killed = process(SYNC, home, folder, edge)
    _, complaints = killed.communicate(timeout=60)
    assert killed.returncode == -9, complaints
    with Library.open(home) as library:
        assert library.search(QUESTION)[0].text == SENTINEL
        assert all(finding.ok for finding in library.health())
        assert library.locate(cited["This one will change."]).text == "This one will change."
        list(library.sync([folder]))
        assert library.locate(cited["This one will change."]).text == "This one will change."
        with pytest.raises(RemovedError):
            library.locate(cited["This one will be gone."])
    assert contents(home) == contents(clean(folder))
    assert children_of(home) == []


@pytest.mark.slow
@pytest.mark.timeout(0)
def test_killed_at_random_moments_it_answers_and_ends_like_a_clean_one(
    tmp_path: Path, contents: Callable[[Path], object], clean: Callable[[Path], Path]
) -> None:
    """20,000 chunks; documents change all the while. `FOOTNOTE_KILLS` says how many kills."""
    rng = random.Random(5)
    folder, home = tmp_path / "documents", tmp_path / "library"
    folder.mkdir()
    writer = Writer(folder, 520)
    for number in range(40):
        writer.write(number, 0, SENTINEL if number == 0 else "")
    kills, moments, slowest = 0, [], 0.0
    while kills < KILLS:
        running = process(SYNC, home, folder, "")
        moment = rng.uniform(0.5, 12)
        try:
            _, complaints = running.communicate(timeout=moment)
            assert running.returncode == 0, complaints
        except subprocess.TimeoutExpired:
            running.kill()
            running.communicate()
            kills += 1
            moments.append(round(moment, 1))
        began = time.monotonic()
        asked = process(ASK, home, QUESTION, SENTINEL)
        told, complaints = asked.communicate(timeout=300)
        slowest = max(slowest, time.monotonic() - began)
        assert asked.returncode == 0, f"kill {kills} after {moment:.1f} s: {asked.returncode} {complaints}"
        stored, answered = told.split()
        assert stored == answered, f"kill {kills} after {moment:.1f} s"
        for number in rng.sample(range(1, 40), 3):
            writer.write(number, kills)
    print(f"\n{kills} kills; the slowest reopening and answer took {slowest:.1f} s")
    with Library.open(home) as library:
        list(library.sync([folder]))
        assert library.counts()[1] > 20_000
    untouched = clean(folder)
    assert contents(home) == contents(untouched)
    with Library.open(home) as library, Library.open(untouched) as other:
        for question in (QUESTION, "barito lenmu", "shaker dion", "velba"):
            assert best(library, question) == best(other, question)
    assert children_of(home) == []


def best(library: Library, question: str) -> tuple[str, int, int]:
    passage = library.search(question)[0]
    return passage.source.uri, passage.start, passage.end
