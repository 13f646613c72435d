"""`footnote serve` in a workspace that others wrote, over Socket Mode and over signed HTTP."""

from __future__ import annotations

import json
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from fake_slack import payloads
from local_slack import AMINA, BOT, GENERAL, JONAS, MISSION, PRIYA, SIGNING_SECRET, LocalSlack
from node import PeerError
from people import control
from room import listener, until

pytestmark = pytest.mark.e2e

SEEDS = Path(__file__).parents[2] / "seeds"
QUESTION = "How many Kenyan officers are ready to go?"
BRIEFING = "Briefing: the Kenyan-led police mission to Haiti"
TALK = (
    (AMINA, "We have to decide when the advance team leaves for Port-au-Prince."),
    (JONAS, "I propose that the advance team leaves on 3 March, with the first supply flight."),
    (PRIYA, "I would like to know who pays for the fuel of the supply flight."),
    (AMINA, "The regional office pays for the fuel, as the director confirmed."),
    (JONAS, "We decided that the advance team leaves on 3 March."),
)
ANSWER = "Kenya has 400 police officers ready to leave for Haiti."


class Workspace:
    """local-slack, with Footnote in it as long as `serving` lasts."""

    def __init__(self, slack: LocalSlack, footnote: Any, port: int | None) -> None:
        self.slack = slack
        self._footnote = footnote
        self._arguments = ["serve"] if port is None else ["serve", "--http", "--port", str(port)]
        self._over_socket = port is None
        self._port = port

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

    def turn(self, view: dict[str, Any], action_id: str, user: str) -> None:
        """A press in an open modal, which local-slack's own page cannot do: sent as Slack would. Over
        Socket Mode there is no way in for it."""
        pressed = payloads.button(action_id, control(view, action_id)["value"], user, view=view)
        body, content = payloads.http_request("interactive", pressed)
        headers = payloads.signed(body, SIGNING_SECRET) | {"Content-Type": content}
        answer = httpx.post(f"http://127.0.0.1:{self._port}/slack/events", content=body, headers=headers)
        answer.raise_for_status()

    @property
    def is_over_http(self) -> bool:
        return not self._over_socket

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


def test_documents_and_conversations_are_summed_up(workspace: Workspace) -> None:
    slack = workspace.slack
    with workspace.serving():
        slack.command(GENERAL, JONAS, "/summarize", f"{BRIEFING} short")
        [summary] = until(workspace.bots)
        assert summary["ephemeral_to"] == JONAS
        assert "[1]" in shown(summary)
        slack.interact(summary, JONAS, "cite_1")
        assert BRIEFING in shown(until(slack.modal))

        first = slack.say(MISSION, *TALK[0])["ts"]
        for user, text in TALK[1:]:
            slack.say(MISSION, user, text, first)
        slack.say(MISSION, PRIYA, f"<@{BOT}> summarize this thread long", first)
        [told] = until(lambda: finished(workspace.bots(MISSION)))
        assert told["thread_ts"] == first
        link = f"https://mission-desk.slack.com/archives/{MISSION}/p{first.replace('.', '')}"
        slack.command(GENERAL, PRIYA, "/summarize", link)
        [_, linked] = until(lambda: (found := workspace.bots())[1:] and found)
        slack.command(GENERAL, PRIYA, "/summarize", f"<#{MISSION}|haiti-mission> since yesterday")
        [_, _, channel] = until(lambda: (found := workspace.bots())[2:] and found)
    for reply in (told, linked, channel):
        said_by_whom_they_name(slack, reply)


def finished(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [message for message in messages if "actions" in shown(message)]


def said_by_whom_they_name(slack: LocalSlack, summary: dict[str, Any]) -> None:
    """Every line of a summary links to a message by the person whose name it begins with; all three
    have a line."""
    links = re.findall(r"\*(\w+), [^*]*\*\s*([^<]*?) <([^|>]*)\|\[\d+\]>", summary_text(summary))
    assert {name for name, _, _ in links} == {"amina", "jonas", "priya"}
    for name, text, url in links:
        ts = re.sub(r".*/p(\d{10})(\d{6}).*", r"\1.\2", url)
        [message] = [m for m in slack.messages(MISSION) if m["ts"] == ts]
        assert message["user"] == f"U0{name.upper()}"
        assert text.replace("\u2060", "") in message["text"]


def summary_text(summary: dict[str, Any]) -> str:
    """Its lines in Slack's markup: local-slack is given the classic blocks."""
    return "\n".join(b["text"]["text"] for b in summary["blocks"] if b["type"] == "section")


def test_citations_are_looked_up_and_read_on_from(workspace: Workspace) -> None:
    slack = workspace.slack
    with workspace.serving():
        slack.command(GENERAL, JONAS, "/cite", f'"{ANSWER.upper()}"')
        [found] = until(workspace.bots)
        assert ANSWER in shown(found)
        slack.command(GENERAL, JONAS, "/cite", control(found, "cite_1")["value"])
        [_, again] = until(lambda: (seen := workspace.bots())[1:] and seen)
        assert ANSWER in shown(again)
        slack.interact(again, JONAS, "cite_1")
        opened = until(slack.modal)
        assert f"*{ANSWER}*" in shown(opened)
        if workspace.is_over_http:
            workspace.turn(opened, "passage_next", JONAS)
            following = until(lambda: (view := slack.modal()) != opened and view)
            assert f"*{ANSWER}*" not in shown(following)
            workspace.turn(following, "passage_previous", JONAS)
            previous = until(lambda: (view := slack.modal()) != following and view)
            assert ANSWER in shown(previous)


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
