"""Quoted words are found whatever their typing, and nothing else is."""

import unicodedata
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.quotes import find, normalise

SOURCE = (
    "On 3 May the ﬁrst crew of 1,400 men didn’t leave the “old” har-\nbour — it rained. "
    "Café Noël: 10² km, −5 °C."
)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("the FIRST crew", "the ﬁrst crew"),
        ("didn't leave", "didn’t leave"),
        ('the "old" harbour', "the “old” har-\nbour"),
        ("harbour - it   rained", "har-\nbour — it rained"),
        ("  “1,400 men”  ", "1,400 men"),
        ("cafe\u0301 noe\u0308l", "Café Noël"),
        ("10² km", "10² km"),
    ],
)
def test_typing_does_not_matter(typed, found):
    assert [SOURCE[start:end] for start, end in find(typed, SOURCE)] == [found]


@pytest.mark.parametrize(
    "typed",
    [
        "400 men",
        "1,40",
        "1,500 men",
        "did leave",
        "the last crew",
        "102 km",
        "5 °C",
        "irst crew",
        "the harbour",
        "first old",
        "",
        " ",
        "“—”",
    ],
)
def test_other_words_are_not_found(typed):
    assert find(typed, SOURCE) == []


ITEMS = "All employees get\n\n- a monthly lunch allowance\n- free transport —\n— Kofi\nState-\nThe end"


@pytest.mark.parametrize(
    "typed",
    [
        "- a monthly lunch allowance",
        "a monthly lunch allowance",
        "- free transport —",
        "free transport",
        "— Kofi",
        "The end",
    ],
)
def test_a_line_is_found_whatever_stands_on_the_one_before(typed):
    assert [ITEMS[start:end] for start, end in find(typed, ITEMS)] == [typed]


def test_a_dash_that_does_not_stand_there_is_not_shown():
    assert find("- rained -", "it rained") == [(3, 9)]


def test_soft_hyphens_and_invisible_characters_do_not_matter():
    assert find("cooperation", "the co\u00adopera\u200btion of") == [(4, 17)]


def test_every_place_is_found_in_order():
    assert find("a b", "A b, a  B. ba b") == [(0, 3), (5, 9)]


def test_chinese_needs_no_space_around_a_quote():
    assert find("图书馆", "新的图书馆，很大。") == [(2, 5)]


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_offsets_lead_back_to_what_was_folded(text):
    folded = normalise(text)
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    assert all(0 <= a < b <= len(text) for a, b in zip(folded.starts, folded.ends, strict=True))
    assert list(folded.starts) == sorted(folded.starts)
    for character, a, b in zip(folded.text, folded.starts, folded.ends, strict=True):
        assert character in normalise(text[a:b]).text + " -"


WORD = st.text("abcßéİﬁΣς日本", min_size=1, max_size=6)


@given(
    st.lists(WORD, min_size=1, max_size=5),
    st.sampled_from(["NFC", "NFD"]),
    st.sampled_from([" ", "\n", "\u00a0 "]),
)
def test_other_forms_of_the_same_words_are_found_whole(words, form, space):
    source = "x. " + space.join(words) + " .y"
    typed = unicodedata.normalize(form, " ".join(words)).upper().lower()
    spans = find(typed, source) or find(unicodedata.normalize(form, " ".join(words)), source)
    assert (3, len(source) - 3) in spans


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_changed_number_is_never_found(told, real):
    assert bool(find(f"spent {told} crowns", f"They spent {real} crowns.")) == (told == real)
    assert bool(find(str(told), f"They spent {real:,} crowns.")) == (str(told) == f"{real:,}")


def test_a_megabyte_is_searched_quickly():
    haystack = "The ship put to sea — “soon”, they said.\n" * 27_000
    start = process_time()
    assert find("wal in sight", haystack) == []
    assert process_time() - start < 2
