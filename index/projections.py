"""The two indexes as folders that are never written in place.

A change copies the published folders, brings the copies up to date from the catalog, and
publishes them in one transaction of the catalog. So a crash leaves whole indexes and some
litter; other threads and processes go on reading the folders they have open; and
recovering is nothing else than the next change. A folder whose files are not as they were
when it was closed is built again from the catalog: opening a torn Chroma can end Python.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing
from itertools import groupby
from pathlib import Path
from typing import NamedTuple, Protocol

from index.catalog import CATALOG, Catalog, Place, Projection, StoredChunk
from index.errors import HomeError
from index.lexical import Lexical
from index.types import Entry, heading_at
from index.vectors import Vectors

_BATCH = 5000  # chunks
_INLINE = 256  # chunks; adding to Chroma holds the interpreter's lock, so more go to a child process
_SQLITE = "chroma.sqlite3"


class Index(Protocol):
    """What takes the catalog's changes: one folder, all spaces."""

    def update(self, space: int, add: Sequence[Entry], remove: Sequence[int]) -> None: ...

    def close(self) -> None: ...


INDEXES: dict[str, Callable[[Path], Index]] = {"vectors": Vectors, "lexical": Lexical}


def up_to_date(catalog: Catalog) -> bool:
    """Whether both indexes hold all that stands in the catalog."""
    published = catalog.projections()
    place = catalog.place()
    return all(kind in published and published[kind].place == place for kind in INDEXES)


def intact(home: Path, projection: Projection) -> bool:
    """Whether the files of an index are as they were when it was published."""
    folder = home / projection.folder
    found = {name: path.stat() for name, path in _files(folder)}
    return found.keys() == projection.files.keys() and all(
        _is_sound(folder / name, found[name], facts) for name, facts in projection.files.items()
    )


def catch_up(catalog: Catalog, home: Path) -> Iterator[tuple[int, int]]:
    """Brings the indexes up to the catalog and publishes them; the caller holds the lock.
    Yields (chunks done, chunks in all). Raises HomeError where that fails."""
    upto = catalog.place()
    published = catalog.projections()
    try:
        _sweep(home, {projection.folder for projection in published.values()})
        sound = {kind: projection for kind, projection in published.items() if intact(home, projection)}
        jobs = [
            _prepare(home, kind, sound.get(kind), upto)
            for kind in INDEXES
            if kind not in sound or sound[kind].place != upto
        ]
        pending = max((upto.chunk - job.after.chunk for job in jobs), default=0)
        yield from (_build_here if pending <= _INLINE else _build_in_children)(home, jobs)
        made = [Projection(job.kind, job.folder, upto, _fingerprint(home / job.folder)) for job in jobs]
    except OSError as error:
        raise HomeError(f"{error.filename or home}: {error.strerror}.") from error
    with catalog.writing():
        catalog.publish(made)


class _Job(NamedTuple):
    """An index to bring from one place of the outbox to another."""

    kind: str
    folder: str
    after: Place
    upto: Place


def _prepare(home: Path, kind: str, published: Projection | None, upto: Place) -> _Job:
    """A folder for the next state of an index: a copy of the published one, or an empty one."""
    folder = f"{kind}/{secrets.token_hex(4)}"
    if published is None:
        (home / folder).mkdir(parents=True)
        return _Job(kind, folder, Place(0, 0), upto)
    shutil.copytree(home / published.folder, home / folder, ignore=shutil.ignore_patterns(f"{_SQLITE}*"))
    if _SQLITE in published.files:
        with (
            closing(sqlite3.connect(home / published.folder / _SQLITE)) as source,
            closing(sqlite3.connect(home / folder / _SQLITE)) as target,
        ):
            source.backup(target)
    return _Job(kind, folder, published.place, upto)


def _build_here(home: Path, jobs: Sequence[_Job]) -> Iterator[tuple[int, int]]:
    for job in jobs:
        for _ in _build(home, job):
            pass
    yield from ()


