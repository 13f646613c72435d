from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.constants import PageLabelStyle
from reportlab.pdfgen import canvas

import index
from index.errors import ReadError
from index.readers import read
from index.readers.pdf_child import ENGINES

ROOT = Path(index.__file__).parents[1]

if TYPE_CHECKING:
    from index.types import Document


def made(*pages: list[str], title: str = "") -> bytes:
    buffer = io.BytesIO()
    page = canvas.Canvas(buffer)
    if title:
        page.setTitle(title)
    for lines in pages:
        for n, line in enumerate(lines):
            page.drawString(72, 760 - 14 * n, line)
        page.showPage()
    page.save()
    return buffer.getvalue()


def written(writer: PdfWriter) -> bytes:
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def encrypted() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(made(PAGE))))
    writer.encrypt("secret", algorithm="RC4-128")
    return written(writer)


def parsed(data: bytes) -> Document:
    return read(data, Path("some_report.pdf"))


def child_on(data: bytes, engine: str) -> bytes:
    command = [sys.executable, "-m", "index.readers.pdf_child", engine]
    return subprocess.run(command, input=data, capture_output=True, check=True, cwd=ROOT).stdout


PAGE = [
    "Findings of the review",
    "The commission established that the infor-",
    "mation was incomplete and it asked for a new",
    "report by March. The council agreed.",
]


def test_wrapped_lines_are_joined_and_hyphenated_words_whole() -> None:
    assert parsed(made(PAGE)).text == (
        "Findings of the review\n\nThe commission established that the information was incomplete "
        "and it asked for a new report by March. The council agreed."
    )


def test_pages_are_marked_by_their_labels_and_empty_ones_left_out() -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(made(["Preface."], [], ["Chapter."], ["End."]))))
    writer.set_page_label(0, 1, style=PageLabelStyle.LOWERCASE_ROMAN)
    writer.set_page_label(2, 3, style=PageLabelStyle.DECIMAL)
    document = parsed(written(writer))
    found = [(mark.label, document.text[mark.start : mark.end]) for mark in document.marks]
    assert found == [("i", "Preface."), ("1", "Chapter."), ("2", "End.")]


def test_a_page_s_label_is_a_short_line() -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(made(["Text."], ["More."], ["End."]))))
    for page, prefix in enumerate(("A\n  B", "x" * 30_000, "\x00\n")):
        writer.set_page_label(page, page, prefix=prefix)
    assert [mark.label for mark in parsed(written(writer)).marks] == ["A B", "x" * 50, "3"]


def test_the_title_is_the_file_s_own_if_a_person_wrote_it() -> None:
    assert parsed(made(["Text."], title="Leave in 2024")).title == "Leave in 2024"
    assert parsed(made(["Text."])).title == "Some report"


def test_an_encrypted_file_is_refused() -> None:
    with pytest.raises(ReadError, match="is encrypted; save it without a password"):
        parsed(encrypted())


@pytest.mark.parametrize("engine", ENGINES)
def test_either_engine_tells_an_encrypted_file(engine: str) -> None:
    assert b"is encrypted" in child_on(encrypted(), engine)


def test_a_file_without_text_is_refused_with_the_remedy() -> None:
    with pytest.raises(ReadError, match=r"has no text \(a scan\?\); run OCR first"):
        parsed(made([]))


@pytest.mark.parametrize("data", [b"no PDF at all", b"%PDF-1.7\nnothing", made(PAGE)[:400]])
def test_a_broken_file_is_refused(data: bytes) -> None:
    with pytest.raises(ReadError, match="is not a readable PDF"):
        parsed(data)


def test_too_many_pages_are_refused() -> None:
    writer = PdfWriter()
    for _ in range(5001):
        writer.add_blank_page(10, 10)
    with pytest.raises(ReadError, match="more than 5,000 pages; split it"):
        parsed(written(writer))


@pytest.mark.parametrize("engine", ENGINES)
def test_either_engine_reads_the_words(engine: str) -> None:
    said = child_on(made(PAGE, ["Second."]), engine)
    assert b"The council agreed." in said
    assert b"Second." in said


def test_the_child_cannot_take_more_memory_than_it_may() -> None:
    code = "from index.readers import pdf_child; pdf_child.limit(); bytearray(2 * 10**9)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, cwd=ROOT)
    assert b"MemoryError" in run.stderr
