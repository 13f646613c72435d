"""Nothing is asked twice of a provider, however a run ends."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from vector_server import Fault, VectorServer

from index.catalog import CATALOG, Catalog
from index.embedders import BundledEmbedder, Embedder, provided
from index.embedders.providers import open_embedder
from index.errors import EmbedderError, EmbedderMismatchError
from index.library import Library
from index.sync import Embedding, Event, Synced

DOCUMENTS = 90  # three batches of `openai-like`


@pytest.fixture
def server() -> Iterator[VectorServer]:
    with VectorServer() as server:
        yield server


@pytest.fixture
def embedder(server: VectorServer) -> Embedder:
    return open_embedder("openai-like:m", f"{server.url}/v1")


@pytest.fixture
def documents(folder: Path) -> Path:
    for number in range(DOCUMENTS):
        (folder / f"{number:03}.txt").write_text(f"Boat {number} lies in harbour {number * 7}.")
    return folder


def index(home: Path, embedder: Embedder, folder: Path, *, rebuild: bool = False) -> list[Event]:
    with Library.open(home, embedder) as library:
        return list(library.sync([folder], rebuild=rebuild))


def cached(home: Path) -> int:
    catalog = Catalog(home / CATALOG)
    try:
        [(count,)] = catalog._rows("SELECT count(*) FROM embedded")
        return int(count)
    finally:
        catalog.close()


def test_small_files_share_a_request(
    tmp_path: Path, documents: Path, server: VectorServer, embedder: Embedder
) -> None:
    events = index(tmp_path / "home", embedder, documents)
    assert sorted(len(request["input"]) for request in server.requests) == [26, 32, 32]
    assert [event for event in events if isinstance(event, Embedding)][-1] == Embedding(90, 90)
    with Library.open(tmp_path / "home", embedder) as library:
        assert "Boat 17 lies" in library.search("Where does boat 17 lie?", k=1)[0].text


def test_a_silent_server_is_waited_for_when_indexing_but_not_when_somebody_asks(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(provided, "_SECONDS", 0.2)
    (folder / "boat.txt").write_text("Boat 17 lies in harbour 119.")
    with VectorServer(pause=1.0) as server:
        with Library.open(tmp_path / "home", open_embedder("openai-like:m", f"{server.url}/v1")) as library:
            assert list(library.sync([folder]))[-1].added == 1
            began = time.monotonic()
            assert "Boat 17 lies" in library.search("Where does boat 17 lie?", k=1)[0].text
            assert time.monotonic() - began < 0.9
        assert len(server.requests) == 2, "one for the document, one for the question"
    assert "Searched by words alone" in caplog.text
    assert "took too long" in caplog.text


def test_vectors_that_became_longer_are_told_of_with_what_to_do(
    tmp_path: Path, documents: Path, new_embedder: Callable[..., Embedder]
) -> None:
    index(tmp_path / "home", new_embedder(dimensions=48), documents)
    with (
        Library.open(tmp_path / "home", new_embedder(dimensions=64)) as library,
        pytest.raises(EmbedderMismatchError, match=r"dimension of 48, got 64.*footnote index --rebuild"),
    ):
        library.search("Where does boat 17 lie?")


def test_a_failure_costs_only_what_was_not_answered(
    tmp_path: Path, documents: Path, server: VectorServer, embedder: Embedder
) -> None:
    server.faults = [Fault(401)]
    with pytest.raises(EmbedderError):
        index(tmp_path / "home", embedder, documents)
    assert 0 < cached(tmp_path / "home") < DOCUMENTS
    events = index(tmp_path / "home", embedder, documents)
    assert isinstance(events[-1], Synced)
    assert events[-1].added == DOCUMENTS
    assert set(server.answered.values()) == {1}
    assert len(server.answered) == DOCUMENTS


def test_who_stops_it_loses_nothing_either(
    tmp_path: Path, documents: Path, server: VectorServer, embedder: Embedder
) -> None:
    server.pause = 0.05
    with Library.open(tmp_path / "home", embedder) as library:
        run = library.sync([documents])
        assert any(isinstance(event, Embedding) for event in run)  # stops at the first
        run.close()  # type: ignore[attr-defined] # it is a generator
    index(tmp_path / "home", embedder, documents)
    assert set(server.answered.values()) == {1}


def test_changed_renamed_and_repeated_texts_are_not_asked_for(
    tmp_path: Path, documents: Path, server: VectorServer, embedder: Embedder
) -> None:
    home = tmp_path / "home"
    index(home, embedder, documents)
    asked = len(server.requests)
    (documents / "001.txt").rename(documents / "renamed.txt")
    (documents / "copy.txt").write_text((documents / "002.txt").read_text())
    (documents / "003.txt").write_text((documents / "003.txt").read_text() + "\n")
    index(home, embedder, documents)
    index(home, embedder, documents, rebuild=True)
    assert len(server.requests) == asked
    (documents / "003.txt").write_text("A new boat.")
    index(home, embedder, documents)
    assert server.requests[-1]["input"] == ["A new boat."]
    assert len(server.requests) == asked + 1


def test_the_cache_is_empty_when_a_run_is_through(
    tmp_path: Path, documents: Path, embedder: Embedder
) -> None:
    index(tmp_path / "home", embedder, documents)
    assert cached(tmp_path / "home") == 0


def test_another_embedder_takes_over_without_asking_twice(
    tmp_path: Path, documents: Path, server: VectorServer, embedder: Embedder
) -> None:
    home = tmp_path / "home"
    index(home, BundledEmbedder(), documents)
    with Library.open(home, embedder) as library:
        run = library.sync([], rebuild=True)
        assert isinstance(next(run), Embedding)
        run.close()  # type: ignore[attr-defined] # it is a generator
    with Library.open(home) as library:  # the old index answers meanwhile
        assert library.search("Where does boat 17 lie?", k=1)
    with Library.open(home, embedder) as library, pytest.raises(EmbedderMismatchError):
        library.search("Where does boat 17 lie?")
    index(home, embedder, documents, rebuild=True)
    assert set(server.answered.values()) == {1}
    with Library.open(home, embedder) as library:
        assert "Boat 17 lies" in library.search("Where does boat 17 lie?", k=1)[0].text


def test_going_back_to_the_embedder_before_costs_nothing(
    tmp_path: Path, documents: Path, server: VectorServer, embedder: Embedder
) -> None:
    home = tmp_path / "home"
    index(home, embedder, documents)
    asked = len(server.requests)
    index(home, BundledEmbedder(), documents, rebuild=True)
    index(home, embedder, documents, rebuild=True)
    assert len(server.requests) == asked


def test_vectors_of_another_length_are_not_written(
    tmp_path: Path, documents: Path, server: VectorServer, embedder: Embedder
) -> None:
    home = tmp_path / "home"
    index(home, embedder, documents)
    (documents / "new.txt").write_text("A new boat.")
    other = open_embedder("openai-like:m", f"{server.url}/v1")
    server.faults = [
        Fault(
            body='{"object": "list", "model": "m", "data": [{"object": "embedding", "index": 0,'
            ' "embedding": [1.0, 2.0]}], "usage": {"prompt_tokens": 1, "total_tokens": 1}}'
        )
    ]
    with pytest.raises(EmbedderError, match="now gives vectors of 2 numbers, and gave 24 before"):
        index(home, other, documents)
    assert cached(home) == 0


def test_a_question_is_answered_by_words_alone_where_the_embedder_fails(
    tmp_path: Path,
    documents: Path,
    server: VectorServer,
    embedder: Embedder,
    caplog: pytest.LogCaptureFixture,
) -> None:
    index(tmp_path / "home", embedder, documents)
    server.faults = [Fault(401)]
    with Library.open(tmp_path / "home", embedder) as library:
        assert "Boat 17 lies" in library.search("Where does boat 17 lie?", k=1)[0].text
    assert "Searched by words alone" in caplog.text


def test_tokens_are_counted_before_anything_is_asked(
    tmp_path: Path, documents: Path, server: VectorServer, embedder: Embedder
) -> None:
    home = tmp_path / "home"
    with Library.open(home, embedder) as library:
        assert 9 * DOCUMENTS < library.tokens_to_embed([documents]) < 13 * DOCUMENTS
        assert not server.requests
        for _ in library.sync([documents]):
            pass
        assert library.tokens_to_embed([documents]) == 0
        assert library.tokens_to_embed([documents], rebuild=True) == 0
