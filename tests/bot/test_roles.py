"""A claim joins words as its quotes do."""

from __future__ import annotations

import pytest

from bot.facts import unsupported

OFFICE = "In 1990, after a long vacancy, Ada Berg was named director of the harbour by Lars Holm."
SALE = "The shipyard sold the pier to the city of Orsa."
OWNED = "The ferry line is a subsidiary of the Orsa Harbour Trust."
FLEET = "In 1990 the harbour kept 14 tugs and 3 ferries."
WORKS = "Tugs are towed in pairs, while ferries run alone."
AGES = "When they met, Ada was 26 years old and Lars was 41 years old."
MOVE = "The office moved from Orsa to Visby."
COAST = "The northern coast road is open, and most people live in developed towns."


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Lars Holm named Ada Berg director of the harbour.", OFFICE),
        ("Ada Berg was named director in 1990.", OFFICE),
        ("The pier was sold to the city of Orsa by the shipyard.", SALE),
        ("The ferry line is a subsidiary of the trust.", OWNED),
        ("The harbour kept fourteen tugs in 1990.", FLEET),
        ("Ferries run alone.", WORKS),
        ("Ada was 26 when they met.", AGES),
        ("The office moved to Visby.", MOVE),
        ("Most people live in developed towns.", COAST),
    ],
)
def test_words_may_change_their_order_and_their_voice(claim: str, quote: str) -> None:
    assert unsupported(claim, [quote], []) == []


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Lars Holm was named director of the harbour in 1990.", OFFICE),
        ("Ada Berg named Lars Holm director.", OFFICE),
        ("The city of Orsa sold the pier to the shipyard.", SALE),
        ("The Orsa Harbour Trust is a subsidiary of the ferry line.", OWNED),
        ("The harbour kept 3 tugs and 14 ferries in 1990.", FLEET),
        ("Tugs run alone.", WORKS),
        ("Ada was 41 years old and Lars was 26 years old.", AGES),
        ("The office moved from Visby to Orsa.", MOVE),
        ("Most people live in developing towns.", COAST),
    ],
)
def test_nobody_changes_places(claim: str, quote: str) -> None:
    assert unsupported(claim, [quote], [])


def test_a_name_is_not_put_together_from_two() -> None:
    quote = "Some are in Northern Orsa and some in the south."
    assert unsupported("Some are in Southern Orsa.", [quote], ["Southern Visby"])
    assert unsupported("Some are in Northern Orsa.", [quote], []) == []
    quote = "The Old Harbour Trust built a pier for its New Harbour line."
    assert unsupported("The New Harbour Trust built a pier.", [quote], [])
    assert unsupported("The Old Harbour Trust built a pier.", [quote], []) == []
