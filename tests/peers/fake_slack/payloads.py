"""What Slack sends: events, commands, interactions, and the HTTP requests that carry them."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import threading
import time
from typing import Any
from urllib.parse import urlencode

Payload = dict[str, Any]

TEAM, APP, BOT_USER, BOT = "T0FOOTNOTE", "A0FOOTNOTE", "U0FOOTNOTE", "B0FOOTNOTE"
VERIFICATION_TOKEN = "legacy-verification-token"
# What of `more` belongs around an event rather than into it.
AROUND = {"team_id", "enterprise_id", "event_id", "event_time", "api_app_id", "is_ext_shared_channel"}

_numbers = itertools.count(1)
_lock = threading.Lock()
_last_ts = 0


def new_ts() -> str:
    """A message's time stamp, later than every one before it."""
    global _last_ts  # noqa: PLW0603 -- one clock for the server and the payloads
    with _lock:
        _last_ts = max(_last_ts + 1, time.time_ns() // 1000)
        return f"{_last_ts // 1_000_000}.{_last_ts % 1_000_000:06d}"


def new_id(prefix: str) -> str:
    """A fresh identifier such as Ev0000000007."""
    return f"{prefix}{next(_numbers):010d}"


def event(inner: Payload, **around: Any) -> Payload:
    """An event as it comes in an envelope; `around` overrides AROUND's fields."""
    team = around.get("team_id", TEAM)
    author = {"enterprise_id": None, "team_id": team, "user_id": BOT_USER, "is_bot": True}
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": team,
        "context_team_id": team,
        "context_enterprise_id": None,
        "api_app_id": APP,
        "event": inner,
        "type": "event_callback",
        "event_id": new_id("Ev"),
        "event_time": int(float(inner.get("event_ts", time.time()))),
        "authorizations": [author | {"is_enterprise_install": False}],
        "is_ext_shared_channel": False,
        "event_context": new_id("4-"),
    } | around


def _event(inner: Payload, more: Payload) -> Payload:
    around = {key: value for key, value in more.items() if key in AROUND}
    return event(inner | {key: value for key, value in more.items() if key not in AROUND}, **around)


def _said(kind: str, text: str, user: str, ts: str | None, thread_ts: str | None) -> Payload:
    ts = ts or new_ts()
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {
        "type": kind,
        "user": user,
        "ts": ts,
        "client_msg_id": new_id("00000000-0000-4000-8000-"),
        "text": text,
        "team": TEAM,
        "blocks": [{"type": "rich_text", "block_id": new_id("b"), "elements": [section]}],
        "event_ts": ts,
    } | ({"thread_ts": thread_ts, "parent_user_id": user} if thread_ts else {})


def channel_type(channel: str) -> str:
    """Whether it is an "im", a "group" or a "channel", by its first letter."""
    return {"D": "im", "G": "group"}.get(channel[:1], "channel")


def mention(
    text: str, channel: str, user: str, ts: str | None = None, thread_ts: str | None = None, **more: Any
) -> Payload:
    """An app_mention; `more` goes into the event, or around it where AROUND says so."""
    return _event(_said("app_mention", text, user, ts, thread_ts) | {"channel": channel}, more)


def message(
    text: str, channel: str, user: str, ts: str | None = None, thread_ts: str | None = None, **more: Any
) -> Payload:
    """A message in a channel (C...), a private one (G...) or to the bot alone (D...)."""
    place = {"channel": channel, "channel_type": channel_type(channel)}
    return _event(_said("message", text, user, ts, thread_ts) | place, more)


def _changed(subtype: str, channel: str, more: Payload, **fields: Any) -> Payload:
    stamp = new_ts()
    place = {"channel": channel, "channel_type": channel_type(channel), "ts": stamp, "event_ts": stamp}
    return _event({"type": "message", "subtype": subtype, "hidden": True} | place | fields, more)


def edited(text: str, channel: str, user: str, ts: str, **more: Any) -> Payload:
    """Someone changed the message `ts`."""
    inner = _said("message", text, user, ts, None)
    inner.pop("event_ts")
    now = inner | {"edited": {"user": user, "ts": new_ts()}}
    return _changed("message_changed", channel, more, message=now, previous_message=inner)


def deleted(channel: str, user: str, ts: str, **more: Any) -> Payload:
    """Someone deleted the message `ts`."""
    inner = _said("message", "gone", user, ts, None)
    inner.pop("event_ts")
    return _changed("message_deleted", channel, more, deleted_ts=ts, previous_message=inner)


def bot_message(text: str, channel: str, bot_id: str = "B0OTHERBOT", **more: Any) -> Payload:
    """A bot's message; give user=BOT_USER, bot_id=BOT for our own."""
    stamp = new_ts()
    place = {"channel": channel, "channel_type": channel_type(channel), "ts": stamp, "event_ts": stamp}
    bot = {"id": bot_id, "app_id": "A0OTHERBOT", "name": "other", "team_id": TEAM, "deleted": False}
    inner = {
        "type": "message",
        "bot_id": bot_id,
        "app_id": "A0OTHERBOT",
        "user": "U0OTHERBOT",
        "text": text,
    }
    return _event(inner | {"team": TEAM, "bot_profile": bot, "blocks": []} | place, more)


