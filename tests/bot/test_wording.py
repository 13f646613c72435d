"""What somebody wants summarised, in their own words."""

from __future__ import annotations

import pytest

from bot.errors import QuestionError
from bot.summarizing.wording import is_about_this_thread, wanted, what_to_summarize
from bot.types import Length


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("summarize the handbook", "the handbook"),
        ("Could you please summarise the handbook?", "the handbook"),
        ("give me a short summary of travel.md", "travel.md"),
        ("summarize what we know about overtime", "about overtime"),
        ("resume el manual", "el manual"),
        ("总结一下手册", "手册"),
        ("resume work on Monday", None),
        ("How many days of leave may staff take?", None),
        ("?!" * 20_000, None),
    ],
)
def test_a_request_for_a_summary_is_told_from_a_question(text, subject) -> None:
    assert what_to_summarize(text) == subject


@pytest.mark.parametrize(
    "text", ["summarize this thread", "please sum up the whole conversation", "summarize"]
)
def test_a_thread_may_ask_for_itself(text) -> None:
    assert is_about_this_thread(text)
    assert not is_about_this_thread(f"{text} about overtime in the handbook")


def test_how_long_it_is_to_be_may_stand_behind_it() -> None:
    assert wanted("handbook short") == ("handbook", Length.SHORT, None)
    assert wanted("handbook --sentences 5") == ("handbook", Length.NORMAL, 5)
    assert wanted('"the long short"') == ("the long short", Length.NORMAL, None)
    with pytest.raises(QuestionError, match="from 1 to 50"):
        wanted("handbook --sentences 500")
