"""Files in, documents out. A new format is one module with an `extract` and one line in `READERS`."""

from __future__ import annotations

import importlib
import logging
from typing import TYPE_CHECKING

from index.errors import ReadError
from index.readers.base import MAX_FILE_BYTES, Extract, Reader
from index.types import Document

if TYPE_CHECKING:
    from pathlib import Path

log = logging.getLogger(__name__)


def _reader(module: str) -> Reader:
    """The `extract` of a module here, imported with the libraries it needs on first use."""

    def extract(data: bytes, name: str) -> Extract:
        reader: Reader = importlib.import_module(f"{__name__}.{module}").extract
        return reader(data, name)

    return extract


READERS: dict[str, Reader] = {
    ".txt": _reader("text"),
    ".text": _reader("text"),
    ".log": _reader("text"),
    ".md": _reader("markdown"),
    ".markdown": _reader("markdown"),
    ".html": _reader("html"),
    ".htm": _reader("html"),
    ".xhtml": _reader("html"),
    ".pdf": _reader("pdf"),
    ".docx": _reader("office"),
    ".csv": _reader("tables"),
    ".tsv": _reader("tables"),
}
SUFFIXES = frozenset(READERS)


def read(data: bytes, path: Path) -> Document:
    """The document in a file's bytes; the path names it and chooses the reader.

    Raises ReadError, whose reason completes a sentence that begins with the file's name."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise ReadError(f"is of a kind that is not read; supported are {' '.join(sorted(SUFFIXES))}")
    if not data:
        raise ReadError("is empty")
    if len(data) > MAX_FILE_BYTES:
        raise ReadError(f"is larger than {MAX_FILE_BYTES // 10**6} MB; split it")
    try:
        extract = reader(data, path.name)
    except ReadError:
        raise
    except Exception as error:  # whatever a file does to a library costs that file alone
        log.info("%s cannot be read", path, exc_info=True)
        raise ReadError(f"cannot be read ({type(error).__name__}); save it in a simpler form") from error
    return Document(str(path), extract.title, extract.text, extract.marks, extract.url)


__all__ = ["MAX_FILE_BYTES", "READERS", "SUFFIXES", "Extract", "Reader", "read"]
