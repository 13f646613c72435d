"""A SQLite file shared between threads: connections, transactions, and errors in a sentence."""

from __future__ import annotations

import sqlite3
import threading
import weakref
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from index.errors import HomeError, NewerLibraryError, OtherLibraryError
from index.privacy import keep_database

_PATIENCE = 30  # seconds to wait for another writer
# SQLite's primary codes where a disk is full or may not be written.
_UNWRITABLE = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY}
_LAYOUT = "SELECT type, name, sql FROM sqlite_master"
_ADVICE = "; see that the disk has room and that the folder may be written"


class Database:
    """One file; a connection a thread, so that readers never wait for the writer. Where the
    disk is full or may not be written, the file can still be read. Every call raises
    HomeError where the file cannot be used."""

    def __init__(self, path: Path, tables: str, version: int) -> None:
        """Opens the file at `path`, making its `tables` where there are none. Raises
        NewerLibraryError where its version is above `version`, OtherLibraryError where
        its tables are others."""
        self._path = path
        self._threads = threading.local()
        self._held: weakref.WeakSet[_Held] = weakref.WeakSet()
        try:
            path.parent.mkdir(0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise HomeError(f"{path.parent}: {error.strerror}{_ADVICE}.") from error
        keep_database(path)
        [(found,)] = self.rows("PRAGMA user_version")
        if found > version:
            raise NewerLibraryError(
                f"Update Footnote, or point FOOTNOTE_HOME elsewhere than {path.parent}."
            )
        if found == 0:
            self._make(tables, version)
        if not _layout(tables) <= set(self.rows(_LAYOUT)):
            raise OtherLibraryError(
                f"Move {path.parent} away or set FOOTNOTE_HOME to another; then run `footnote index` again."
            )

    def close(self) -> None:
        for held in list(self._held):
            held.connection.close()
        self._threads = threading.local()

    def rows(self, statement: str, *values: object) -> list[Any]:
        """What a statement yields."""
        with self._guarded():
            return self._connection().execute(statement, values).fetchall()

    def run_many(self, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
        """Runs a statement once for each row of values."""
        with self._guarded():
            self._connection().executemany(statement, rows)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Everything read inside sees the file as it stands at one moment."""
        with self._transaction("DEFERRED"):
            yield

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Everything written inside is there at once, or not at all."""
        with self._transaction("IMMEDIATE"):
            yield

    def _make(self, tables: str, version: int) -> None:
        self.rows("PRAGMA journal_mode = WAL")
        with self.writing():
            if self.rows("PRAGMA user_version") == [(0,)]:
                for statement in _statements(tables):
                    self.rows(statement)
                self.rows(f"PRAGMA user_version = {version}")

    def _connection(self, *, current: bool = False) -> sqlite3.Connection:
        """This thread's own; `current`: not one to a file that was changed since."""
        held: _Held | None = getattr(self._threads, "held", None)
        if held is None or (current and held.is_outdated()):
            held = self._threads.held = _Held(self._path)
            self._held.add(held)
        return held.connection

    @contextmanager
    def _transaction(self, kind: str) -> Iterator[None]:
        with self._guarded():
            connection = self._connection(current=True)
            connection.execute(f"BEGIN {kind}")
            try:
                yield
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            advice = _ADVICE if _code(error) in _UNWRITABLE else ""
            raise HomeError(f"{self._path}: {error}{advice}.") from error


class _Held:
    """A connection that closes with the thread that holds it: threads come and go with the
    questions, and a connection alone would wait for the garbage collector."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._frozen: tuple[int, int] | None = None
        self.connection = _connect(path)
        try:
            self.connection.execute("SELECT 1 FROM sqlite_master")  # nothing is opened before
        except sqlite3.OperationalError as error:
            if _code(error) not in _UNWRITABLE or not path.exists() or _has_log(path):
                raise
            self.connection.close()
            self._frozen = _look(path)
            self.connection = _connect(path, "?immutable=1")
        self.connection.execute("PRAGMA foreign_keys = ON")
        self.connection.execute("PRAGMA synchronous = NORMAL")
        self.connection.execute(f"PRAGMA mmap_size = {1 << 30}")

    def is_outdated(self) -> bool:
        """Whether the file was changed though it could not be when it was opened."""
        return self._frozen is not None and (_look(self._path) != self._frozen or _has_log(self._path))

    def __del__(self) -> None:
        if hasattr(self, "connection"):  # not where the file could not be opened
            self.connection.close()


def takes_changes(path: Path) -> bool:
    """Whether the SQLite file at `path` may be written, and no other process has held it for a second."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", timeout=1, uri=True)) as held:
            held.execute("BEGIN IMMEDIATE")
            held.execute("PRAGMA user_version = 0")  # beginning is allowed; never committed
    except sqlite3.DatabaseError:
        return False
    return True


def _connect(path: Path, how: str = "") -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}{how}"
    return sqlite3.connect(uri, timeout=_PATIENCE, isolation_level=None, check_same_thread=False, uri=True)


def _has_log(path: Path) -> bool:
    """Whether there are changes beside the file, without which it is not to be read."""
    size, _ = _look(path.with_name(f"{path.name}-wal"))
    return size > 0


def _look(path: Path) -> tuple[int, int]:
    """A file's size and modification time; zeros where there is none."""
    try:
        facts = path.stat()
    except FileNotFoundError:
        return 0, 0
    return facts.st_size, facts.st_mtime_ns


def _code(error: sqlite3.Error) -> int:
    """SQLite's primary result code; 0 for an error of the Python module's own."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _layout(tables: str) -> set[tuple[str, str, str]]:
    """What SQLite notes of `tables` when it makes them."""
    with closing(sqlite3.connect(":memory:")) as empty:
        empty.executescript(tables)
        return set(empty.execute(_LAYOUT))


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.strip().splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
