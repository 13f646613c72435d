"""Where sentences end. Exact spans in any script; list items, table rows and headings are
units of their own, and the wrapped lines of a plain text are not."""

from __future__ import annotations

import re

_TITLES = [
    "Mr",
    "Mrs",
    "Ms",
    "Dr",
    "Prof",
    "St",
    "Sr",
    "Jr",
    "Lt",
    "Col",
    "Gen",
    "Maj",
    "Capt",
    "Sgt",
    "Rev",
    "Hon",
    "Gov",
    "Sen",
    "Rep",
    "Pres",
    "Amb",
    "Mt",
    "Ft",
    "Ave",
    "vs",
    "v",
    "cf",
    "ca",
    "No",
    "Nos",
    "Vol",
    "vol",
    "pp",
    "p",
    "Fig",
    "fig",
    "Figs",
    "Eq",
    "eq",
    "Sec",
    "Art",
    "art",
    "Ch",
    "ch",
    "ed",
    "eds",
    "trans",
    "approx",
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Sept",
    "Oct",
    "Nov",
    "Dec",
    "Sra",
    "Srta",
    "Dra",
    "Ud",
    "Uds",
    "núm",
    "pág",
]
_TAILS = [
    "etc",
    "al",
    "est",
    "no",
    "inc",
    "Inc",
    "ltd",
    "Ltd",
    "co",
    "Co",
    "corp",
    "Corp",
    "dept",
    "ave",
    "mr",
    "mrs",
    "ms",
    "dr",
    "jr",
    "sr",
    "st",
    "jan",
    "feb",
    "aug",
    "sept",
    "oct",
    "nov",
    "dec",
]


def _not_after(words: list[str]) -> str:
    """Look-behinds, one a width since Python wants them fixed: no full stop after `words`."""
    widths = sorted({len(word) for word in words})
    return "".join(rf"(?<!\b(?:{'|'.join(w for w in words if len(w) == n)})\.)" for n in widths)


# One set of characters comes first, which is what `re` finds fast; what follows decides:
# a line end that is a blank line, follows a short line, or precedes a list item or a table
# row; a stop of a script that needs no space after it; a Western stop before a space, where
# a full stop neither follows an abbreviation, an initial, "e.g" or a list item's number.
_END = re.compile(
    rf"""(?m)[.!?…\n。！？｡।॥؟]
    (?:
        (?<=\n)(?: (?=[^\S\n]*\n) | (?<![^\n]{{50}}\n)
                  | (?=[^\S\n]*(?:[-*•–]|\d{{1,3}}[.)])\s) | (?=[^:;.\n]{{1,60}}:\s) )
      | (?<=[。！？｡।॥؟])[”』」）〉》]*
      | (?<![\n。！？｡।॥؟])["'”’»)\]]*
        (?: (?=\s+[^\sa-z]|\s*\Z) (?<![.])
          | (?<=[.])(?=\s|\Z)
            (?<!\b[A-Z]\.)(?<!\b[eE]\.g\.)(?<!\b[iI]\.e\.)(?<!^\d\.)(?<!^\d\d\.)
            {_not_after(_TITLES)}(?:(?=\s+[^\sa-z]|\s*\Z)|{_not_after(_TAILS)}(?<!\b[a-z]\.[a-z]\.)(?=\s))
        )
    )
    """,
    re.VERBOSE,
)


def sentence_ends(text: str) -> list[int]:
    """Where sentences end in `text`, ascending; an end may be a line's."""
    return [match.end() for match in _END.finditer(text)]


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """The sentences of `text` as (start, end), ascending, without the space around them."""
    spans = []
    start = 0
    for end in (*sentence_ends(text), len(text)):
        sentence = text[start:end]
        if stripped := sentence.strip():
            first = start + len(sentence) - len(sentence.lstrip())
            spans.append((first, first + len(stripped)))
        start = end
    return spans
