"""Whether a claim joins words as its quotes do: who did it, to whom, how many of what.

There is no parser here. A word that a claim shares with a quote is a pivot: the words on its two sides
may not stand on the other sides in the quote, unless one of the two is in the passive. The rule is strict
where a mistake would be believed, like all of `bot.facts`."""

from __future__ import annotations

import re
from itertools import chain, groupby, pairwise
from typing import TYPE_CHECKING, NamedTuple

from bot.quantities import is_number, numbers
from bot.synonyms import is_said
from bot.writers.words import is_function_word, stem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_BE = _set("is are was were be been being get gets got")
_PARTICIPLES = _set(
    """
    beaten begun born bought broken brought built caught chosen cut done drawn driven fought found given
    grown held hit kept known laid led left lent lost made met overtaken paid put read run said seen sent
    set shot shown sold spent split spoken spun stolen struck taken taught thought told won worn written
    """
)
# Those that are no past tense: they are a passive also without "be".
_NEVER_PAST = _set(
    "beaten born broken chosen done drawn driven given known seen shown spoken taken written"
)
_TELLING = _set("said told wrote added noted argued stated asked replied")
_ADVERBS = _set("also first later never not now often soon still then")
_ARTICLES = _set("a an the its his her their")
_PRONOUNS = _set("he she it they we you i who which that")
# What follows one of them is said of something else than what goes before: to the end of the
# sentence, or of some only to the next comma.
_CONTRASTS = _set("than while whereas but although though unlike except instead")
_BRIEF = _set("than unlike except instead")
_NEAR = 8  # words after a passive that may name who did it
# What stands after the one may not be told to stand after the others.
_WAYS = {"from": {"to", "into"}, "to": {"from"}, "into": {"from"}, "in": {"from", "near"}}
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W_]+|[,.;]")


class _Word(NamedTuple):
    """`holds`: it says what a sentence is about, and is no number."""

    written: str
    stem: str
    holds: bool
    is_name: bool
    is_number: bool

    @property
    def is_participle(self) -> bool:
        return self.written.endswith("ed") or self.written in _PARTICIPLES

    @property
    def tells(self) -> bool:
        """Whether who speaks may as well stand behind it."""
        return self.written in _TELLING


def misplaced(claim: str, quotes: Sequence[str]) -> list[str]:
    """The words around which a claim says another thing than its quotes; empty where there are none."""
    said, read = _words(claim), [_words(quote) for quote in quotes]
    return [
        *_turned(said, read),
        *_contrasted(said, read),
        *_redirected(said, read),
        *_neighbours(said, read),
    ]


def _words(text: str) -> list[_Word]:
    """The words of a text; a number of several words is one, in figures."""
    runs = groupby(_TOKEN.findall(text), key=lambda token: is_number(token.lower()))
    written = (_figures(list(run)) if number else run for number, run in runs)
    return [_word(token, token.lower()) for token in chain.from_iterable(written)]


def _figures(run: list[str]) -> list[str]:
    return [str(value) for value in numbers(" ".join(run))] or run


def _word(token: str, written: str) -> _Word:
    number = is_number(written)
    holds = token.isalpha() and not (number or is_function_word(written) or written in _CONTRASTS)
    return _Word(written, stem(token), holds, token[0].isupper(), number)


def _turned(said: list[_Word], read: list[list[_Word]]) -> Iterator[str]:
    """Pivots that fit nowhere in the quotes. Where a verb fits in the other voice, what is built
    around it has moved, and verbs alone are looked at."""
    changed = any(_changes_voice(said, n, words, m) for n, words, m in _pivots(said, read))
    fits: dict[int, bool] = {}
    for place, words, other in _pivots(said, read):
        if said[place].is_participle or (
            not changed and said[place].written == words[other].written and _relates(said, place)
        ):
            fits[place] = fits.get(place, False) or _fits(said, place, words, other)
    return (said[place].written for place, fit in fits.items() if not fit)


def _relates(words: list[_Word], place: int) -> bool:
    """Whether a word looks like a verb with its object ("predates the game") or what somebody is to
    somebody ("is a subsidiary of")."""
    around = [word.written for word in words[max(0, place - 2) : place + 2]]
    return around[-1] in _ARTICLES or (len(around) == 4 and around[0] in _BE and around[1] in _ARTICLES)


def _pivots(said: list[_Word], read: list[list[_Word]]) -> Iterator[tuple[int, list[_Word], int]]:
    """Each shared word that is no name: its place in the claim, a quote, its place there."""
    for place, pivot in enumerate(said):
        if pivot.holds and not pivot.is_name:
            for words in read:
                yield from ((place, words, other) for other in _places(words, pivot))


def _fits(said: list[_Word], place: int, read: list[_Word], other: int) -> bool:
    if _is_passive(said, place) != _is_passive(read, other):
        return _changes_voice(said, place, read, other)
    (before, after), (left, right) = _sides(said, place), _sides(read, other)
    if said[place].is_participle and not said[place].tells and _nearest(said, place) in right - left:
        return False
    return not (before & (right - left) and after & (left - right))


def _changes_voice(said: list[_Word], place: int, read: list[_Word], other: int) -> bool:
    """Whether one is in the passive and the other is not, and the same does it in both, where both say
    who does."""
    if _is_passive(said, place) == _is_passive(read, other):
        return False
    passive, active = ((said, place), (read, other))
    if not _is_passive(*passive):
        passive, active = active, passive
    agent, actor = _agent(*passive), _nearest(*active)
    if agent:
        return actor in agent
    return passive[0] is said or actor not in _sides(read, other)[1]


