"""Plain text: its lines as they stand."""

from __future__ import annotations

import re

from index.readers.base import Builder, Extract, one_line
from index.readers.decoding import decode

_BLANK_LINES = re.compile(r"\n{3,}")
_TITLE_CHARS = 100


def extract(data: bytes, name: str) -> Extract:
    """A form feed, where there is one, ends a page. The title is the first line, if it is short."""
    text = decode(data).replace("\r\n", "\n").replace("\r", "\n")
    pages = text.split("\f")
    builder = Builder()
    for number, page in enumerate(pages, 1):
        tidy = _BLANK_LINES.sub("\n\n", "\n".join(map(str.rstrip, page.split("\n"))))
        if len(pages) == 1:
            builder.block(tidy)
        else:
            builder.page(number, tidy)
    first = one_line(text.lstrip().partition("\n")[0])
    return builder.finish(name, first if len(first) <= _TITLE_CHARS else "")
