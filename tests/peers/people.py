"""People who use Slack: what they say, press and fill in, delivered to the bot as Slack would."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from fake_slack import payloads

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from fake_slack.server import FakeSlack
    from fake_slack.world import Message

    Deliver = Callable[[str, dict[str, Any]], Awaitable[Any]]

GENERAL = "C0GENERAL"
LEAVE = "How many days of leave may staff take?"
TAKEN = "Staff may take 26 days of leave a year."  # how LEAVE is answered
UNKNOWN = "Who painted the ceiling of the opera house?"


async def until(found: Callable[[], Any], seconds: float = 20.0) -> Any:
    """What `found` returns as soon as it is something."""
    async with asyncio.timeout(seconds):
        while not (result := found()):
            await asyncio.sleep(0.01)
        return result


async def quiet(slack: FakeSlack, seconds: float = 0.08) -> None:
    """Wait until the bot has called nothing for a while."""
    calls = -1
    while calls != (calls := len(slack.calls)):
        await asyncio.sleep(seconds)


def shown(content: Any) -> str:
    """All the words that a message or a view shows."""
    blocks = content["blocks"] if isinstance(content, dict) else content.blocks
    return " ".join(_words(blocks))


def _words(content: Any) -> list[str]:
    if isinstance(content, list):
        return [word for item in content for word in _words(item)]
    if not isinstance(content, dict):
        return []
    text = content.get("text")
    elements = content.get("elements", [])
    own = [text] if isinstance(text, str) else _words(text)
    run = "".join(e["text"] for e in elements if e.get("type") == "text")
    return own + ([run] if run else _words(elements))


def control(content: Any, action_id: str) -> dict[str, Any]:
    """What can be pressed in a message or a view; KeyError when it is not there."""
    blocks = content["blocks"] if isinstance(content, dict) else content.blocks
    elements = [e for block in blocks for e in block.get("elements", []) if isinstance(e, dict)]
    return {e["action_id"]: e for e in elements if "action_id" in e}[action_id]


class Person:
    """One of the people, at work in GENERAL and in their own conversation with the bot."""

    def __init__(
        self, slack: FakeSlack, user: str, deliver: Deliver | None = None, home: str = payloads.TEAM
    ) -> None:
        """`home` is their workspace, or their Enterprise organisation."""
        self.user = user
        self.home = home
        self.direct = f"D{user[1:]}"
        self._slack = slack
        self._deliver: Deliver = deliver or slack.send

    async def mentions(self, text: str, thread: str | None = None, **more: Any) -> str:
        """Says something to the bot in GENERAL; returns its ts."""
        said = payloads.mention(
            f"<@{payloads.BOT_USER}> {text}", GENERAL, self.user, thread_ts=thread, **more
        )
        await self._deliver("events_api", said)
        return str(said["event"]["ts"])

    async def says(self, text: str, thread: str | None = None, channel: str = GENERAL, **more: Any) -> str:
        """Says something that is not addressed to the bot; returns its ts."""
        said = payloads.message(text, channel, self.user, thread_ts=thread, **more)
        await self._deliver("events_api", said)
        return str(said["event"]["ts"])

    async def writes(self, text: str, thread: str | None = None) -> str:
        """Writes to the bot alone; returns the message's ts."""
        return await self.says(text, thread, self.direct)

    async def commands(self, command: str, text: str, channel: str = GENERAL) -> Any:
        """Gives a slash command."""
        url, trigger = self._slack.response_url(channel, self.user), self._slack.trigger()
        said = payloads.slash(command, text, self.user, channel, url, trigger)
        return await self._deliver("slash_commands", said)

    async def presses(
        self, content: Any, action_id: str, *, age: float = 0.0, value: str = "", **more: Any
    ) -> None:
        """Presses what a message or a view shows; `value` chooses where there is a choice, `age` is
        how long the press took to arrive, in seconds."""
        pressed = control(content, action_id)
        given = {"kind": pressed["type"], "trigger_id": self._slack.trigger(age)}
        if isinstance(content, dict):
            given["view"] = content
        else:
            given["message"] = content.payload()
            given["channel"] = content.channel
            given["response_url"] = self._slack.response_url(content.channel, self.user)
        press = payloads.button(action_id, value or pressed["value"], self.user, **(given | more))
        press["user"]["team_id"] = self.home
        await self._deliver("interactive", press)

    async def submits(self, view: dict[str, Any], **entered: str) -> Any:
        """Fills in a modal, a text or a person for each of its inputs, and sends it off."""
        values = {name: {"value": _entered(value)} for name, value in entered.items()}
        return await self._deliver("interactive", payloads.submission(view, values, self.user))

    async def chooses(self, shortcut: str, message: Message, age: float = 0.0) -> None:
        """Chooses a shortcut in the menu of a message."""
        url, trigger = self._slack.response_url(message.channel, self.user), self._slack.trigger(age)
        chosen = payloads.shortcut(shortcut, message.payload(), message.channel, self.user, trigger, url)
        await self._deliver("interactive", chosen)

    async def opens(self, tab: str) -> None:
        """Opens the bot's Home or its messages."""
        await self._deliver("events_api", payloads.home_opened(self.user, tab))

    async def stops(self, thread: str) -> None:
        """Presses Stop in the conversation with the bot."""
        await self._deliver("events_api", payloads.session_stopped(self.direct, thread, self.user))

    async def replies(self, channel: str = GENERAL, count: int = 1) -> list[Message]:
        """The bot's messages in a channel, when `count` are finished and it has fallen silent."""
        await until(lambda: sum(map(_finished, self._slack.messages(channel))) >= count)
        await quiet(self._slack)
        return self._slack.messages(channel)

    async def whispers(self, count: int = 1) -> list[Message]:
        """What the bot showed to this person alone, when there is `count` of it."""
        await until(lambda: len(self._whispered()) >= count)
        await quiet(self._slack)
        return self._whispered()

    async def modal(self, after: int = 0) -> dict[str, Any]:
        """The modal that was opened last, when more than `after` have been."""

        def opened() -> list[dict[str, Any]]:
            return [c.response["view"] for c in self._slack.called("views.open") if "view" in c.response]

        await until(lambda: len(opened()) > after)
        return self._slack.views[opened()[-1]["id"]]

    def _whispered(self) -> list[Message]:
        return [message for message in self._slack.ephemerals if message.ephemeral_to == self.user]


def _finished(message: Message) -> bool:
    payload = (message.metadata or {}).get("event_payload", {})
    return not message.streaming and payload.get("state") == "done"


def _entered(value: str) -> dict[str, str]:
    if value.startswith("U0"):
        return {"type": "users_select", "selected_user": value}
    return {"type": "plain_text_input", "value": value}


def carried(view: dict[str, Any]) -> Any:
    """What a modal keeps for its listener."""
    return json.loads(view["private_metadata"])
