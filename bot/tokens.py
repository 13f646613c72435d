"""Words of a claim or a quote, as the checks of how they are joined see them."""

from __future__ import annotations

import re
from itertools import chain, groupby
from typing import NamedTuple

from bot.quantities import is_number, numbers, times
from bot.writers.words import stem
from index.function_words import is_function_word

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W_]+|[,.;]")


def word_set(words: str) -> frozenset[str]:
    return frozenset(words.split())


BE = word_set("is are was were be been being get gets got")
ARTICLES = word_set("a an the its his her their")
PREPOSITIONS = word_set("as at for from in into of on per to with")
# What follows one of them is said of something else than what goes before.
CONTRASTS = word_set("than while whereas but although though unlike except instead ;")


class Word(NamedTuple):
    """`holds`: it says what a sentence is about, and is no number. The names of months are no names."""

    written: str
    stem: str
    holds: bool
    is_name: bool
    is_number: bool


def words_of(text: str) -> list[Word]:
    """The words of a text with its commas and stops; a number of several words is one, in figures."""
    runs = groupby(_TOKEN.findall(text), key=lambda token: is_number(token.lower()))
    written = (_figures(list(run)) if number else run for number, run in runs)
    return [_word(token, token.lower()) for token in chain.from_iterable(written)]


def _figures(run: list[str]) -> list[str]:
    return [str(value) for value in numbers(" ".join(run))] or run


def _word(token: str, written: str) -> Word:
    number = is_number(written)
    holds = token.isalpha() and not (number or is_function_word(written) or written in CONTRASTS)
    return Word(written, stem(token), holds, token[0].isupper() and not times(token), number)
