"""Whether a claim puts words side by side that its quotes keep apart: a number and what it counts, the
parts of a name, what is said of one thing and of another."""

from __future__ import annotations

from itertools import groupby, pairwise, takewhile
from typing import TYPE_CHECKING

from bot.tokens import ARTICLES, BE, CONTRASTS, PREPOSITIONS, word_set, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.tokens import Word

_BRIEF = word_set("than unlike except instead")  # contrasts to the next comma, others to the sentence's end
_WHERE = word_set("above after ago before below inside later on outside under")
# What stands after the one may not be told to stand after the others.
_WAYS = {"from": {"to", "into"}, "to": {"from"}, "into": {"from"}, "in": {"from", "near"}}


def misjoined(claim: str, quotes: Sequence[str]) -> list[str]:
    """The words that a claim joins and its quotes do not; empty where there are none."""
    said, read = words_of(claim), [words_of(quote) for quote in quotes]
    checks = (_contrasted, _redirected, _neighbours, _mixed_names)
    return [found for check in checks for found in check(said, read)]


def _contrasted(said: list[Word], read: list[list[Word]]) -> Iterator[str]:
    """Where the claim joins what a contrast parts in the quotes."""
    if len(read) != 1 or any(word.written in CONTRASTS for word in said):
        return
    [words] = read
    reached: list[int] = []
    for word in said:
        places = _places(words, word) if word.holds or word.is_number else []
        joined = [b for b in places if any(not _parted(words, *sorted((a, b))) for a in reached)]
        if places and reached and not joined:
            yield word.written
        reached = joined or places or reached


def _places(words: list[Word], wanted: Word) -> list[int]:
    return [n for n, word in enumerate(words) if word.stem == wanted.stem]


def _parted(words: list[Word], start: int, end: int) -> bool:
    between = [word.written for word in words[start:end]]
    return any(
        word in CONTRASTS
        and between[n - 1 : n] != ["rather"]
        and not (word in _BRIEF and "," in between[n:])
        for n, word in enumerate(between)
    )


def _redirected(said: list[Word], read: list[list[Word]]) -> Iterator[str]:
    """What the claim says to be "from" where the quotes say "to". Who only went "to" a place may also
    have come "from" it."""
    directions = list(_directions(said))
    for way, word in directions:
        if way == "to" and all(other != "from" for other, _ in directions):
            continue
        ways = {theirs for words in read for theirs, other in _directions(words) if other == word}
        if word and way not in ways and ways & _WAYS[way]:
            yield f"{way} {word}"


def _directions(words: list[Word]) -> Iterator[tuple[str, str]]:
    """Each word of direction with the first one after it that holds something, if none comes between."""
    for n, word in enumerate(words):
        if word.written in _WAYS or word.written == "near":
            after = takewhile(lambda other: other.written not in _WAYS, words[n + 1 :])
            yield word.written, next((other.stem for other in after if other.holds), "")


def _neighbours(said: list[Word], read: list[list[Word]]) -> Iterator[str]:
    """Numbers and names beside a word that has others in that place in the quotes, and not these."""
    for kind in (_counts, _measures, _dates, _parts_of_names, _participles):
        theirs: dict[str, set[str]] = {}
        for beside, word in (pair for words in read for pair in kind(words)):
            theirs.setdefault(word, set()).add(beside)
        yield from (f"{b} {w}" for b, w in kind(said) if b not in theirs.get(w, {b}))


def _counts(words: list[Word]) -> Iterator[tuple[str, str]]:
    """A number and what there is so many of: "47 streetcars"."""
    pairs = ((one, two) for one, two in pairwise(words) if one.is_number and two.holds)
    return ((one.written, two.stem) for one, two in pairs if two.written not in PREPOSITIONS)


def _measures(words: list[Word]) -> Iterator[tuple[str, str]]:
    """A number and where it holds: "36 minutes outside"."""
    for number, unit, where in zip(words, words[1:], words[2:], strict=False):
        if number.is_number and unit.written.isalpha() and where.written in _WHERE:
            yield number.written, f"{unit.stem} {where.written}"


def _dates(words: list[Word]) -> Iterator[tuple[str, str]]:
    """A number and what it tells the time or place of: "atmosphere in 1979", "Ada was 26"."""
    for n, word in enumerate(words):
        if word.is_number and n > 1 and words[n - 1].written in {"in", *BE} and words[n - 2].holds:
            yield word.written, words[n - 2].stem


def _parts_of_names(words: list[Word]) -> Iterator[tuple[str, str]]:
    """Neighbouring parts of a name: "Northern Diego"."""
    names = ((one, two) for one, two in pairwise(words) if one.is_name and two.is_name)
    return ((one.stem, two.stem) for one, two in names if one.holds and two.holds)


def _participles(words: list[Word]) -> Iterator[tuple[str, str]]:
    """A participle, and what it is said of: "developed countries" are no developing ones."""
    for before, one, two in zip(words, words[1:], words[2:], strict=False):
        if before.written in ARTICLES | PREPOSITIONS and one.written.endswith(("ed", "ing")) and two.holds:
            yield one.written, f"{one.stem} {two.stem}"


def _mixed_names(said: list[Word], read: list[list[Word]]) -> Iterator[str]:
    """Names made of two: a Southern Pacific Railroad of a Central one and a Southern Pacific line."""
    theirs = [run for words in read for run in _names(words)]
    pairs = {pair for run in theirs for pair in pairwise(run)}
    for run in _names(said):
        is_known = any(run == other[n : n + len(run)] for other in theirs for n in range(len(other)))
        if len(run) > 2 and pairs.issuperset(pairwise(run)) and not is_known:
            yield " ".join(run)


def _names(words: list[Word]) -> Iterator[list[str]]:
    """Runs of words that are written with capitals."""
    for is_name, run in groupby(words, key=lambda word: word.is_name and word.holds):
        if is_name:
            yield [word.stem for word in run]
