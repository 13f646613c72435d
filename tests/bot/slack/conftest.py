"""Footnote at work against the fake Slack."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fake_slack import payloads
from fake_slack.server import FakeSlack
from people import Person
from pydantic import SecretStr
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from sqlalchemy.engine import URL, make_url

from bot.assistant import Assistant
from bot.settings import Settings
from bot.slack.manifest import BOT_SCOPES, PATH
from bot.slack.serve import asgi, opened
from bot.writers.extractive import ExtractiveWriter
from index.library import Library

SERVING = Path(__file__).with_name("serving.py")
ROOT = Path(__file__).parents[3]
LANTERN = "On this day Ruth, the keeper of the harbour, lit the lantern on the pier at dusk."
SECRET = "the-signing-secret"
Serving = Callable[..., AbstractAsyncContextManager[Any]]


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    """With no more scopes than the manifest asks for."""
    async with FakeSlack() as fake:
        fake.scopes = set(BOT_SCOPES)
        yield fake
        assert fake.problems == []


@pytest.fixture
def asker(slack: FakeSlack) -> Person:
    return Person(slack, "U0ASKER")


@pytest.fixture
def other(slack: FakeSlack) -> Person:
    """Somebody else in the same channels."""
    return Person(slack, "U0OTHER")


@pytest.fixture(scope="session")
def library(home: Path) -> Any:
    with Library.open(home) as opened_library:
        yield opened_library


@pytest.fixture
def assistant(library: Library) -> Assistant:
    return Assistant(library, ExtractiveWriter(library.embedder))


@dataclass(frozen=True)
class Shelf:
    """A library whose folder a test may change."""

    library: Library
    folder: Path

    def sync(self) -> None:
        for _ in self.library.sync([self.folder]):
            pass

    @property
    def assistant(self) -> Assistant:
        return Assistant(self.library, ExtractiveWriter(self.library.embedder))


@pytest.fixture
def shelf(library: Library, folder: Path, leave: str, tmp_path: Path) -> Iterator[Shelf]:
    """It holds "Leave", and a diary with one day that matters among many."""
    days = [f"Day {number} was calm and grey." for number in range(1, 31)]
    (folder / "leave.md").write_text(leave)
    (folder / "diary.md").write_text("# Diary\n\n" + " ".join([*days[:15], LANTERN, *days[15:]]) + "\n")
    with Library.open(tmp_path / "shelf", library.embedder) as own:
        shelf = Shelf(own, folder)
        shelf.sync()
        yield shelf


@pytest.fixture
def judged(tmp_path: Path) -> Callable[[], list[tuple[str, ...]]]:
    """The feedback that is kept: who, verdict, reason."""

    def read() -> list[tuple[str, ...]]:
        with closing(sqlite3.connect(tmp_path / "state.sqlite3")) as connection:
            return connection.execute("SELECT asker, verdict, reason FROM feedback").fetchall()

    return read


@pytest.fixture
def configured(slack: FakeSlack, tmp_path: Path) -> Callable[..., Settings]:
    def make(**more: Any) -> Settings:
        given = {
            "home": tmp_path,
            "slack_bot_token": SecretStr(slack.bot_token),
            "slack_app_token": SecretStr(slack.app_token),
            "slack_signing_secret": SecretStr(SECRET),
            "slack_api_url": slack.url,
            "_env_file": None,
        }
        return Settings(**(given | more))

    return make


@dataclass
class Http:
    """The app as an ASGI server has it."""

    app: Any
    slack: FakeSlack
    secret: str = SECRET

    async def request(
        self, body: bytes, headers: dict[str, str], method: str = "POST", path: str = PATH
    ) -> tuple[int, bytes]:
        """Status and body of the response."""
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": b"",
            "headers": [
                (name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()
            ],
        }
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await self.app(scope, receive, send)
        return sent[0]["status"], sent[1]["body"]

    async def deliver(self, kind: str, payload: dict[str, Any]) -> dict[str, Any]:
        """What people do comes signed, and is acknowledged; returns what the acknowledgement says."""
        self.slack.hear(payload)
        body, content = payloads.http_request(kind, payload)
        status, answer = await self.request(
            body, payloads.signed(body, self.secret) | {"Content-Type": content}
        )
        assert status == 200
        return json.loads(answer) if answer.startswith(b"{") else {}


@pytest.fixture
async def http(
    slack: FakeSlack, assistant: Assistant, configured: Callable[..., Settings], database: URL
) -> AsyncIterator[Http]:
    """Footnote over HTTP."""
    async with opened(assistant, configured(per_user=10**6, per_channel=10**6), database, http=True) as app:
        yield Http(asgi(app), slack)


@pytest.fixture
def database(tmp_path: Path) -> URL:
    return make_url("sqlite+aiosqlite://").set(database=str(tmp_path / "state.sqlite3"))


@pytest.fixture
def serving(
    slack: FakeSlack, assistant: Assistant, configured: Callable[..., Settings], database: URL
) -> Serving:
    """`async with serving(**settings)`: Footnote over Socket Mode, its state kept in tmp_path."""

    @asynccontextmanager
    async def serve(lease: float = 20.0, assistant: Any = assistant, **more: Any) -> AsyncIterator[Any]:
        settings = configured(**more)
        async with opened(assistant, settings, database, http=False, lease=lease) as app:
            handler = AsyncSocketModeHandler(app, slack.app_token)
            await handler.connect_async()
            try:
                await slack.connected()
                yield app
            finally:
                await handler.close_async()

    return serve


@pytest.fixture
def process(slack: FakeSlack, home: Path) -> Serving:
    """`async with process(database)`: Footnote as a process of its own, which may be killed."""
    default = slack

    @asynccontextmanager
    async def serve(
        database: str, slack: FakeSlack = default, lease: float = 1.0
    ) -> AsyncIterator[asyncio.subprocess.Process]:
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "FOOTNOTE_HOME": str(home),
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_API_URL": slack.url,
        }
        serving = await asyncio.create_subprocess_exec(
            sys.executable,
            str(SERVING),
            database,
            str(lease),
            env=environment,
            stdout=asyncio.subprocess.PIPE,
        )
        assert serving.stdout is not None
        assert await asyncio.wait_for(serving.stdout.readline(), 30) == b"ready\n"
        try:
            yield serving
        finally:
            if serving.returncode is None:
                serving.kill()
            await serving.communicate()

    return serve
