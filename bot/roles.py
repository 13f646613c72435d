"""Whether a claim keeps the roles that its quotes give: who did it, and to whom.

There is no parser here. A word that a claim shares with a quote is a pivot: the words on its two sides
may not stand on the other sides in the quote, unless one of the two is in the passive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.synonyms import is_said
from bot.tokens import ARTICLES, BE, PREPOSITIONS, word_set, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.tokens import Word

_PARTICIPLES = word_set(
    """
    beaten begun born bought broken brought built caught chosen cut done drawn driven fought found given
    grown held hit kept known laid led left lent lost made met overtaken paid put read run said seen sent
    set shot shown sold spent split spoken spun stolen struck taken taught thought told won worn written
    """
)
# Those that are no past tense: they are a passive also without "be".
_NEVER_PAST = word_set(
    "beaten born broken chosen done drawn driven given known seen shown spoken taken written"
)
_TELLING = word_set("said told wrote added noted argued stated asked replied")  # "said Ruto", "Ruto said"
_GIVING = word_set("given granted awarded offered shown sent paid")  # to whom, or what, may come first
_ADVERBS = word_set("also first later never not now often soon still then")
_DETERMINERS = ARTICLES | word_set("any each every no some that these this those")
_PRONOUNS = word_set("he she it they we you i who which that")
_SOON = 4  # words after a verb
_NEAR = 8  # words after a passive that may name who did it


def turned(claim: str, quotes: Sequence[str]) -> list[str]:
    """The words around which a claim says the reverse of its quotes; empty where there are none."""
    return list(_turned(words_of(claim), [words_of(quote) for quote in quotes]))


def _turned(said: list[Word], read: list[list[Word]]) -> Iterator[str]:
    """Pivots that fit nowhere in the quotes. Where a verb fits in the other voice, what is built
    around it has moved, and verbs alone are looked at."""
    changed = any(_changes_voice(said, n, words, m) for n, words, m in _pivots(said, read))
    fits: dict[int, bool] = _compared(said, read)
    for place, words, other in _pivots(said, read):
        if _is_participle(said[place]) or (
            not changed and said[place].written == words[other].written and _relates(said, place)
        ):
            fits[place] = fits.get(place, False) or _fits(said, place, words, other)
    return (said[place].written for place, fit in fits.items() if not fit)


def _compared(said: list[Word], read: list[list[Word]]) -> dict[int, bool]:
    """Whether the two that the claim compares, "more of this than of that", are not each other's."""
    than = [n for n, word in enumerate(said) if word.written == "than"]
    others = [(words, n) for words in read for n, word in enumerate(words) if word.written == "than"]
    return {
        place: any(_after(said, place) not in _only_before(words, n) for words, n in others)
        for place in than
        if others
    }


def _relates(words: list[Word], place: int) -> bool:
    """Whether a word looks like a verb with its object ("predates the game") or what somebody is to
    somebody ("is a subsidiary of")."""
    before = [word.written for word in words[max(0, place - 2) : place]]
    after = words[place + 1 : place + 2]
    has_object = any(word.written in ARTICLES or word.is_name for word in after)
    return has_object or (len(before) == 2 and before[0] in BE and before[1] in ARTICLES)


def _pivots(said: list[Word], read: list[list[Word]]) -> Iterator[tuple[int, list[Word], int]]:
    """Each shared word that is no name, nor an adjective ("a closed system"): its place in the claim, a
    quote, its place there."""
    for place, pivot in enumerate(said):
        if pivot.holds and not pivot.is_name and not _is_adjective(said, place):
            for words in read:
                places = (n for n in _places(words, pivot) if not _is_adjective(words, n))
                yield from ((place, words, other) for other in places)


def _fits(said: list[Word], place: int, read: list[Word], other: int) -> bool:
    if _is_passive(said, place) != _is_passive(read, other):
        return _changes_voice(said, place, read, other)
    if said[place].written in (_GIVING if _is_passive(said, place) else _TELLING):
        return True
    (before, after), (left, right) = _sides(said, place), _sides(read, other)
    if _is_participle(said[place]) and (
        _nearest(said, place) in right - left
        or (said[place].written not in _GIVING and _named_after(said, place) in left - right)
    ):
        return False
    return not (before & (right - left) and after & (left - right))


def _changes_voice(said: list[Word], place: int, read: list[Word], other: int) -> bool:
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


def _sides(words: list[Word], place: int) -> tuple[set[str], set[str]]:
    left, right = ({w.stem for w in side if w.holds} for side in (words[:place], words[place + 1 :]))
    return left, right


def _nearest(words: list[Word], place: int) -> str:
    """The word before a verb that says who does it, most likely; "" for a pronoun."""
    before = [word for word in reversed(words[:place]) if not word.written.endswith("ly")]
    if before and before[0].written in _PRONOUNS:
        return ""
    return next((word.stem for word in before if word.holds), "")


def _named_after(words: list[Word], place: int) -> str:
    """The name that a verb is about, if one follows soon."""
    after = (word for word in words[place + 1 : place + 1 + _SOON] if word.holds)
    return next((word.stem if word.is_name else "" for word in after), "")


def _only_before(words: list[Word], place: int) -> set[str]:
    """What stands before a place and nowhere behind it."""
    left, right = _sides(words, place)
    return left - right


def _after(words: list[Word], place: int) -> str:
    """The first word behind a place that holds something."""
    return next((word.stem for word in words[place + 1 :] if word.holds), "")


def _agent(words: list[Word], place: int) -> set[str]:
    """The words after "by", if it follows soon."""
    after = words[place + 1 : place + 1 + 2 * _NEAR]
    by = next((n for n, word in enumerate(after[:_NEAR]) if word.written == "by"), len(after))
    return {word.stem for word in after[by + 1 : by + 1 + _NEAR]}


def _is_passive(words: list[Word], place: int) -> bool:
    """Whether a participle follows a form of "be", but for adverbs, or stands apart with "by" or its like
    behind it: "Watson, elected in 1997"."""
    if not _is_participle(words[place]):
        return False
    before, after = words[max(0, place - 1) : place], [w.written for w in words[place + 1 : place + 3]]
    apart = words[place].written in _NEVER_PAST or (before and before[0].written == ",")
    if "by" in after or (apart and after and after[0] in PREPOSITIONS):
        return True
    earlier = (w.written for w in reversed(words[:place]))
    verb = next((w for w in earlier if not (w in _ADVERBS or w.endswith("ly"))), "")
    return verb in BE


def _is_adjective(words: list[Word], place: int) -> bool:
    before, after = words[max(0, place - 1) : place], words[place + 1 : place + 2]
    return bool(before and after) and before[0].written in _DETERMINERS and after[0].holds


def _places(words: list[Word], wanted: Word) -> list[int]:
    return [
        n
        for n, word in enumerate(words)
        if word.stem == wanted.stem
        or (_is_participle(wanted) and _is_deed(words, n) and is_said(wanted.written, [word.written]))
    ]


def _is_deed(words: list[Word], place: int) -> bool:
    """Whether a word is a noun of what somebody does: "the acquisition of"."""
    of = [word.written for word in words[place + 1 : place + 2]] == ["of"]
    return of and words[place].written.endswith(("ion", "ment"))


def _is_participle(word: Word) -> bool:
    return word.written.endswith("ed") or word.written in _PARTICIPLES
