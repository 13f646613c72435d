"""The two indexes as folders that are never written in place.

A change copies the published folders, brings the copies up to date from the catalog, and
publishes them in one transaction of the catalog. So a crash leaves whole indexes and some
litter; other threads and processes go on reading the folders they have open; and
recovering is nothing else than the next change. A folder whose files are not as they were
when it was closed is built again from the catalog: opening a torn Chroma can end Python.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Self

from index.building import INDEXES, Children, Job, build
from index.catalog import Catalog
from index.database import takes_changes
from index.errors import HomeError
from index.records import Place, Projection

_INLINE = 256  # chunks; adding to Chroma holds the interpreter's lock, so more go to child processes
CHROMA = "chroma.sqlite3"  # what it changes when it opens its folder


def up_to_date(catalog: Catalog) -> bool:
    """Whether both indexes hold all that stands in the catalog."""
    published = catalog.outbox.projections()
    place = catalog.outbox.place()
    return all(kind in published and published[kind].place == place for kind in INDEXES)


def intact(home: Path, projection: Projection) -> bool:
    """Whether the files of an index are as they were when it was published."""
    folder = home / projection.folder
    try:
        found = {name: path.stat() for name, path in _files(folder)}
        return found.keys() == projection.files.keys() and all(
            _is_sound(folder / name, found[name], facts) for name, facts in projection.files.items()
        )
    except FileNotFoundError:  # another process has moved on and swept this folder
        return False


class Change:
    """The next state of both indexes in the making; the caller holds the lock. Children
    build it beside a caller who still writes to the catalog. `beside`: questions are answered
    meanwhile. Raises HomeError where the disk does not take it."""

    def __init__(self, catalog: Catalog, home: Path, *, beside: bool = True) -> None:
        self._catalog = catalog
        self._home = home
        self._beside = beside
        self._children: Children | None = None
        self._jobs: list[Job] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        if self._children is not None:
            self._children.close()
        if kind is not None:  # what was begun may be what fills the disk
            _sweep(self._home, self._catalog.outbox.folders().values())

    def follow(self) -> None:
        """Takes up what was just committed, once that is too much to be done at the end."""
        place = self._catalog.outbox.place()
        published = self._catalog.outbox.projections().values()
        seen = min((projection.place.chunk for projection in published), default=0)
        if self._children is None and place.chunk - seen > _INLINE:
            self._jobs = self._prepare(place)
            self._children = Children(self._home, self._jobs, beside=self._beside)
        if self._children is not None:
            self._children.follow(place)

    def finish(self) -> Iterator[tuple[int, int]]:
        """Takes up the rest and publishes; yields (chunks done, chunks in all)."""
        self.follow()
        upto = self._catalog.outbox.place()
        jobs = self._prepare(upto) if self._jobs is None else self._jobs
        total = sum(upto.chunk - job.after.chunk for job in jobs)
        done = 0
        try:
            steps = self._children.finish(upto) if self._children else build(self._home, jobs, upto)
            for step in steps:
                done += step
                yield done, total
            made = [
                Projection(job.kind, job.folder, upto, _fingerprint(self._home / job.folder))
                for job in jobs
            ]
        except (OSError, sqlite3.Error) as error:
            raise _unwritten(error) from error
        with self._catalog.writing():
            self._catalog.outbox.publish(made)
            self._catalog.versions.forget()

    def _prepare(self, place: Place) -> list[Job]:
        """A folder for the next state of each index that is behind `place`."""
        published = self._catalog.outbox.projections()
        try:
            _sweep(self._home, {projection.folder for projection in published.values()})
            sound = {kind: p for kind, p in published.items() if intact(self._home, p)}
            behind = [kind for kind in INDEXES if kind not in sound or sound[kind].place != place]
            return [_prepare(self._home, kind, sound.get(kind)) for kind in behind]
        except (OSError, sqlite3.Error) as error:
            raise _unwritten(error) from error


def catch_up(catalog: Catalog, home: Path) -> Iterator[tuple[int, int]]:
    """Brings the indexes up to the catalog, which is waited for; the caller holds the lock. Yields
    (chunks done, chunks in all). Raises HomeError."""
    with Change(catalog, home, beside=False) as change:
        yield from change.finish()


def _prepare(home: Path, kind: str, published: Projection | None) -> Job:
    """A copy of the published state of an index, or an empty folder: also where another
    process holds Chroma's database, for which a copy would wait for ever."""
    folder = f"{kind}/{secrets.token_hex(4)}"
    if published is None or (
        CHROMA in published.files and not takes_changes(home / published.folder / CHROMA)
    ):
        (home / folder).mkdir(parents=True)
        return Job(kind, folder, Place(0, 0))
    shutil.copytree(home / published.folder, home / folder, ignore=shutil.ignore_patterns(f"{CHROMA}*"))
    if CHROMA in published.files:
        with (
            closing(sqlite3.connect(home / published.folder / CHROMA)) as source,
            closing(sqlite3.connect(home / folder / CHROMA)) as target,
        ):
            source.backup(target)
    return Job(kind, folder, published.place)


def _unwritten(error: OSError | sqlite3.Error) -> HomeError:
    reason = error.args[0][0][2] if isinstance(error, shutil.Error) else error
    return HomeError(
        f"The index could not be written ({reason}); see that the disk has room, then run it again."
    )


def _sweep(home: Path, kept: Collection[str]) -> None:
    """Deletes the folders of earlier states and of changes that were cut short."""
    for kind in INDEXES:
        for folder in (home / kind).glob("*"):
            if f"{kind}/{folder.name}" not in kept:
                shutil.rmtree(folder, ignore_errors=True)


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """An index's files by their names within it, without locks and SQLite's passing ones."""
    for path in sorted(folder.rglob("*")):
        if (
            path.is_file()
            and not path.name.startswith(".tantivy")
            and not path.name.startswith(f"{CHROMA}-")
        ):
            yield path.relative_to(folder).as_posix(), path


def _fingerprint(folder: Path) -> dict[str, tuple[int, int, str]]:
    """The files of an index that was closed, made durable: name -> size, time, digest."""
    facts = {}
    for name, path in _files(folder):
        with path.open("rb") as file:
            os.fsync(file.fileno())
            stat = os.fstat(file.fileno())
            facts[name] = (
                stat.st_size,
                stat.st_mtime_ns,
                hashlib.file_digest(file, "blake2b").hexdigest()[:32],
            )
    return facts


def _is_sound(path: Path, now: os.stat_result, then: tuple[int, int, str]) -> bool:
    size, mtime_ns, digest = then
    if (now.st_size, now.st_mtime_ns) == (size, mtime_ns):
        return True
    if path.name == CHROMA:  # Chroma writes to it when it opens it; an empty file is in order, says SQLite
        return now.st_size >= size and _is_sound_sqlite(path)
    with path.open("rb") as file:
        return now.st_size == size and hashlib.file_digest(file, "blake2b").hexdigest()[:32] == digest


def _is_sound_sqlite(path: Path) -> bool:
    with closing(sqlite3.connect(path, timeout=1)) as connection:
        try:
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
        except sqlite3.DatabaseError as error:
            return error.sqlite_errorcode == sqlite3.SQLITE_BUSY  # to be held is no damage
