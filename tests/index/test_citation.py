"""Citation ids say what they cite, and are refused when mistyped."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.citation import citation_id, parse_citation_id, source_key
from index.errors import UnknownCitationError

DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
keys = st.builds(source_key, st.text(max_size=20), st.text("0123456789abcdef", min_size=16, max_size=16))
starts = st.integers(0, 20_000_000)
lengths = st.integers(1, 5000)


@given(keys, starts, lengths)
def test_an_id_gives_back_what_it_cites(key: str, start: int, length: int) -> None:
    assert parse_citation_id(citation_id(key, start, start + length)) == (key, start, start + length)


@given(keys, starts, lengths, st.randoms())
def test_case_spaces_around_and_look_alike_letters_are_forgiven(
    key: str, start: int, length: int, rng: random.Random
) -> None:
    alike = {"0": "0oO", "1": "1iIlL"}
    typed = "".join(
        rng.choice(alike.get(c, c + c.upper())) for c in citation_id(key, start, start + length)
    )
    assert parse_citation_id(f"  {typed}\n") == (key, start, start + length)


def test_nearly_every_mistyped_id_is_refused() -> None:
    rng = random.Random(7)
    tries, accepted = 20_000, 0
    for _ in range(tries):
        key = "".join(rng.choices(DIGITS, k=6))
        start = rng.randrange(100_000)
        right = citation_id(key, start, start + rng.randrange(1, 500))
        place = rng.choice([i for i, c in enumerate(right) if c != "-"])
        wrong = right[:place] + rng.choice(DIGITS.replace(right[place], "")) + right[place + 1 :]
        accepted += _is_accepted(wrong)
    assert accepted / tries < 1 / 500  # two check digits let one in 1,024 through


def test_swapped_neighbours_are_refused() -> None:
    right = citation_id("k7f3qm", 1234, 1300)
    swapped = {right[:i] + right[i + 1] + right[i] + right[i + 2 :] for i in range(len(right) - 1)} - {
        right
    }
    assert not any(map(_is_accepted, swapped))


@given(st.text(max_size=40))
def test_any_other_text_is_no_id_and_nothing_worse(text: str) -> None:
    if _is_accepted(text):
        key, start, end = parse_citation_id(text)
        assert parse_citation_id(citation_id(key, start, end)) == (key, start, end)


@pytest.mark.parametrize(
    "text", ["", "-", "--", "a-b", "k7f3qm-9s4-3z", "k7f3qm--3z7k", "k7f3qm-9s4-3z7k-1", "k7f3qm-９-3z7k"]
)
def test_what_has_not_the_form_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(UnknownCitationError, match="No citation has this id"):
        parse_citation_id(text)


def test_other_versions_and_other_documents_have_other_keys() -> None:
    same = source_key("/a.md", "0" * 16)
    assert same == source_key("/a.md", "0" * 16)
    assert len({same, source_key("/b.md", "0" * 16), source_key("/a.md", "1" * 16)}) == 3
    assert source_key("/a.md", "0" * 16, attempt=1) != same


def test_an_id_is_short() -> None:
    assert len(citation_id("k7f3qm", 40_000, 40_200)) <= 16


def _is_accepted(text: str) -> bool:
    try:
        parse_citation_id(text)
    except UnknownCitationError:
        return False
    return True
