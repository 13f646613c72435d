"""The published indexes, open for as long as somebody searches them.

Tantivy locks a file of its folder to read it, and Chroma writes to its own when it opens it.
Where that cannot be, on a disk that is full or may not be written or while another process
holds Chroma's database, a copy in a temporary folder is opened instead.
"""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from index.catalog import Catalog
from index.database import takes_changes
from index.errors import HomeError, UnfinishedError
from index.lexical import Lexical
from index.projections import CHROMA
from index.vectors import Vectors

_LOCK = ".tantivy-meta.lock"  # what Tantivy takes to read an index
_PATIENCE = 10  # times to open what was superseded meanwhile
log = logging.getLogger(__name__)


class Indexes:
    """Both indexes of one published state. `close` removes the copies that were made."""

    def __init__(self, home: Path, folders: dict[str, str]) -> None:
        self.folders = folders
        self.searches = 0
        with ExitStack() as opened:
            try:
                self.lexical = _open_lexical(home / folders["lexical"], opened)
                self.vectors = _open_vectors(home / folders["vectors"], opened)
            except OSError as error:
                raise HomeError(
                    f"Its indexes cannot be opened ({error}); see that the disk has room,"
                    " or set TMPDIR to a folder that has."
                ) from error
            self.close = opened.pop_all().close


class Published:
    """What searches see: the published state of the moment they begin in. Safe to share
    between threads."""

    def __init__(self, catalog: Catalog, home: Path) -> None:
        self._catalog = catalog
        self._home = home
        self._indexes: Indexes | None = None
        self._swap = threading.Lock()

    @contextmanager
    def searching(self) -> Iterator[Indexes]:
        """The published indexes, and the catalog as it stood when they were: a document that
        changes meanwhile is seen in its old version. Indexes that were superseded close with
        their last search. Raises UnfinishedError before there are any, HomeError."""
        with ExitStack() as view:
            indexes = self._begin(view)
            try:
                yield indexes
            finally:
                with self._swap:
                    indexes.searches -= 1
                    if indexes is not self._indexes and indexes.searches == 0:
                        indexes.close()

    def close(self) -> None:
        with self._swap:
            if self._indexes is not None:
                self._indexes.close()
                self._indexes = None

    def _begin(self, view: ExitStack) -> Indexes:
        """Enters a view of the catalog, and the indexes that are published in it. They are opened
        before: another process may sweep folders while they are opened, and what it has swept
        looks empty."""
        for _ in range(_PATIENCE):
            view.enter_context(self._catalog.reading())
            with self._swap:
                indexes = self._indexes
                if indexes is not None and indexes.folders == self._catalog.outbox.folders():
                    indexes.searches += 1
                    return indexes
            view.close()
            self._open()
        raise UnfinishedError("It changes faster than it can be opened: ask again.")

    def _open(self) -> None:
        """Opens what is published now, unless another thread has."""
        with self._swap:
            folders, stale = self._catalog.outbox.folders(), self._indexes
            if len(folders) < 2:
                raise UnfinishedError("Ask again when it is done.")
            if stale is not None and stale.folders == folders:
                return
            try:
                self._indexes = Indexes(self._home, folders)
            except HomeError:
                if self._catalog.outbox.folders() == folders:
                    raise
                return
            if stale is not None and stale.searches == 0:
                stale.close()


def _open_lexical(folder: Path, opened: ExitStack) -> Lexical:
    try:
        for space in folder.iterdir():
            (space / _LOCK).open("ab").close()
    except OSError:  # Tantivy could not take it either
        folder = _copy(folder, opened)
    return opened.enter_context(closing(Lexical(folder)))


def _open_vectors(folder: Path, opened: ExitStack) -> Vectors:
    if takes_changes(folder / CHROMA):  # Chroma would wait for ever
        try:
            return opened.enter_context(closing(Vectors(folder)))
        except OSError:
            log.info("Chroma cannot be opened in %s; a copy is opened instead", folder, exc_info=True)
    return opened.enter_context(closing(Vectors(_copy(folder, opened))))


def _copy(folder: Path, opened: ExitStack) -> Path:
    """A folder that holds the same files, but none of their permissions; it goes with `opened`."""
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder} is gone")
    copy = Path(opened.enter_context(TemporaryDirectory(prefix="footnote-")))
    for path in folder.rglob("*"):
        if path.is_file():
            target = copy / path.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    return copy
