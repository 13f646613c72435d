"""A SQLite file shared between threads: connections, transactions, and errors in a sentence."""

from __future__ import annotations

import sqlite3
import threading
import weakref
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from index.errors import HomeError, NewerLibraryError

_PATIENCE = 30  # seconds to wait for another writer


class Database:
    """One file; a connection a thread, so that readers never wait for the writer. Every call
    raises HomeError where the file cannot be used."""

    def __init__(self, path: Path, tables: str, version: int) -> None:
        """Opens the file at `path`, making its `tables` where there are none. Raises
        NewerLibraryError where its version is above `version`."""
        self._path = path
        self._threads = threading.local()
        self._held: weakref.WeakSet[_Held] = weakref.WeakSet()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise HomeError(f"{path.parent}: {error.strerror}.") from error
        [(found,)] = self.rows("PRAGMA user_version")
        if found > version:
            raise NewerLibraryError(
                f"Update Footnote, or point FOOTNOTE_HOME elsewhere than {path.parent}."
            )
        if found == 0:
            self._make(tables, version)

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

    def _connection(self) -> sqlite3.Connection:
        held: _Held | None = getattr(self._threads, "held", None)
        if held is None:
            held = self._threads.held = _Held(self._path)
            self._held.add(held)
        return held.connection

    @contextmanager
    def _transaction(self, kind: str) -> Iterator[None]:
        with self._guarded():
            connection = self._connection()
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
            raise HomeError(f"{self._path}: {error}.") from error


class _Held:
    """A connection that closes with the thread that holds it: threads come and go with the
    questions, and a connection alone would wait for the garbage collector."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(
            path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False
        )
        self.connection.execute("PRAGMA foreign_keys = ON")
        self.connection.execute("PRAGMA synchronous = NORMAL")
        self.connection.execute(f"PRAGMA mmap_size = {1 << 30}")

    def __del__(self) -> None:
        if hasattr(self, "connection"):  # not where the file could not be opened
            self.connection.close()


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.strip().splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
