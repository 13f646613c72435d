"""What is kept of requests, and what must not come out of it."""

from __future__ import annotations

import logging
import sqlite3
import stat
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import URL
from sqlalchemy.engine import make_url

from bot import state as states
from bot.errors import StateError
from bot.requests import Request, Surface
from bot.state import State
from bot.types import Answer, Status

QUESTION, SAID, REPLY_TO = "Is Bob to be dismissed?", "Yes, in May.", "https://hooks.slack.com/T/1/hook"


@pytest.fixture
def url(tmp_path: Path) -> URL:
    return make_url("sqlite+aiosqlite://").set(database=str(tmp_path / "state.sqlite3"))


def asked(event: str) -> Request:
    return Request(
        event=event,
        team="T",
        enterprise=None,
        channel="C",
        ts=event,
        thread=event,
        asker="U",
        surface=Surface.CHANNEL,
        command="ask",
        text=QUESTION,
        received=time.time(),
        response_url=REPLY_TO,
    )


async def test_no_question_and_no_answer_is_logged_where_the_database_is_locked(
    url: URL, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(states, "_PATIENCE", 0.1)
    state = await State.open(url)
    ticket = await state.put(asked("1"))
    assert ticket is not None
    with closing(sqlite3.connect(str(url.database))) as other:
        other.execute("BEGIN EXCLUSIVE")
        for write in (
            state.put(asked("2")),
            state.end(ticket, "answered", Answer("", Status.ANSWERED, SAID)),
        ):
            with pytest.raises(StateError) as raised:
                await write
            logging.getLogger("bot").error("Failed", exc_info=raised.value)
    await state.close()
    assert caplog.text.count("database is locked") >= 2
    for secret in (QUESTION, SAID, REPLY_TO):
        assert secret not in caplog.text


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX's permissions")
@pytest.mark.parametrize("before", [False, True])
async def test_nobody_else_on_the_machine_can_read_it(url: URL, before: bool) -> None:
    file = Path(str(url.database))
    if before:
        file.touch(0o644)
    state = await State.open(url)
    await state.put(asked("1"))
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in file.parent.glob("state.sqlite3*")}
    await state.close()
    assert set(modes) == {"state.sqlite3", "state.sqlite3-wal", "state.sqlite3-shm"}
    assert set(modes.values()) == {0o600}
