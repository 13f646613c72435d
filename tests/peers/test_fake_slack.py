"""The fake Slack behaves as Slack does, seen through the real clients."""

from __future__ import annotations

from fake_slack.server import FakeSlack
from slack_sdk.web.async_client import AsyncWebClient


async def test_a_message_stands_and_can_be_changed() -> None:
    async with FakeSlack() as slack:
        client = AsyncWebClient(slack.bot_token, base_url=slack.url)
        posted = await client.chat_postMessage(
            channel="C1",
            text="a",
            unfurl_links=False,
            unfurl_media=False,
            metadata={"event_type": "x", "event_payload": {}},
        )
        await client.chat_update(channel="C1", ts=posted["ts"], text="b")
        (message,) = slack.messages("C1")
        assert (message.text, message.edits) == ("b", 1)
        assert slack.problems == []
