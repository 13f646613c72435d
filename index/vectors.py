"""Meaning: a Chroma collection a space, of chunk numbers and vectors and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.errors import EmbedderMismatchError
from index.types import Entry

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.collection_configuration import CreateHNSWConfiguration
    from chromadb.api.models.Collection import Collection
    from numpy.typing import NDArray

_BATCH = 5000  # Chroma refuses more than 5,461 rows
# Set at creation: a later change acts only after reopening. Chroma's own default is l2.
# Every batch is written out, so that opening a folder leaves its HNSW files alone.
_HNSW: CreateHNSWConfiguration = {
    "space": "cosine",
    "ef_search": 300,
    "max_neighbors": 32,
    "batch_size": 1,
    "sync_threshold": 1,
}


class Vectors:
    """The collections in one folder, which only one process may write."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        with _chroma_errors():
            self._client = _client(folder)
        self._collections: dict[int, Collection | None] = {}

    def update(self, space: int, add: Sequence[Entry], remove: Sequence[int]) -> None:
        """Removes, then adds; vectors of zeros are left out, since Chroma ranks them first."""
        with _chroma_errors():
            self._update(space, add, remove)

    def _update(self, space: int, add: Sequence[Entry], remove: Sequence[int]) -> None:
        collection = self._collection(space) or self._client.create_collection(
            _name(space), embedding_function=None, configuration={"hnsw": _HNSW}
        )
        self._collections[space] = collection
        for i in range(0, len(remove), _BATCH):
            collection.delete(ids=[str(chunk) for chunk in remove[i : i + _BATCH]])
        known = [entry for entry in add if entry.vector.any()]
        for i in range(0, len(known), _BATCH):
            batch = known[i : i + _BATCH]
            vectors = np.stack([entry.vector for entry in batch]).astype(np.float32)
            collection.add(ids=[str(entry.id) for entry in batch], embeddings=vectors)

    def search(self, space: int, vector: NDArray[np.float32], n: int) -> list[int]:
        """The `n` chunks of a space nearest to a unit vector (dimensions,), nearest first.
        Raises EmbedderMismatchError where those of the space are longer or shorter."""
        collection = self._collection(space)
        if collection is None or not vector.any():
            return []
        with _same_length():
            found = collection.query(query_embeddings=vector.reshape(1, -1), n_results=n, include=[])
        return [int(chunk) for chunk in found["ids"][0]]

    def close(self) -> None:
        self._client.close()

    def _collection(self, space: int) -> Collection | None:
        if space not in self._collections:
            names = {collection.name for collection in self._client.list_collections()}
            self._collections[space] = (
                self._client.get_collection(_name(space), embedding_function=None)
                if _name(space) in names
                else None
            )
        return self._collections[space]


def _name(space: int) -> str:
    return f"space-{space}"


@contextmanager
def _chroma_errors() -> Iterator[None]:
    from chromadb.errors import ChromaError

    try:
        yield
    except ChromaError as error:
        raise OSError(f"Chroma: {error}") from error


@contextmanager
def _same_length() -> Iterator[None]:
    from chromadb.errors import InvalidArgumentError

    try:
        yield
    except InvalidArgumentError as error:
        raise EmbedderMismatchError(
            f"{error}. Give the model another name at its server and in FOOTNOTE_EMBEDDER,"
            " then run `footnote index --rebuild`."
        ) from error


def _client(folder: Path) -> Client:
    import chromadb
    from chromadb.api.client import Client
    from chromadb.config import Settings

    client = chromadb.PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))
    assert isinstance(client, Client)  # which, unlike ClientAPI, closes
    return client
