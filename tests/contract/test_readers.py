"""What every reader keeps to, whatever the format."""

from __future__ import annotations

import io
import itertools
from dataclasses import dataclass
from pathlib import Path

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reportlab.pdfgen import canvas

from index.errors import ReadError
from index.readers import READERS, SUFFIXES, read
from index.types import Document, Mark, MarkKind

SENTENCE = "Parental leave lasts twenty weeks, says the café’s 漢字 note 😀."
LATIN_SENTENCE = "Parental leave lasts twenty weeks."
ROW = "Kind: Parental; Days: 20"


@dataclass(frozen=True)
class Sample:
    """A small document and what must be found in it."""

    data: bytes
    sentence: str = SENTENCE
    heading: str | None = None
    row: str | None = None
    page: str | None = None


def _text() -> Sample:
    return Sample(f"Staff handbook\r\n\r\n{SENTENCE}\r\n".encode())


def _markdown() -> Sample:
    table = "| Kind | Days |\n|---|---|\n| Parental | 20 |\n"
    return Sample(f"# Staff\n\n## Leave\n\n*{SENTENCE}*\n\n{table}".encode(), heading="Leave", row=ROW)


def _html() -> Sample:
    table = "<table><tr><th>Kind<th>Days<tr><td>Parental<td>20</table>"
    page = f"<meta charset=utf-8><h1>Staff</h1><h2>Leave</h2><p>{SENTENCE}</p>{table}"
    return Sample(page.encode(), heading="Leave", row=ROW)


def _pdf() -> Sample:
    buffer = io.BytesIO()
    page = canvas.Canvas(buffer)
    for text in (LATIN_SENTENCE, "The second page."):
        page.drawString(72, 700, text)
        page.showPage()
    page.save()
    return Sample(buffer.getvalue(), sentence=LATIN_SENTENCE, page="2")


def _docx() -> Sample:
    document = docx.Document()
    document.add_heading("Staff", 1)
    document.add_heading("Leave", 2)
    document.add_paragraph(SENTENCE)
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ("Kind", "Days", "Parental", "20"), strict=True):
        cell.text = text
    buffer = io.BytesIO()
    document.save(buffer)
    return Sample(buffer.getvalue(), heading="Leave", row=ROW)


def _table(separator: str) -> Sample:
    rows = (("Kind", "Days", "Note"), ("Parental", "20", f'"{SENTENCE}"'))
    return Sample("\r\n".join(map(separator.join, rows)).encode(), row=f"{ROW}; Note: {SENTENCE}")


SAMPLES = {
    **dict.fromkeys((".txt", ".text", ".log"), _text()),
    **dict.fromkeys((".md", ".markdown"), _markdown()),
    **dict.fromkeys((".html", ".htm", ".xhtml"), _html()),
    ".pdf": _pdf(),
    ".docx": _docx(),
    ".csv": _table(","),
    ".tsv": _table("\t"),
}
every_suffix = pytest.mark.parametrize("suffix", sorted(READERS))
# A PDF costs a process or two.
one_of_each_kind = pytest.mark.parametrize("suffix", [".txt", ".md", ".html", ".docx", ".csv"])
fuzz = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def check(document: Document) -> None:
    """What holds for every document a reader returns."""
    text = document.text
    assert text.strip()
    assert document.title.strip()
    assert "\n" not in document.title
    assert not {"\r", "\x00"} & set(text)
    text.encode()  # a lone surrogate would raise
    assert all(0 <= mark.start < mark.end <= len(text) for mark in document.marks)
    headings = [mark for mark in document.marks if mark.kind is MarkKind.HEADING]
    assert all(text.startswith(mark.label, mark.start) for mark in headings)
    check_nested(headings)
    pages = [mark for mark in document.marks if mark.kind is MarkKind.PAGE]
    assert all(one.end <= other.start for one, other in itertools.pairwise(pages))
    if pages:
        ends = zip(
            [0, *(page.end for page in pages)], [*(page.start for page in pages), len(text)], strict=True
        )
        assert all(not text[start:end].strip() for start, end in ends), "characters on no page"


