"""What was acknowledged is answered once, whatever happens to the processes that answer."""

from __future__ import annotations

import asyncio
import os
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from fake_slack import payloads
from fake_slack.server import FakeSlack
from people import until
from postgres import installed, postgres

KILLS = int(os.environ.get("FOOTNOTE_KILLS", "10"))
GENERAL, DIRECT, ASKER = "C0GENERAL", "D0ASKER", "U0ASKER"
QUESTION = "How many days of leave may staff take?"


def ended(slack: FakeSlack, asked: list[dict[str, Any]]) -> bool:
    """Whether every question has something in its thread that is no longer being written."""
    return all(ends(slack, payload) for payload in asked)


def ends(slack: FakeSlack, payload: dict[str, Any]) -> list[Any]:
    event = payload["event"]
    messages = [m for m in slack.messages(event["channel"]) if m.thread_ts == event["ts"]]
    return [m for m in messages if (m.metadata or {}).get("event_payload", {}).get("state") == "done"]


class TestOneDelivery:
    async def test_an_event_delivered_four_times_is_answered_once(self, slack, serving) -> None:
        asked = payloads.mention(f"<@{payloads.BOT_USER}> {QUESTION}", GENERAL, ASKER)
        async with serving():
            for attempt in range(3):
                assert await slack.send("events_api", asked, retry_attempt=attempt)
            await until(lambda: ended(slack, [asked]))
        async with serving():  # and once more after a restart
            assert await slack.send("events_api", asked, retry_attempt=3)
            await asyncio.sleep(0.3)
        assert len(slack.messages(GENERAL)) == 1

    async def test_nothing_is_acknowledged_that_cannot_be_written_down(
        self, slack, serving, tmp_path
    ) -> None:
        asked = payloads.mention(f"<@{payloads.BOT_USER}> {QUESTION}", GENERAL, ASKER)
        async with serving():
            state = tmp_path / "state.sqlite3"
            with closing(sqlite3.connect(state, timeout=30.0, check_same_thread=False)) as other:
                # in a thread, since what the bot has begun ends only while the event loop runs
                await asyncio.to_thread(other.execute, "BEGIN EXCLUSIVE")
                assert await slack.send("events_api", asked, timeout=3.0) is None
            assert await slack.send("events_api", asked, retry_attempt=1)
            await until(lambda: ended(slack, [asked]))
        assert len(slack.messages(GENERAL)) == 1


class TestBoundedWork:
    async def test_a_full_queue_refuses_politely_and_at_once(self, slack, serving) -> None:
        asked = [
            payloads.mention(f"<@{payloads.BOT_USER}> {QUESTION}", f"C{n}", f"U{n}") for n in range(12)
        ]
        slack.fail("chat.postMessage", times=1, delay=1.0)
        async with serving(at_once=1, waiting=3):
            began = asyncio.get_running_loop().time()
            await asyncio.gather(*(slack.send("events_api", payload) for payload in asked))
            refused = await until(
                lambda: [m for p in asked for m in ends(slack, p) if "Too many" in m.text]
            )
            assert asyncio.get_running_loop().time() - began < 1.0
            assert refused
            await until(lambda: ended(slack, asked))
        assert all(len(ends(slack, payload)) == 1 for payload in asked)

    @pytest.mark.parametrize(("limit", "whom"), [("per_user", "you"), ("per_channel", "here")])
    async def test_too_many_questions_a_minute_are_refused_with_how_long_to_wait(
        self, slack, serving, limit: str, whom: str
    ) -> None:
        asked = [payloads.mention(f"<@{payloads.BOT_USER}> {QUESTION}", GENERAL, ASKER) for _ in range(3)]
        async with serving(**{limit: 2}):
            for payload in asked:
                await slack.send("events_api", payload)
            await until(lambda: ended(slack, asked))
        texts = [ends(slack, payload)[0].text for payload in asked]
        assert [whom in text and "seconds" in text for text in texts] == [False, False, True]

    async def test_a_question_that_takes_too_long_ends_with_why(self, slack, serving) -> None:
        asked = payloads.mention(f"<@{payloads.BOT_USER}> {QUESTION}", GENERAL, ASKER)
        async with serving(deadline=0.001):
            await slack.send("events_api", asked)
            await until(lambda: ended(slack, [asked]))
        assert ends(slack, asked)[0].text.startswith("That took longer than")