def _sides(words: list[_Word], place: int) -> tuple[set[str], set[str]]:
    left, right = ({w.stem for w in side if w.holds} for side in (words[:place], words[place + 1 :]))
    return left, right


def _nearest(words: list[_Word], place: int) -> str:
    """The word before a verb that says who does it, most likely; "" for a pronoun."""
    before = [word for word in reversed(words[:place]) if not word.written.endswith("ly")]
    if before and before[0].written in _PRONOUNS:
        return ""
    return next((word.stem for word in before if word.holds), "")


def _agent(words: list[_Word], place: int) -> set[str]:
    """The words after "by", if it follows soon."""
    after = words[place + 1 : place + 1 + 2 * _NEAR]
    by = next((n for n, word in enumerate(after[:_NEAR]) if word.written == "by"), len(after))
    return {word.stem for word in after[by + 1 : by + 1 + _NEAR]}


def _is_passive(words: list[_Word], place: int) -> bool:
    """Whether a participle follows a form of "be", but for adverbs, or is followed by "by"."""
    if not words[place].is_participle:
        return False
    after = words[place + 1 : place + 2]
    if after and (after[0].written == "by" or (words[place].written in _NEVER_PAST and not after[0].holds)):
        return True
    before = (w.written for w in reversed(words[:place]))
    verb = next((w for w in before if not (w in _ADVERBS or w.endswith("ly"))), "")
    return verb in _BE


def _places(words: list[_Word], wanted: _Word) -> list[int]:
    return [
        n
        for n, word in enumerate(words)
        if word.stem == wanted.stem
        or (wanted.is_participle and _is_deed(words, n) and is_said(wanted.written, [word.written]))
    ]


def _is_deed(words: list[_Word], place: int) -> bool:
    """Whether a word is a noun of what somebody does: "the acquisition of"."""
    of = [word.written for word in words[place + 1 : place + 2]] == ["of"]
    return of and words[place].written.endswith(("ion", "ment"))


def _contrasted(said: list[_Word], read: list[list[_Word]]) -> Iterator[str]:
    """Where the claim joins what a contrast parts in the quotes."""
    if len(read) != 1 or any(word.written in _CONTRASTS for word in said):
        return
    [words] = read
    reached: list[int] = []
    for word in said:
        places = _places(words, word) if word.holds or word.is_number else []
        joined = [b for b in places if any(not _parted(words, *sorted((a, b))) for a in reached)]
        if places and reached and not joined:
            yield word.written
        reached = joined or places or reached


def _parted(words: list[_Word], start: int, end: int) -> bool:
    between = [word.written for word in words[start:end]]
    return any(
        word in _CONTRASTS
        and between[n - 1 : n] != ["rather"]
        and not (word in _BRIEF and "," in between[n:])
        for n, word in enumerate(between)
    )


def _redirected(said: list[_Word], read: list[list[_Word]]) -> Iterator[str]:
    """What the claim says to be "from" where the quotes say "to". Who only went "to" a place may also
    have come "from" it."""
    directions = list(_directions(said))
    for way, word in directions:
        if way == "to" and all(other != "from" for other, _ in directions):
            continue
        ways = {theirs for words in read for theirs, other in _directions(words) if other == word}
        if way not in ways and ways & _WAYS[way]:
            yield f"{way} {word}"


def _directions(words: list[_Word]) -> Iterator[tuple[str, str]]:
    for n, word in enumerate(words):
        if word.written in _WAYS or word.written == "near":
            yield word.written, next((other.stem for other in words[n + 1 :] if other.holds), "")


def _neighbours(said: list[_Word], read: list[list[_Word]]) -> Iterator[str]:
    """Numbers and names beside a word that has others in that place in the quotes, and not these."""
    for kind in (_counts, _dates, _parts_of_names, _participles):
        theirs: dict[str, set[str]] = {}
        for beside, word in (pair for words in read for pair in kind(words)):
            theirs.setdefault(word, set()).add(beside)
        yield from (f"{b} {w}" for b, w in kind(said) if b not in theirs.get(w, {b}))


def _counts(words: list[_Word]) -> Iterator[tuple[str, str]]:
    """A number and what there is so many of: "47 streetcars"."""
    return ((one.written, two.stem) for one, two in pairwise(words) if one.is_number and two.holds)


def _dates(words: list[_Word]) -> Iterator[tuple[str, str]]:
    """A number and what it tells the time or place of: "atmosphere in 1979", "Ada was 26"."""
    for n, word in enumerate(words):
        if word.is_number and n > 1 and words[n - 1].written in {"in", *_BE} and words[n - 2].holds:
            yield word.written, words[n - 2].stem


def _parts_of_names(words: list[_Word]) -> Iterator[tuple[str, str]]:
    """Neighbouring parts of a name: "Northern Diego"."""
    names = ((one, two) for one, two in pairwise(words) if one.is_name and two.is_name)
    return ((one.stem, two.stem) for one, two in names if one.holds and two.holds)


def _participles(words: list[_Word]) -> Iterator[tuple[str, str]]:
    """A participle, and what it is said of: "developed countries" are no developing ones."""
    for one, two in pairwise(words):
        if one.written.endswith(("ed", "ing")) and two.holds:
            yield one.written, f"{one.stem} {two.stem}"
