"""Word documents (DOCX): paragraphs, headings, lists and tables in their order."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import docx
from docx.exceptions import PythonDocxError
from docx.oxml.ns import qn
from lxml import etree  # lxml ships no types

from index.errors import ReadError
from index.readers.base import Builder, Extract, metadata_title, one_line, prose
from index.readers.grid import Cell, Grid
from index.readers.numbering import Numbering
from index.readers.zips import check_zip

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from docx.document import Document as Docx

_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
# What a file that is not (or no longer) a Word document makes the libraries raise.
_PACKAGE_ERRORS = (zipfile.BadZipFile, zlib.error, etree.LxmlError, PythonDocxError, EOFError, OSError)
_CONTENT_ERRORS = (AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
_P, _TBL, _TR, _TC, _T = (qn(f"w:{tag}") for tag in ("p", "tbl", "tr", "tc", "t"))
# Wrappers around blocks: content controls, insertions, custom markup.
_WRAPPERS = {qn(f"w:{tag}") for tag in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag")}
# What was taken back, and the second version of what newer programs draw.
_UNSEEN = {
    qn("w:del"),
    qn("w:moveFrom"),
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}
_SIGNS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_NUM_ID, _DEPTH = (f"{qn('w:pPr')}/{qn('w:numPr')}/{qn(tag)}" for tag in ("w:numId", "w:ilvl"))
_STYLE = f"{qn('w:pPr')}/{qn('w:pStyle')}"
_BASE, _NAME = qn("w:basedOn"), qn("w:name")
_HEADING = re.compile(r"heading ([1-9])", re.IGNORECASE)
_LONGEST_STYLE_CHAIN = 12
_DEEPEST_LIST = 8


def extract(data: bytes, name: str) -> Extract:
    """The title is the paragraph styled as one, else the file's own, else the first top heading."""
    if data.startswith(_OLE_MAGIC):
        is_encrypted = _ENCRYPTED_STREAM in data
        raise ReadError(
            "is encrypted; save it without a password"
            if is_encrypted
            else "is an old Word file; save it as .docx"
        )
    try:
        check_zip(data)
        document = docx.Document(io.BytesIO(data))
        body = _Body(document)
        for block in _within(document.element.body, {_P, _TBL}):
            body.add(block)
        return body.builder.finish(name, body.title or metadata_title(document.core_properties.title))
    except (*_PACKAGE_ERRORS, *_CONTENT_ERRORS) as e:
        raise ReadError("is not a readable Word document") from e


@dataclass(frozen=True, slots=True)
class _Style:
    """What a paragraph's style, with those it is based on, says of it."""

    names: tuple[str, ...] = ()
    number: str = ""
    depth: str = ""

    @property
    def heading_level(self) -> int | None:
        """0 for a title, 1 to 9 for a heading."""
        if "title" in self.names:
            return 0
        return next((int(match[1]) for name in self.names if (match := _HEADING.fullmatch(name))), None)

    @property
    def is_contents(self) -> bool:
        return any(name.startswith("toc ") for name in self.names)


class _Body:
    """Adds a body's blocks to a builder."""

    def __init__(self, document: Docx) -> None:
        self.builder = Builder()
        self.title = ""
        styles = {element.styleId: element for element in document.styles.element.style_lst}
        self._styles = {name: _style(element, styles) for name, element in styles.items()}
        parts = (
            rel.target_part for rel in document.part.rels.values() if rel.reltype.endswith("/numbering")
        )
        self._numbering = Numbering(next((part.element for part in parts), None))

    def add(self, block: Any) -> None:
        if block.tag == _TBL:
            self._add_table(block)
        else:
            self._add_paragraph(block)

    def _add_paragraph(self, paragraph: Any) -> None:
        text = prose(_text(paragraph))
        style = self._styles.get(_value(paragraph, _STYLE), _Style())
        if not text or style.is_contents:  # a table of contents only repeats the headings
            return
        number = _value(paragraph, _NUM_ID) or style.number
        depth = min(int(_value(paragraph, _DEPTH) or style.depth or 0), _DEEPEST_LIST)
        marker = self._numbering.marker(number, depth) if number not in {"", "0"} else ""
        level = style.heading_level
        if level is not None:
            self.builder.heading(level, f"{marker} {text}")
            self.title = self.title or (one_line(text) if level == 0 else "")
        elif marker:
            self.builder.line("  " * depth + f"{marker} {text}")
        else:
            self.builder.block(text)

    def _add_table(self, table: Any) -> None:
        """The first row holds the headers, as do those repeated on each page."""
        self.builder.gap()
        grid = Grid()
        above: dict[int, str] = {}  # column -> text of the cell merged downwards
        for n, row in enumerate(_within(table, {_TR})):
            is_header = n == 0 or row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
            cells: list[Cell] = []
            column = 0
            for cell in _within(row, {_TC}):
                columns = int(_value(cell, f"{qn('w:tcPr')}/{qn('w:gridSpan')}") or 1)
                merged = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
                goes_on = merged is not None and merged.get(qn("w:val")) != "restart"
                above[column] = above.get(column, "") if goes_on else _text(cell)
                cells.append(Cell(above[column], is_header, columns))
                column += columns
            self.builder.line(grid.row(cells))
        self.builder.line(grid.rest())
        self.builder.gap()


def _style(element: Any, styles: Mapping[str, Any]) -> _Style:
    chain = [element]
    while len(chain) < _LONGEST_STYLE_CHAIN and (base := styles.get(_value(chain[-1], _BASE))) is not None:
        chain.append(base)
    names = tuple(_value(link, _NAME).lower() for link in chain)
    number, depth = (
        next(filter(None, (_value(link, path) for link in chain)), "") for path in (_NUM_ID, _DEPTH)
    )
    return _Style(names, number, depth)


def _within(parent: Any, tags: set[str]) -> Iterator[Any]:
    """The children with one of `tags`, also those in wrappers."""
    for child in parent:
        if child.tag in tags:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _within(child, tags)


def _text(parent: Any) -> str:
    return "".join(_pieces(parent))


def _pieces(parent: Any) -> Iterator[str]:
    """The words of a paragraph or cell; a paragraph within (of a cell, a text box) ends its line."""
    for child in parent:
        if child.tag == _T:
            yield child.text or ""
        elif child.tag in _SIGNS:
            yield _SIGNS[child.tag]
        elif child.tag not in _UNSEEN:
            yield from _pieces(child)
            if child.tag == _P:
                yield "\n"


def _value(element: Any, path: str) -> str:
    found = element.find(path)
    return "" if found is None else str(found.get(qn("w:val"), ""))
