"""Tables whose cells span rows and columns, read row by row."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TYPE_CHECKING

from index.readers.base import MAX_LABEL_CHARS, one_line, row_line

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_COLUMNS = 1000


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell and how many columns and rows it takes."""

    text: str
    is_header: bool = False
    columns: int = 1
    rows: int = 1


class Grid:
    """Reads rows with the headers over them. A header over several columns holds for each, a cell
    over several rows is in each."""

    def __init__(self) -> None:
        self._headers: list[str] = []
        self._header_chars = 0  # at most, of the longest
        self._in_body = False
        self._hanging: dict[int, tuple[int, str]] = {}  # column -> rows left to fill, text

    def row(self, cells: Sequence[Cell]) -> str:
        """The next row as a line; "" for a row of headers, which the rows below it will name."""
        cells = [replace(cell, text=one_line(cell.text)) for cell in cells]
        if self._names_columns(cells):
            self._header_chars += max((len(cell.text) for cell in cells), default=0)
            pairs = zip_longest(self._headers, self._columns(cells, repeat=True), fillvalue="")
            self._headers = [f"{over} {text}".strip() if over != text else over for over, text in pairs]
            return ""
        self._in_body = True
        texts = self._columns(cells, repeat=False)
        if not self._headers and len(cells) > 1 and cells[0].is_header:  # the row's own: "Born | 1815"
            return row_line((texts[0].rstrip(":"),), (row_line((), texts[1:]),))
        return row_line(self._headers, texts)

    def rest(self) -> str:
        """The headers as a line where no row came to name them, else ""."""
        return "" if self._in_body else row_line((), self._headers)

    def _names_columns(self, cells: Sequence[Cell]) -> bool:
        """Never with more than a heading may have: the headers are said in every row."""
        is_caption = len(cells) == 1 and cells[0].columns > 1
        room = MAX_LABEL_CHARS - self._header_chars
        are_headers = all(cell.is_header and len(cell.text) <= room for cell in cells)
        return not self._in_body and not is_caption and are_headers

    def _columns(self, cells: Sequence[Cell], *, repeat: bool) -> list[str]:
        columns: list[str] = []
        for cell in cells:
            self._hang_in(columns)
            for n in range(max(1, min(cell.columns, _MOST_COLUMNS - len(columns)))):
                text = cell.text if repeat or n == 0 else ""
                if cell.rows > 1:
                    self._hanging[len(columns)] = (cell.rows - 1, text)
                columns.append(text)
        self._hang_in(columns)
        return columns

    def _hang_in(self, columns: list[str]) -> None:
        """Fill the next columns with the cells that hang down into this row."""
        while hanging := self._hanging.pop(len(columns), None):
            rows, text = hanging
            if rows > 1:
                self._hanging[len(columns)] = (rows - 1, text)
            columns.append(text)