def home_opened(user: str, tab: str = "home", **more: Any) -> Payload:
    """The app's home was opened, on the tab "home" or "messages"."""
    inner = {"type": "app_home_opened", "user": user, "channel": f"D{user[1:]}", "tab": tab}
    return _event(inner | {"event_ts": new_ts()}, more)


def session_stopped(
    channel: str, thread_ts: str, user: str, streaming: list[str] | None = None, **more: Any
) -> Payload:
    """The user pressed Stop; `streaming` holds the ts of the messages that were being streamed."""
    inner = {"type": "agent_session_stopped", "channel": channel, "thread_ts": thread_ts, "user": user}
    return _event(inner | {"streaming_message_ts": streaming or [], "event_ts": new_ts()}, more)


def context_changed(user: str, channel: str, entities: list[Payload] | None = None, **more: Any) -> Payload:
    """The user looks at something else beside the agent's pane."""
    inner = {"type": "app_context_changed", "user": user, "channel": channel}
    return _event(inner | {"context": {"entities": entities or []}, "event_ts": new_ts()}, more)


def slash(
    command: str, text: str, user: str, channel: str, response_url: str, trigger_id: str, **more: Any
) -> Payload:
    """A slash command."""
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": TEAM,
        "team_domain": "footnote",
        "channel_id": channel,
        "channel_name": "directmessage" if channel.startswith("D") else "general",
        "user_id": user,
        "user_name": user.lower(),
        "command": command,
        "text": text,
        "api_app_id": APP,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger_id,
    } | more


def _interaction(kind: str, user: str, **fields: Any) -> Payload:
    return {
        "type": kind,
        "user": {"id": user, "username": user.lower(), "name": user.lower(), "team_id": TEAM},
        "api_app_id": APP,
        "token": VERIFICATION_TOKEN,
        "team": {"id": TEAM, "domain": "footnote"},
        "enterprise": None,
        "is_enterprise_install": False,
    } | fields


def button(
    action_id: str,
    value: str | None,
    user: str,
    *,
    message: Payload | None = None,
    container: Payload | None = None,
    view: Payload | None = None,
    channel: str = "C0GENERAL",
    response_url: str = "",
    trigger_id: str = "",
    kind: str = "button",
    **more: Any,
) -> Payload:
    """A press on a button in a message or a view; kind="feedback_buttons" for those."""
    text = {"text": {"type": "plain_text", "text": action_id, "emoji": True}} if kind == "button" else {}
    given = {} if value is None else {"value": value}
    action = {"action_id": action_id, "block_id": new_id("b"), "type": kind, "action_ts": new_ts()}
    fields: Payload = {
        "actions": [action | text | given],
        "trigger_id": trigger_id,
        "state": {"values": {}},
    }
    if view is not None:
        fields |= {"view": view, "container": container or {"type": "view", "view_id": view.get("id", "")}}
        return _interaction("block_actions", user, **(fields | more))
    message = message or {"type": "message", "ts": new_ts(), "text": "", "user": BOT_USER, "bot_id": BOT}
    place = {"type": "message", "message_ts": message.get("ts"), "channel_id": channel}
    fields |= {"message": message, "container": container or place | {"is_ephemeral": False}}
    fields |= {"channel": {"id": channel, "name": "general"}, "response_url": response_url}
    return _interaction("block_actions", user, **(fields | more))


def submission(view: Payload, values: Payload, user: str, **more: Any) -> Payload:
    """A modal sent off; `values` is the view's state: {block_id: {action_id: {"type", "value"}}}."""
    sent = view | {"state": {"values": values}}
    fields = {"trigger_id": new_id("1."), "view": sent, "response_urls": []}
    return _interaction("view_submission", user, **(fields | more))


def shortcut(
    callback_id: str,
    message: Payload,
    channel: str,
    user: str,
    trigger_id: str,
    response_url: str,
    **more: Any,
) -> Payload:
    """A message shortcut, chosen from the menu of `message`."""
    fields = {"callback_id": callback_id, "trigger_id": trigger_id, "response_url": response_url}
    stamps = {"message_ts": message.get("ts"), "action_ts": new_ts(), "message": message}
    place = {"channel": {"id": channel, "name": "general"}}
    return _interaction("message_action", user, **(fields | stamps | place | more))


def signed(body: bytes, secret: str, timestamp: int | str | None = None) -> dict[str, str]:
    """The headers of Slack's v0 request signature; `timestamp` in seconds, now if not given."""
    stamp = str(int(time.time())) if timestamp is None else str(timestamp)
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


def http_request(kind: str, payload: Payload) -> tuple[bytes, str]:
    """The body and content type of an events_api, slash_commands or interactive request."""
    if kind == "events_api":
        return json.dumps(payload).encode(), "application/json"
    fields = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return urlencode(fields).encode(), "application/x-www-form-urlencoded"
