"""Chunks to vectors, without asking for any of them twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from functools import partial
from itertools import islice
from threading import Event
from typing import TYPE_CHECKING

import numpy as np

from index.cache import digest
from index.catalog import Catalog
from index.embedders.patience import INDEXING, patiently
from index.errors import EmbedderError
from index.types import Chunk

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.embedders import Embedder

    Batch = Sequence[str]
    Vectors = NDArray[np.float32]


def embed(catalog: Catalog, embedder: Embedder, chunks: Sequence[Chunk]) -> Iterator[int]:
    """Sees to it that the vectors of `chunks` are known, if they are worth keeping; yields
    how many are. A batch is stored as soon as it is there: also when another fails or
    somebody stops it, only what was not answered yet is asked for again. Raises EmbedderError."""
    if not embedder.is_kept or not (missing := unknown(catalog, embedder, chunks)):
        return

    def store(batch: Batch, rows: Vectors) -> None:
        _check_length(catalog, embedder, rows)
        with catalog.writing():
            catalog.embedded.put(embedder.name, [missing[text] for text in batch], rows)

    texts, done = list(missing), len(chunks) - len(missing)
    size = embedder.batch_size
    batches = [texts[i : i + size] for i in range(0, len(texts), size)]
    for answered in _ask(embedder, batches, store):
        done += answered
        yield done


def unknown(catalog: Catalog, embedder: Embedder, chunks: Sequence[Chunk]) -> dict[str, str]:
    """The texts of `chunks` whose vectors have to be asked for, with their digests."""
    digests = {chunk.text: digest(chunk.text) for chunk in chunks}
    known = catalog.embedded.find(embedder.name, digests.values())
    return {text: name for text, name in digests.items() if name not in known}


def vectors(catalog: Catalog, embedder: Embedder, chunks: Sequence[Chunk]) -> Vectors:
    """The unit rows (n, dimensions) of `chunks`, which `embed` has been given."""
    if not chunks:
        return np.zeros((0, 0), np.float32)
    if embedder.is_kept:
        digests = [digest(chunk.text) for chunk in chunks]
        known = catalog.embedded.find(embedder.name, set(digests))
        return np.stack([known[name] for name in digests]).astype(np.float32)
    texts = [chunk.text for chunk in chunks]
    size = embedder.batch_size
    return np.concatenate(
        [embedder.embed_documents(texts[i : i + size]) for i in range(0, len(texts), size)]
    )


def _ask(
    embedder: Embedder, batches: Sequence[Batch], store: Callable[[Batch, Vectors], None]
) -> Iterator[int]:
    """Asks for the batches, several at once, and stores each when it comes; yields how many
    texts it has. Those under way when the caller stops or one fails are stored as well."""
    stopped, waiting = Event(), iter(batches)
    running: dict[Future[Vectors], Batch] = {}
    with ThreadPoolExecutor(embedder.at_once, thread_name_prefix="embed") as pool:

        def start(calls: int) -> None:
            for batch in islice(waiting, calls):
                call = partial(embedder.embed_documents, batch)
                running[pool.submit(patiently, call, INDEXING, stopped)] = batch

        try:
            start(embedder.at_once)
            while running:
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    rows, batch = future.result(), running.pop(future)
                    store(batch, rows)
                    yield len(batch)
                start(len(done))
        finally:
            stopped.set()
            for future, batch in running.items():
                with suppress(EmbedderError):  # the first one is on its way to the user
                    store(batch, future.result())


def _check_length(catalog: Catalog, embedder: Embedder, rows: Vectors) -> None:
    """Raises EmbedderError where the index holds longer or shorter vectors of the same name."""
    before = catalog.embedded.dimensions(embedder.name)
    if before not in (None, rows.shape[1]):
        raise EmbedderError(
            f"{embedder.name} now gives vectors of {rows.shape[1]} numbers, and gave {before} before."
            " Name the model otherwise at its server and here, or set FOOTNOTE_HOME to another folder."
        )
