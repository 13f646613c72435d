"""What stands in the fake Slack: workspaces, messages, views, and what a test has changed."""

from __future__ import annotations

import base64
import re
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from fake_slack import checks
from fake_slack.limits import parts
from fake_slack.payloads import APP, BOT, BOT_USER, TEAM, new_id, new_ts
from fake_slack.safety import unsafe
from fake_slack.schemas import METHODS

Args = dict[str, Any]
TRIGGER_SECONDS = 3.0


class SlackError(Exception):
    """A call that Slack answers with {"ok": false, "error": ...}; `more` joins the answer."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.answer = {"ok": False, "error": error} | more


@dataclass(frozen=True)
class Workspace:
    """A team that installed the bot, and the bot there."""

    token: str
    team: str = TEAM
    name: str = "Footnote"
    bot_user: str = BOT_USER
    bot: str = BOT


@dataclass
class Message:
    """A message as people see it. For the bot's own, `user` is the bot's user."""

    channel: str
    ts: str
    user: str
    text: str = ""
    blocks: list[dict[str, Any]] = field(default_factory=list)
    metadata: dict[str, Any] | None = None
    thread_ts: str | None = None
    subtype: str | None = None
    ephemeral_to: str | None = None
    streaming: bool = False
    stopped: bool = False
    edits: int = 0
    bot: str | None = None
    halted: str | None = None  # why the stream takes no more: Slack's error

    def payload(self, *, metadata: bool = False) -> dict[str, Any]:
        """As Slack gives it, in conversations.replies or around a pressed button."""
        given: dict[str, Any] = {"type": "message", "user": self.user, "ts": self.ts, "text": self.text}
        given |= {"team": TEAM, "blocks": self.blocks}
        given |= {"bot_id": self.bot, "app_id": APP} if self.bot else {}
        given |= {"thread_ts": self.thread_ts} if self.thread_ts else {}
        given |= {"subtype": self.subtype} if self.subtype else {}
        given |= {"edited": {"user": self.user, "ts": self.ts}} if self.edits else {}
        return given | ({"metadata": self.metadata} if metadata and self.metadata else {})


@dataclass(frozen=True)
class Status:
    """One call of agents.sessions.setStatus or assistant.threads.setStatus."""

    channel: str
    thread_ts: str | None
    status: str
    loading_messages: tuple[str, ...] = ()


class World:
    """All that stands in Slack; no network. Tests look at it and change it."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.checking = True  # a benchmark may turn it off
        self.allowed_urls: set[str] = set()
        self.allowed_mentions: set[str] = set()  # everyone who said something
        self.shared_channels: set[str] = set()
        self.private: set[str] = set()  # channels, beside those that begin with G
        self.absent: set[str] = set()  # channels that the bot is no member of
        self.members: dict[str, set[str]] = {}  # a channel's people; where nothing is said, everybody
        self.names: dict[str, str] = {}  # what people call themselves
        self.guests: set[str] = set()
        self.app_token = "xapp-1-A0FOOTNOTE-1-secret"
        self.bot_token = "xoxb-1-footnote-secret"
        self.workspaces = {self.bot_token: Workspace(self.bot_token)}
        self.scopes = {scope for method in METHODS.values() for scope in method["scopes"]["bot"]}
        self.ephemerals: list[Message] = []
        self.views: dict[str, dict[str, Any]] = {}
        self.prompts: dict[str, list[dict[str, str]]] = {}
        self.statuses: list[Status] = []
        self.titles: dict[tuple[str, str | None], str] = {}
        self._messages: defaultdict[str, dict[str, Message]] = defaultdict(dict)  # by channel and ts
        self._deleted: set[tuple[str, str | None]] = set()
        self._withdrawn: set[str] = set()
        self._old_blocks = False
        self._triggers: dict[str, float] = {}
        self._spent: set[str] = set()

    # what tests look at and change

    def messages(self, channel: str, thread_ts: str | None = None) -> list[Message]:
        """The bots' visible messages in order: a channel's, threads included, or one thread's."""
        own = [message for message in self._in(channel) if message.bot]
        return [m for m in own if thread_ts in (None, m.thread_ts, m.ts)]

    def say(
        self,
        channel: str,
        user: str,
        text: str,
        thread_ts: str | None = None,
        ts: str | None = None,
        subtype: str | None = None,
    ) -> str:
        """A human says something; returns its ts."""
        message = Message(channel, ts or new_ts(), user, text, thread_ts=thread_ts, subtype=subtype)
        self._messages[channel][message.ts] = message
        self.allowed_mentions.add(user)
        return message.ts

    def delete(self, channel: str, ts: str) -> None:
        """Someone deletes a message; its thread takes no more replies."""
        self._messages[channel].pop(ts, None)
        self._deleted.add((channel, ts))

    def without(self, *methods: str) -> None:
        """An older server: these methods answer unknown_method."""
        self._withdrawn |= set(methods)

    def old_blocks(self) -> None:
        """An older server: newer kinds of block answer invalid_blocks."""
        self._old_blocks = True

    def hear(self, payload: dict[str, Any]) -> None:
        """The message that a mention's or a message's payload tells of stands in its channel."""
        told = payload.get("event")
        if not isinstance(told, dict) or told.get("type") not in {"app_mention", "message"}:
            return
        facts: dict[str, Any] = {name: told.get(name) for name in ("channel", "user", "text", "ts")}
        complete = all(isinstance(fact, str) for fact in facts.values())
        if not complete or told.get("subtype") or told.get("bot_id"):
            return
        if told["ts"] not in self._messages[told["channel"]]:
            self.say(**facts, thread_ts=told.get("thread_ts"))

    def expire_stream(self, ts: str) -> None:
        """The stream `ts` lived too long: appending answers message_not_in_streaming_state."""
        self._halt(ts, "message_not_in_streaming_state")

    def stop_by_user(self, ts: str) -> None:
        """The user stopped the stream `ts`: appending answers stopped_by_user."""
        self._halt(ts, "stopped_by_user")

    def trigger(self, age: float = 0.0) -> str:
        """A trigger_id, good once and for 3 seconds from `age` seconds ago."""
        name = new_id("1.2.")
        self._triggers[name] = time.monotonic() - age
        return name

    def workspace(self, team: str, name: str = "Other") -> Workspace:
        """Another team installs the bot."""
        added = Workspace(f"xoxb-2-{team}-secret", team, name, f"U{team[1:]}", f"B{team[1:]}")
        self.workspaces[added.token] = added
        return added

    # what the methods use

    def find(self, channel: str, ts: str) -> Message:
        """The message, else message_not_found."""
        if ts not in self._messages[channel]:
            raise SlackError("message_not_found")
        return self._messages[channel][ts]

    def thread(self, channel: str, ts: str) -> list[Message]:
        """The thread `ts` with its first message, else thread_not_found."""
        found = [message for message in self._in(channel) if ts in (message.ts, message.thread_ts)]
        if not found or self.gone(channel, ts):
            raise SlackError("thread_not_found")
        return found

    def history(self, channel: str) -> list[Message]:
        """What stands in the channel itself, newest first."""
        return [m for m in reversed(self._in(channel)) if m.thread_ts in (None, m.ts)]

    def replies(self, message: Message) -> dict[str, Any]:
        """What Slack says of the thread that begins with a message."""
        later = [m.ts for m in self._in(message.channel) if m.thread_ts == message.ts != m.ts]
        if not later:
            return {}
        return {"thread_ts": message.ts, "reply_count": len(later), "latest_reply": later[-1]}

    def is_open(self, channel: str) -> bool:
        """Whether it is a channel that everybody but guests may read."""
        return channel[0] == "C" and channel not in self.private

    def readable(self, channel: str) -> str:
        """A channel's identifier, where the bot may read it."""
        if self.known(channel) in self.absent:
            raise SlackError("not_in_channel" if self.is_open(channel) else "channel_not_found")
        return self.known(channel)

    def post(self, workspace: Workspace, channel: str, args: Args, **more: Any) -> Message:
        """The bot's new message, with the text, blocks, metadata and thread of `args`."""
        thread = args.get("thread_ts")
        if self.gone(channel, thread):
            raise SlackError("cannot_reply_to_message")
        text = args.get("text") or args.get("markdown_text") or ""
        message = Message(
            channel, new_ts(), workspace.bot_user, text, bot=workspace.bot, thread_ts=thread, **more
        )
        message.blocks, message.metadata = args.get("blocks") or [], args.get("metadata")
        if message.ephemeral_to is None:
            self._messages[channel][message.ts] = message
        else:
            self.ephemerals.append(message)
        return message

    def remove(self, message: Message) -> None:
        """Undo a post."""
        del self._messages[message.channel][message.ts]

    def gone(self, channel: str, ts: str | None) -> bool:
        """Whether someone deleted the message."""
        return (channel, ts) in self._deleted

    def redeem(self, trigger: object) -> None:
        """Spend a trigger_id, or say why it is no good."""
        if not isinstance(trigger, str) or trigger not in self._triggers:
            raise SlackError("invalid_trigger_id")
        if trigger in self._spent:
            raise SlackError("exchanged_trigger_id")
        if time.monotonic() - self._triggers[trigger] > TRIGGER_SECONDS:
            raise SlackError("expired_trigger_id")
        self._spent.add(trigger)

    def note(self, method: str, problems: list[str]) -> None:
        """Keep what is wrong, once."""
        found = [f"{method}: {problem}" for problem in problems]
        self.problems += [problem for problem in dict.fromkeys(found) if problem not in self.problems]

    def inspect(self, method: str, args: Args) -> None:
        """Refuse what Slack refuses in a message's content, and note what else is wrong."""
        self.refuse_newer(args)
        if not self.checking:
            return
        for name, (check, error) in _CONTENT.items():
            self.refuse(method, error, check(args.get(name)))
        problems = checks.invalid_text(args)
        blank = not (args.get("text") or args.get("markdown_text"))
        if not blank and problems:
            self.refuse(method, "msg_too_long", problems)
        self.note(method, problems + unsafe(args, self.allowed_urls, self.allowed_mentions))
        if blank and not args.get("blocks") and not args.get("chunks"):
            raise SlackError("no_text")

    def refuse(self, method: str, error: str, problems: list[str]) -> None:
        """Note `problems` and answer `error`, if there are any."""
        if problems:
            self.note(method, problems)
            long = any("msg_blocks_too_long" in problem for problem in problems)
            raise SlackError(
                "msg_blocks_too_long" if long else error, response_metadata={"messages": problems}
            )

    def refuse_newer(self, content: object) -> None:
        """An older server knows no newer blocks; that is no fault of the bot's."""
        if self._old_blocks and any(kind in checks.NEWER_BLOCKS for kind, _ in parts(content)):
            raise SlackError("invalid_blocks")

    def known(self, channel: str) -> str:
        """A channel's identifier; a user's stands for the conversation with them."""
        if not re.fullmatch(r"[CDGUW][A-Z0-9]+", channel):
            raise SlackError("channel_not_found")
        return f"D{channel[1:]}" if channel[0] in "UW" else channel

    def _in(self, channel: str) -> list[Message]:
        return sorted(self._messages[channel].values(), key=lambda message: message.ts)

    def _halt(self, ts: str, why: str) -> None:
        (message,) = (messages[ts] for messages in self._messages.values() if ts in messages)
        message.streaming, message.halted = False, why


# argument -> what Slack refuses in it, and how it says so
_CONTENT = {
    "blocks": (checks.invalid_blocks, "invalid_blocks"),
    "chunks": (checks.invalid_chunks, "invalid_chunks"),
    "metadata": (checks.invalid_metadata, "invalid_metadata_format"),
}


def page(items: list[Any], args: Args, most: int) -> tuple[list[Any], str]:
    """One page of `items` by args' limit and cursor, and the next cursor or ""."""
    try:
        start = int(base64.b64decode(args["cursor"], validate=True)) if args.get("cursor") else 0
    except ValueError as error:
        raise SlackError("invalid_cursor") from error
    end = start + min(int(args.get("limit") or most), most)
    return items[start:end], base64.b64encode(str(end).encode()).decode() if end < len(items) else ""
