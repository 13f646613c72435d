"""What people wrote in a thread, or in a channel since a time: read for one answer, kept nowhere."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from bot.slack.intake import SUBTYPES
from bot.slack.people import AT_ONCE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from bot.slack.posting import Poster

MOST = 1000  # messages
_PAGE = 200  # messages in one call, as Slack advises
_THREADS = 40  # of a channel; Slack allows 50 calls a minute
_LOOK_BACK = 30 * 86400.0  # seconds before the time in question, in which a thread may have begun
_CUT = f"Only the latest {MOST:,} messages were read."
_FEWER = f"Of the threads, only the {_THREADS} with the latest replies were read."


class Written(BaseModel, strict=True):
    """A message that somebody wrote in Slack, as far as we read it."""

    ts: str
    user: str
    text: str = ""
    subtype: str | None = None
    bot_id: str | None = None
    thread_ts: str | None = None
    latest_reply: str | None = None

    @property
    def at(self) -> float:
        """In seconds since the epoch."""
        return float(self.ts)

    @property
    def by_a_person(self) -> bool:
        return self.subtype in SUBTYPES and self.bot_id is None and bool(self.text.strip())


@dataclass(frozen=True, slots=True)
class Transcript:
    """What people wrote, each thread behind the message it begins with. `note` says what was left
    out, "" for nothing."""

    messages: list[Written]
    note: str = ""


async def thread(poster: Poster, channel: str, ts: str) -> Transcript:
    """The whole thread in which the message `ts` stands. Raises SlackError."""
    found = await _replies(poster, channel, ts)
    first = found[0].thread_ts if len(found) == 1 else None
    if first not in {None, ts}:  # of a reply, Slack gives only that
        found = await _replies(poster, channel, str(first))
    return _transcript(found)


async def channel(poster: Poster, channel: str, since: float) -> Transcript:
    """What was written in a channel since a time, in seconds since the epoch, also in threads that
    began before. Raises SlackError."""
    oldest = f"{max(since - _LOOK_BACK, 0.0):.6f}"
    standing = []
    async for message in _read(poster, "conversations.history", channel=channel, oldest=oldest):
        standing.append(message)
        if len(standing) > MOST:
            break
    begun = [m for m in standing if m.latest_reply is not None and float(m.latest_reply) >= since]
    begun.sort(key=lambda message: float(message.latest_reply or 0), reverse=True)
    gate = asyncio.Semaphore(AT_ONCE)

    async def replies(ts: str) -> list[Written]:
        async with gate:
            return await _replies(poster, channel, ts, oldest=f"{since:.6f}", inclusive=True)

    late = await asyncio.gather(*(replies(message.ts) for message in begun[:_THREADS]))
    told = (message for found in (standing, *late) for message in found if message.at >= since)
    notes = ((_CUT, len(standing) > MOST), (_FEWER, len(begun) > _THREADS))
    return _transcript(told, *(note for note, is_so in notes if is_so))


async def _replies(poster: Poster, channel: str, ts: str, **more: Any) -> list[Written]:
    """A thread's messages, oldest first; of very many the last."""
    found: deque[Written] = deque(maxlen=MOST + 1)
    async for message in _read(poster, "conversations.replies", channel=channel, ts=ts, **more):
        found.append(message)
    return list(found)


async def _read(poster: Poster, method: str, **where: Any) -> AsyncIterator[Written]:
    """Messages that have an author; Slack's own and some bots' have none."""
    async for message in poster.pages(method, "messages", limit=_PAGE, **where):
        try:
            yield Written.model_validate(message)
        except ValidationError:
            continue


def _transcript(found: Iterable[Written], *notes: str) -> Transcript:
    once = {message.ts: message for message in found if message.by_a_person}
    latest = sorted(once.values(), key=lambda message: message.at)
    told = dict.fromkeys((*([_CUT] if len(latest) > MOST else []), *notes))
    ordered = sorted(latest[-MOST:], key=lambda m: (float(m.thread_ts or m.ts), m.at))
    return Transcript(ordered, " ".join(told))
