"""local-slack (npm, MIT): a Slack workspace on this machine, with a page for the browser.

Unlike Slack it has no streams, sessions, prompts, message shortcuts, redeliveries or limits; it drops a
message's `metadata`, takes every block but shows only the classic ones, and ignores clicks in a modal.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

import httpx
from node import installed
from room import answers, listener, room
from websockets.sync.client import connect

APP, BOT, TEAM = "A0FOOTNOTE", "U0FOOTNOTE", "T0FOOTNOTE"
GENERAL, MISSION = "C0GENERAL", "C0MISSION"
AMINA, JONAS, PRIYA = "U0AMINA", "U0JONAS", "U0PRIYA"
NAMES = {AMINA: "Amina Odhiambo", JONAS: "Jonas Weber", PRIYA: "Priya Nair"}
CHANNELS = {GENERAL: "general", MISSION: "haiti-mission"}
BOT_TOKEN, APP_TOKEN, SIGNING_SECRET = "xoxb-local-slack", "xapp-local-slack", "signed-by-local-slack"

Json = dict[str, Any]


class LocalSlack:
    """A context manager: the workspace is there within the block.

    The page is on `port` or, where that is taken, on the next free one; on any, if not given. With
    `bot_port`, events are signed HTTP requests to 127.0.0.1:`bot_port`/slack/events; without, they go
    through Socket Mode. Raises PeerError, which says why it cannot run here and what to do.

    `say`, `command`, `interact` and `open_home` wait until the bot has acknowledged (5 s at most in Socket
    Mode): with a bot in the same event loop, call them through `asyncio.to_thread`. A message is a dict as
    in Slack's API: ts, channel, user, text, thread_ts, blocks, bot_id, and, if ephemeral, ephemeral_to.
    """

    def __init__(self, port: int = 0, bot_port: int | None = None) -> None:
        self._first_port, self._bot_port = port, bot_port
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        binary = installed("local-slack-linux-x64") / "bin" / "local-slack"
        with ExitStack() as stack:
            door = stack.enter_context(listener(self._first_port))
            port = str(door.getsockname()[1])
            config = Path(stack.enter_context(tempfile.TemporaryDirectory()), "workspace.json")
            config.write_text(json.dumps(_config(self._bot_port)))
            command = [str(binary), "--config", str(config), "--port", port, "--base-host", "127.0.0.1"]
            log = stack.enter_context(room(command, door, self._bot_port))
            self.url = f"http://127.0.0.1:{port}"
            self._client = stack.enter_context(httpx.Client(base_url=self.url, trust_env=False, timeout=30))
            answers(f"{self.url}/_control/state", log)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *raised: object) -> None:
        self._stack.close()

    @property
    def environment(self) -> dict[str, str]:
        """The variables a bot reads to live in this workspace."""
        return {
            "SLACK_API_URL": f"{self.url}/api/",
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        }

    def say(self, channel: str, user: str, text: str, thread_ts: str | None = None) -> Json:
        """A user's message; a user's id for `channel` is their DM with the bot. A mention is `<@BOT>`.

        A mention yields `message`, then `app_mention`. Gives the message, whose `channel` is the DM's own.
        """
        message: Json = self._post("message", channel=channel, user=user, text=text, thread_ts=thread_ts)[
            "message"
        ]
        return message

    def command(self, channel: str, user: str, command: str, text: str = "") -> None:
        """A slash command, such as "/ask"; what its response_url gets becomes messages of the channel."""
        self._post("command", channel=channel, user=user, command=command, text=text)

    def interact(self, message: Json, user: str, action_id: str) -> None:
        """A click on the button of a message that has this action_id. Raises LookupError if it has none."""
        found = next(_buttons(message, action_id), None)
        if found is None:
            raise LookupError(f"the message has no button {action_id}: {json.dumps(message)}")
        block, button = found
        kept = {key: button[key] for key in ("type", "action_id", "value", "text") if key in button}
        action = {"block_id": block.get("block_id", "b0"), **kept}
        self._post(
            "interact", channel=message["channel"], messageTs=message["ts"], user=user, action=action
        )

    def open_home(self, user: str) -> None:
        """The user opens the bot's home tab; what the bot publishes is `home(user)`."""
        self._post("open-home", user=user)

    def submit(self, user: str, values: Json) -> None:
        """Submits the modal: {block_id: {action_id: {"type": "plain_text_input", "value": ...}}}."""
        self._page({"t": "view_submit", "user": user, "values": values})

    def modal(self) -> Json | None:
        """The view on top, which is everybody's: local-slack has one stack for all users."""
        views: list[Json] = self._page()["modalStack"]
        return views[-1] if views else None

    def home(self, user: str) -> Json | None:
        """The view the bot published for this user."""
        view: Json | None = self._page()["homeViews"].get(user, {}).get(APP)
        return view

    def messages(self, channel: str) -> list[Json]:
        """All messages of a channel, replies in threads and ephemeral ones among them, oldest first."""
        messages: list[Json] = self._get(f"messages/{channel}")["messages"]
        return messages

    def log(self) -> list[Json]:
        """What went to and fro: direction (to_bot, from_bot, internal), kind, summary, detail, time."""
        log: list[Json] = self._get("log")["log"]
        return log

    def is_connected(self) -> bool:
        """Whether the bot's Socket Mode connection is there."""
        return bool(self._page()["apps"][0]["connected"])

    def reset(self) -> None:
        """An empty workspace again. Connections stay."""
        self._post("reset")

    def _post(self, path: str, **body: object) -> Json:
        answer = self._client.post(
            f"/_control/{path}", json={k: v for k, v in body.items() if v is not None}
        )
        done: Json = answer.raise_for_status().json()
        return done

    def _get(self, path: str) -> Json:
        shown: Json = self._client.get(f"/_control/{path}").raise_for_status().json()
        return shown

    def _page(self, say: Json | None = None) -> Json:
        """What the browser's page is shown at first; `say` is what it then says."""
        with connect(f"{self.url.replace('http', 'ws')}/ui", proxy=None, max_size=None) as page:
            state: Json = json.loads(page.recv())["state"]
            if say is not None:
                page.send(json.dumps(say))
            return state


def _config(bot_port: int | None) -> Json:
    app = {
        "appId": APP,
        "botUserId": BOT,
        "botName": "Footnote",
        "botToken": BOT_TOKEN,
        "appToken": APP_TOKEN,
        "signingSecret": SIGNING_SECRET,
        "mode": "socket" if bot_port is None else "events",
        "requestUrl": f"http://127.0.0.1:{bot_port}/slack/events",
    }
    return {
        "workspace": {"name": "Mission Desk", "domain": "mission-desk", "teamId": TEAM},
        "app": app,
        "users": [{"id": i, "name": n.split()[0].lower(), "real_name": n} for i, n in NAMES.items()],
        "channels": [{"id": i, "name": n, "members": [BOT, *NAMES]} for i, n in CHANNELS.items()],
    }


def _buttons(message: Json, action_id: str) -> Iterator[tuple[Json, Json]]:
    """Each block with its element of this action_id."""
    for block in message.get("blocks", ()):
        for element in (*block.get("elements", ()), block.get("accessory", {})):
            if element.get("action_id") == action_id:
                yield block, element
