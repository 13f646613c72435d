"""Reads a PDF in a process of its own: `python -m index.readers.pdf_child ENGINE`.

The file comes on stdin. On stdout goes JSON: {"title": ..., "pages": [[label, text], ...]} or
{"refusal": reason}. What a broken or hostile file crashes or exhausts is this process only."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING, Any

from index.errors import ReadError
from index.readers.base import MAX_TEXT_CHARS, TOO_MUCH_TEXT

if sys.platform != "win32":
    import resource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CPU_SECONDS = 20
MAX_MEMORY_BYTES = 1_500_000_000
MAX_PAGES = 5_000
_ENCRYPTED = "is encrypted; save it without a password"


class Pdf:
    """A title, a number of pages, and the pages' labels and texts one by one."""

    def __init__(self, title: str, count: int, pages: Iterator[tuple[str, str]]) -> None:
        self.title = title
        self.count = count
        self.pages = pages


def _pdfium(data: bytes) -> Pdf:
    import pypdfium2  # untyped; only the engine in use is loaded

    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as e:
        if e.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD:
            raise ReadError(_ENCRYPTED) from e
        raise
    pages = ((pdf.get_page_label(i), page.get_textpage().get_text_range()) for i, page in enumerate(pdf))
    return Pdf(pdf.get_metadata_value("Title"), len(pdf), pages)


def _pypdf(data: bytes) -> Pdf:
    from pypdf import PdfReader  # only the engine in use is loaded

    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise ReadError(_ENCRYPTED)
    pages = zip(reader.page_labels, (page.extract_text() for page in reader.pages), strict=True)
    return Pdf((reader.metadata and reader.metadata.title) or "", len(reader.pages), pages)


ENGINES: dict[str, Callable[[bytes], Pdf]] = {"pdfium": _pdfium, "pypdf": _pypdf}


def limit() -> None:
    """Take no more memory and processor time than a PDF is worth; no effect on Windows."""
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))


def main() -> None:
    """Answer for the file on stdin; anything unforeseen ends the process with a non-zero code."""
    limit()
    answer: dict[str, Any]
    try:
        pdf = ENGINES[sys.argv[1]](sys.stdin.buffer.read())
        answer = {"title": pdf.title, "pages": _within_limits(pdf)}
    except ReadError as e:
        answer = {"refusal": e.reason}
    json.dump(answer, sys.stdout)


def _within_limits(pdf: Pdf) -> list[tuple[str, str]]:
    if pdf.count > MAX_PAGES:
        raise ReadError(f"has more than {MAX_PAGES:,} pages; split it")
    pages = []
    chars = 0
    for label, text in pdf.pages:
        pages.append((label, text))
        chars += len(label) + len(text)
        if chars > MAX_TEXT_CHARS:
            raise ReadError(TOO_MUCH_TEXT)
    return pages


if __name__ == "__main__":
    main()
