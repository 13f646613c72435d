"""Bringing an index up to the catalog, here or in a child process.

The catalog's outbox is all a builder needs, so that a child is told nothing but how far to
follow it. It ends with its parent: its standard input closes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from itertools import groupby
from pathlib import Path
from typing import NamedTuple, Protocol

from index.catalog import CATALOG, Catalog
from index.errors import HomeError
from index.lexical import Lexical
from index.records import Place, StoredChunk
from index.types import Entry, headings_at
from index.vectors import Vectors

_BATCH = 5000  # chunks


class Index(Protocol):
    """What takes the catalog's changes: one folder, all spaces."""

    def update(self, space: int, add: Sequence[Entry], remove: Sequence[int]) -> None: ...

    def close(self) -> None: ...


INDEXES: dict[str, Callable[[Path], Index]] = {"vectors": Vectors, "lexical": Lexical}


class Job(NamedTuple):
    """An index to bring on from a place of the outbox, in a folder of its own."""

    kind: str
    folder: str
    after: Place


def build(home: Path, jobs: Sequence[Job], upto: Place) -> Iterator[int]:
    """Brings indexes up to `upto` in this process; yields chunks done."""
    for job in jobs:
        with closing(_Builder(home, job)) as builder:
            yield from builder.finish(upto)


class Children:
    """One process an index, all at work at once while the catalog grows."""

    def __init__(self, home: Path, jobs: Sequence[Job], *, beside: bool) -> None:
        """`beside`: others are answered meanwhile, who should wait for no core."""
        reading, writing = os.pipe()
        self._progress = os.fdopen(reading)
        self._complaints = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed by close()
        self._processes = [
            subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-m", "index.building", str(home), json.dumps(job)],
                stdin=subprocess.PIPE,
                stdout=writing,
                stderr=self._complaints,
                text=True,
            )
            for job in jobs
        ]
        os.close(writing)
        if beside and hasattr(os, "setpriority"):  # not on Windows
            priority = max(os.getpriority(os.PRIO_PROCESS, 0), 10)
            for process in self._processes:
                os.setpriority(os.PRIO_PROCESS, process.pid, priority)

    def follow(self, place: Place, *, last: bool = False) -> None:
        """Tells the children how far they may read."""
        for process in self._processes:
            assert process.stdin is not None
            with suppress(BrokenPipeError):  # it has failed; finish() says why
                print(json.dumps([*place, last]), file=process.stdin, flush=True)

    def finish(self, upto: Place) -> Iterator[int]:
        """Waits for the children; yields chunks done. Raises HomeError where one failed."""
        self.follow(upto, last=True)
        yield from map(int, self._progress)
        codes = [process.wait() for process in self._processes]
        if any(codes):
            self._complaints.seek(0)
            reason = (self._complaints.read().strip().splitlines() or ["its process was ended"])[-1]
            raise HomeError(
                f"The index could not be written ({reason}); see that the disk has room, then run it again."
            )

    def close(self) -> None:
        for process in self._processes:
            process.kill()
            process.wait()
            assert process.stdin is not None
            with suppress(BrokenPipeError):
                process.stdin.close()
        self._progress.close()
        self._complaints.close()


class _Builder:
    """An index on its way through the outbox."""

    def __init__(self, home: Path, job: Job) -> None:
        self._catalog = Catalog(home / CATALOG)
        self._index = INDEXES[job.kind](home / job.folder)
        self._after = job.after
        self._seen = job.after.chunk

    def follow(self, chunk: int) -> Iterator[int]:
        """Takes up the chunks to number `chunk`, if they are worth a batch."""
        if chunk - self._seen >= _BATCH:
            yield from self._take(chunk)

    def finish(self, upto: Place) -> Iterator[int]:
        """Takes up all that is left."""
        yield from self._take(upto.chunk)
        for space in self._catalog.spaces().values():
            self._index.update(space, [], self._catalog.outbox.removed(self._after, upto, space))

    def close(self) -> None:
        self._index.close()
        self._catalog.close()

    def _take(self, chunk: int) -> Iterator[int]:
        with self._catalog.reading():
            for space in self._catalog.spaces().values():
                for batch in self._catalog.outbox.added(self._seen, chunk, space, _BATCH):
                    self._index.update(space, list(_entries(self._catalog, batch)), [])
                    yield len(batch)
        self._seen = chunk


def _entries(catalog: Catalog, chunks: Sequence[StoredChunk]) -> Iterator[Entry]:
    documents = catalog.documents_by_id({chunk.document for chunk in chunks})
    for number, group in groupby(chunks, key=lambda chunk: chunk.document):
        document, stretch = documents[number], list(group)
        first = stretch[0].start
        text = catalog.text(number, first, stretch[-1].end)
        headings = headings_at(document.marks, (chunk.start for chunk in stretch))
        for chunk, over in zip(stretch, headings, strict=True):
            heading = f"{document.source.title} {over}"
            yield Entry(chunk.id, heading, text[chunk.start - first : chunk.end - first], chunk.vector)


def _main(home: Path, job: str) -> None:
    """A child: follows the outbox as far as each line of its input allows, and tells of its
    progress in numbers a line."""
    kind, folder, after = json.loads(job)
    with closing(_Builder(home, Job(kind, folder, Place(*after)))) as builder:
        for line in sys.stdin:
            chunk, removal, last = json.loads(line)
            steps = builder.finish(Place(chunk, removal)) if last else builder.follow(chunk)
            for step in steps:
                print(step, flush=True)  # noqa: T201 - the parent reads it
            if last:
                return
    sys.exit("the process it worked for has ended")


if __name__ == "__main__":
    _main(Path(sys.argv[1]), sys.argv[2])
