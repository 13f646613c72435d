"""The library: what `bot` and any program talk to. Opens the parts and recovers them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout

from index import retriever
from index.building import INDEXES
from index.catalog import CATALOG, Catalog
from index.embedders import BundledEmbedder, Embedder
from index.errors import EmbedderMismatchError, HomeError, LockedError, UnknownCitationError
from index.lexical import Lexical, terms
from index.lookup import locate
from index.places import closest, places
from index.privacy import keep_folder
from index.projections import catch_up, intact, up_to_date
from index.published import Published
from index.records import Span, StoredDocument
from index.rerankers import LOOKED_AT, Reordering, Reranker
from index.sync import Event, embed_again, remove, sync, tokens_to_embed
from index.types import Passage
from index.versions import VERSION_DAYS

__all__ = ["DEFAULT_SPACE", "Finding", "Library", "Span"]
DEFAULT_SPACE = "default"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the library was examined for."""

    name: str
    ok: bool
    detail: str


class Library:
    """Documents by space, and passages of them. Safe to share between threads; one process
    at a time may write, and any number may read meanwhile."""

    def __init__(
        self,
        home: Path,
        embedder: Embedder | None = None,
        version_days: int = VERSION_DAYS,
        reranker: Reranker | None = None,
    ) -> None:
        """Opens the library in the folder `home`, or makes one there, and brings its indexes
        up to date where an earlier process was cut short. Versions that stand no more are kept
        for `version_days`, so that citations of them still resolve; for 0, none is.

        Raises HomeError, NewerLibraryError, OtherLibraryError."""
        self.home = home
        self.embedder = embedder or BundledEmbedder()
        self._reordering = Reordering(reranker) if reranker else None
        self._catalog = Catalog(home / CATALOG, version_days)
        for kind in INDEXES:
            keep_folder(home / kind)
        self._lock = FileLock(home / "lock", thread_local=False)
        self._published = Published(self._catalog, home)
        self._recover()

    @classmethod
    def open(
        cls,
        home: Path,
        embedder: Embedder | None = None,
        version_days: int = VERSION_DAYS,
        reranker: Reranker | None = None,
    ) -> Self:
        return cls(home, embedder, version_days, reranker)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._published.close()
        self._catalog.close()

    def sync(
        self, paths: Sequence[Path], space: str = DEFAULT_SPACE, *, rebuild: bool = False
    ) -> Iterator[Event]:
        """Makes `space` hold the files under `paths`; `rebuild` first cuts and embeds all
        that the library holds afresh. Does nothing until it is iterated.

        Raises LockedError, EmbedderMismatchError, EmbedderError, HomeError."""
        with self._writing():
            if rebuild or self._catalog.meta("embedder") is None:
                yield from embed_again(self._catalog, self.embedder)
            self._require_embedder()
            yield from sync(self._catalog, self.home, self.embedder, paths, space)

    def remove(self, paths: Sequence[Path], space: str = DEFAULT_SPACE) -> Iterator[Event]:
        """Takes the documents at or under `paths` out of `space`, though their files are there. Does
        nothing until it is iterated. Raises LockedError, HomeError."""
        with self._writing():
            yield from remove(self._catalog, self.home, paths, space)

    def tokens_to_embed(
        self, paths: Sequence[Path], space: str = DEFAULT_SPACE, *, rebuild: bool = False
    ) -> int:
        """How many tokens `sync` would send to the embedder now. Reads and cuts what has changed."""
        return tokens_to_embed(self._catalog, self.embedder, paths, space, rebuild)

    def search(self, question: str, spaces: Collection[str] | None = None, k: int = 5) -> list[Passage]:
        """At most `k` passages, best first, out of `spaces` (None: all of them).

        Raises EmbedderMismatchError, UnfinishedError where the index is still being made."""
        self._require_embedder()
        visible = self._visible(spaces)
        if not visible:
            return []
        n = max(k, LOOKED_AT) if self._reordering else k
        with self._published.searching() as indexes:
            found = retriever.search(
                self._catalog, (indexes.lexical, indexes.vectors), self.embedder, question, visible, n
            )
        return self._reordering.reorder(question, found)[:k] if self._reordering else found

    def rarity(self, text: str, spaces: Collection[str] | None = None) -> dict[str, float]:
        """How rare each word of `text`, as the index knows it, is in `spaces`: BM25's idf."""
        visible = self._visible(spaces)
        if not visible:
            return {}
        with self._published.searching() as indexes:
            return retriever.rarity(indexes.lexical, terms(text), visible)

    def spaces(self) -> list[str]:
        return list(self._catalog.spaces())

    def counts(self) -> tuple[int, int]:
        """How many documents and chunks there are in all spaces."""
        return self._catalog.counts()

    def sources(self, spaces: Collection[str] | None = None) -> list[StoredDocument]:
        """The documents of `spaces`, by title."""
        return self._catalog.documents(self._visible(spaces))

    def locate(self, citation_id: str, spaces: Collection[str] | None = None) -> Span:
        """The place that a citation id names, also in a version that was kept since it changed.
        Raises UnknownCitationError, RemovedError."""
        return locate(self._catalog, citation_id, self._visible(spaces))

    def read(self, key: str, spaces: Collection[str] | None = None, most: int | None = None) -> Span:
        """The text of the standing version that `key` names, or its first `most` characters.

        Raises UnknownCitationError."""
        with self._catalog.reading():
            document = self._catalog.document_by_key(key, self._visible(spaces))
            if document is None or document.gone_at:
                raise UnknownCitationError("Its document has changed or is gone; ask again for a new one.")
            text = self._catalog.text(document.id, 0, most)
            return Span(document.source, text, document.marks, 0, len(text))

    def find(self, words: str, spaces: Collection[str] | None = None, most: int = 20) -> list[Span]:
        """The places where `words` stand, whatever their case, quotes, dashes, hyphenation and
        spacing; the likeliest first, at most so many."""
        return self._looked_for(partial(places, most=most), words, spaces)

    def closest(self, words: str, spaces: Collection[str] | None = None) -> list[Span]:
        """The sentences most like `words`, best first, at most 3: what to show where the words
        stand nowhere, and never their source."""
        return self._looked_for(closest, words, spaces)

    def _looked_for(
        self,
        look: Callable[[Catalog, Lexical, str, Collection[int]], list[Span]],
        words: str,
        spaces: Collection[str] | None,
    ) -> list[Span]:
        visible = self._visible(spaces)
        if not visible:
            return []
        with self._published.searching() as indexes:
            return look(self._catalog, indexes.lexical, words, visible)

    def health(self) -> list[Finding]:
        """What an examination of the library finds."""
        with self._catalog.reading():
            documents, chunks = self._catalog.counts()
            made = self._catalog.meta("embedder")
            published = self._catalog.outbox.projections()
        current = up_to_date(self._catalog)
        damaged = [kind for kind, projection in published.items() if not intact(self.home, projection)]
        return [
            Finding("catalog", self._catalog.is_sound(), f"{documents} documents, {chunks} chunks"),
            Finding("indexes", current and not damaged, _describe(current, damaged)),
            Finding(
                "embedder",
                made in (None, self.embedder.name),
                f"{self.embedder.name}; the index: {made or '-'}",
            ),
        ]

    def _visible(self, spaces: Collection[str] | None) -> list[int]:
        known = self._catalog.spaces()
        return [number for name, number in known.items() if spaces is None or name in spaces]

    def _require_embedder(self) -> None:
        made = self._catalog.meta("embedder")
        if made not in (None, self.embedder.name):
            raise EmbedderMismatchError(
                f"It was made with {made}, and {self.embedder.name} is set."
                " Make it again with `footnote index --rebuild`, or set the embedder back."
            )

    def _recover(self) -> None:
        """Finishes what a process that was cut short began, unless another is at work or the
        disk is full: whole indexes answer all the same."""
        if self._catalog.counts()[1] == 0 and not self._catalog.outbox.projections():
            return
        if up_to_date(self._catalog) and self._intact():
            return
        try:
            with self._writing():
                for _ in catch_up(self._catalog, self.home):
                    pass
        except LockedError:
            if not self._intact():
                raise
        except HomeError as error:
            if not (self._catalog.outbox.projections() and self._intact()):
                raise
            log.warning("The indexes stay behind the catalog: %s", error)

    def _intact(self) -> bool:
        return all(
            intact(self.home, projection) for projection in self._catalog.outbox.projections().values()
        )

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            self._lock.acquire(timeout=0)
        except Timeout as error:
            raise LockedError("Wait until it is done, then try again.") from error
        except OSError as error:
            raise HomeError(f"{self.home}: {error.strerror}; see that it may be written.") from error
        try:
            yield
        finally:
            self._lock.release()


def _describe(current: bool, damaged: Sequence[str]) -> str:
    if damaged:
        return (
            f"{' and '.join(damaged)}: files are missing or changed; opening the library builds them again"
        )
    return "up to date" if current else "behind the catalog; opening the library brings them up to date"
