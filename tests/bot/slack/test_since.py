"""Since when a channel is summarised, as people say it."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import QuestionError
from bot.slack.since import start

ZONE = timezone(timedelta(hours=-5))
NOW = datetime(2026, 11, 24, 15, 30, tzinfo=ZONE)  # a Tuesday


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("", "2026-11-23 15:30"),
        ("since", "2026-11-23 15:30"),
        ("since today", "2026-11-24 00:00"),
        ("Since Yesterday.", "2026-11-23 00:00"),
        ("since monday", "2026-11-23 00:00"),
        ("since tuesday", "2026-11-17 00:00"),
        ("wed", "2026-11-18 00:00"),
        ("last friday", "2026-11-20 00:00"),
        ("since sunday", "2026-11-22 00:00"),
        ("3 days", "2026-11-21 15:30"),
        ("since 3 days ago", "2026-11-21 15:30"),
        ("for the last 2 weeks", "2026-11-10 15:30"),
        ("the last hour", "2026-11-24 14:30"),
        ("a week", "2026-11-17 15:30"),
        ("past week", "2026-11-17 15:30"),
        ("this week", "2026-11-23 00:00"),
        ("since last week", "2026-11-16 00:00"),
        ("last month", "2026-10-01 00:00"),
        ("2026-11-01", "2026-11-01 00:00"),
        ("from 2026-11-01 09:15", "2026-11-01 09:15"),
    ],
)
def test_the_ways_of_saying_it_are_read_where_the_asker_lives(words, moment) -> None:
    assert start(words, NOW) == datetime.fromisoformat(moment).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    "words", ["the launch", "2026-13-01", "99999 weeks", "9999 months " * 2, "mondaynesday"]
)
def test_what_is_no_time_is_answered_with_examples(words) -> None:
    with pytest.raises(QuestionError, match="Try today, yesterday"):
        start(words, NOW)


def test_what_is_still_to_come_is_no_beginning() -> None:
    with pytest.raises(QuestionError, match="still to come"):
        start("2026-11-25", NOW)


@settings(max_examples=30, deadline=None)
@given(
    st.text(max_size=30)
    | st.builds("{} {}".format, st.integers(0, 99999), st.sampled_from(["days", "weeks", "months"]))
)
def test_whatever_is_said_begins_in_the_past_or_is_refused(words) -> None:
    with suppress(QuestionError):
        assert start(words, NOW) <= NOW
