"""What makes a text come closer to a question than another."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.lexical import terms
from index.ordering import closeness


def close(question: str, *texts: str) -> list[float]:
    return closeness(question, dict.fromkeys(terms(question), 2.0), texts)


@pytest.mark.parametrize(
    ("question", "closer", "farther"),
    [
        ("purchase of boats", "They purchase it.", "They buy it."),
        ("purchase of boats", "They buy it.", "They mend it."),
        ("sick leave", "Sick leave is paid.", "Leave is paid, sick or not."),
        (
            "pier lantern",
            "The pier is old. Its lantern is new.",
            "The pier is old. So. It is. A lantern is.",
        ),
        ("pier lantern keeper", "The keeper lit the lantern on the pier.", "The keeper left the pier."),
    ],
)
def test_what_holds_more_of_the_question_in_less_comes_closer(
    question: str, closer: str, farther: str
) -> None:
    one, other = close(question, closer, farther)
    assert one > other


def test_years_are_never_alike() -> None:
    assert close("2012", "It was 2013.", "It was then.") == [0, 0]


def test_words_that_only_ask_are_never_alike() -> None:
    assert close("what", "How so?", "A carpenter.") == [0, 0]


def test_scripts_without_spaces_are_compared_by_their_pairs() -> None:
    one, other = close("肯尼亚警官", "肯尼亚派遣警官。", "海地需要帮助。")
    assert one > other == 0


@pytest.mark.parametrize("size", range(1, 9))
def test_what_others_left_on_the_stack_is_no_warning(size: int, dirty_stack: Callable[[], object]) -> None:
    words = ["boiler", "director", "francs", "pier", "lantern", "keeper", "leave", "boat"][:size]
    dirty_stack()
    assert close(" ".join(words), "The boiler is old. The pier too.")[0] > 0


@given(st.text(max_size=60), st.lists(st.text(max_size=200), max_size=3))
def test_it_lies_between_nothing_and_all(question: str, texts: list[str]) -> None:
    found = close(question, *texts, question)
    assert all(0 <= score <= 2.46 for score in found)
    assert found[-1] == max(found)


def test_it_says_the_same_when_the_words_that_were_kept_are_too_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    texts = ["They buy a boat.", "The pier is old. Its lantern is new.", "", "Tides turn."]
    before = close("purchase of a lantern", *texts)
    monkeypatch.setattr("index.ordering._MOST_WORDS", 2)
    assert close("keeper", "The keeper lit it.") > [0]
    assert close("purchase of a lantern", *texts) == before
    assert before[2:] == [0, 0]
