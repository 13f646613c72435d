"""Undoes the line breaks of a laid-out page, so that its sentences stand whole."""

from __future__ import annotations

import re

_HYPHENATED = re.compile(r"[^\W\d_][-\xad‐]\Z")
_ITEM = re.compile(r"[•◦▪‣·*-]\s|\(?\d{1,3}[.)]\s|\(?[a-zA-Z]\)\s")
_WIDE_SCRIPT = re.compile("[\u3000-\u9fff\uf900-\ufaff\uff00-\uffef]")  # written without spaces
_PROSE_CHARS = 40  # a column narrower than this is a list or a table rather than prose
_NEIGHBOURS = 3


def reflow(page: str) -> str:
    """The page's text with wrapped lines joined and hyphenated words whole. A line counts as wrapped where
    the next word would not have fitted, measured by the lines around it, or goes on in lower case."""
    lines = [" ".join(line.split()) for line in page.splitlines()]
    pieces: list[str] = []
    for i, line in enumerate(lines):
        following = lines[i + 1] if i + 1 < len(lines) else ""
        width = max(map(len, lines[max(0, i - _NEIGHBOURS) : i + _NEIGHBOURS + 1]))
        joint = _joint(line, following, width)
        pieces += (line[:-1] if joint == "" and _HYPHENATED.search(line) else line, joint)
    return "".join(pieces)


def _joint(line: str, following: str, width: int) -> str:
    """What stands between two lines of a page whose lines are about `width` characters long."""
    if not line or not following:
        return "\n"
    if following[0].islower() and _HYPHENATED.search(line):
        return ""
    is_wide = bool(_WIDE_SCRIPT.match(line[-1]) and _WIDE_SCRIPT.match(following[0]))
    next_word = following[:1] if is_wide else following.partition(" ")[0]
    fitted = len(line) + 1 + len(next_word) <= 0.9 * width
    if _ITEM.match(following):
        return "\n"
    if following[0].islower() or (not fitted and width >= _PROSE_CHARS / (1 + is_wide)):
        return "" if is_wide else " "
    return "\n\n" if width >= _PROSE_CHARS else "\n"
