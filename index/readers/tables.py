"""CSV and TSV: each row a line, read with the headers in the first row."""

from __future__ import annotations

import csv
import io
from pathlib import PurePath

from index.errors import ReadError
from index.readers.base import MAX_FILE_BYTES, Builder, Extract, name_as_title, one_line, row_line
from index.readers.decoding import decode

_SAMPLE_CHARS = 16_000
csv.field_size_limit(MAX_FILE_BYTES)  # a text has a limit of its own


def extract(data: bytes, name: str) -> Extract:
    """A header alone stands as a line; cells beyond the headers stand without one."""
    text = decode(data)
    rows = csv.reader(io.StringIO(text, newline=None), delimiter=_delimiter(text, name))
    builder = Builder()
    try:
        full_rows = (row for row in rows if any(map(str.strip, row)))
        headers = [one_line(header) for header in next(full_rows, [])]
        for row in full_rows:
            builder.line(row_line(headers, row))
    except csv.Error as e:
        raise ReadError("is not a readable table; save it as CSV again") from e
    if builder.empty:
        builder.line(row_line((), headers))
    return builder.finish(name, name_as_title(name))


def _delimiter(text: str, name: str) -> str:
    if PurePath(name).suffix.lower() == ".tsv":
        return "\t"
    try:
        return csv.Sniffer().sniff(text[:_SAMPLE_CHARS], delimiters=",;\t|").delimiter
    except csv.Error:  # nothing to tell them by
        return ","
