"""The catalog keeps texts exactly, changes at once, and an outbox of what changed."""

from __future__ import annotations

import sqlite3
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.catalog import Catalog
from index.errors import HomeError, NewerLibraryError, OtherLibraryError
from index.records import Place, Projection, Stat
from index.types import Chunk, Document, Mark, MarkKind

STAT = Stat(3, 12345, "digest")


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    catalog = Catalog(tmp_path / "catalog.db")
    yield catalog
    catalog.close()


def put(catalog: Catalog, uri: str, text: str, space: str = "default", size: int = 10) -> None:
    """A document cut into chunks of `size` characters."""
    starts = range(0, len(text), size)
    chunks = [Chunk(text[i : i + size], i, min(i + size, len(text)), "", 3) for i in starts]
    vectors = np.eye(max(1, len(chunks)), 16, dtype=np.float32)[: len(chunks)]
    with catalog.writing():
        number = catalog.add_space(space)
        mark = Mark(MarkKind.PAGE, "1", 0, len(text))
        catalog.put(number, Document(uri, "T", text, (mark,)), STAT, chunks, vectors)


def added(catalog: Catalog, after: int = 0, space: str = "default") -> list[int]:
    number = catalog.spaces()[space]
    return [
        c.id
        for batch in catalog.outbox.added(after, catalog.outbox.place().chunk, number, 4)
        for c in batch
    ]


long_texts = st.builds(
    lambda text, n: text * n,
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
    st.integers(1, 9000),
)


