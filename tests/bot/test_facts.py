"""Which facts of a claim its quotes lack."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.facts import unsupported
from bot.quantities import quantities

LEAVE = "Staff may take 26 days of leave a year. They may not carry over more than five days."
SAID = "Officials say that a ticket costs 5 francs per day, from 2020-2024, as 40 per cent of people do."
SENT = "Kenya will send four hundred officers to Haiti in July 2024, said Ruto, for $1.5 million."
ZH = "肯尼亚将派遣四百名警官。访客不得请假。"


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Staff may take 26 days of leave.", LEAVE),
        ("Staff may take twenty-six days of leave.", LEAVE),
        ("No more than 5 days may be carried over.", LEAVE),
        ("Kenya will send 400 officers.", SENT),
        ("In July 2024 Kenya will send officers to Haiti.", SENT),
        ("Ruto said that it is for 1,500,000 dollars.", SENT),
        ("肯尼亚将派遣400名警官。", ZH),
        ("A ticket costs 5 francs a day, officials say.", SAID),
        ("From 2020 to 2024, 40 percent of people do.", SAID),
    ],
)
def test_what_the_quotes_say_stands(claim, quote) -> None:
    assert unsupported(claim, [quote], []) == []


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Staff may take 27 days of leave.", LEAVE),
        ("Staff may take 26 days of leave, or 26 weeks.", LEAVE),
        ("It was built in 1982 and burnt in 1982.", "It was built in 1982 and burnt in 1983."),
        ("There is not no limit to leave.", "There is no limit to leave."),
        ("Staff may take 26 weeks of leave.", LEAVE),
        ("Staff may take 26 days of leave a month.", LEAVE),
        ("They may carry over more than five days.", LEAVE),
        ("Staff may not take 26 days of leave.", LEAVE),
        ("All staff must take 26 days of leave.", LEAVE),
        ("The keeper lived on the pier.", "The keeper died on the pier."),
        ("Kenya will send 1,400 officers.", SENT),
        ("Kenya will send 400 officers to Mali.", SENT),
        ("Uganda will send 400 officers to Haiti.", SENT),
        ("Kenya will send 400 officers in June 2024.", SENT),
        ("Kenya will send 400 officers in July 2023.", SENT),
        ("It costs 1.5 million euros, said Ruto.", SENT),
        ("The mission was a failure that cost many lives.", SENT),
        ("肯尼亚将派遣四十名警官。", ZH),
        ("访客可以请假。", "访客不得请假。"),
    ],
)
def test_what_they_do_not_say_is_found(claim, quote) -> None:
    assert unsupported(claim, [quote], [])


@pytest.mark.parametrize("odd", ["❶", "⓫", "𐩀", "፲", "x²", "1❶2", "half❷", "৴"])
def test_no_digit_is_too_odd_to_be_compared(odd) -> None:
    said = f"{odd} Press the green button for five seconds."
    assert unsupported(said, [said], []) == []
    assert unsupported("Press the green button for five seconds.", [said], []) == []
    assert unsupported("Press the green button for six seconds.", [said], [])


def test_a_name_may_come_from_the_headings() -> None:
    assert (
        unsupported("Kenya will send 400 officers.", ["The country will send 400 officers."], ["Kenya"])
        == []
    )
    assert unsupported("Kenya will send 400 officers.", ["The country will send 400 officers."], [])


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("1,400 men", "1400", ""),
        ("1.400,5 euros", "1400.5", "euro"),
        ("three hundred and five days", "305", "day"),
        ("two thousand three hundred", "2300", ""),
        ("26 working days", "26", "day"),
        ("$1.5 million", "1500000", "dollar"),
        ("50 per cent", "50", "percent"),
        ("veinte semanas", "20", "week"),
        ("一千二百三十四", "1234", ""),
        ("3万", "3", ""),
        ("❶ Press it", "1", ""),
        ("step⓵", "1", ""),
        ("፩", "1", ""),
        ("in 2019① days", "2019", ""),
        ("② days", "2", "day"),
    ],
)
def test_numbers_are_read_in_figures_and_words(text, number, unit) -> None:
    assert (Decimal(number), unit) in quantities(text)
