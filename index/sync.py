"""Folders to changes to catalog to indexes, telling of each step.

Reading, chunking and embedding a file is a pure function of its bytes; only then does one
transaction swap a batch of documents. So a file that cannot be read, an embedder that
fails or a process that is killed leaves the old versions in place.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, NamedTuple

from index.catalog import Catalog
from index.chunking import chunk
from index.errors import ReadError
from index.projections import Change
from index.readers import MAX_FILE_BYTES, SUFFIXES, read
from index.records import Stat
from index.types import Chunk, Document

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.embedders import Embedder

_BATCH = 500  # chunks a transaction
_EMBEDDED_AT_ONCE = 32  # chunks, between which other threads get their turn


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
    """A document whose file is gone left the library."""

    path: str


@dataclass(frozen=True, slots=True)
class Indexing:
    """The indexes have taken up `done` of `total` chunks."""

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


Event = Scanned | Read | Removed | Indexing | Synced


class _Prepared(NamedTuple):
    document: Document
    stat: Stat
    chunks: list[Chunk]
    vectors: NDArray[np.float32]


def sync(
    catalog: Catalog, home: Path, embedder: Embedder, paths: Sequence[Path], space: str
) -> Iterator[Event]:
    """Makes a space hold the files under `paths` as they are now; documents of files that
    are gone from a folder among them are removed. The caller holds the lock."""
    began = time.monotonic()
    tally = Counter(added=0, changed=0, removed=0, unchanged=0)
    failed: list[Failure] = []
    with Change(catalog, home) as change:
        for event in _read_all(catalog, embedder, paths, space):
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


def embed_again(catalog: Catalog, embedder: Embedder) -> None:
    """Cuts and embeds every document afresh out of the catalog's own text, in one
    transaction: the library is the old one or the new one."""
    with catalog.writing():
        catalog.remove_chunks()
        for document in catalog.documents(catalog.spaces().values()):
            text = catalog.text(document.id)
            chunks = chunk(Document(document.source.uri, document.source.title, text, document.marks))
            catalog.put_chunks(document.id, chunks, _embed(embedder, chunks))
        catalog.set_meta("embedder", embedder.name)


def _read_all(catalog: Catalog, embedder: Embedder, paths: Sequence[Path], space: str) -> Iterator[Event]:
    """Brings the catalog up to the files; a document is told of when it stands there."""
    files, problems = _scan(paths)
    yield Scanned(len(files) + len(problems))
    for uri, reason in problems.items():
        yield Read(uri, "failed", reason=reason)
    with catalog.writing():
        number = catalog.add_space(space)
    yield from _read_files(catalog, embedder, files, number)
    for uri in _gone(catalog, number, paths, files, problems):
        with catalog.writing():
            catalog.remove(number, uri)
        yield Removed(uri)


def _read_files(
    catalog: Catalog, embedder: Embedder, files: Mapping[str, Path], space: int
) -> Iterator[Read]:
    known = catalog.stats(space)
    batch: list[_Prepared] = []
    for uri, path in files.items():
        try:
            prepared = _prepare(uri, path, known.get(uri), embedder)
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
            yield from _commit(catalog, space, known, batch)
            batch.clear()
    yield from _commit(catalog, space, known, batch)


def _commit(
    catalog: Catalog, space: int, known: Collection[str], batch: Sequence[_Prepared]
) -> Iterator[Read]:
    with catalog.writing():
        for document, stat, chunks, vectors in batch:
            catalog.put(space, document, stat, chunks, vectors)
    for document, _, chunks, _ in batch:
        yield Read(document.uri, "changed" if document.uri in known else "added", len(chunks))


def _prepare(uri: str, path: Path, before: Stat | None, embedder: Embedder) -> _Prepared | Stat:
    """The document ready to be stored, or how its file looks now where that is unchanged."""
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
    chunks = chunk(document)
    return _Prepared(document, stat, chunks, _embed(embedder, chunks))


def _embed(embedder: Embedder, chunks: Sequence[Chunk]) -> NDArray[np.float32]:
    import numpy as np

    vectors = np.zeros((len(chunks), embedder.dimensions), np.float32)
    for i in range(0, len(chunks), _EMBEDDED_AT_ONCE):
        batch = chunks[i : i + _EMBEDDED_AT_ONCE]
        vectors[i : i + len(batch)] = embedder.embed_documents([c.text for c in batch])
    return vectors


def _scan(paths: Iterable[Path]) -> tuple[dict[str, Path], dict[str, str]]:
    """The files under `paths` by their uris, and what is wrong with the others. Hidden
    files and kinds that no reader reads are passed over inside a folder."""
    files: dict[str, Path] = {}
    problems: dict[str, str] = {}

    def complain(error: OSError) -> None:
        problems[_uri(Path(error.filename))] = f"cannot be read: {error.strerror}"

    for path in map(_absolute, paths):
        if not _is_folder(path):
            files[_uri(path)] = path
            continue
        for folder, names, members in os.walk(path, onerror=complain):
            names[:] = sorted(name for name in names if not name.startswith("."))
            for member in map(Path(folder).joinpath, sorted(members)):
                if not member.name.startswith(".") and member.suffix.lower() in SUFFIXES:
                    files[_uri(member)] = member
    return files, problems


def _gone(
    catalog: Catalog, space: int, paths: Iterable[Path], files: Iterable[str], problems: Iterable[str]
) -> list[str]:
    """Documents under the folders of `paths` whose files are there no more. A folder that
    cannot be read says nothing of what was in it."""
    folders = [_uri(path) + os.sep for path in map(_absolute, paths) if _is_folder(path)]
    unread = [uri + os.sep for uri in problems]
    return [
        uri
        for uri in catalog.stats(space).keys() - set(files)
        if any(map(uri.startswith, folders)) and not any(map(uri.startswith, unread))
    ]


def _is_folder(path: Path) -> bool:
    """False also for what may not be looked at; reading it tells why."""
    return os.path.isdir(path)  # noqa: PTH112 - Path.is_dir() raises PermissionError


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links


def _uri(path: Path) -> str:
    """A path as text, also where it is not valid UTF-8."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
