"""Quoted words found again in a text, exactly but for their typing.

Both sides are folded the same way (case, compatibility forms, kinds of quotes, dashes and
spaces, hyphens within words), then compared character by character. Nothing is fuzzy: a
changed number or a dropped "not" is another text.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

_ALIKE = {"'": "‘’‚‛′`´‹›", '"': "“”„‟″«»", "-": "‐‑‒–—―−"}
_TO_ONE = str.maketrans({other: one for one, others in _ALIKE.items() for other in others})
# One for one, and common: folding these first leaves few lines to compose with care.
_HALF_WIDTH = {0xFF01 + i: 0x21 + i for i in range(94)} | {0xA0: " ", 0x3000: " "}

# A character with the marks that compose with it: accents, kana voicing, Hangul's vowels.
_COMPOSING = (
    "\u0300-\u036f\u1160-\u11ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe20-\ufe2f\uff9e\uff9f"
)
_POWERS = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹")
_LETTERS = {"æ": "ae", "œ": "oe"}  # ligatures that NFKC leaves alone, in lower case
_CLUSTER = re.compile(rf"(?s:.)[{_COMPOSING}]*")
_LINE_BREAK = r"(?:[^\S\n]*\n\s*)"
_INVISIBLE = re.compile(rf"\u00ad{_LINE_BREAK}?|[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+")
_SPACE = re.compile(r"\s")
_SPACES = re.compile("(?<= ) +")
_DASHES = re.compile("-+")
# What may be left out within a word; any other dash between two letters stands between two words.
_WITHIN = re.compile(rf"(?:[-‐‑]{_LINE_BREAK}?|{_INVISIBLE.pattern})*")

# What makes a number or a word longer than the quote: "400" is no quote of "1,400", "-400" or "400.5".
_GOES_ON_BEFORE = re.compile(r"(?:[^\W_]|\d[.,]|(?<![^\W_])-)\Z")
_GOES_ON_AFTER = re.compile(r"[^\W_]|[.,]\d")
_QUOTES = " \"'"
_DASH_BEFORE = re.compile(rf"[-{_ALIKE['-']}][^\S\n]+\Z")
_DASH_AFTER = re.compile(rf"[^\S\n]+[-{_ALIKE['-']}]")
_WIDEST_DASH = 8  # characters, with the spaces beside it
_FIRST_UNSPACED = "\u0e00"  # the scripts that write no spaces between words come after it


class Normalised(NamedTuple):
    """A folded text: its character `i` stands for characters `starts[i]` to `ends[i]` of the
    original."""

    text: str
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]


def normalise(text: str) -> Normalised:
    """`text` folded, with the way back."""
    folded = _composed(text.translate(_HALF_WIDTH))
    if not folded.text.isascii():
        folded = _without(folded, _matches(_INVISIBLE, folded.text))
    folded = folded._replace(text=_SPACE.sub(" ", folded.text.translate(_TO_ONE)))
    folded = _without(folded, _matches(_SPACES, folded.text))
    return _without(folded, list(_dashes(folded.text)))


def find(needle: str, haystack: str) -> list[tuple[int, int]]:
    """Where `needle` stands in `haystack` as whole words: spans of the original that do not
    overlap, ascending. Quotation marks and dashes around `needle`, such as that of a list's item,
    count where the original has them, too."""
    words, before, after = _wanted(needle)
    if not any(map(str.isalnum, words)):
        return []
    folded = normalise(haystack)
    places = (_extended(folded.text, place, before, after) for place in _places(words, folded, haystack))
    spans = (_original(folded, *place) for place in places)
    return [_with_dashes(haystack, span, before.endswith("-"), after.startswith("-")) for span in spans]


@lru_cache(maxsize=16)  # of many passages, the same is asked
def _wanted(needle: str) -> tuple[str, str, str]:
    """A needle folded, and the quotation marks before and after it, or the dashes."""
    typed = normalise(needle).text.strip()
    words = typed.strip(_QUOTES).removeprefix("- ").removesuffix(" -")
    before, _, after = typed.partition(words) if words else (typed, "", "")
    return words, before.strip(), after.strip()


def _places(words: str, folded: Normalised, haystack: str) -> Iterator[tuple[int, int]]:
    """Where `words` stand in the folded text."""
    start = folded.text.find(words)
    while start >= 0:
        end = start + len(words)
        if _is_whole(folded, start, end, haystack):
            yield start, end
        else:
            end = start + 1
        start = folded.text.find(words, end)


def _extended(text: str, place: tuple[int, int], before: str, after: str) -> tuple[int, int]:
    """A place with the quotation marks around it, where they are those that were typed."""
    start, end = place
    start -= len(before) if text[:start].endswith(before) else 0
    return start, end + (len(after) if text.startswith(after, end) else 0)


def _with_dashes(haystack: str, span: tuple[int, int], before: bool, after: bool) -> tuple[int, int]:
    """A span with the dash before it and after it, where it was typed and stands there: between two
    letters the folded text has none."""
    start, end = span
    first = _DASH_BEFORE.search(haystack, max(0, start - _WIDEST_DASH), start) if before else None
    last = _DASH_AFTER.match(haystack, end, end + _WIDEST_DASH) if after else None
    return first.start() if first else start, last.end() if last else end


def _original(folded: Normalised, start: int, end: int) -> tuple[int, int]:
    return int(folded.starts[start]), int(folded.ends[end - 1])


def _is_whole(folded: Normalised, start: int, end: int, haystack: str) -> bool:
    text, (first, last) = folded.text, (folded.text[start], folded.text[end - 1])
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    cut_before = first.isalnum() and first < _FIRST_UNSPACED and _GOES_ON_BEFORE.search(before)
    cut_after = last.isalnum() and last < _FIRST_UNSPACED and _GOES_ON_AFTER.match(after)
    return not (
        (cut_before and _joined(folded, start, haystack)) or (cut_after and _joined(folded, end, haystack))
    )


def _joined(folded: Normalised, place: int, haystack: str) -> bool:
    """Whether nothing was left out in front of a place in the folded text that parts two words. A line
    that ends in a hyphen goes on with a small letter in the next."""
    start, end = folded.ends[place - 1], folded.starts[place]
    left_out = haystack[start:end]
    if "\n" in left_out and (left_out.count("\n") > 1 or not haystack[end].islower()):
        return False
    return _WITHIN.fullmatch(left_out) is not None


def _composed(text: str) -> Normalised:
    """Compatibility forms and case. Most lines keep one character for one."""
    lines: list[str] = []
    starts: list[NDArray[np.int64]] = []
    ends: list[NDArray[np.int64]] = []
    position = 0
    for line in text.splitlines(keepends=True):
        plain = line.casefold()
        if len(plain) == len(line) and unicodedata.is_normalized("NFKC", plain) and not _has_letters(plain):
            folded, first = plain, np.arange(len(line))
            last = first + 1
        else:
            folded, first, last = _folded_by_cluster(line)
        lines.append(folded)
        starts.append(first + position)
        ends.append(last + position)
        position += len(line)
    nothing = np.zeros(0, np.int64)
    return Normalised("".join(lines), np.concatenate([nothing, *starts]), np.concatenate([nothing, *ends]))


def _folded_by_cluster(line: str) -> tuple[str, NDArray[np.int64], NDArray[np.int64]]:
    """Every folded character stands for the whole of its cluster."""
    clusters = _CLUSTER.findall(line)
    folded = [_fold(cluster) for cluster in clusters]
    lengths = np.array([len(cluster) for cluster in clusters])
    repeats = [len(fold) for fold in folded]
    ends = lengths.cumsum()
    return "".join(folded), np.repeat(ends - lengths, repeats), np.repeat(ends, repeats)


def _fold(cluster: str) -> str:
    if cluster in _POWERS:  # 10² is not 102
        return cluster
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", cluster).casefold())
    return "".join(_LETTERS.get(character, character) for character in folded)


def _has_letters(line: str) -> bool:
    return "æ" in line or "œ" in line


def _matches(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    return [match.span() for match in pattern.finditer(text)]


def _dashes(text: str) -> Iterator[tuple[int, int]]:
    """The dashes between two letters, with the spaces around them; and what makes one longer."""
    for match in _DASHES.finditer(text):
        start, end = match.span()
        first = start - (text[start - 1 : start] == " ")
        last = end + (text[end : end + 1] == " ")
        if text[max(0, first - 1) : first].isalpha() and text[last : last + 1].isalpha():
            yield first, last
        elif end - start > 1 and last > end:
            yield start + 1, end


def _without(folded: Normalised, cuts: Sequence[tuple[int, int]]) -> Normalised:
    """`folded` with these stretches cut out."""
    if not cuts:
        return folded
    keep = np.ones(len(folded.text), bool)
    for start, end in cuts:
        keep[start:end] = False
    edges = [0, *chain.from_iterable(cuts), len(folded.text)]
    text = "".join(folded.text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True))
    return Normalised(text, folded.starts[keep], folded.ends[keep])
