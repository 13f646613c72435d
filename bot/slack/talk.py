"""Summaries of what people wrote in Slack, for somebody who may read it. Nothing of it is kept."""

from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from bot.errors import NothingFoundError
from bot.requests import Surface
from bot.slack import transcript
from bot.slack.errors import RefusedError, TalkError, UnreachableError
from bot.slack.intake import asked_for
from bot.slack.markup import MENTION, readable, spoken
from bot.slack.people import AT_ONCE, People
from bot.slack.since import start
from bot.summarizing.wording import wanted
from bot.types import Remark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.assistant import Assistant
    from bot.requests import Request, Talk
    from bot.slack.people import Person
    from bot.slack.posters import Posters
    from bot.slack.posting import Poster
    from bot.slack.transcript import Written
    from bot.types import Citation, Summary

NOT_YOURS = (
    "I find no conversation there that you may read. If it is a private one, both you and I must be in it."
)
IN_PUBLIC = (
    "That conversation is private, so I don't tell of it here. Ask with /summarize, or in a direct message."
)
LACKING = (
    "For that I lack Slack's permission {scope}. An admin adds it to the app, whose manifest `footnote "
    "manifest` prints, and installs it again."
)
_WHY = {
    "channel_not_found": NOT_YOURS,
    "not_in_channel": "I am not in that channel. Invite me with /invite @Footnote, then ask again.",
    "thread_not_found": "That message is not there any more.",
}
_SILENCE = "Nobody has written anything there that I could summarise."
_MEMBERS = 1000  # in one call
log = logging.getLogger(__name__)
_PLACE = re.compile(r"(?:#\S*|this channel|here)(?=\s|$)", re.IGNORECASE)


class Talks:
    """Reads conversations and has them summarised."""

    def __init__(self, assistant: Assistant, posters: Posters) -> None:
        self._assistant = assistant
        self._posters = posters
        self._people = People()

    async def summary(self, request: Request, talk: Talk) -> Summary:
        """Raises QuestionError for a time that is not understood, and TalkError with what its asker
        can do about it."""
        try:
            poster = await self._posters.of(request.team, request.enterprise)
            asker = await self._people.look_up(poster, request.team, request.asker)
            await _admit(poster, asker, request, talk)
            return await self._summary(poster, asker, request, talk)
        except RefusedError as error:
            lacking = LACKING.format(scope=error.needed) if error.code == "missing_scope" else None
            raise TalkError(lacking or _WHY.get(error.code, str(error))) from error
        except UnreachableError as error:
            raise TalkError(f"{error} Please ask again.") from error

    async def _summary(self, poster: Poster, asker: Person, request: Request, talk: Talk) -> Summary:
        words, length, sentences = wanted(request.text)
        since = None
        if talk.thread is None:
            now = datetime.fromtimestamp(request.received, asker.zone)
            since = start(_PLACE.sub("", words, count=1), now)
            found = await transcript.channel(poster, talk.channel, since.timestamp())
        else:
            found = await transcript.thread(poster, talk.channel, talk.thread)
        remarks = await self._remarks(poster, asker, request, found.messages)
        if not remarks:
            raise TalkError(_SILENCE)
        subject = _subject(words, since, remarks[0])
        try:
            given = await self._assistant.summarize_talk(remarks, subject, length, sentences)
        except NothingFoundError as error:
            raise TalkError(_SILENCE) from error
        citations = await _linked(poster, talk.channel, given.citations)
        return replace(given, citations=citations, note=" ".join(filter(None, (given.note, found.note))))

    async def _remarks(
        self, poster: Poster, asker: Person, request: Request, messages: Sequence[Written]
    ) -> list[Remark]:
        """What was said but to Footnote; until it is linked, a remark is found by its ts."""
        told = [m for m in messages if m.ts != request.ts and not _asks(m)]
        speakers = [message.user for message in told]
        mentioned = [called[1] for message in told for called in MENTION.finditer(message.text)]
        names = await self._people.names(poster, request.team, [*speakers, *mentioned])
        return [
            Remark(
                speaker=names[message.user],
                at=datetime.fromtimestamp(message.at, asker.zone).isoformat(timespec="seconds"),
                text=spoken(message.text, names),
                url=message.ts,
            )
            for message in told
        ]


async def _admit(poster: Poster, asker: Person, request: Request, talk: Talk) -> None:
    """Who writes in a conversation reads it. Other channels are open to all but guests; the rest is
    for its members, and for nobody beside them. Raises TalkError."""
    if talk.channel == request.channel:
        return
    channel = (await poster.call("conversations.info", channel=talk.channel)).get("channel") or {}
    is_open = bool(channel.get("is_channel")) and channel.get("is_private") is False
    if is_open and not asker.guest:
        return
    members = poster.pages("conversations.members", "members", channel=talk.channel, limit=_MEMBERS)
    if not [user async for user in members if user == asker.id]:
        raise TalkError(NOT_YOURS)
    if request.surface is Surface.CHANNEL and not is_open:
        raise TalkError(IN_PUBLIC)


def _asks(message: Written) -> bool:
    """Whether a message asks Footnote for a summary, instead of saying something."""
    return bool(MENTION.match(message.text)) and asked_for(readable(message.text)) is not None


async def _linked(poster: Poster, channel: str, citations: Sequence[Citation]) -> tuple[Citation, ...]:
    """The citations with the addresses that Slack gives for their messages; "" where it gives none."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def address(ts: str) -> str:
        async with gate:
            try:
                given = await poster.call("chat.getPermalink", channel=channel, message_ts=ts)
            except RefusedError as error:  # deleted in the meantime
                log.info("Without a link: %s", error)
                return ""
            return str(given.get("permalink") or "")

    cited = list(dict.fromkeys(citation.url for citation in citations))
    addresses = dict(zip(cited, await asyncio.gather(*map(address, cited)), strict=True))
    return tuple(replace(citation, url=addresses[citation.url]) for citation in citations)


def _subject(words: str, since: datetime | None, first: Remark) -> str:
    """ "#general since Monday, 23 November 2026, 00:00", as far as `words` name the channel."""
    if since is None:
        return f"What {first.speaker} began on {_day(datetime.fromisoformat(first.at))}"
    name, _, _ = words.partition(" ")
    return f"{name if name.startswith('#') else 'The channel'} since {_day(since)}"


def _day(moment: datetime) -> str:
    return f"{moment:%A}, {moment.day} {moment:%B %Y, %H:%M}"
