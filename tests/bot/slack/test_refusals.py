"""Whatever Slack refuses or loses, a question has one visible end: an answer where it was asked, or in
its asker's messages."""

from __future__ import annotations

import pytest
from people import GENERAL, LEAVE, TAKEN, quiet, shown, until

POST, UPDATE, URL = "chat.postMessage", "chat.update", "response_url"
START, STOP = "chat.startStream", "chat.stopStream"
WHISPER, FIND = "chat.postEphemeral", "conversations.replies"
FOREVER = 99


def failing(method: str, times: int = 1, **how):
    return lambda slack: slack.fail(method, times=times, **how)


def without(*methods: str):
    return lambda slack: slack.without(*methods)


def unscoped(scope: str):
    return lambda slack: slack.scopes.discard(scope)


def together(*steps):
    return lambda slack: [step(slack) for step in steps]


# How Slack fails -> where the end is seen: "there", where it was asked, or in the asker's "messages".
IN_CHANNEL = {
    "too many requests": (failing(POST, retry_after=1), "there"),
    "server error": (failing(POST, status=500), "there"),
    "slack's own error": (failing(POST, error="internal_error"), "there"),
    "lost before": (failing(POST, drop=True), "there"),
    "lost after": (failing(POST, drop=True, after=True), "there"),
    "lost after, then no page": (
        together(failing(POST, drop=True, after=True), failing(FIND, status=503)), "there"
    ),
    "no history": (together(failing(POST, status=502), failing(FIND, error="missing_scope")), "there"),
    "invalid blocks": (failing(POST, error="invalid_blocks"), "there"),
    "invalid in any form": (failing(POST, 2, error="invalid_blocks"), "messages"),
    "unknown channel": (failing(POST, error="channel_not_found"), "messages"),
    "archived": (failing(POST, error="is_archived"), "messages"),
    "no member": (failing(POST, error="not_in_channel"), "messages"),
    "forbidden": (failing(POST, error="restricted_action"), "messages"),
}  # fmt: skip
IN_MESSAGES = {
    "no streaming": without(START, "chat.appendStream", STOP),
    "feature switched off": failing(START, error="feature_disabled"),
    "start lost before": failing(START, drop=True),
    "start lost after": failing(START, drop=True, after=True),
    "start too often": failing(START, retry_after=1),
    "start fails": failing(START, status=500),
    "expired": failing(STOP, error="message_not_in_streaming_state"),
    "stop lost before": failing(STOP, drop=True),
    "stop lost after": failing(STOP, drop=True, after=True),
    "stop fails": failing(STOP, status=503),
    "stop invalid": failing(STOP, error="invalid_blocks"),
    "stop and update fail": together(
        failing(STOP, error="fatal_error"), failing(UPDATE, status=500)
    ),
    "no posting either": together(
        failing(START, error="unknown_method"), failing(POST, error="cannot_reply_to_message")
    ),
    "no agent": failing("agents.sessions.setStatus", FOREVER, error="not_agent_app"),
    "no assistant scope": unscoped("assistant:write"),
}  # fmt: skip
BY_COMMAND = {
    "too many requests": (failing(URL, retry_after=1), "whisper"),
    "used up": (failing(URL, error="used_url"), "whisper"),
    "gone": (failing(URL, status=404), "whisper"),
    "gone, and no member": (
        together(failing(URL, status=404), failing(WHISPER, error="not_in_channel")), "messages"
    ),
    "gone, and archived": (
        together(failing(URL, status=404), failing(WHISPER, error="is_archived")), "messages"
    ),
    "server error": (failing(URL, status=500), "whisper"),
    "lost before": (failing(URL, drop=True), "whisper"),
}  # fmt: skip


@pytest.mark.parametrize("how", IN_CHANNEL)
async def test_a_mention_has_one_visible_end(slack, serving, asker, how) -> None:
    fail, where = IN_CHANNEL[how]
    fail(slack)
    async with serving(lease=1.0):
        thread = await asker.mentions(LEAVE)
        ends = await asker.replies(asker.direct if where == "messages" else GENERAL)
        await quiet(slack)
    assert len(slack.messages(GENERAL) + slack.messages(asker.direct)) == 1
    assert TAKEN in shown(ends[0])
    assert ends[0].thread_ts == (None if where == "messages" else thread)


@pytest.mark.parametrize("how", IN_MESSAGES)
async def test_a_direct_message_has_one_visible_end(slack, serving, asker, how) -> None:
    IN_MESSAGES[how](slack)
    async with serving(lease=1.0):
        await asker.writes(LEAVE)
        await asker.replies(asker.direct)
        await quiet(slack)
    [end] = slack.messages(asker.direct)
    assert shown(end).count(TAKEN) == 2  # the claim and its quote
    assert not end.streaming


@pytest.mark.parametrize("how", BY_COMMAND)
async def test_a_command_has_one_visible_end(slack, serving, asker, how) -> None:
    fail, where = BY_COMMAND[how]
    fail(slack)
    async with serving(lease=1.0):
        await asker.commands("/ask", LEAVE)
        await until(lambda: slack.ephemerals or slack.messages(asker.direct))
        await quiet(slack)
    [end] = slack.ephemerals + slack.messages(asker.direct)
    assert (end.ephemeral_to is None) == (where == "messages")


@pytest.mark.parametrize("private", [True, False])
async def test_in_a_thread_that_is_deleted_the_answer_comes_in_messages(
    slack, serving, asker, private
) -> None:
    for method in (POST, START):
        slack.fail(method, delay=0.3)
    async with serving():
        thread = await (asker.writes(LEAVE) if private else asker.mentions(LEAVE))
        slack.delete(asker.direct if private else GENERAL, thread)
        [answer] = await asker.replies(asker.direct)
    assert answer.thread_ts is None
    assert "could not reply where you asked" in shown(answer)
    assert TAKEN in shown(answer)


async def test_where_nothing_may_be_written_at_all_the_log_says_so(slack, serving, asker, caplog) -> None:
    slack.fail(POST, times=FOREVER, error="account_inactive")
    async with serving():
        await asker.mentions(LEAVE)
        await until(lambda: "Nobody can be told" in caplog.text)
    assert LEAVE not in caplog.text
