"""HTML: what a reader of the page would see, but for what surrounds the document (navigation, controls)."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import count, islice, repeat
from typing import TYPE_CHECKING, Any

from bs4.dammit import EncodingDetector
from lxml import etree  # lxml ships no types
from lxml.html import defs  # nor these

from index.errors import ReadError
from index.readers.addresses import own_address
from index.readers.base import Builder, Extract, one_line, prose
from index.readers.decoding import decode
from index.readers.grid import Cell, Grid

if TYPE_CHECKING:
    from collections.abc import Iterator

_SILENT = frozenset(("head", "title", "script", "style", "noscript", "template"))
_EMBEDDED = frozenset(("svg", "canvas", "audio", "video", "iframe", "object"))
_CONTROLS = frozenset(("nav", "button", "select", "textarea", "datalist"))
_UNSEEN = _SILENT | _EMBEDDED | _CONTROLS
_SECTIONS = frozenset(("article", "aside", "body", "footer", "header", "main", "section"))
_GROUPS = frozenset(("details", "dialog", "figcaption", "figure", "summary"))
_BLOCKS = (defs.block_tags | _SECTIONS | _GROUPS) - {"del", "ins"}
_PARTS = frozenset(("div", "p"))
_TERMED = frozenset(("dd", "dt"))
_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CANONICAL = "//link[contains(concat(' ', normalize-space(@rel), ' '), ' canonical ')]/@href"
_OG_URL = "//meta[@property = 'og:url']/@content"
_DEEPEST_INDENT = 8


def extract(data: bytes, name: str) -> Extract:
    """The title is the page's, else its first top heading."""
    root = parse(decode(data, EncodingDetector.find_declared_encoding(data, is_html=True)))
    url = own_address(*root.xpath(_CANONICAL), *root.xpath(_OG_URL))
    return build(root).finish(name, root.findtext(".//title") or "", url)


def parse(markup: str) -> Any:
    """The root element of an HTML page or a part of one, however malformed."""
    parser = etree.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=True)
    root = etree.fromstring(markup, parser)
    if parser.error_log.filter_from_fatals():  # the rest of the page is lost
        raise ReadError("is nested too deeply; save it in a simpler form")
    return etree.Element("html") if root is None else root


def build(root: Any) -> Builder:
    """A builder that holds what a reader of the page would see."""
    page = _Page()
    page.walk(root)
    return page.builder