@given(long_texts, st.data())
@settings(deadline=None, max_examples=40)
def test_any_stretch_of_a_text_comes_back_exactly(text: str, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder, closing(Catalog(Path(folder) / "catalog.db")) as catalog:
        put(catalog, "/a.txt", text, size=len(text))
        (document,) = catalog.documents(catalog.spaces().values())
        assert catalog.text(document.id) == text
        for _ in range(5):
            start = data.draw(st.integers(0, len(text)))
            end = data.draw(st.integers(start, len(text)))
            assert catalog.text(document.id, start, end) == text[start:end]


def test_what_is_put_is_what_is_read(catalog: Catalog) -> None:
    put(catalog, "/a.txt", "abcdefghijklmno")
    (document,) = catalog.documents(catalog.spaces().values())
    assert (document.source.uri, document.source.title, document.source.space) == ("/a.txt", "T", "default")
    assert document.source.version == Document("", "", "abcdefghijklmno").version
    assert (document.characters, document.chunks) == (15, 2)
    assert document.marks == (Mark(MarkKind.PAGE, "1", 0, 15),)
    assert catalog.stats(catalog.spaces()["default"]) == {"/a.txt": STAT}
    spans = [(c.start, c.end) for c in catalog.chunks(added(catalog), catalog.spaces().values())]
    assert spans == [(0, 10), (10, 15)]


def test_a_transaction_that_fails_leaves_nothing_behind(catalog: Catalog) -> None:
    put(catalog, "/a.txt", "old text")
    with pytest.raises(ZeroDivisionError):
        _fail_halfway(catalog)
    assert [d.source.uri for d in catalog.documents(catalog.spaces().values())] == ["/a.txt"]
    assert list(catalog.spaces()) == ["default"]


def _fail_halfway(catalog: Catalog) -> None:
    with catalog.writing():
        catalog.remove(catalog.spaces()["default"], "/a.txt")
        catalog.add_space("other")
        raise ZeroDivisionError


def test_a_reader_sees_one_moment_while_another_thread_writes(catalog: Catalog) -> None:
    put(catalog, "/a.txt", "old text")
    with catalog.reading():
        before = catalog.documents(catalog.spaces().values())
        writer = threading.Thread(target=put, args=(catalog, "/a.txt", "new text"))
        writer.start()
        writer.join()
        assert catalog.documents(catalog.spaces().values()) == before
        assert catalog.text(before[0].id) == "old text"
    (after,) = catalog.documents(catalog.spaces().values())
    assert catalog.text(after.id) == "new text"


def test_chunks_and_documents_of_other_spaces_are_not_to_be_had(catalog: Catalog) -> None:
    put(catalog, "/a.txt", "open")
    put(catalog, "/b.txt", "secret", space="board")
    spaces = catalog.spaces()
    (secret,) = catalog.documents([spaces["board"]])
    assert catalog.chunks(added(catalog, space="board"), [spaces["default"]]) == []
    assert catalog.document_by_key(secret.source.key, [spaces["default"]]) is None
    assert catalog.document_by_key(secret.source.key, [spaces["board"]]) == secret
    assert catalog.documents([]) == []


def test_the_same_file_in_two_spaces_has_two_keys(catalog: Catalog) -> None:
    put(catalog, "/a.txt", "text")
    put(catalog, "/a.txt", "text", space="board")
    assert len({d.source.key for d in catalog.documents(catalog.spaces().values())}) == 2


def test_the_outbox_tells_what_came_and_went_since_a_place(catalog: Catalog) -> None:
    put(catalog, "/a.txt", "x" * 25)
    put(catalog, "/b.txt", "y" * 25)
    space, between, first = catalog.spaces()["default"], catalog.outbox.place(), added(catalog)
    assert len(first) == 6
    put(catalog, "/a.txt", "z" * 45)
    assert len(added(catalog, between.chunk)) == 5
    assert catalog.outbox.removed(between, catalog.outbox.place(), space) == first[:3]
    assert catalog.outbox.removed(catalog.outbox.place(), catalog.outbox.place(), space) == []
    assert set(added(catalog)) == set(first[3:]) | set(added(catalog, between.chunk))


def test_numbers_are_never_given_again(catalog: Catalog) -> None:
    put(catalog, "/a.txt", "x" * 25)
    before = set(added(catalog))
    with catalog.writing():
        catalog.remove(catalog.spaces()["default"], "/a.txt")
    put(catalog, "/a.txt", "x" * 25)
    assert not before & set(added(catalog))


def test_what_all_indexes_have_seen_leaves_the_outbox(catalog: Catalog) -> None:
    put(catalog, "/a.txt", "x" * 25)
    put(catalog, "/a.txt", "y" * 25)
    place, space = catalog.outbox.place(), catalog.spaces()["default"]
    facts = {"meta.json": (1, 2, "3")}
    with catalog.writing():
        catalog.outbox.publish([Projection("vectors", "vectors/1", Place(0, 0), facts)])
    assert len(catalog.outbox.removed(Place(0, 0), place, space)) == 3
    with catalog.writing():
        catalog.outbox.publish([Projection("vectors", "vectors/2", place, facts)])
    assert catalog.outbox.removed(Place(0, 0), place, space) == []
    assert catalog.outbox.projections() == {"vectors": Projection("vectors", "vectors/2", place, facts)}
    assert catalog.outbox.folders() == {"vectors": "vectors/2"}


def test_a_newer_library_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    Catalog(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(NewerLibraryError, match="Update Footnote"):
        Catalog(path)


@pytest.mark.parametrize(
    "change",
    ["ALTER TABLE documents RENAME COLUMN gone TO absent", "DROP TABLE removals", "DROP INDEX standing"],
)
def test_a_catalog_with_other_tables_is_refused_with_what_to_do(tmp_path: Path, change: str) -> None:
    path = tmp_path / "catalog.db"
    Catalog(path).close()
    connection = sqlite3.connect(path)
    connection.execute(change)
    connection.close()
    with pytest.raises(OtherLibraryError, match="footnote index"):
        Catalog(path)


def test_a_table_of_somebody_elses_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    Catalog(path).close()
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE notes (text)")
    connection.execute("ANALYZE")
    connection.close()
    Catalog(path).close()


def test_a_file_that_is_no_catalog_is_told_of(tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    path.write_bytes(b"This is a text, no database. " * 300)
    with pytest.raises(HomeError, match=r"catalog\.db: file is not a database"):
        Catalog(path)


def test_a_damaged_page_is_a_home_error_wherever_it_is_met(catalog: Catalog, tmp_path: Path) -> None:
    for i in range(50):
        put(catalog, f"/{i}.txt", f"{i} " * 2000)
    catalog.close()
    path = tmp_path / "catalog.db"
    data = bytearray(path.read_bytes())
    data[4096 * 3 :] = b"\xa5" * (len(data) - 4096 * 3)
    path.write_bytes(data)
    damaged = Catalog(path)
    assert not _is_sound(damaged)
    with pytest.raises(HomeError, match="malformed"):
        _read_everything(damaged)
    damaged.close()


def _is_sound(catalog: Catalog) -> bool:
    try:
        return catalog.is_sound()
    except HomeError:
        return False


def _read_everything(catalog: Catalog) -> None:
    for document in catalog.documents(catalog.spaces().values()):
        catalog.text(document.id)
    catalog.stats(1)
    catalog.counts()
    list(catalog.outbox.added(0, 1 << 40, 1, 100))
