"""Where sentences end. Exact spans in any script; list items, table rows and headings are
units of their own, and the wrapped lines of a plain text are not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

# Abbreviations: after a title nothing ends, after a tail nothing that goes on in lower case, and
# before a number not these. The last two in any case.
_TITLES = (
    "Mr Mrs Ms Dr Prof St Sr Jr Lt Col Gen Maj Capt Sgt Rev Hon Gov Sen Rep Pres Amb Mt Ft Ave vs v cf "
    "ca Vol vol pp p Fig fig Figs Eq eq Sec Ch ch ed eds trans approx excl incl Excl Incl Jan Feb Mar "
    "Apr Jun Jul Aug Sep Sept Oct Nov Dec Sra Srta Dra Ud Uds núm pág"
)
_TAILS = (
    "etc al est no inc ltd co corp dept ave mr mrs ms dr jr sr st jan feb aug sept oct nov dec max ext "
    "para paras tel resp approx"
)
_BEFORE_NUMBERS = "no nos min max sec art ext para paras tel resp est dept approx fig vol pp"
# What is named by a letter: "It is in building C. Permits cost more."
_LETTERED = (
    "building room hall block plan option part annex appendix class type grade level group team "
    "terminal gate zone vitamin"
)


def _by_width(words: str, behind: str) -> Iterator[str]:
    """`behind` with the words of each width for %s: Python wants look-behinds of a fixed one."""
    by_width = groupby(sorted(words.split(), key=len), key=len)
    return (behind.replace("%s", "|".join(same)) for _, same in by_width)


_AFTER_NO_TITLE = "".join(_by_width(_TITLES, r"(?<!\b(?:%s)\.)"))
_AFTER_NO_TAIL = "".join(_by_width(_TAILS, r"(?<!\b(?i:%s)\.)"))
_BEFORE_NO_NUMBER = "".join(_by_width(_BEFORE_NUMBERS, r"(?<!\b(?i:%s)\.)"))
_AFTER_A_LETTERED = "|".join(_by_width(_LETTERED, r"(?<=\b(?i:%s)\ [A-Z]\.)"))

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
            (?:(?<!\b[A-Z]\.)|(?=\s+[A-Z][a-z])(?:{_AFTER_A_LETTERED}))
            (?<!\b[eE]\.g\.)(?<!\b[iI]\.e\.)(?<!^\d\.)(?<!^\d\d\.)
            {_AFTER_NO_TITLE}
            (?: (?=\s+[^\sa-z]|\s*\Z)(?:(?!\s+(?:[A-Z]{{3}}\s)?[\d$€£¥+])|{_BEFORE_NO_NUMBER})
              | (?=\s+[a-z]){_AFTER_NO_TAIL}(?<!\b[a-z]\.[a-z]\.)
            )
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
