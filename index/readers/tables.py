"""CSV and TSV: each row a line, read with the headers over it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from itertools import chain, islice
from pathlib import PurePath

from index.errors import ReadError
from index.readers.base import MAX_FILE_BYTES, Builder, Extract, name_as_title, one_line, row_line
from index.readers.decoding import decode

_SAMPLE_CHARS = 16_000
_SAMPLE_ROWS = 50
_NUMBER = re.compile(r"(?!(?:19|20)\d\d$)\W*\d[\d.,\s]*\W*")  # but a year may head a column
_TITLED = 3  # columns; of two one may well be empty
_EXCELS_LINE = re.compile(r'"?sep=([^"\r\n])"?[ \t]*(?:\r\n?|\n|\Z)', re.IGNORECASE)
csv.field_size_limit(MAX_FILE_BYTES)  # a text has a limit of its own


def extract(data: bytes, name: str) -> Extract:
    """What stands over the headers, a title for example, is kept line by line, as is a header
    alone; cells beyond the headers stand without one."""
    delimiter, text = _delimited(decode(data), name)
    rows = csv.reader(io.StringIO(text, newline=None), delimiter=delimiter)
    builder = Builder()
    try:
        full_rows = (row for row in rows if any(map(str.strip, row)))
        sample = list(islice(full_rows, _SAMPLE_ROWS))
        over = _rows_over_headers(sample)
        for row in sample[:over]:
            builder.line(row_line((), row))
        builder.gap()
        headers = [one_line(header) for row in sample[over : over + 1] for header in row]
        for row in chain(sample[over + 1 :], full_rows):
            builder.line(row_line(headers, row))
        if len(sample) == over + 1:
            builder.line(row_line((), headers))
    except csv.Error as e:
        raise ReadError("is not a readable table; save it as CSV again") from e
    return builder.finish(name, name_as_title(name))


def _rows_over_headers(rows: Sequence[Sequence[str]]) -> int:
    """How many come before the headers: those that fill their first cell alone, where rows fill three or
    more. Headers are no numbers, so that a row of these has its headers above it."""
    filled = [[bool(cell.strip()) for cell in row] for row in rows]
    if max(map(sum, filled), default=0) < _TITLED:
        return 0
    first = next((n for n, cells in enumerate(filled) if sum(cells) > 1 or not cells[0]), 0)
    return 0 if any(map(_NUMBER.fullmatch, rows[first])) else first


def _delimited(text: str, name: str) -> tuple[str, str]:
    """The delimiter, and the text without the line that names it for Excel."""
    if named := _EXCELS_LINE.match(text):
        return named[1], text[named.end() :]
    if PurePath(name).suffix.lower() == ".tsv":
        return "\t", text
    try:
        return csv.Sniffer().sniff(text[:_SAMPLE_CHARS], delimiters=",;\t|").delimiter, text
    except csv.Error:  # nothing to tell them by
        return ",", text
