"""Every way of asking in Slack ends in a cited answer."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from fake_slack import payloads
from fake_slack.server import FakeSlack
from people import until

GENERAL, DIRECT, ASKER, OTHER = "C0GENERAL", "D0ASKER", "U0ASKER", "U0OTHER"
QUESTION = "How many days of leave may staff take?"


async def settled(slack: FakeSlack, channel: str, count: int = 1) -> list[Any]:
    """The bot's messages in a channel when there are `count`, and a moment later."""
    await until(lambda: len([m for m in slack.messages(channel) if not m.streaming]) >= count)
    await asyncio.sleep(0.1)
    return list(slack.messages(channel))


def words(message: Any) -> str:
    """All that a message shows."""
    return json.dumps(message.blocks, ensure_ascii=False)


def action(message: Any, action_id: str) -> dict[str, Any]:
    elements = [e for block in message.blocks for e in block.get("elements", []) if isinstance(e, dict)]
    return next(e for e in elements if e.get("action_id") == action_id)


async def test_a_mention_is_answered_in_its_thread_with_citations(slack, serving) -> None:
    asked = payloads.mention(f"<@{payloads.BOT_USER}> {QUESTION}", GENERAL, ASKER)
    async with serving():
        ack = await slack.send("events_api", asked)
        [message] = await settled(slack, GENERAL)
    assert ack is not None
    assert message.thread_ts == asked["event"]["ts"]
    assert message.text.startswith("Staff may take 26 days of leave a year.")
    assert "[1]" in words(message)
    assert "Leave" in words(message)
    assert action(message, "cite_1")["value"]
    assert message.metadata["event_payload"]["state"] == "done"


async def test_a_direct_message_is_streamed_and_ends_with_its_sources(slack, serving) -> None:
    async with serving():
        await slack.send("events_api", payloads.message(QUESTION, DIRECT, ASKER))
        [message] = await settled(slack, DIRECT)
    assert slack.called("chat.startStream")
    assert not slack.called("chat.postMessage")
    assert words(message).count("Staff may take 26 days of leave a year.") == 2  # the claim and its quote
    assert action(message, "feedback")
    assert slack.statuses


async def test_ask_is_answered_to_its_asker_alone(slack, serving) -> None:
    url = slack.response_url(GENERAL, ASKER)
    async with serving():
        ack = await slack.send(
            "slash_commands", payloads.slash("/ask", QUESTION, ASKER, GENERAL, url, slack.trigger())
        )
        await until(lambda: slack.ephemerals)
    assert ack is not None
    assert "26 days" in words(slack.ephemerals[0])
    assert action(slack.ephemerals[0], "share")


async def test_cite_and_sources_are_commands_as_well(slack, serving) -> None:
    async with serving():
        for command, text in (("/cite", "26 days of leave"), ("/sources", "")):
            url = slack.response_url(GENERAL, ASKER)
            await slack.send(
                "slash_commands", payloads.slash(command, text, ASKER, GENERAL, url, slack.trigger())
            )
        await until(lambda: len(slack.ephemerals) == 2)
    shown = " ".join(words(message) for message in slack.ephemerals)
    assert "26 days of leave" in shown
    assert "Heating" in shown


async def test_a_command_that_is_not_ours_is_not_taken_in(slack, serving, caplog) -> None:
    async with serving():
        for command in ("/deploy", "/", "/ask"):
            url = slack.response_url(GENERAL, ASKER)
            await slack.send(
                "slash_commands", payloads.slash(command, QUESTION, ASKER, GENERAL, url, slack.trigger())
            )
        await until(lambda: slack.ephemerals)
    assert len(slack.ephemerals) == 1
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
