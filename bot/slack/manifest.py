"""The app's manifest: what Slack must know of Footnote, derived from COMMANDS and the listeners."""

from __future__ import annotations

from typing import Any

from bot.commands import COMMANDS
from bot.slack.listeners import EVENTS
from bot.text import shortened

NAME = "Footnote"
PATH = "/slack/events"
CALLBACK = "/slack/oauth_redirect"
# What each is for: mentions, direct messages and the agent pane; threads and channels, to follow up,
# to find our own replies after a crash and to summarise; a channel's settings and members, so as not
# to tell anybody what is not for them; people, for their names and since when is Monday there.
BOT_SCOPES = (
    "app_mentions:read",
    "assistant:write",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "groups:history",
    "groups:read",
    "im:history",
    "users:read",
)
_MESSAGES = ("message.channels", "message.groups", "message.im")
_ABOUT = "Answers from your team's own documents, every sentence cited to its exact place."


def manifest(url: str | None = None) -> dict[str, Any]:
    """For Socket Mode; with `url`, the public address of `footnote serve --http`, for HTTP."""
    address = None if url is None else url.rstrip("/")
    over_http = {} if address is None else {"request_url": f"{address}{PATH}"}
    oauth: dict[str, Any] = {"scopes": {"bot": list(BOT_SCOPES)}}
    if address is not None:
        oauth["redirect_urls"] = [f"{address}{CALLBACK}"]
    return {
        "display_information": {"name": NAME, "description": _ABOUT, "background_color": "#1f3a5f"},
        "features": {
            "agent_view": {"agent_description": _ABOUT},
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": NAME, "always_online": True},
            "shortcuts": [
                {
                    "name": "Ask about this",
                    "type": "message",
                    "callback_id": "ask_about",
                    "description": "Ask Footnote about a message",
                },
                {
                    "name": "Summarize this thread",
                    "type": "message",
                    "callback_id": "summarize_thread",
                    "description": "Sum up the thread of a message, for you alone",
                },
            ],
            "slash_commands": [_slash(name, address) for name in COMMANDS],
        },
        "oauth_config": oauth,
        "settings": {
            "event_subscriptions": over_http | {"bot_events": _events()},
            "interactivity": over_http | {"is_enabled": True},
            "org_deploy_enabled": False,
            "socket_mode_enabled": address is None,
            "token_rotation_enabled": False,
        },
    }


def _slash(name: str, address: str | None) -> dict[str, Any]:
    command = COMMANDS[name]
    described = {
        "command": f"/{name}",
        "description": shortened(command.summary, 2000),
        "usage_hint": shortened(command.usage, 1000),
        "should_escape": True,  # channels come with their ids, which names alone do not give away
    }
    return described if address is None else described | {"url": f"{address}{PATH}"}


def _events() -> list[str]:
    return sorted([event for event in EVENTS if event != "message"] + list(_MESSAGES))
