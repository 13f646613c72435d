"""What may stand for a word, and what may not."""

from __future__ import annotations

import pytest

from bot.synonyms import _roots, is_light, is_said, root


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("begins", "started"),
        ("incorrect", "wrong"),
        ("rely", "depend"),
        ("movement", "moves"),
        ("married", "marriage"),
        ("planned", "plans"),
        ("visitors", "visited"),
        ("renamed", "rebranded"),
        ("returned", "back"),
        ("comprises", "consists"),
    ],
)
def test_forms_and_words_of_the_same_meaning_are_said(word: str, said: str) -> None:
    assert is_said(word, [said])
    assert is_said(said, [word])


@pytest.mark.parametrize(
    ("one", "two"),
    [("carried", "carry"), ("improved", "improvements"), ("moves", "movement"), ("cuts", "cut")],
)
def test_what_is_denied_of_a_word_is_denied_of_its_forms(one: str, two: str) -> None:
    assert root(one) == root(two)


@pytest.mark.parametrize("word", ["carried", "marriage", "organizations", "planning"])
def test_of_several_roots_it_is_always_the_same(word: str) -> None:
    shortest = min(map(len, _roots(word)))
    first, *_ = sorted(made_of for made_of in _roots(word) if len(made_of) == shortest)
    assert root(word) == first.removesuffix("e")


OPPOSITES = """
increase decrease, accept reject, win lose, buy sell, open close, fast slow, begin end, big small, good bad,
rise fall, allow ban, first last, hire fire, import export, north south, old new, strong weak, high low,
early late, more less, rich poor, male female, support oppose, include exclude, victory defeat, king queen,
red blue, june july, doctor nurse, son daughter, husband wife, brother sister, book film, winter summer
"""


@pytest.mark.parametrize("pair", OPPOSITES.split(","))
def test_opposites_and_sisters_are_not(pair: str) -> None:
    one, two = pair.split()
    assert not is_said(one, [two])
    assert not is_said(two, [one])


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("carbamazepine", "oxcarbazepine"),
        ("methylprednisolone", "methylphenidate"),
        ("aldosterone", "testosterone"),
        ("police", "policy"),
        ("care", "car"),
        ("planes", "plans"),
    ],
)
def test_words_that_are_only_spelt_alike_are_not(one: str, two: str) -> None:
    assert not is_said(one, [two])


@pytest.mark.parametrize("word", ["won", "opposed", "cheaper", "died", "children", "record"])
def test_a_word_that_adds_a_fact_is_not_light(word: str) -> None:
    assert not is_light(word)
    assert not is_said(word, ["captain", "harbour", "signed", "sailors"])
