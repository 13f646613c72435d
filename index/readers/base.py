"""What all readers share: their limits, what they return, and the builder of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import PurePath

from index.errors import ReadError
from index.types import Mark, MarkKind

MAX_FILE_BYTES = 64 * 10**6
MAX_TEXT_CHARS = 20 * 10**6
TOO_MUCH_TEXT = f"has more than {MAX_TEXT_CHARS // 10**6} MB of text; split it"
MAX_LABEL_CHARS = 300
MAX_PAGE_CHARS = 50
MAX_TITLE_CHARS = 200

_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# Control characters, lone surrogates, and what is invisible but breaks a word: soft hyphens, stray
# byte order marks, and U+FFFE, which PDFium leaves where it joined a hyphenated word.
_DROPPED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\ud800-\udfff\ufeff\ufffe\uffff]")
_WORD_BREAKS_IN_NAMES = re.compile(r"_+|(?<!\d)[-.]+|[-.]+(?!\d)")
# What programs write into a file's metadata when its author gave no title.
_NO_TITLE = re.compile(
    r"\W*(untitled|anonymous|document|dokument|word document|slide|title)?[\W\d]*|(microsoft \w+ - ).*"
    r"|.*\.(docx?|pdf|pptx?|indd|tex|dvi|odt|rtf|qxd|html?)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Extract:
    """What a reader finds in a file; `url` is the address that it names as its own."""

    title: str
    text: str
    marks: tuple[Mark, ...] = ()
    url: str = ""


Reader = Callable[[bytes, str], Extract]
"""From a file's bytes and its name (for want of a better title); raises ReadError."""


def clean(text: str) -> str:
    """Only characters a text may hold, lines ended by \\n, no-break spaces made plain."""
    return _DROPPED.sub("", _BREAKS.sub("\n", text)).replace("\xa0", " ")


def one_line(text: str) -> str:
    """The cleaned words with one space between."""
    return " ".join(clean(text).split())


def prose(text: str) -> str:
    """The words with one space between, lines only where `text` breaks them."""
    return "\n".join(filter(None, (" ".join(line.split()) for line in text.split("\n"))))


def name_as_title(name: str) -> str:
    """ "leave_policy-2024.txt" -> "Leave policy 2024"."""
    words = one_line(_WORD_BREAKS_IN_NAMES.sub(" ", PurePath(name).stem)) or one_line(name)
    return words[:1].upper() + words[1:]


def metadata_title(title: str | None) -> str:
    """A title from a file's metadata, or "" where a program rather than a person wrote it."""
    title = one_line(title or "")
    return "" if _NO_TITLE.fullmatch(title) else title


def row_line(headers: Iterable[str], cells: Iterable[str]) -> str:
    """A table's row as a line, read with its headers: "Name: Ada; Born: 1815"."""
    pairs = zip_longest(headers, (" ".join(cell.split()) for cell in cells), fillvalue="")
    return "; ".join(f"{header}: {cell}" if header else cell for header, cell in pairs if cell)


class Builder:
    """Puts a text together from blocks, a blank line between two, and marks them exactly."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._gap = False
        self._marks: list[Mark] = []
        self._open: list[tuple[int, str, int]] = []  # the headings over this place: level, label, start
        self._top_heading = ""

    @property
    def empty(self) -> bool:
        return not self._parts

    def gap(self) -> None:
        """The next line stands after a blank one."""
        self._gap = True

    def line(self, text: str) -> None:
        """Add a line (or several) right under the last one, if there is anything in it."""
        text = clean(text).strip("\n").rstrip()
        if not text:
            return
        separator = ("\n\n" if self._gap else "\n") if self._parts else ""
        self._parts += (separator, text)
        self._length += len(separator) + len(text)
        self._gap = False
        if self._length > MAX_TEXT_CHARS:
            raise ReadError(TOO_MUCH_TEXT)

    def block(self, text: str) -> None:
        """Add text with a blank line before and after it."""
        self.gap()
        self.line(text)
        self.gap()

    def heading(self, level: int, text: str) -> None:
        """Begin a section, which ends before the next heading of the same or a lower `level`."""
        label = one_line(text)
        if not label:
            return
        if len(label) > MAX_LABEL_CHARS:  # a paragraph dressed as a heading
            self.block(label)
            return
        self.end(level)
        self.block(label)
        self._open.append((level, label, self._length - len(label)))
        if level <= 1:
            self._top_heading = self._top_heading or label

    def page(self, number: int, text: str, label: str = "") -> None:
        """Add a page, called by its label, else by its number; one without text is left out."""
        before = self._length
        self.block(text)
        if self._length > before:
            start = self._length - len(self._parts[-1])
            label = one_line(label)[:MAX_PAGE_CHARS] or str(number)
            self._marks.append(Mark(MarkKind.PAGE, label, start, self._length))

    def finish(self, name: str, title: str = "", url: str = "") -> Extract:
        """Everything added, under `title`, else the first top heading, else the file's name."""
        if self.empty:
            raise ReadError("has no text in it")
        self.end(0)
        title = one_line(title) or self._top_heading or name_as_title(name)
        marks = sorted(self._marks, key=lambda mark: (mark.start, -mark.end))
        return Extract(title[:MAX_TITLE_CHARS], "".join(self._parts), tuple(marks), url)

    def end(self, level: int) -> None:
        """End the sections of this level and deeper ones."""
        while self._open and self._open[-1][0] >= level:
            _, label, start = self._open.pop()
            self._marks.append(Mark(MarkKind.HEADING, label, start, self._length))