class TestAnotherVersion:
    """In a rolling upgrade two versions share the database, and one asks what the other cannot read."""

    @pytest.fixture
    def unreadable(self, tmp_path: Path) -> Callable[[], None]:
        """Makes all requests so far those of a later version."""

        def make() -> None:
            with closing(sqlite3.connect(tmp_path / "state.sqlite3")) as state, state:
                written, later = '"surface":"channel"', '"surface":"group"'
                assert state.execute(
                    "UPDATE requests SET body = replace(body, ?, ?)", (written, later)
                ).rowcount

        return make

    async def test_its_requests_hold_nobody_up(self, slack, serving, unreadable) -> None:
        first, second = (
            payloads.mention(f"<@{payloads.BOT_USER}> {QUESTION}", GENERAL, ASKER) for _ in range(2)
        )
        slack.fail("chat.postMessage", times=6, status=503)  # three times for each
        async with serving(lease=0.4):
            assert await slack.send("events_api", first)
            await until(lambda: len(slack.called("chat.postMessage")) == 3)
        unreadable()
        async with serving(lease=0.4):
            assert await slack.send("events_api", second)
            await until(lambda: ended(slack, [second]))
        assert not ends(slack, first)

    async def test_its_answers_are_passed_over_in_a_conversation(self, slack, serving, unreadable) -> None:
        first = payloads.mention(f"<@{payloads.BOT_USER}> {QUESTION}", GENERAL, ASKER)
        async with serving():
            assert await slack.send("events_api", first)
            await until(lambda: ended(slack, [first]))
        unreadable()
        async with serving():
            assert await slack.send(
                "events_api",
                payloads.mention(
                    f"<@{payloads.BOT_USER}> {QUESTION}", GENERAL, ASKER, thread_ts=first["event"]["ts"]
                ),
            )
            await until(lambda: len(ends(slack, first)) == 2)
        assert "26 days" in ends(slack, first)[1].text


class TestTwoProcesses:
    @pytest.mark.slow
    @pytest.mark.skipif(not installed(), reason="PostgreSQL is not installed: apt-get install postgresql")
    async def test_the_same_event_to_two_processes_on_one_postgres_is_answered_once(self, process) -> None:
        with postgres() as database:
            async with FakeSlack() as slack, process(database, slack), process(database, slack):
                await slack.connected(2)
                asked = [
                    payloads.mention(f"<@{payloads.BOT_USER}> {QUESTION}", f"C{n}", ASKER) for n in range(8)
                ]
                for payload in asked * 4:
                    assert await slack.send("events_api", payload)
                await until(lambda: ended(slack, asked))
                await asyncio.sleep(1)
            async with FakeSlack() as again, process(database, again):
                for payload in asked:
                    assert await again.send("events_api", payload)
                await asyncio.sleep(1)
        assert [len(slack.messages(f"C{n}")) for n in range(8)] == [1] * 8
        assert again.called("chat.postMessage") == []


class TestKills:
    async def test_told_to_stop_it_finishes_and_goes(self, slack, process, tmp_path: Path) -> None:
        asked = payloads.mention(f"<@{payloads.BOT_USER}> {QUESTION}", GENERAL, ASKER)
        slack.fail("chat.postMessage", delay=0.5)
        async with process(f"sqlite+aiosqlite:///{tmp_path / 's'}") as serving:
            assert await slack.send("events_api", asked)
            serving.terminate()
            assert await asyncio.wait_for(serving.wait(), 20) == 0
        assert len(ends(slack, asked)) == 1

    @pytest.mark.slow
    async def test_killed_between_acknowledgement_and_reply_each_has_one_end(
        self, slack, process, tmp_path: Path
    ) -> None:
        """At random moments, and just after Slack did as it was told, before it could say so."""
        draw, database = random.Random(5), f"sqlite+aiosqlite:///{tmp_path / 'state'}"
        asked: list[dict[str, Any]] = []
        for kill in range(KILLS):
            edge = (None, "chat.postMessage", "chat.startStream", "chat.stopStream")[kill % 4]
            async with process(database) as serving:
                calls = len(slack.called(edge or ""))
                if edge:
                    slack.fail(edge, after=True)
                for number in range(2):
                    mention = payloads.mention(f"<@{payloads.BOT_USER}> {QUESTION}", GENERAL, f"U{number}")
                    asked += [mention, payloads.message(QUESTION, f"D{number}", f"U{number}")]
                    for payload in asked[-2:]:
                        assert await slack.send("events_api", payload)
                if edge:
                    await until(lambda edge=edge, calls=calls: len(slack.called(edge)) > calls)
                await asyncio.sleep(draw.uniform(0, 0.05 if edge else 0.25))
                serving.kill()
                await serving.wait()
        async with process(database):
            await until(lambda: ended(slack, asked), 60)
            await asyncio.sleep(2)
        for payload in asked:
            event = payload["event"]
            shown = [m for m in slack.messages(event["channel"]) if m.thread_ts == event["ts"]]
            assert len(shown) == 1, [m.text for m in shown]
            assert not shown[0].streaming
