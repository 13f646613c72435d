"""The manifest asks Slack for exactly what the code uses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fake_slack import payloads
from fake_slack.checks import check_manifest
from fake_slack.schemas import METHODS
from slack_sdk.web.async_client import AsyncWebClient

from bot import slack as package
from bot.commands import COMMANDS
from bot.slack.manifest import BOT_SCOPES, manifest

URL = "https://bot.example.org/"
# What Slack wants for an event: docs.slack.dev/reference/events. Those not listed need no scope.
EVENT_SCOPES = {
    "app_mention": "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
}
FEATURE_SCOPES = {"slash_commands": "commands", "shortcuts": "commands", "agent_view": "assistant:write"}
KINDS = {"channels", "groups"}  # of conversation that a question may stand in, but direct messages


def methods() -> set[str]:
    """The methods of the Web API that the sources of bot/slack name."""
    sources = [path.read_text() for path in Path(str(package.__path__[0])).glob("*.py")]
    named = {name for source in sources for name in re.findall(r'"([a-z]+(?:\.\w+)+)"', source)}
    return named & METHODS.keys() | {"chat.startStream"}  # which AsyncChatStream calls by itself


@pytest.mark.parametrize("url", [None, URL])
def test_slack_takes_it(url) -> None:
    assert check_manifest(manifest(url)) == []


def test_over_http_every_address_is_below_the_given_one() -> None:
    made = manifest(URL)
    settings = made["settings"]
    slashes = [command["url"] for command in made["features"]["slash_commands"]]
    addresses = {settings[part]["request_url"] for part in ("event_subscriptions", "interactivity")}
    assert addresses | set(slashes) == {"https://bot.example.org/slack/events"}
    assert made["oauth_config"]["redirect_urls"] == ["https://bot.example.org/slack/oauth_redirect"]
    assert not settings["socket_mode_enabled"]
    assert "http" not in str(manifest())


def test_every_command_is_in_it() -> None:
    listed = manifest()["features"]["slash_commands"]
    assert [command["command"] for command in listed] == [f"/{name}" for name in COMMANDS]


async def test_everything_it_subscribes_to_has_a_listener(slack, serving, asker) -> None:
    made = manifest()
    async with serving():
        for event in made["settings"]["event_subscriptions"]["bot_events"]:
            told = {"type": event.split(".")[0], "channel": "C0GENERAL", "user": "U0ASKER", "text": ""}
            assert await slack.send("events_api", payloads.event(told)), event
        for command in made["features"]["slash_commands"]:
            assert await asker.commands(command["command"], ""), command
        for shortcut in made["features"]["shortcuts"]:
            said = {"type": "message", "ts": "1.0", "text": "", "user": "U0OTHER"}
            chosen = (
                shortcut["callback_id"],
                said,
                "C0GENERAL",
                "U0ASKER",
                slack.trigger(),
                slack.response_url(),
            )
            assert await slack.send("interactive", payloads.shortcut(*chosen)), shortcut


def test_each_scope_is_needed_and_none_is_lacking() -> None:
    made = manifest()
    needed = {EVENT_SCOPES.get(e) for e in made["settings"]["event_subscriptions"]["bot_events"]}
    needed |= {scope for feature, scope in FEATURE_SCOPES.items() if made["features"].get(feature)}
    for method in methods():
        scopes = METHODS[method]["scopes"]["bot"]
        by_kind = {scope for scope in scopes if scope.split(":")[0] in KINDS}
        needed |= by_kind or set(scopes)
    assert set(BOT_SCOPES) == needed - {None, "connections:write"}
    assert made["oauth_config"]["scopes"]["bot"] == list(BOT_SCOPES)


def test_the_methods_are_found_in_the_sources() -> None:
    assert {"chat.postMessage", "views.open", "conversations.replies"} <= methods()
    assert all(hasattr(AsyncWebClient, method.replace(".", "_")) for method in methods())
