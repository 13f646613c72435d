"""What somebody asked of Footnote on a chat surface, before it is worked on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Surface(StrEnum):
    """Where a request came from, which decides how it is replied to."""

    CHANNEL = "channel"  # a mention, or a follow-up in a thread: everybody there reads the reply
    DIRECT = "direct"  # a direct message, or the agent pane
    EPHEMERAL = "ephemeral"  # a slash command or a shortcut: only its asker reads the reply


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation: the thread that the message `thread` stands in, or a channel."""

    channel: str
    thread: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """`command` names an entry of COMMANDS and `text` is what follows it. `event` is unique to a
    delivery, (team, channel, ts) to what was said; `thread` is where the reply goes, and
    `received` is in seconds since the epoch. `talk` is the conversation that is asked about."""

    event: str
    team: str
    enterprise: str | None
    channel: str
    ts: str
    thread: str | None
    asker: str
    surface: Surface
    command: str
    text: str
    received: float
    response_url: str | None = None
    declined: str | None = None  # why it is not looked up at all
    talk: Talk | None = None


@dataclass(frozen=True, slots=True)
class Ticket:
    """A request that stands in the inbox. `again` says that a process which held it is gone, and
    `begun` that it had begun to reply."""

    id: str
    request: Request
    again: bool = False
    begun: bool = False
