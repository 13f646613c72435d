"""The workspace the bot is tested in: both ways to it, nothing open to others, nothing left behind."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
import uvicorn
from local_slack import AMINA, APP_TOKEN, BOT, BOT_TOKEN, GENERAL, JONAS, PRIYA, SIGNING_SECRET, LocalSlack
from node import PeerError, installed
from room import listener, room, until
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

pytestmark = pytest.mark.e2e

OPEN = {"type": "button", "action_id": "open", "text": {"type": "plain_text", "text": "Open"}, "value": "7"}
WHY = {"type": "plain_text_input", "action_id": "text"}
MODAL = {
    "type": "modal",
    "callback_id": "why",
    "title": {"type": "plain_text", "text": "Why?"},
    "blocks": [
        {
            "type": "input",
            "block_id": "why",
            "label": {"type": "plain_text", "text": "Why?"},
            "element": WHY,
        }
    ],
}


@pytest.fixture(autouse=True)
def _possible() -> None:
    try:
        installed("local-slack-linux-x64")
        with listener() as door, room(["true"], door):
            pass
    except PeerError as reason:
        pytest.skip(str(reason))


@pytest.fixture
def bot_port() -> int:
    with listener() as door:
        return int(door.getsockname()[1])


def parrot(slack: LocalSlack) -> AsyncApp:
    """A bot that has one of everything."""
    client = AsyncWebClient(token=BOT_TOKEN, base_url=f"{slack.url}/api/")
    app = AsyncApp(client=client, signing_secret=SIGNING_SECRET)

    @app.event("app_mention")
    async def _(event, say):
        await say("heard", blocks=[{"type": "actions", "elements": [OPEN]}], thread_ts=event["ts"])

    @app.event("message")
    async def _(event, say):
        if event["channel_type"] == "im":
            await say(f"heard {event['text']}")

    @app.command("/ask")
    async def _(ack, respond, command):
        await ack()
        await respond(f"heard {command['text']}", response_type="ephemeral")

    @app.action("open")
    async def _(ack, body):
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @app.view("why")
    async def _(ack, view):
        await ack()
        await client.chat_postMessage(channel=GENERAL, text=view["state"]["values"]["why"]["text"]["value"])

    @app.event("app_home_opened")
    async def _(event):
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": []})

    return app


@asynccontextmanager
async def by_socket(slack: LocalSlack, port: int) -> AsyncIterator[None]:
    handler = AsyncSocketModeHandler(parrot(slack), APP_TOKEN)
    await handler.connect_async()
    await asyncio.to_thread(until, slack.is_connected)
    try:
        yield
    finally:
        await handler.close_async()


@asynccontextmanager
async def by_http(slack: LocalSlack, port: int) -> AsyncIterator[None]:
    asgi = AsyncSlackRequestHandler(parrot(slack), path="/slack/events")
    server = uvicorn.Server(
        uvicorn.Config(asgi, host="127.0.0.1", port=port, log_level="warning", ws="none")
    )
    serving = asyncio.create_task(server.serve())
    await asyncio.to_thread(until, lambda: server.started)
    try:
        yield
    finally:
        server.should_exit = True
        await serving


def converse(slack: LocalSlack) -> None:
    """Each surface, as a user sees it. `until` fails when the bot does not answer."""

    def said(channel: str, text: str) -> dict[str, object]:
        return until(lambda: next((m for m in slack.messages(channel) if m["text"] == text), {}))

    question = slack.say(GENERAL, AMINA, f"<@{BOT}> Are you there?")
    answer = said(GENERAL, "heard")
    assert answer["thread_ts"] == question["ts"]
    slack.interact(answer, AMINA, "open")
    assert until(slack.modal)["callback_id"] == "why"
    slack.submit(AMINA, {"why": {"text": {"type": "plain_text_input", "value": "because"}}})
    assert said(GENERAL, "because")
    direct = slack.say(JONAS, JONAS, "quietly")
    assert said(direct["channel"], "heard quietly")
    slack.command(GENERAL, JONAS, "/ask", "openly")
    assert said(GENERAL, "heard openly")["ephemeral_to"] == JONAS
    slack.open_home(PRIYA)
    assert until(lambda: slack.home(PRIYA))["type"] == "home"
    slack.reset()
    assert slack.messages(GENERAL) == []


async def test_a_bot_lives_in_it_through_socket_mode():
    with LocalSlack() as slack:
        async with by_socket(slack, 0):
            await asyncio.to_thread(converse, slack)


async def test_a_bot_lives_in_it_through_signed_requests(bot_port):
    with LocalSlack(bot_port=bot_port) as slack:
        async with by_http(slack, bot_port):
            await asyncio.to_thread(converse, slack)


def test_it_listens_on_loopback_only_and_reaches_nothing(bot_port):
    with LocalSlack(bot_port=bot_port) as slack:
        assert _listening(int(slack.url.rpartition(":")[2])) == ["0100007F"]
        slack.say(GENERAL, AMINA, "nobody serves the bot's port")
        assert "POST failed" in slack.log()[-1]["summary"]


@pytest.mark.parametrize("end", [KeyboardInterrupt, ValueError])
def test_it_leaves_nothing_behind_after(end):
    with pytest.raises(end), LocalSlack() as slack:
        raise end
    assert _processes(slack.url) == []


def test_it_leaves_nothing_behind_when_its_user_is_killed():
    script = (
        "import time, local_slack as l\nwith l.LocalSlack() as s: print(s.url, flush=1), time.sleep(60)"
    )
    peers = Path(__file__).parents[1] / "peers"
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=peers, stdout=subprocess.PIPE, text=True
    ) as user:
        url = user.stdout.readline().strip()
        assert _processes(url)
        user.send_signal(signal.SIGKILL)
    until(lambda: not _processes(url))


@pytest.mark.parametrize(("programs", "missing"), [([], "npm"), (["npm"], "namespace")])
def test_it_says_what_is_missing(tmp_path, monkeypatch, programs, missing):
    for program in programs:
        (tmp_path / program).touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PeerError, match=missing), LocalSlack():
        pass


def _listening(port: int) -> list[str]:
    """The addresses, in hexadecimal, that `port` is listened on, of this machine's own network."""
    tables = [Path("/proc/net/tcp"), Path("/proc/net/tcp6")]
    rows = [line.split() for table in tables for line in table.read_text().splitlines()[1:]]
    return [row[1].partition(":")[0] for row in rows if row[1].endswith(f":{port:04X}") and row[3] == "0A"]


def _processes(url: str) -> list[str]:
    """The command lines that name the port of `url`."""
    named = f"--port {url.rpartition(':')[2]} "
    lines = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(FileNotFoundError, ProcessLookupError):  # it has just ended
            lines.append(path.read_text(errors="replace").replace("\0", " "))
    return [line for line in lines if named in line]
