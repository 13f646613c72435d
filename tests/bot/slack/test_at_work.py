"""Footnote is there as soon as it is connected, and works on as much at once as it is told to."""

from __future__ import annotations

import asyncio
import re
import threading

import pytest
from fake_slack import payloads
from people import LEAVE, TAKEN, shown, until

from bot.assistant import Assistant


class Thinking:
    """A writer that does something first."""

    def __init__(self, writer, first) -> None:
        self._writer = writer
        self._first = first

    def write(self, question, passages):
        self._first(question)
        return self._writer.write(question, passages)


@pytest.fixture
def thinking(assistant: Assistant, library):
    """An assistant whose writer does something first."""
    return lambda first: Assistant(library, Thinking(assistant._writer, first))


async def test_it_is_connected_while_it_still_warms_up(slack, serving, asker, thinking) -> None:
    go = threading.Event()
    try:
        async with serving(assistant=thinking(lambda question: question == LEAVE or go.wait(20))):
            await asker.writes(LEAVE)
            [answer] = await asker.replies(asker.direct)
            assert not go.is_set()
    finally:
        go.set()
    assert TAKEN in shown(answer)


async def test_what_nobody_expected_is_told_with_where_the_log_has_it(
    slack, serving, asker, thinking, caplog
) -> None:
    def fail(question: str) -> None:
        raise RuntimeError("a bug")

    async with serving(assistant=thinking(fail)):
        await until(lambda: "Not warmed up" in caplog.text)
        await asker.writes(LEAVE)
        await asker.replies(asker.direct)
        await asker.opens("messages")
        told = await asker.replies(asker.direct, count=2)
    for message in told:
        [reference] = re.findall("[0-9a-f]{12}", shown(message))
        assert f"Unexpected ({reference})" in caplog.text


async def test_as_many_questions_are_worked_on_at_once_as_is_set(slack, serving, thinking) -> None:
    number = 40
    barrier = threading.Barrier(number)
    asked = [payloads.mention(f"<@{payloads.BOT_USER}> {LEAVE}", f"C{n}", f"U{n}") for n in range(number)]
    together = thinking(lambda question: question == LEAVE and barrier.wait(20))
    async with serving(assistant=together, at_once=number):
        await asyncio.gather(*(slack.send("events_api", payload) for payload in asked))
        for n in range(number):
            await until(lambda n=n: TAKEN in "".join(m.text for m in slack.messages(f"C{n}")))
