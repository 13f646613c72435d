from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from index.database import Database, takes_changes
from index.errors import HomeError


def open_files(path: Path) -> int:
    """How many files of this process begin with `path`: the database, its log and its index."""
    links = list(Path("/proc/self/fd").iterdir())
    return sum(os.path.realpath(link).startswith(str(path)) for link in links)


def test_threads_that_ended_leave_no_files_open(tmp_path: Path) -> None:
    path = tmp_path / "some.db"
    database = Database(path, "CREATE TABLE t (n INTEGER);", 1)
    for _ in range(50):
        thread = threading.Thread(target=database.rows, args=("SELECT n FROM t",))
        thread.start()
        thread.join()
    assert open_files(path) <= 6  # SQLite keeps one of an ended thread for the next
    database.close()
    assert open_files(path) == 0


def test_a_failed_transaction_leaves_nothing(tmp_path: Path) -> None:
    database = Database(tmp_path / "some.db", "CREATE TABLE t (n INTEGER);", 1)

    def fail() -> None:
        with database.writing():
            database.rows("INSERT INTO t VALUES (1)")
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert database.rows("SELECT n FROM t") == []
    database.close()


def test_where_none_can_be_made_beside_it_a_file_is_read_and_its_changes_are_seen(
    tmp_path: Path,
) -> None:
    tables = "CREATE TABLE t (n INTEGER);"
    path = tmp_path / "some.db"
    Database(path, tables, 1).close()
    in_the_way = tmp_path / "some.db-shm"
    in_the_way.symlink_to("nowhere")
    reader = Database(path, tables, 1)
    with pytest.raises(HomeError, match="see that the disk has room"), reader.writing():
        reader.rows("INSERT INTO t VALUES (1)")
    assert reader.rows("SELECT n FROM t") == []
    in_the_way.unlink()
    writer = Database(path, tables, 1)
    writer.rows("INSERT INTO t VALUES (1)")
    with reader.reading():
        assert reader.rows("SELECT n FROM t") == [(1,)]
    reader.close()
    writer.close()


def test_asking_whether_a_file_takes_changes_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "some.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA user_version = 7")
        before = path.stat().st_mtime_ns, path.read_bytes()
        assert takes_changes(path)
        connection.execute("BEGIN IMMEDIATE")
        assert not takes_changes(path)
    assert (path.stat().st_mtime_ns, path.read_bytes()) == before
    assert list(tmp_path.iterdir()) == [path]
    assert not takes_changes(tmp_path / "none.db")
