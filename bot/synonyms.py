"""Words that say the same of a matter, so that a claim need not copy its quotes."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.writers.words import stem
from index.embedders import BundledEmbedder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

_EMBEDDER = BundledEmbedder()
# Of the cosine of two words' vectors. "wrong" and "incorrect" have 0.75, "rely" and "depend" 0.55;
# of 80 pairs of opposites and sisters ("accept" and "reject", "king" and "queen") five are so near,
# three of which mean much the same ("sea" and "ocean").
_NEAR = 0.53
_UNSPACED = "\u0e00"  # Thai and what follows
_APART = (frozenset({"victory", "defeat"}), frozenset({"husband", "wife"}))
# What the vectors miss, a line each: only what may stand for the others in nearly every sentence.
_SAME = """
end finish conclude terminate
found create form institute
rename rebrand retitle
leave left depart
give gave given assign hand grant
reduce fall fell fallen decline shrink drop
increase rise rose risen grow grew grown
main major principal
build built construct erect
show display exhibit
beat defeat
lead led head direct
copy emulate imitate
aim target
need require
forbid forbidden ban prohibit
say said state tell told note observe remark report write wrote written
regard view see seen consider deem look
keep kept retain preserve maintain
choose chose chosen select pick
call term dub title
woman women female
man men male
roughly about around approximately nearly almost some
mostly mainly largely generally usually
often frequently
single one unified
unite merge join combine union
first initially originally
headquarters headquartered
locate situate lie
allow permit
consist comprise compose
remove dismiss
include contain
back return
move relocate
receive recipient
trigger elicit
reach span extend
everyone everybody all
die dead death deceased
age old
predate older
act action
minimum least
maximum most
"""
# They carry no fact of their own: what they join has to be in the quotes.
_LIGHT_WORDS = """
aboard according also although as became because become between both came come contain contained
containing contains despite do each even find found further get given go goes had has have held hold holds
include included includes including involve involved involves itself just kind lie lies made make makes
making name named part people person place put same say says self set several so sort still such take
taken takes therefore thing through thus together took toward towards type upon used uses way well when
whenever where whereas while within work works year years
"""
_LIGHT = frozenset(_LIGHT_WORDS.split())
_PEOPLE = frozenset({"", "n", "an", "ian", "ese"})
# Endings, and what may stand in their place in the word they were put to: forms, then kin.
_FORMS = {"ies": ("y",), "ied": ("y",), "s": ("",), "ed": ("", "e"), "ing": ("", "e")}
_KIN = {
    "ation": ("", "e", "ate"), "ition": ("", "e"), "ion": ("", "e"), "ment": ("",), "age": ("", "e"),
    "ness": ("",), "ance": ("", "e"), "ence": ("", "e"), "er": ("", "e"), "or": ("", "e"), "ize": ("", "y"),
    "ise": ("", "y"), "ism": ("", "e"), "ist": ("", "e"), "ive": ("", "e"), "able": ("", "e"),
    "al": ("", "e"), "ity": ("", "e"), "ial": ("", "y"), "ly": ("", "e"),
}  # fmt: skip
_SHORT = re.compile(r"(?:.*[^aeiou])?[aeiou][^aeiouwxy]")  # after which an ending doubles: "planning"
_DOUBLED = re.compile(r".+([^aeiouls])\1")


def is_light(word: str) -> bool:
    """Whether a word only joins others."""
    return word in _LIGHT


def is_said(word: str, said: Iterable[str]) -> bool:
    """Whether a word, another form of it or one of the same meaning is among the words `said`."""
    return any(_same(word, other) for other in said)


def is_unspaced(word: str) -> bool:
    """Whether a word is a pair of characters of a script without spaces, whose vector says nothing."""
    return word[0] >= _UNSPACED


def is_of(name: str, said: Iterable[str]) -> bool:
    """Whether a name, or what is of its place ("Kenya", "Kenyan"), is among the words `said`."""
    return any(_belongs(*sorted((name, other), key=len)) for other in said)


def _belongs(place: str, people: str) -> bool:
    return people.startswith(place) and people[len(place) :] in _PEOPLE


def root(word: str) -> str:
    """What a word shares with its forms and kin, roughly: "movement" and "moved" have "mov"."""
    return min(_roots(word), key=lambda made_of: (len(made_of), made_of)).removesuffix("e")


@lru_cache(maxsize=1 << 14)
def _roots(word: str) -> frozenset[str]:
    """What a word may be made of, with itself."""
    forms = {word, *_without(word, _FORMS, 3)}
    return frozenset(forms.union(*(_without(form, _KIN, 4) for form in forms)))


def _without(word: str, endings: Mapping[str, Sequence[str]], least: int) -> Iterator[str]:
    for ending, others in endings.items():
        base = word.removesuffix(ending)
        if base == word or len(base) < least:
            continue
        if ending in ("ed", "ing", "er") and _DOUBLED.fullmatch(base):
            yield base[:-1]
        if base.endswith("i"):
            yield f"{base[:-1]}y"
            continue
        is_cut = ending in ("ed", "ing") and len(base) == least and _SHORT.fullmatch(base)
        yield from (f"{base}{other}" for other in others if other or not is_cut)


@lru_cache(maxsize=1 << 16)
def _same(one: str, two: str) -> bool:
    a, b = stem(one), stem(two)
    if (
        a == b
        or not _roots(one).isdisjoint(_roots(two))
        or is_of(one, (two,))
        or not _groups(a).isdisjoint(_groups(b))
    ):
        return True
    if not (_EMBEDDER.knows(one) and _EMBEDDER.knows(two)):
        return False
    return float(_vector(one) @ _vector(two)) >= _NEAR and frozenset((one, two)) not in _APART


@lru_cache(maxsize=1 << 13)
def _vector(word: str) -> NDArray[np.float32]:
    return _EMBEDDER.embed_query(word)


def _groups(stem_of_word: str) -> frozenset[int]:
    return _GROUPS.get(stem_of_word, frozenset())


def _table() -> dict[str, frozenset[int]]:
    table: dict[str, set[int]] = {}
    for number, line in enumerate(_SAME.strip().splitlines()):
        for word in line.split():
            table.setdefault(stem(word), set()).add(number)
    return {word: frozenset(numbers) for word, numbers in table.items()}


_GROUPS = _table()
