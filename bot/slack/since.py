"""Since when: the few ways in which people say it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.errors import QuestionError
from bot.text import shortened

if TYPE_CHECKING:
    from collections.abc import Callable

    Reckon = Callable[[re.Match[str], datetime], datetime]

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOURS = {"hour": 1, "day": 24, "week": 7 * 24, "month": 30 * 24}
_FILLER = re.compile(
    r"(?:(?:since|from|over|for|in|during|within|the|past|last(?= (?:\d|an? |hour|day)))\s+)*"
)
_UNKNOWN = (
    "I don't understand “{words}” as a time. Try today, yesterday, monday, 3 days, last week or 2026-11-01."
)
_AHEAD = "“{words}” is still to come: name a time that has passed."


def start(words: str, now: datetime) -> datetime:
    """The moment that `words`, such as "since monday", name, before `now` and in its time zone; a
    day ago for no words. Raises QuestionError."""
    said = " ".join([*words.casefold().strip(" .!?,").split(), ""])
    said = _FILLER.sub("", said, count=1).strip()
    for pattern, reckon in _WAYS:
        if match := pattern.fullmatch(said):
            try:
                moment = reckon(match, now)
            except (OverflowError, ValueError) as error:
                raise QuestionError(_UNKNOWN.format(words=shortened(words, 60))) from error
            if moment > now:
                raise QuestionError(_AHEAD.format(words=shortened(words, 60)))
            return moment
    raise QuestionError(_UNKNOWN.format(words=shortened(words, 60)))


def _midnight(now: datetime, days: int = 0) -> datetime:
    """When the day `days` before today began."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days)


def _ago(match: re.Match[str], now: datetime) -> datetime:
    count = int(match[1]) if match[1] and match[1].isdigit() else 1
    return now - timedelta(hours=count * _HOURS[match[2]])


def _weekday(match: re.Match[str], now: datetime) -> datetime:
    """The latest day of this name before today."""
    return _midnight(now, (now.weekday() - _WEEKDAYS.index(match[1]) - 1) % 7 + 1)


def _week(match: re.Match[str], now: datetime) -> datetime:
    return _midnight(now, now.weekday() + (7 if match[1] == "last" else 0))


def _month(match: re.Match[str], now: datetime) -> datetime:
    first = _midnight(now).replace(day=1)
    return (first - timedelta(days=1)).replace(day=1) if match[1] == "last" else first


def _date(match: re.Match[str], now: datetime) -> datetime:
    year, month, day, hour, minute = (int(part or 0) for part in match.groups())
    return datetime(year, month, day, hour, minute, tzinfo=now.tzinfo)


_WAYS: list[tuple[re.Pattern[str], Reckon]] = [
    (re.compile(pattern), reckon)
    for pattern, reckon in (
        (r"", lambda _, now: now - timedelta(days=1)),
        (r"today|this morning", lambda _, now: _midnight(now)),
        (r"yesterday", lambda _, now: _midnight(now, 1)),
        (r"(?:last )?(mon|tue|wed|thu|fri|sat|sun)(?:day|sday|nesday|rsday|urday)?", _weekday),
        (r"(this|last) week", _week),
        (r"(this|last) month", _month),
        (r"(\d{1,4}|an?)?\s?(hour|day|week|month)s?(?: ago)?", _ago),
        (r"(\d{4})-(\d\d?)-(\d\d?)(?:[t ](\d\d?):(\d\d))?", _date),
    )
]
