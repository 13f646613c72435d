"""Folders to changes to catalog to indexes, telling of each step.

Reading, chunking and embedding a file is a pure function of its bytes; only then does one
transaction swap a batch of documents. So a file that cannot be read, an embedder that
fails or a process that is killed leaves the old versions in place.
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from index.catalog import Catalog
from index.chunking import chunk, encoding
from index.embedders import BundledEmbedder
from index.embedding import embed, unknown, vectors
from index.errors import ReadError
from index.projections import Change
from index.readers import MAX_FILE_BYTES, read
from index.records import Stat, StoredDocument
from index.scanning import gone, scan, under
from index.types import Chunk, Document

if TYPE_CHECKING:
    from index.embedders import Embedder

_BATCH = 500  # chunks a transaction
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Scanned:
    """The files to look at were found."""

    files: int


@dataclass(frozen=True, slots=True)
class Read:
    """A file was looked at. `outcome`: added, changed, unchanged or failed."""

    path: str
    outcome: str
    chunks: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Removed:
    """A document left the library."""

    path: str


@dataclass(frozen=True, slots=True)
class Indexing:
    """The indexes have taken up `done` of `total` chunks."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Embedding:
    """The embedder has done `done` of `total` chunks: of the files at hand or, when all is
    embedded again, of the library."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be read; the sentence is `path` and `reason`."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Synced:
    """All is done. `documents` and `chunks` count the whole library."""

    added: int
    changed: int
    removed: int
    unchanged: int
    failed: tuple[Failure, ...]
    documents: int
    chunks: int
    seconds: float


Event = Scanned | Read | Removed | Embedding | Indexing | Synced


class Prepared(NamedTuple):
    """A file that was read and cut, to be embedded and stored."""

    document: Document
    stat: Stat
    chunks: list[Chunk]


def sync(
    catalog: Catalog, home: Path, embedder: Embedder, paths: Sequence[Path], space: str
) -> Iterator[Event]:
    """Makes a space hold the files under `paths` as they are now; documents of files that
    are gone from a folder among them are removed. The caller holds the lock."""
    return _carry_out(catalog, home, _read_all(catalog, embedder, paths, space))


def remove(catalog: Catalog, home: Path, paths: Sequence[Path], space: str) -> Iterator[Event]:
    """Takes the documents at or under `paths` out of a space, though their files are there. The
    caller holds the lock."""
    number = catalog.spaces().get(space, 0)
    return _carry_out(catalog, home, _remove(catalog, number, under(paths, catalog.stats(number))))


def _carry_out(catalog: Catalog, home: Path, changes: Iterable[Event]) -> Iterator[Event]:
    """Brings the indexes up to what the catalog becomes; the last event sums it up."""
    began = time.monotonic()
    tally = Counter(added=0, changed=0, removed=0, unchanged=0)
    failed: list[Failure] = []
    with Change(catalog, home) as change:
        for event in changes:
            if isinstance(event, Removed):
                tally["removed"] += 1
            elif isinstance(event, Read) and event.outcome == "failed":
                failed.append(Failure(event.path, event.reason))
            elif isinstance(event, Read):
                tally[event.outcome] += 1
                change.follow()
            yield event
        for done, total in change.finish():
            yield Indexing(done, total)
    documents, chunks = catalog.counts()
    seconds = round(time.monotonic() - began, 3)
    yield Synced(**tally, failed=tuple(failed), documents=documents, chunks=chunks, seconds=seconds)


def embed_again(catalog: Catalog, embedder: Embedder) -> Iterator[Embedding]:
    """Cuts and embeds every document afresh out of the catalog's own text. Vectors that cost
    something are made and kept first, while the old index still answers; then one
    transaction swaps them all: the library is the old one or the new one."""
    documents = catalog.documents(catalog.spaces().values())
    if embedder.is_kept:
        total, done = sum(document.chunks for document in documents), 0
        for batch in _batches((d, _cut(catalog, d)) for d in documents):
            chunks = [chunk for _, mine in batch for chunk in mine]
            for made in embed(catalog, embedder, chunks):
                yield Embedding(done + made, max(total, done + made))
            done += len(chunks)
    with catalog.writing():
        if catalog.meta("embedder") not in (None, BundledEmbedder.name):
            catalog.embedded.put_standing()
        catalog.remove_chunks()
        for document in documents:
            chunks = _cut(catalog, document)
            catalog.put_chunks(document.id, chunks, vectors(catalog, embedder, chunks))
        catalog.set_meta("embedder", embedder.name)
        catalog.embedded.drop(embedder.name)


def tokens_to_embed(
    catalog: Catalog, embedder: Embedder, paths: Sequence[Path], space: str, rebuild: bool
) -> int:
    """The tokens (cl100k_base, OpenAI's for embeddings) of the texts whose vectors are not
    known yet. A file that cannot be read has none; `sync` tells of it."""
    texts: dict[str, str] = {}
    known = catalog.stats(catalog.spaces().get(space, 0))
    for uri, path in scan(paths)[0].items():
        with suppress(ReadError):
            prepared = prepare(uri, path, known.get(uri))
            if isinstance(prepared, Prepared):
                texts |= unknown(catalog, embedder, prepared.chunks)
    if rebuild:
        for document in catalog.documents(catalog.spaces().values()):
            texts |= unknown(catalog, embedder, _cut(catalog, document))
    encode = encoding("cl100k_base").encode_ordinary
    return sum(len(encode(text)) for text in texts)


def _cut(catalog: Catalog, document: StoredDocument) -> list[Chunk]:
    text = catalog.text(document.id)
    return chunk(Document(document.source.uri, document.source.title, text, document.marks))


def _batches(items: Iterable[tuple[T, list[Chunk]]]) -> Iterator[list[tuple[T, list[Chunk]]]]:
    """Items with the chunks of each, as many at a time as make `_BATCH` chunks."""
    batch: list[tuple[T, list[Chunk]]] = []
    for item in items:
        batch.append(item)
        if sum(len(chunks) for _, chunks in batch) >= _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _read_all(catalog: Catalog, embedder: Embedder, paths: Sequence[Path], space: str) -> Iterator[Event]:
    """Brings the catalog up to the files; a document is told of when it stands there."""
    with catalog.writing():
        number = catalog.add_space(space)
    files, problems = scan(paths)
    yield Scanned(len(files) + len(problems))
    for uri, reason in problems.items():
        yield Read(uri, "failed", reason=reason)
    yield from _read_files(catalog, embedder, files, number)
    with catalog.writing():
        catalog.embedded.drop(embedder.name)
    yield from _remove(catalog, number, gone(catalog.stats(number), paths, files, problems))


def _remove(catalog: Catalog, space: int, uris: Iterable[str]) -> Iterator[Removed]:
    for uri in uris:
        with catalog.writing():
            catalog.remove(space, uri)
        yield Removed(uri)


def _read_files(
    catalog: Catalog, embedder: Embedder, files: Mapping[str, Path], space: int
) -> Iterator[Read | Embedding]:
    known = catalog.stats(space)
    batch: list[Prepared] = []
    for uri, path in files.items():
        try:
            prepared = prepare(uri, path, known.get(uri))
        except ReadError as error:
            yield Read(uri, "failed", reason=error.reason)
            continue
        if isinstance(prepared, Stat):
            if prepared != known[uri]:
                with catalog.writing():
                    catalog.touch(space, uri, prepared)
            yield Read(uri, "unchanged")
            continue
        batch.append(prepared)
        if sum(len(p.chunks) for p in batch) >= _BATCH:
            yield from _commit(catalog, embedder, space, known, batch)
            batch.clear()
    yield from _commit(catalog, embedder, space, known, batch)


def _commit(
    catalog: Catalog, embedder: Embedder, space: int, known: Collection[str], batch: Sequence[Prepared]
) -> Iterator[Read | Embedding]:
    chunks = [chunk for prepared in batch for chunk in prepared.chunks]
    for done in embed(catalog, embedder, chunks):
        yield Embedding(done, len(chunks))
    ready = [vectors(catalog, embedder, prepared.chunks) for prepared in batch]
    with catalog.writing():
        for prepared, rows in zip(batch, ready, strict=True):
            catalog.put(space, prepared.document, prepared.stat, prepared.chunks, rows)
    for document, _, mine in batch:
        yield Read(document.uri, "changed" if document.uri in known else "added", len(mine))


def prepare(uri: str, path: Path, before: Stat | None) -> Prepared | Stat:
    """The document ready to be embedded, or how its file looks now where that is unchanged."""
    try:
        facts = path.stat()
        if before and (facts.st_size, facts.st_mtime_ns) == before[:2]:
            return before
        if not S_ISREG(facts.st_mode):
            raise ReadError("is not a file")
        if facts.st_size > MAX_FILE_BYTES:
            raise ReadError(f"is larger than {MAX_FILE_BYTES // 10**6} MB; split it")
        data = path.read_bytes()
    except OSError as error:
        raise ReadError(f"cannot be read: {error.strerror}") from error
    stat = Stat(len(data), facts.st_mtime_ns, hashlib.sha256(data).hexdigest())
    if before and stat.digest == before.digest:
        return stat
    document = read(data, path)
    document = replace(document, uri=uri)
    return Prepared(document, stat, chunk(document))
