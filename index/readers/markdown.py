"""Markdown: rendered to HTML and read as that, so that both become the same plain text."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from lxml import etree  # lxml ships no types
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML

from index.readers.addresses import own_address
from index.readers.decoding import decode
from index.readers.html import build, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from markdown_it.token import Token

    from index.readers.base import Extract

# Only where its first line is a key: a document may begin with a rule, too.
_FRONT_MATTER = re.compile(
    r"\s*---[ \t]*\n(?=[\w-]+[ \t]*:)(.*?)^(?:---|\.\.\.)[ \t]*$", re.DOTALL | re.MULTILINE
)
_FRONT_FIELD = r"^{}[ \t]*:(.+)"
_FRONT_TITLE = re.compile(_FRONT_FIELD.format("title"), re.IGNORECASE | re.MULTILINE)
_FRONT_URL = re.compile(_FRONT_FIELD.format("url"), re.IGNORECASE | re.MULTILINE)
_LABEL = re.compile(r"[^\W\d_][\w ./-]{0,40}:\s")
_DEEPEST = 100  # what is nested deeper is not read


class _Renderer(RendererHTML):
    """Lets no tag of raw HTML reach over the rest of the document."""

    def html_block(self, tokens: Sequence[Token], idx: int, *_: Any) -> str:
        return str(etree.tostring(parse(tokens[idx].content), encoding="unicode", method="html"))

    def html_inline(self, tokens: Sequence[Token], idx: int, *_: Any) -> str:
        return "<br>" if tokens[idx].content.startswith("<br") else ""

    def softbreak(self, tokens: Sequence[Token], idx: int, *_: Any) -> str:
        """Where a paragraph begins with a line such as "Author: Mira", others of that kind stay lines."""
        following = (tokens[n] for n in range(idx + 1, len(tokens)))
        return "<br>" if all(_LABEL.match(_line(rest)) for rest in (tokens, following)) else "\n"


def _line(tokens: Iterable[Token]) -> str:
    """What stands before the next line break."""
    return "".join(t.content for t in takewhile(lambda token: token.type != "softbreak", tokens))


def extract(data: bytes, name: str) -> Extract:
    """The title is the front matter's, else the first top heading."""
    source = decode(data).replace("\r\n", "\n").replace("\r", "\n")
    title = url = ""
    if front := _FRONT_MATTER.match(source):
        title, url = _field(_FRONT_TITLE, front[1]), own_address(_field(_FRONT_URL, front[1]))
        source = source[front.end() :]
    parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}, renderer_cls=_Renderer)
    parser.enable(["table", "strikethrough"])
    return build(parse(parser.render(source))).finish(name, title, url)


def _field(pattern: re.Pattern[str], front: str) -> str:
    found = pattern.search(front)
    return found[1].strip().strip("\"'") if found else ""
