"""Words that say the same of a matter, so that a claim need not copy its quotes."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.writers.words import stem
from index.embedders import BundledEmbedder

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

_EMBEDDER = BundledEmbedder()
# Of the cosine of two words' vectors. "wrong" and "incorrect" have 0.75, "rely" and "depend" 0.55;
# of 80 pairs of opposites and sisters ("accept" and "reject", "king" and "queen") 3 are so near.
_NEAR = 0.5
_UNSPACED = "\u0e00"  # Thai and what follows
_APART = frozenset(
    {frozenset(("victory", "defeat")), frozenset(("husband", "wife")), frozenset(("brother", "sister"))}
)
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
include included includes including involve involved involves itself just kind lie lies live lived lives
made make makes making name named part people person place put same say says self set several so sort
still such take taken takes therefore thing through thus together took toward towards type upon used uses
way well when whenever where whereas while within work works year years
"""
_LIGHT = frozenset(_LIGHT_WORDS.split())
_PEOPLE = frozenset({"", "n", "an", "ian", "ese"})
# The endings of forms and of kin: "moves", "movement".
_FORM = re.compile(r"(?:ings?|ied|ies|ed|es|s|e|y|i)$")
_KIN = re.compile(
    r"(?:i[sz]ations?|[ai]tions?|ments?|ages?|ness|[ae]nces?|[eo]rs?|i[sz]e[sd]?|isms?|ists?|ively|ives?|able|"
    r"ity|ally|als?|ly|ions?)$"
)


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


@lru_cache(maxsize=1 << 14)
def root(word: str) -> str:
    """What a word shares with its forms and its kin, roughly."""
    kin = _KIN.sub("", word)
    if len(kin) < 4:
        kin = word
    form = _FORM.sub("", kin)
    return form if len(form) >= 3 else kin


@lru_cache(maxsize=1 << 16)
def _same(one: str, two: str) -> bool:
    a, b = stem(one), stem(two)
    if a == b or root(one) == root(two) or is_of(one, (two,)) or not _groups(a).isdisjoint(_groups(b)):
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
