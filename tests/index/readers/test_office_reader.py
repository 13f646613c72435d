from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from index.errors import ReadError
from index.readers import read
from index.readers.numbering import Numbering
from index.types import Document, heading_at

if TYPE_CHECKING:
    from docx.document import Document as Docx


def saved(document: Docx) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def parsed(data: bytes) -> Document:
    return read(data, Path("some_file.docx"))


def zipped(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def test_blocks_come_in_their_order_with_their_headings() -> None:
    document = docx.Document()
    document.add_paragraph("Handbook", style="Title")
    document.add_heading("Leave", 1)
    document.add_paragraph("Some  text")
    for style in ("List Bullet", "List Bullet", "List Number", "List Number"):
        document.add_paragraph("item", style=style)
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ("Kind", "Days", "Sick\nleave", "10"), strict=True):
        cell.text = text
    document.add_heading("Pay", 1)
    found = parsed(saved(document))
    assert found.title == "Handbook"
    assert found.text == (
        "Handbook\n\nLeave\n\nSome text\n\n- item\n- item\n1. item\n2. item\n\n"
        "Kind: Sick leave; Days: 10\n\nPay"
    )
    assert heading_at(found.marks, found.text.index("Sick")) == "Handbook › Leave"


def test_cells_merged_downwards_are_in_each_row() -> None:
    document = docx.Document()
    table = document.add_table(3, 2)
    for cell, text in zip(table._cells, ("Name", "Year", "Ada", "1", "", "2"), strict=True):
        cell.text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    assert parsed(saved(document)).text == "Name: Ada; Year: 1\nName: Ada; Year: 2"


def test_insertions_and_controls_are_read_and_deletions_are_not() -> None:
    document = docx.Document()
    body = document.element.body
    run = "<w:r><w:t>{}</w:t></w:r>"
    deleted = "<w:r><w:delText>gone</w:delText></w:r>"
    body.insert(0, parse_xml(
        f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p>{run.format('kept ')}<w:ins>{run.format('new')}</w:ins>"
        f"<w:del>{deleted}</w:del><w:moveFrom>{run.format('moved')}</w:moveFrom></w:p></w:sdtContent></w:sdt>"
    ))  # fmt: skip
    assert parsed(saved(document)).text == "kept new"


def test_a_table_of_contents_is_left_out() -> None:
    document = docx.Document()
    document.styles.add_style("TOC 1", 1)
    document.add_paragraph("Leave\t7", style="TOC 1")
    document.add_heading("Leave", 1)
    assert parsed(saved(document)).text == "Leave"


def test_numbers_are_those_word_shows() -> None:
    level = '<w:lvl w:ilvl="{}"><w:numFmt w:val="{}"/><w:lvlText w:val="{}"/></w:lvl>'
    formats = ("decimal", "%1."), ("upperRoman", "%1.%2"), ("lowerLetter", "(%3)")
    levels = "".join(level.format(depth, *how) for depth, how in enumerate(formats))
    numbering = Numbering(parse_xml(
        f'<w:numbering {nsdecls("w")}><w:abstractNum w:abstractNumId="4">{levels}</w:abstractNum>'
        '<w:num w:numId="7"><w:abstractNumId w:val="4"/></w:num></w:numbering>'
    ))  # fmt: skip
    shown = [numbering.marker("7", depth) for depth in (0, 1, 1, 2, 2, 0, 1)]
    assert shown == ["1.", "1.I", "1.II", "(a)", "(b)", "2.", "2.I"]
    assert numbering.marker("99", 0) == "-"


@pytest.mark.parametrize("how", ["lowerLetter", "upperRoman"])
def test_numbers_that_are_out_of_all_reason_stay_short(how: str) -> None:
    document = docx.Document()
    document.add_paragraph("item", style="List Number")
    (numbering,) = (
        rel.target_part.element for rel in document.part.rels.values() if rel.reltype.endswith("/numbering")
    )
    for tag, value in (("numFmt", how), ("start", str(10**14))):
        for element in numbering.iter(qn(f"w:{tag}")):
            element.set(qn("w:val"), value)
    assert parsed(saved(document)).text == f"{10**14}. item"


def test_an_item_is_indented_as_far_as_word_can_and_no_farther() -> None:
    document = docx.Document()
    item = document.add_paragraph("item", style="List Bullet")
    level = parse_xml(f'<w:ilvl {nsdecls("w")} w:val="{10**14}"/>')
    item._p.get_or_add_pPr().get_or_add_numPr().append(level)
    assert parsed(saved(document)).text.strip() == "- item"


def test_the_title_is_the_file_s_own_where_no_paragraph_is_styled_as_one() -> None:
    document = docx.Document()
    document.core_properties.title = "Leave in 2024"
    document.add_heading("Introduction", 1)
    assert parsed(saved(document)).title == "Leave in 2024"


def test_a_zip_bomb_is_refused_unopened() -> None:
    with pytest.raises(ReadError, match="unpacks to far more than its size"):
        parsed(zipped(**{"word/document.xml": b" " * 11_000_000}))


@pytest.mark.parametrize("data", [b"no zip", zipped(a=b"b"), zipped(**{"[Content_Types].xml": b"<broken"})])
def test_a_broken_file_is_refused(data: bytes) -> None:
    with pytest.raises(ReadError, match="is not a readable Word document"):
        parsed(data)


@pytest.mark.parametrize(
    ("stream", "reason"),
    [("EncryptedPackage", "is encrypted"), ("WordDocument", "is an old Word file; save it as .docx")],
)
def test_the_old_container_is_told_apart(stream: str, reason: str) -> None:
    with pytest.raises(ReadError, match=reason):
        parsed(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600) + stream.encode("utf-16-le"))
