"""A folder of documents, a library to put them into, and an embedder that is quick and exact."""

from __future__ import annotations

import ctypes
import signal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import tantivy

from index.catalog import CATALOG, Catalog
from index.lexical import Lexical
from index.library import Library
from index.records import StoredChunk
from index.vectors import Vectors

# A shell's background job ignores Ctrl-C, and would hand that down to what the tests start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

if TYPE_CHECKING:
    from numpy.typing import NDArray


class LetterEmbedder:
    """How often each pair of letters occurs. Keeps what it was given."""

    dense_weight = 0.2
    batch_size = 32
    at_once = 1
    is_kept = False
    is_paid = False

    def __init__(self, name: str = "test:letters", dimensions: int = 48) -> None:
        self.name = name
        self.dimensions = dimensions
        self.embedded: list[str] = []

    def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded += texts
        return np.stack([self.embed_query(text) for text in texts])

    def embed_query(self, text: str) -> NDArray[np.float32]:
        letters = np.array([ord(letter) for letter in text.lower() if letter.isalnum()], np.int64)
        pairs = (letters[:-1] * 31 + letters[1:]) % self.dimensions
        vector = np.bincount(pairs, minlength=self.dimensions).astype(np.float32)
        length = float(np.linalg.norm(vector))
        return vector / length if length else vector


@dataclass(frozen=True)
class Contents:
    """All that a library holds but the numbers it gave: two that were told the same are equal."""

    documents: dict[tuple[str, str], tuple[object, ...]]
    lexical: dict[str, set[tuple[str, int]]]
    vectors: dict[str, set[tuple[str, int]]]

    @classmethod
    def of(cls, home: Path) -> Contents:
        """Read past the library, from its files."""
        catalog = Catalog(home / CATALOG)
        folders = catalog.outbox.folders()
        documents: dict[tuple[str, str], tuple[object, ...]] = {}
        lexical, vectors = {}, {}
        words, meaning = Lexical(home / folders["lexical"]), Vectors(home / folders["vectors"])
        for name, space in catalog.spaces().items():
            stored = {document.id: document for document in catalog.documents([space])}
            chunks = [c for batch in catalog.outbox.added(0, 1 << 40, space, 5000) for c in batch]
            for number, document in stored.items():
                spans = [(c.start, c.end, c.vector.tobytes()) for c in chunks if c.document == number]
                facts = (document.source, document.marks, catalog.text(number), spans)
                documents[name, document.source.uri] = facts
            place = {c.id: (stored[c.document].source.uri, c.start) for c in chunks}
            lexical[name] = {place[i] for i in _all_lexical(words, space)}
            vectors[name] = {place[i] for i in _all_vectors(meaning, space)}
            _assert_reachable(meaning, space, chunks)
        words.close()
        meaning.close()
        catalog.close()
        return cls(documents, lexical, vectors)


def _all_lexical(words: Lexical, space: int) -> list[int]:
    searcher = words._searcher(space)
    if searcher is None or searcher.num_docs == 0:
        return []
    hits = searcher.search(tantivy.Query.all_query(), searcher.num_docs).hits
    return [int(str(i)) for i in searcher.fast_field_values("id", [address for _, address in hits])]


def _all_vectors(meaning: Vectors, space: int) -> list[int]:
    collection = meaning._collection(space)
    return [] if collection is None else [int(i) for i in collection.get(include=[])["ids"]]


def _assert_reachable(meaning: Vectors, space: int, chunks: Sequence[StoredChunk]) -> None:
    """Asking for a chunk's own vector finds it, or one just like it."""
    vectors = {chunk.id: chunk.vector.astype(np.float32) for chunk in chunks if chunk.vector.any()}
    for vector in list(vectors.values())[:: max(1, len(vectors) // 100)]:
        (nearest,) = meaning.search(space, vector, 1)
        assert vectors[nearest] @ vector > 0.999 * (vector @ vector)


class _Junk(ctypes.Structure):
    """Signalling NaNs of 32 bits, when filled with `0x7fa00000`."""

    _fields_ = [("words", ctypes.c_uint32 * 20_000)]


@pytest.fixture
def dirty_stack() -> Callable[[], object]:
    """Leaves what a numerical kernel must not read where it may do so: on the stack, by passing it by
    value."""
    junk = _Junk((ctypes.c_uint32 * 20_000)(*[0x7FA00000] * 20_000))
    take = ctypes.CDLL(None).labs
    take.argtypes = [_Junk]
    return lambda: take(junk)


@pytest.fixture
def embedder() -> LetterEmbedder:
    return LetterEmbedder()


@pytest.fixture(scope="session")
def new_embedder() -> type[LetterEmbedder]:
    return LetterEmbedder


@pytest.fixture(scope="session")
def contents() -> Callable[[Path], Contents]:
    return Contents.of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the documents lie: an empty folder."""
    folder = tmp_path / "documents"
    folder.mkdir()
    return folder


@pytest.fixture
def library(tmp_path: Path, embedder: LetterEmbedder) -> Iterator[Library]:
    """An empty library."""
    with Library.open(tmp_path / "library", embedder) as library:
        yield library
