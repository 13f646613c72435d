"""What Slack delivers becomes a request, or is none of ours. Payloads are taken as they come:
whatever is missing or of another kind makes them none of ours."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from bot.commands import COMMANDS
from bot.requests import Request, Surface, Talk
from bot.slack import markup
from bot.slack.markup import MENTION, readable
from bot.slack.people import is_foreign
from bot.summarizing.wording import is_about_this_thread, what_to_summarize

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.settings import Settings
    from bot.slack.desk import Desk
    from bot.state import State

SUBTYPES = {None, "file_share", "thread_broadcast"}  # messages that people write; the rest are changes
FOREIGN = "I don't answer in channels that are shared with other organisations. Ask me in a direct message."
WHICH_CHANNEL = (
    "I cannot tell which channel that is. Choose it from what Slack offers while you type its name."
)
WHICH_THREAD = (
    "I cannot tell which thread you mean. Mention me in it, choose “Summarize this thread” in the menu of "
    "a message, or give /summarize the link to one."
)
_HERE = re.compile(r"this channel\b|here(?:\s+since\b|$)", re.IGNORECASE)
_REQUEST = 500  # characters; whoever writes more asks for no summary


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

    @property
    def place(self) -> tuple[str, str, str]:
        """The team, the channel and the thread."""
        return self.request.team, self.request.channel, self.request.thread or self.request.ts


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
                if heard.request.talk and heard.in_thread:  # people go on talking to each other there
                    await self._state.interrupt(*heard.place)
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
        partner = await self._state.partner(*heard.place)
        if partner == request.asker and not heard.mentions:
            return True
        if partner is not None:
            await self._state.interrupt(*heard.place)
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
    foreign = delivery.is_ext_shared_channel or is_foreign(
        event.user_team, delivery.team_id, delivery.enterprise_id
    )
    direct = event.channel_type == "im"
    text, thread = readable(event.text), event.thread_ts
    subject = asked_for(text)
    talk, why_not = (None, None) if subject is None else _about(event.text, subject, event.channel, thread)
    request = Request(
        event=delivery.event_id,
        team=delivery.team_id,
        enterprise=delivery.enterprise_id,
        channel=event.channel,
        ts=event.ts,
        thread=thread or event.ts,
        asker=event.user,
        surface=Surface.DIRECT if direct else Surface.CHANNEL,
        command="ask" if subject is None else "summarize",
        text=text if subject is None else subject,
        received=time.time(),
        declined=FOREIGN if foreign and not shared else why_not,
        talk=talk,
    )
    return Said(
        request, frozenset(called[1] for called in MENTION.finditer(event.text)), thread is not None
    )


def commanded(body: Mapping[str, Any]) -> Request | None:
    """What a slash command of ours asks. A command may be given twice, so its trigger is its time."""
    try:
        slash = Slash.model_validate(body)
    except ValidationError:
        return None
    command = slash.command.removeprefix("/")
    if command not in COMMANDS:
        return None
    text = markup.spoken(slash.text, markup.labels(slash.text))
    summary = command == "summarize" and text
    talk, why_not = _about(slash.text, text, slash.channel_id, None) if summary else (None, None)
    return Request(
        event=slash.trigger_id,
        team=slash.team_id,
        enterprise=slash.enterprise_id,
        channel=slash.channel_id,
        ts=slash.trigger_id,
        thread=None,
        asker=slash.user_id,
        surface=Surface.EPHEMERAL,
        command=command,
        text=text,
        received=time.time(),
        response_url=slash.response_url,
        declined=why_not,
        talk=talk,
    )


def asked_for(text: str) -> str | None:
    """What a message asks a summary of; None where it asks for none."""
    return what_to_summarize(text) if len(text) <= _REQUEST else None


def _about(raw: str, subject: str, channel: str, thread: str | None) -> tuple[Talk | None, str | None]:
    """The conversation that is to be summarised, None where that is something else, and why it is
    not. `raw` is what Slack delivered, `channel` and `thread` where."""
    if talk := markup.linked(raw):
        return talk, None
    if subject.startswith("#"):
        named = markup.channel(raw)
        return named, None if named else WHICH_CHANNEL
    if _HERE.match(subject):
        return Talk(channel), None
    request = f"summarize {subject[:_REQUEST]}"
    if is_about_this_thread(request) and (thread or subject):
        return (Talk(channel, thread), None) if thread else (None, WHICH_THREAD)
    return None, None