def _build_in_children(home: Path, jobs: Sequence[_Job]) -> Iterator[tuple[int, int]]:
    """One process an index, both at work at once; their pipe to here ends them if we die."""
    total = sum(job.upto.chunk - job.after.chunk for job in jobs)
    reading, writing = os.pipe()
    with os.fdopen(reading) as progress, tempfile.TemporaryFile("w+") as complaints:
        command = [sys.executable, "-m", "index.projections", str(home)]
        children = [
            subprocess.Popen(  # noqa: S603 - our own module
                [*command, json.dumps(job)], stdin=subprocess.PIPE, stdout=writing, stderr=complaints
            )
            for job in jobs
        ]
        os.close(writing)
        done = 0
        try:
            for line in progress:
                done += int(line)
                yield done, total
            failed = [code for child in children if (code := child.wait())]
        finally:
            for child in children:
                child.kill()
                child.communicate()
        if failed:
            complaints.seek(0)
            reason = (complaints.read().strip().splitlines() or [f"its process ended with {failed[0]}"])[-1]
            raise HomeError(f"The index could not be written ({reason}); see that the disk has room, then run it again.")


def _build(home: Path, job: _Job) -> Iterator[int]:
    """Applies the outbox to an index; yields how many chunk numbers each batch covers."""
    with closing(Catalog(home / CATALOG)) as catalog, closing(INDEXES[job.kind](home / job.folder)) as index:
        for space in catalog.spaces().values():
            index.update(space, [], catalog.removed(job.after, job.upto, space))
            for batch in catalog.added(job.after.chunk, job.upto.chunk, space, _BATCH):
                index.update(space, list(_entries(catalog, batch)), [])
                yield len(batch)


def _entries(catalog: Catalog, chunks: Sequence[StoredChunk]) -> Iterator[Entry]:
    documents = catalog.documents_by_id({chunk.document for chunk in chunks})
    for number, group in groupby(chunks, key=lambda chunk: chunk.document):
        document, stretch = documents[number], list(group)
        first = stretch[0].start
        text = catalog.text(number, first, stretch[-1].end)
        for chunk in stretch:
            heading = f"{document.source.title} {heading_at(document.marks, chunk.start)}"
            yield Entry(chunk.id, heading, text[chunk.start - first : chunk.end - first], chunk.vector)


def _sweep(home: Path, kept: Collection[str]) -> None:
    """Deletes the folders of earlier states and of changes that were cut short."""
    for kind in INDEXES:
        for folder in (home / kind).glob("*"):
            if f"{kind}/{folder.name}" not in kept:
                shutil.rmtree(folder, ignore_errors=True)


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """An index's files by their names within it, without locks and SQLite's passing ones."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith(".tantivy") and not path.name.startswith(f"{_SQLITE}-"):
            yield path.relative_to(folder).as_posix(), path


def _fingerprint(folder: Path) -> dict[str, tuple[int, int, str]]:
    """The files of an index that was closed, made durable: name -> size, time, digest."""
    facts = {}
    for name, path in _files(folder):
        with path.open("rb") as file:
            os.fsync(file.fileno())
            stat = os.fstat(file.fileno())
            facts[name] = (stat.st_size, stat.st_mtime_ns, hashlib.file_digest(file, "blake2b").hexdigest()[:32])
    return facts


def _is_sound(path: Path, now: os.stat_result, then: tuple[int, int, str]) -> bool:
    size, mtime_ns, digest = then
    if (now.st_size, now.st_mtime_ns) == (size, mtime_ns):
        return True
    if path.name == _SQLITE:  # Chroma writes to it when it opens it
        return _is_sound_sqlite(path)
    with path.open("rb") as file:
        return now.st_size == size and hashlib.file_digest(file, "blake2b").hexdigest()[:32] == digest


def _is_sound_sqlite(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as connection:
        try:
            return connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
        except sqlite3.DatabaseError:
            return False


def _main(home: Path, job: str) -> None:
    """A child process: builds one index, telling of its progress in numbers a line."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    kind, folder, after, upto = json.loads(job)
    for size in _build(home, _Job(kind, folder, Place(*after), Place(*upto))):
        print(size, flush=True)  # noqa: T201 - the parent reads it


def _end_with_parent() -> None:
    os.read(0, 1)
    os._exit(1)


if __name__ == "__main__":
    _main(Path(sys.argv[1]), sys.argv[2])
