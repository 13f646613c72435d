"""The numbers Word shows before paragraphs, which its files hold only as rules."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from docx.oxml.ns import qn

_VAL = qn("w:val")
_LONGEST_PATTERN = 100  # characters
_HIGHEST = 10_000  # what is counted further is shown in digits
_ROMAN = {1000: "m", 900: "cm", 500: "d", 400: "cd", 100: "c", 90: "xc", 50: "l", 40: "xl"}
_ROMAN |= {10: "x", 9: "ix", 5: "v", 4: "iv", 1: "i"}


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level of a list is numbered: w:numFmt, w:lvlText ("%1.%2") and w:start."""

    format: str = "bullet"
    pattern: str = ""
    start: int = 1


@dataclass(slots=True)
class _List:
    levels: dict[int, _Level] = field(default_factory=dict)
    counts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Counts the paragraphs of each list. `part` is the root of word/numbering.xml, None without one."""

    def __init__(self, part: Any) -> None:
        self._lists: dict[str, _List] = {}
        abstract: dict[str, _List] = {}
        for element in () if part is None else part.findall(qn("w:abstractNum")):
            levels = {int(lvl.get(qn("w:ilvl"), 0)): _level(lvl) for lvl in element.findall(qn("w:lvl"))}
            abstract[element.get(qn("w:abstractNumId"))] = _List(levels)
        for element in () if part is None else part.findall(qn("w:num")):
            named = element.find(qn("w:abstractNumId"))
            # Numbers of one abstract list go on counting together, as in Word.
            self._lists[element.get(qn("w:numId"))] = abstract.get(_value(named), _List())

    def marker(self, number: str, depth: int) -> str:
        """What stands before the next paragraph of a list: "2.1", "(b)", or "-" for a bullet."""
        found = self._lists.get(number, _List())
        level = found.levels.get(depth, _Level())
        if level.format in {"bullet", "none"}:
            return "-" if level.format == "bullet" else ""
        found.counts = {d: n for d, n in found.counts.items() if d <= depth}
        found.counts[depth] = found.counts.get(depth, level.start - 1) + 1

        def shown(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            of = found.levels.get(at, level)
            return _shown(found.counts.get(at, of.start), of.format)

        return re.sub(r"%([1-9])", shown, level.pattern)


def _level(element: Any) -> _Level:
    def value(tag: str, default: str) -> str:
        return _value(element.find(qn(tag))) or default

    pattern = value("w:lvlText", "%1.")[:_LONGEST_PATTERN]
    return _Level(value("w:numFmt", "bullet"), pattern, int(value("w:start", "1")))


def _value(element: Any) -> str:
    return "" if element is None else element.get(_VAL, "")


def _shown(number: int, how: str) -> str:
    if not 0 < number <= _HIGHEST:
        return str(number)
    if how.endswith("Letter"):
        shown = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
    elif how.endswith("Roman"):
        shown = _roman(number)
    else:
        shown = str(number)
    return shown.upper() if how.startswith("upper") else shown


def _roman(number: int) -> str:
    shown = ""
    for value, digits in _ROMAN.items():
        shown += digits * (number // value)
        number %= value
    return shown
