"""local-slack (npm, MIT): a Slack workspace on this machine, with a page for the browser and a bot's whole API.

It has no streams, sessions, prompts, message shortcuts, redeliveries or limits, and it keeps no `metadata`.
"""

from __future__ import annotations

import json
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Literal, Self

import httpx
from websockets.sync.client import connect

from node import installed
from room import answers, listener, room

APP, BOT, TEAM = "A0FOOTNOTE", "U0FOOTNOTE", "T0FOOTNOTE"
GENERAL, MISSION = "C0GENERAL", "C0MISSION"
AMINA, JONAS, PRIYA = "U0AMINA", "U0JONAS", "U0PRIYA"
NAMES = {AMINA: "Amina Odhiambo", JONAS: "Jonas Weber", PRIYA: "Priya Nair"}
CHANNELS = {GENERAL: "general", MISSION: "haiti-mission"}
BOT_TOKEN, APP_TOKEN, SIGNING_SECRET = "xoxb-local-slack", "xapp-local-slack", "signed-by-local-slack"

Json = dict[str, Any]


class LocalSlack:
    """A context manager: the workspace is there within the block.

    `port` is the page's, or the first one tried where `port` is taken; any, if not given. With `bot_port`, events
    are signed HTTP requests to 127.0.0.1:`bot_port`/slack/events; without, they go through Socket Mode. Raises
    PeerUnavailable, which says why it cannot run here.

    Events are delivered while `say`, `command`, `interact` and `open_home` wait: a bot in the same event loop
    needs them called through `asyncio.to_thread`. A message is a dict as in Slack's API: ts, channel, user, text,
    thread_ts, blocks, bot_id; an ephemeral one has subtype "ephemeral" and ephemeral_to.
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
        message: Json = self._post("message", channel=channel, user=user, text=text, thread_ts=thread_ts)["message"]
        return message

    def command(self, channel: str, user: str, command: str, text: str = "") -> None:
        """A slash command, such as "/ask"; replies through its response_url become messages of the channel."""
        self._post("command", channel=channel, user=user, command=command, text=text)

    def interact(self, message: Json, user: str, action_id: str) -> None:
        """A click on the button of a message that has this action_id. Raises LookupError if it has none."""
        block, button = next(_buttons(message, action_id), (None, None))
        if block is None or button is None:
            raise LookupError(f"the message has no button {action_id}: {json.dumps(message)}")
        kept = {key: button[key] for key in ("type", "action_id", "value", "text") if key in button}
        action = {"block_id": block.get("block_id", "b"), **kept}
        self._post("interact", channel=message["channel"], messageTs=message["ts"], user=user, action=action)

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
        """What went to and fro: {id, dir: to_bot | from_bot | internal, kind, summary, payload}."""
        log: list[Json] = self._get("log")["log"]
        return log

    def is_connected(self) -> bool:
        """Whether the bot's Socket Mode connection is there."""
        return bool(self._page()["apps"][0]["connected"])

    def reset(self) -> None:
        """An empty workspace again. Connections stay."""
        self._post("reset")

    def _post(self, path: str, **body: object) -> Json:
        answer = self._client.post(f"/_control/{path}", json={k: v for k, v in body.items() if v is not None})
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
    mode: Literal["socket", "events"] = "socket" if bot_port is None else "events"
    app = {
        "appId": APP,
        "botUserId": BOT,
        "botName": "Footnote",
        "botToken": BOT_TOKEN,
        "appToken": APP_TOKEN,
        "signingSecret": SIGNING_SECRET,
        "mode": mode,
    }
    if bot_port is not None:
        app["requestUrl"] = f"http://127.0.0.1:{bot_port}/slack/events"
    return {
        "workspace": {"name": "Mission Desk", "domain": "mission-desk", "teamId": TEAM},
        "app": app,
        "users": [{"id": i, "name": n.split()[0].lower(), "real_name": n} for i, n in NAMES.items()],
        "channels": [{"id": i, "name": n, "members": [BOT, *NAMES]} for i, n in CHANNELS.items()],
    }


def _buttons(message: Json, action_id: str):
    for block in message.get("blocks", ()):
        for element in (*block.get("elements", ()), block.get("accessory", {})):
            if element.get("action_id") == action_id:
                yield block, element
