"""What Slack delivers becomes a request, or is none of ours. Payloads are taken as they come:
whatever is missing or of another kind makes them none of ours."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from bot.commands import COMMANDS
from bot.requests import Request, Surface
from bot.text import SURROGATES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.settings import Settings
    from bot.slack.desk import Desk
    from bot.state import State

SUBTYPES = {None, "file_share", "thread_broadcast"}  # messages that people write; the rest are changes
FOREIGN = "I don't answer in channels that are shared with other organisations. Ask me in a direct message."
_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")
_LINK = re.compile(
    r"<(?:(?:https?|mailto):[^|>]*\|)?([^|>@#!]+)>"
)  # as Slack sends them: <https://a.b|a.b>
_CHANNEL = re.compile(r"<#[A-Z0-9]+\|([^>]*)>")


class Event(BaseModel, strict=True):
    """A message or a mention, as far as we read it."""

    type: str
    channel: str
    user: str
    text: str
    ts: str
    thread_ts: str | None = None
    channel_type: str | None = None
    subtype: str | None = None
    bot_id: str | None = None
    user_team: str | None = None


class Delivery(BaseModel, strict=True):
    """What is around an event."""

    event_id: str
    team_id: str
    enterprise_id: str | None = None
    is_ext_shared_channel: bool = False
    event: Event


class Slash(BaseModel, strict=True):
    """A slash command."""

    command: str
    text: str = ""
    team_id: str
    enterprise_id: str | None = None
    channel_id: str
    user_id: str
    trigger_id: str
    response_url: str


@dataclass(frozen=True, slots=True)
class Said:
    """Something a person wrote where Footnote could read it. `mentions` are the people called in
    it; `request` is what it asks, should it be for Footnote."""

    request: Request
    mentions: frozenset[str]
    in_thread: bool


class Intake:
    """Takes what is for Footnote in, before Slack is told that it has arrived."""

    def __init__(self, state: State, desk: Desk, settings: Settings) -> None:
        self._state = state
        self._desk = desk
        self._settings = settings

    async def receive(self, body: dict[str, Any], bot: str | None) -> None:
        """`bot` is Footnote's own user id. Raises StateError, so that Slack delivers again."""
        if heard := said(body, shared=self._settings.shared_channels):
            if await self._is_for_us(heard, body, bot):
                await self._desk.take(heard.request)
        elif command := commanded(body):
            await self._desk.take(command)

    async def _is_for_us(self, heard: Said, body: dict[str, Any], bot: str | None) -> bool:
        """A mention and a direct message always; in a thread also what the person says who
        talks with Footnote there, until somebody else speaks or is spoken to."""
        request = heard.request
        if (
            request.surface is Surface.DIRECT
            or body["event"]["type"] == "app_mention"
            or bot in heard.mentions
        ):
            return True
        if not heard.in_thread:
            return False
        place = (request.team, request.channel, request.thread or request.ts)
        partner = await self._state.partner(*place)
        if partner == request.asker and not heard.mentions:
            return True
        if partner is not None:
            await self._state.interrupt(*place)
        return False


def said(body: Mapping[str, Any], shared: bool = False) -> Said | None:
    """What a message or mention says; None for what people did not write, and for other events.
    `shared` allows channels shared with other organisations."""
    try:
        delivery = Delivery.model_validate(body)
    except ValidationError:
        return None
    event = delivery.event
    if event.type not in {"message", "app_mention"} or event.subtype not in SUBTYPES or event.bot_id:
        return None
    foreign = delivery.is_ext_shared_channel or (event.user_team or delivery.team_id) != delivery.team_id
    direct = event.channel_type == "im"
    request = Request(
        event=delivery.event_id,
        team=delivery.team_id,
        enterprise=delivery.enterprise_id,
        channel=event.channel,
        ts=event.ts,
        thread=event.thread_ts or event.ts,
        asker=event.user,
        surface=Surface.DIRECT if direct else Surface.CHANNEL,
        command="ask",
        text=readable(event.text),
        received=time.time(),
        declined=FOREIGN if foreign and not shared else None,
    )
    return Said(request, frozenset(_MENTION.findall(event.text)), event.thread_ts is not None)


def commanded(body: Mapping[str, Any]) -> Request | None:
    """What a slash command of ours asks. A command may be given twice, so its trigger is its time."""
    try:
        slash = Slash.model_validate(body)
    except ValidationError:
        return None
    name = slash.command.removeprefix("/")
    if name not in COMMANDS:
        return None
    return Request(
        event=slash.trigger_id,
        team=slash.team_id,
        enterprise=slash.enterprise_id,
        channel=slash.channel_id,
        ts=slash.trigger_id,
        thread=None,
        asker=slash.user_id,
        surface=Surface.EPHEMERAL,
        command=name,
        text=readable(slash.text),
        received=time.time(),
        response_url=slash.response_url,
    )


def readable(text: str) -> str:
    """What a person typed, out of Slack's markup: without mentions, links as they read."""
    text = _CHANNEL.sub(r"#\1", _MENTION.sub(" ", text))
    text = _LINK.sub(r"\1", text)
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return SURROGATES.sub("\ufffd", text).strip()
