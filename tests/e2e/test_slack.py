"""`footnote serve` in a workspace that others wrote, over Socket Mode and over signed HTTP."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from local_slack import AMINA, BOT, GENERAL, JONAS, PRIYA, LocalSlack
from node import PeerError
from room import listener, until

pytestmark = pytest.mark.e2e

SEEDS = Path(__file__).parents[2] / "seeds"
QUESTION = "How many Kenyan officers are ready to go?"
ANSWER = "Kenya has 400 police officers ready to leave for Haiti."


class Workspace:
    """local-slack, with Footnote in it as long as `serving` lasts."""

    def __init__(self, slack: LocalSlack, footnote: Any, port: int | None) -> None:
        self.slack = slack
        self._footnote = footnote
        self._arguments = ["serve"] if port is None else ["serve", "--http", "--port", str(port)]
        self._over_socket = port is None

    @contextmanager
    def serving(self) -> Iterator[subprocess.Popen[str]]:
        environment = self.slack.environment | ({} if self._over_socket else {"SLACK_APP_TOKEN": ""})
        with self._footnote.start(*self._arguments, **environment) as process:
            try:
                assert process.stderr is not None
                assert process.stderr.readline().startswith(("Connected", "Listening"))
                yield process
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(20)

    def bots(self, channel: str = GENERAL) -> list[dict[str, Any]]:
        return [message for message in self.slack.messages(channel) if message.get("bot_id")]


@pytest.fixture(params=["socket", "http"])
def workspace(request: pytest.FixtureRequest, footnote: Any) -> Iterator[Workspace]:
    assert footnote("index", str(SEEDS)).returncode == 0
    port = None
    if request.param == "http":
        with listener() as door:
            port = int(door.getsockname()[1])
    try:
        slack = LocalSlack(bot_port=port)
        slack.__enter__()
    except PeerError as reason:
        pytest.skip(str(reason))
    try:
        yield Workspace(slack, footnote, port)
    finally:
        slack.__exit__(None, None, None)


def shown(content: Any) -> str:
    return json.dumps(content["blocks"], ensure_ascii=False)


def test_a_workspace_asks_and_is_answered(workspace: Workspace) -> None:
    slack = workspace.slack
    with workspace.serving():
        asked = slack.say(GENERAL, AMINA, f"<@{BOT}> {QUESTION}")
        until(lambda: any("actions" in shown(m) for m in workspace.bots()))
        [answer] = workspace.bots()
        assert ANSWER in shown(answer)
        assert answer["thread_ts"] == asked["ts"]

        slack.interact(answer, JONAS, "cite_1")
        until(slack.modal)
        assert f"*{ANSWER}*" in shown(slack.modal())
        slack.submit(JONAS, {})

        direct = slack.say(PRIYA, PRIYA, QUESTION)["channel"]
        until(lambda: any(ANSWER in shown(m) for m in workspace.bots(direct)))

        slack.command(GENERAL, JONAS, "/ask", QUESTION)
        until(lambda: len(workspace.bots()) == 2)
        hidden = workspace.bots()[1]
        assert hidden["ephemeral_to"] == JONAS
        slack.interact(hidden, JONAS, "share")
        until(lambda: len(workspace.bots()) == 3)
        shared = workspace.bots()[2]
        assert ANSWER in shown(shared)
        assert f"<@{JONAS}>" in shown(shared)

        slack.interact(answer, AMINA, "feedback_negative")
        until(lambda: (slack.modal() or {}).get("callback_id") == "not_helpful")
        slack.submit(AMINA, {"reason": {"value": {"type": "plain_text_input", "value": "Too short."}}})

        slack.open_home(AMINA)
        until(lambda: slack.home(AMINA))
        assert QUESTION in shown(slack.home(AMINA))
        assert "4 documents" in shown(slack.home(AMINA))


def test_a_restart_in_the_middle_loses_nothing_and_doubles_nothing(workspace: Workspace) -> None:
    slack = workspace.slack
    with workspace.serving() as process:
        for number in range(4):
            slack.say(GENERAL, AMINA, f"<@{BOT}> {QUESTION} ({number})")
        process.kill()
        process.wait()
    with workspace.serving():
        until(lambda: len(answered(workspace)) == 4, 60)
        slack.say(GENERAL, AMINA, f"<@{BOT}> {QUESTION}")
        until(lambda: len(answered(workspace)) == 5)
    assert len(workspace.bots()) == 5


def answered(workspace: Workspace) -> set[str]:
    """The threads that hold an answer."""
    return {message["thread_ts"] for message in workspace.bots() if ANSWER in shown(message)}


def test_the_doctor_knows_the_workspace(workspace: Workspace, footnote: Any) -> None:
    done = footnote("doctor", **workspace.slack.environment)
    assert "✓ SLACK_BOT_TOKEN" in done.stdout
    away = footnote(
        "doctor", **(workspace.slack.environment | {"SLACK_API_URL": "http://127.0.0.1:9/api/"})
    )
    assert away.returncode == 1
    assert "✗ SLACK_BOT_TOKEN: Slack does not answer auth.test" in away.stdout