def check_nested(headings: list[Mark]) -> None:
    open_ends: list[int] = []
    for mark in headings:
        while open_ends and open_ends[-1] <= mark.start:
            open_ends.pop()
        assert not open_ends or mark.end <= open_ends[-1]
        open_ends.append(mark.end)


def read_or_refuse(data: bytes, suffix: str) -> None:
    """Anything but a document or a ReadError fails the test."""
    try:
        check(read(data, Path(f"/docs/some_file{suffix}")))
    except ReadError as e:
        reason = e.reason
    else:
        reason = "read"
    assert reason
    assert "\n" not in reason


def test_every_reader_has_a_sample() -> None:
    assert set(SAMPLES) == set(READERS) == SUFFIXES


@every_suffix
def test_finds_what_the_sample_says(suffix: str) -> None:
    sample = SAMPLES[suffix]
    path = Path(f"/docs/staff_handbook{suffix.upper()}")
    document = read(sample.data, path)
    check(document)
    assert document.uri == str(path)
    assert sample.sentence in document.text
    labels = {(mark.kind, mark.label) for mark in document.marks}
    assert sample.heading is None or (MarkKind.HEADING, sample.heading) in labels
    assert sample.page is None or (MarkKind.PAGE, sample.page) in labels
    assert sample.row is None or sample.row in document.text.split("\n")


@every_suffix
def test_reading_twice_gives_the_same_document(suffix: str) -> None:
    path = Path(f"/docs/x{suffix}")
    assert read(SAMPLES[suffix].data, path) == read(SAMPLES[suffix].data, path)


@every_suffix
@pytest.mark.parametrize(
    "data", [b"", b" \n\t\n ", bytes(range(256)) * 40], ids=["empty", "blank", "binary"]
)
def test_what_holds_no_text_is_refused(suffix: str, data: bytes) -> None:
    with pytest.raises(ReadError):
        read(data, Path(f"x{suffix}"))


@one_of_each_kind
@fuzz
@given(data=st.binary(min_size=1, max_size=400))
def test_random_bytes_are_read_or_refused(suffix: str, data: bytes) -> None:
    read_or_refuse(data, suffix)


@one_of_each_kind
@fuzz
@given(data=st.data())
def test_damaged_samples_are_read_or_refused(suffix: str, data: st.DataObject) -> None:
    whole = SAMPLES[suffix].data
    cut = data.draw(st.integers(0, len(whole)), label="cut at")
    junk = data.draw(st.binary(max_size=8), label="overwritten with")
    at = data.draw(st.integers(0, len(whole)), label="overwritten at")
    read_or_refuse((whole[:at] + junk + whole[at + len(junk) :])[:cut], suffix)


@settings(max_examples=6, deadline=None)
@given(data=st.data())
def test_damaged_pdfs_are_read_or_refused(data: st.DataObject) -> None:
    whole = SAMPLES[".pdf"].data
    at = data.draw(st.integers(20, len(whole)), label="damaged from")
    junk = data.draw(st.binary(max_size=40), label="junk")
    read_or_refuse(whole[:at] + junk, ".pdf")


@one_of_each_kind
@fuzz
@given(text=st.text(min_size=1, max_size=300))
def test_any_characters_are_read_or_refused(suffix: str, text: str) -> None:
    read_or_refuse(text.encode("utf-8", "surrogatepass"), suffix)


TAGS = """
<table> </table> <tr> <td> <th> <thead> <td+rowspan=3> <th+colspan=2> </td> <h1> <h2> </h1> <pre> </pre> <p>
<br> <ul> <ol> <li> </ul> <dl> <dt> <dd> </dl> <div+hidden> </div>
<nav> <script> </script> word &#13; &#0; &#xD800;
"""


@settings(max_examples=200, deadline=None)
@given(tags=st.lists(st.sampled_from(TAGS.split()), max_size=30))
def test_tags_in_any_order_are_read_or_refused(tags: list[str]) -> None:
    read_or_refuse("".join(tags).replace("+", " ").encode() + b" end", ".html")