class _Page:
    """Walks a tree, without recursion, and says its words block by block.

    Words in a heading, a term or a table's cell are held back until it ends."""

    def __init__(self) -> None:
        self.builder = Builder()
        self._words: list[str] = []
        self._held = 0
        self._verbatim = 0
        self._lists: list[Iterator[str]] = []  # the markers to come, one list in another
        self._marker = ""
        self._term = ""  # to be said with what it means
        self._last_term = ""
        self._grids: list[Grid | None] = []  # None for a table that only lays out a page
        self._row: list[Cell] = []

    def walk(self, root: Any) -> None:
        unseen = None
        events = etree.iterwalk(root, events=("start", "end"))
        for event, element in events:
            if event == "end":
                if element is not unseen:
                    self._visit(_END, element)
                self._say(element.tail)
            elif _is_unseen(element):
                unseen = element
                events.skip_subtree()
            else:
                self._visit(_START, element)
                self._say(element.text)
        self._flush()

    def _visit(self, actions: dict[str, _Action], element: Any) -> None:
        if element.tag in _BLOCKS:
            self._flush(goes_on=element.tag in _PARTS or (actions is _START and element.tag in _TERMED))
        if action := actions.get(element.tag):
            action(self, element)

    def _say(self, text: str | None) -> None:
        if text:
            self._words.append(text if self._verbatim else text.replace("\n", " "))

    def _flush(self, *, goes_on: bool = False) -> None:
        """Say the words so far; a term by itself only where what it means does not go on."""
        if self._held:
            self._words.append(" ")
            return
        said = self._take()
        is_blank = not said or said.isspace()
        if is_blank and (goes_on or not self._term):
            return
        text = said.strip("\n") if self._verbatim else prose(said)
        if self._term:
            self._marker = self._term if is_blank else _before_meaning(self._term)
            self._term = ""
        if not self._lists:
            self.builder.block(f"{self._marker}{text}")
        else:
            indent = "  " * (min(len(self._lists), _DEEPEST_INDENT) - 1)
            self.builder.line(f"{indent}{self._marker or '  '}{text}")
        self._marker = ""

    def _take(self) -> str:
        text = "".join(self._words)
        self._words.clear()
        return text

    def line_break(self, _: Any) -> None:
        self._words.append("\n")

    def image(self, element: Any) -> None:
        self._words.append(f" {element.get('alt', '')} ")

    def start_verbatim(self, _: Any) -> None:
        self._verbatim += 1

    def end_verbatim(self, _: Any) -> None:
        self._verbatim -= 1

    def start_list(self, element: Any) -> None:
        self._last_term = ""
        if not self._lists:
            self.builder.gap()
        numbers = count(_number(element, "start"))
        self._lists.append((f"{n}. " for n in numbers) if element.tag == "ol" else repeat("- "))

    def end_list(self, _: Any) -> None:
        self._last_term = ""
        self._lists.pop()
        if not self._lists:
            self.builder.gap()

    def start_item(self, _: Any) -> None:
        self._marker = next(self._lists[-1]) if self._lists else ""

    def start_term(self, element: Any) -> None:
        self._last_term = ""
        if not _is_headed(element):
            self._held += 1

    def end_term(self, element: Any) -> None:
        if _is_headed(element):
            return
        self._held -= 1
        if not self._held and (term := one_line(self._take())):
            self._term = self._last_term = f"{self._term}, {term}" if self._term else term

    def start_meaning(self, _: Any) -> None:
        self._term = self._last_term  # again, where there are several

    def hold(self, _: Any) -> None:
        self._held += 1

    def end_heading(self, element: Any) -> None:
        self._held -= 1
        if not self._held:
            self.builder.heading(int(element.tag[1]), self._take())

    def end_summary(self, _: Any) -> None:
        self._held -= 1
        if not self._held:
            self.builder.heading(_SUMMARY, self._take())

    def end_details(self, _: Any) -> None:
        self.builder.end(_SUMMARY)

    def start_table(self, element: Any) -> None:
        self._grids.append(None if _is_headed(element, "table") else Grid())
        self.builder.gap()

    def end_table(self, _: Any) -> None:
        self.end_row(None)
        grid = self._grids.pop()
        self.builder.line(grid.rest() if grid else "")
        self.builder.gap()

    def end_row(self, _: Any) -> None:
        grid = self._grids[-1] if self._grids else None
        if grid and self._row:
            self.builder.line(grid.row(self._row))
            self._row = []

    def start_cell(self, _: Any) -> None:
        if self._grids and self._grids[-1]:
            self._held += 1

    def end_cell(self, element: Any) -> None:
        if not (self._grids and self._grids[-1]):
            return
        self._held -= 1
        if not self._held:
            over = [above.tag for above in islice(element.iterancestors(), 2)]
            is_header = element.tag == "th" or "thead" in over
            spans = _number(element, "colspan"), _number(element, "rowspan")
            self._row.append(Cell(self._take(), is_header, *spans))


_SUMMARY = 7  # the level of a summary, under every heading
_LEVELS = [f"h{level}" for level in range(1, 7)]
_Action = Callable[[_Page, Any], None]
_START: dict[str, _Action] = {
    "br": _Page.line_break,
    "img": _Page.image,
    "pre": _Page.start_verbatim,
    **dict.fromkeys(("ul", "ol", "dl"), _Page.start_list),
    "li": _Page.start_item,
    "dt": _Page.start_term,
    "dd": _Page.start_meaning,
    **dict.fromkeys((*_LEVELS, "summary"), _Page.hold),
    "table": _Page.start_table,
    "tr": _Page.end_row,
    **dict.fromkeys(("td", "th"), _Page.start_cell),
}
_END: dict[str, _Action] = {
    "pre": _Page.end_verbatim,
    **dict.fromkeys(("ul", "ol", "dl"), _Page.end_list),
    "dt": _Page.end_term,
    **dict.fromkeys(_LEVELS, _Page.end_heading),
    "summary": _Page.end_summary,
    "details": _Page.end_details,
    "table": _Page.end_table,
    "tr": _Page.end_row,
    **dict.fromkeys(("td", "th"), _Page.end_cell),
}


def _before_meaning(term: str) -> str:
    return f"{term} " if term.endswith((":", "?", "!", ".", "…")) else f"{term}: "


def _is_headed(element: Any, *others: str) -> bool:
    """Whether a heading, or one of `others`, is in it."""
    return next(element.iterdescendants(*_LEVELS, *others), None) is not None


def _is_unseen(element: Any) -> bool:
    style = element.get("style")
    return (
        element.tag in _UNSEEN
        or element.get("hidden") is not None
        or (style is not None and _HIDING_STYLE.search(style) is not None)
    )


def _number(element: Any, attribute: str) -> int:
    digits = element.get(attribute, "")[:4]
    return int(digits) if digits.isdecimal() else 1
