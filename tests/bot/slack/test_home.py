"""The app's Home, the prompts of its pane, and a session with its status, title and Stop button."""

from __future__ import annotations

import asyncio

import pytest
from people import LEAVE, TAKEN, UNKNOWN, quiet, shown, until

from bot.assistant import Assistant
from bot.commands import COMMANDS
from bot.slack.desk import STOPPED

UNSEEN = "How much did the new boiler cost?"


class Slow:
    """A writer that waits for `go`, which it has until it is taken away."""

    def __init__(self, writer, loop) -> None:
        self.writer = writer
        self._loop = loop
        self.go = asyncio.Event()
        self.go.set()

    def write(self, question, passages):
        asyncio.run_coroutine_threadsafe(self.go.wait(), self._loop).result(10)
        return self.writer.write(question, passages)


@pytest.fixture
async def slow(assistant: Assistant, library):
    """A writer that thinks until it may go on, and an assistant that has it."""
    writer = Slow(assistant._writer, asyncio.get_running_loop())
    yield writer, Assistant(library, writer)
    writer.go.set()


async def test_the_home_shows_the_holdings_the_commands_and_ones_own_questions(
    slack, serving, asker, other
) -> None:
    async with serving():
        await asker.mentions(LEAVE)
        await asker.replies()
        await other.writes(UNSEEN)
        await other.replies(other.direct)
        await asker.opens("home")
        home = await until(lambda: slack.views.get(asker.user))
    assert "3 documents in 2 spaces" in shown(home)
    assert LEAVE in shown(home)
    assert TAKEN in shown(home)
    assert UNSEEN not in shown(home)
    usage = [f"/{name} {command.usage}" for name, command in COMMANDS.items()]
    [listed] = [block for block in home["blocks"] if usage[0] in shown({"blocks": [block]})]
    lines = "".join(e["text"] for part in listed["elements"] for e in part["elements"])
    assert lines.split("\n") == usage


async def test_a_question_of_the_home_opens_its_passages(slack, serving, asker) -> None:
    async with serving():
        await asker.mentions(LEAVE)
        await asker.replies()
        await asker.opens("home")
        await asker.presses(await until(lambda: slack.views.get(asker.user)), "cite_1")
        assert TAKEN in shown(await asker.modal())


async def test_at_most_four_prompts_are_suggested_and_each_is_answered(slack, serving, asker) -> None:
    async with serving():
        await asker.opens("messages")
        prompts = await until(lambda: slack.prompts.get(asker.direct))
        for number, prompt in enumerate(prompts, start=1):
            await asker.writes(prompt["message"])
            answers = await asker.replies(asker.direct, number)
    assert 0 < len(prompts) <= 4
    assert all("[1]" in shown(answer) for answer in answers)
    [call] = slack.called("assistant.threads.setSuggestedPrompts")
    assert "thread_ts" not in call.args


async def test_the_bot_says_what_it_does_and_names_the_session(slack, serving, asker, slow) -> None:
    writer, assistant = slow
    async with serving(assistant=assistant):
        writer.go.clear()
        thread = await asker.writes(LEAVE)
        await until(lambda: len(slack.statuses) == 2)
        busy = list(slack.statuses)
        writer.go.set()
        await asker.replies(asker.direct)
    assert busy[0].loading_messages
    assert busy[1].status == "processing"
    assert slack.statuses[-1].status == "active"
    assert slack.titles[asker.direct, thread] == LEAVE


async def test_stop_ends_the_work_and_says_so_once(slack, serving, asker, slow) -> None:
    writer, assistant = slow
    async with serving(assistant=assistant):
        writer.go.clear()
        thread = await asker.writes(LEAVE)
        await until(lambda: len(slack.statuses) == 2)
        await asker.stops(thread)
        [note] = await asker.replies(asker.direct)
        writer.go.set()
        await quiet(slack)
    assert STOPPED in shown(note)
    assert len(slack.messages(asker.direct)) == 1
    assert slack.statuses[-1].status == "active"


@pytest.mark.parametrize(
    ("text", "on_its_way"),
    [(UNKNOWN, "chat.postMessage"), (LEAVE, "chat.startStream"), (LEAVE, "chat.stopStream")],
)
async def test_stop_while_a_message_is_on_its_way_makes_no_second_one(
    slack, serving, asker, text, on_its_way
) -> None:
    slack.fail(on_its_way, delay=0.5)
    async with serving():
        thread = await asker.writes(text)
        await until(lambda: slack.called(on_its_way))
        await asker.stops(thread)
        await asker.stops(thread)
        await quiet(slack, 0.6)
        [message] = slack.messages(asker.direct)
    assert not message.streaming
    assert slack.statuses[-1].status == "active"


async def test_stop_in_the_middle_of_a_stream_leaves_what_was_shown(slack, serving, asker) -> None:
    slack.fail("chat.startStream", delay=0.3)
    slack.fail("chat.stopStream", error="stopped_by_user")
    async with serving():
        await asker.writes(LEAVE)
        await until(lambda: slack.called("chat.stopStream"))
        await quiet(slack)
        [answer] = slack.messages(asker.direct)
        assert TAKEN in shown(answer)
        assert slack.statuses[-1].status == "active"
        await asker.writes(UNSEEN)
        assert len(await asker.replies(asker.direct)) == 2
    assert not slack.called("chat.postMessage")


async def test_a_workspace_without_agents_is_answered_all_the_same(slack, serving, asker) -> None:
    slack.without(
        "agents.sessions.setStatus", "assistant.threads.setStatus", "assistant.threads.setSuggestedPrompts"
    )
    async with serving():
        await asker.opens("messages")
        await asker.writes(LEAVE)
        [answer] = await asker.replies(asker.direct)
    assert TAKEN in shown(answer)
