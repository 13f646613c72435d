"""Whatever Slack's payloads lack, or hold instead, nothing fails, and the next question is answered.

FOOTNOTE_CASES says how many cases are tried."""

from __future__ import annotations

import copy
import json
import os

import pytest
from fake_slack import payloads
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from people import GENERAL, LEAVE, TAKEN, Person, quiet, shown

CASES = int(os.environ.get("FOOTNOTE_CASES", "300"))
MANY = int(os.environ.get("FOOTNOTE_CASES", "20000"))
ASKER = "U0ASKER"
MODAL = {
    "ask_person": ("abc", {"person": {"selected_user": "U0FRIEND"}, "note": {"value": ""}}),
    "not_helpful": ("abc", {"reason": {"value": "short"}}),
    "ask_about": (
        {"channel": GENERAL, "thread": None, "response_url": None},
        {"question": {"value": LEAVE}},
    ),
}


def view(callback: str, carried: object) -> dict:
    return {
        "id": "V1",
        "hash": "1",
        "type": "modal",
        "callback_id": callback,
        "private_metadata": json.dumps(carried),
    }


def submission(callback: str) -> dict:
    carried, entered = MODAL[callback]
    values = {name: {"value": value} for name, value in entered.items()}
    return payloads.submission(view(callback, carried), values, ASKER)


def pressed(action: str, value: str, **more) -> dict:
    return payloads.button(action, value, ASKER, **more)


LINK = f"https://footnote.slack.com/archives/{GENERAL}/p1600000000000100?thread_ts=1600000000.000100"
SAID = {"type": "message", "ts": "1.0", "text": "words", "user": "U0OTHER"}
KINDS = {
    "events_api": [
        payloads.mention(f"<@{payloads.BOT_USER}> {LEAVE}", GENERAL, ASKER),
        payloads.message(LEAVE, "D0ASKER", ASKER),
        payloads.message(LEAVE, GENERAL, ASKER, thread_ts="1.0"),
        payloads.mention(f"<@{payloads.BOT_USER}> summarize this thread", GENERAL, ASKER, thread_ts="1.0"),
        payloads.edited(LEAVE, GENERAL, ASKER, "1.0"),
        payloads.deleted(GENERAL, ASKER, "1.0"),
        payloads.bot_message(LEAVE, GENERAL),
        payloads.home_opened(ASKER),
        payloads.home_opened(ASKER, "messages"),
        payloads.session_stopped("D0ASKER", "1.0", ASKER),
        payloads.context_changed(ASKER, "D0ASKER"),
    ],
    "slash_commands": [
        payloads.slash(command, text, ASKER, GENERAL, "", "1.2")
        for command, text in (
            ("/ask", LEAVE),
            ("/cite", "leave"),
            ("/sources", ""),
            ("/summarize", "leave"),
            ("/summarize", f"<#{GENERAL}|general> since monday"),
            ("/summarize", LINK),
        )
    ],
    "interactive": [
        pressed("cite_1", "k7f3qm-1-2"),
        pressed("passage_next", "k7f3qm-1-2", view=view("passage", "k7f3qm-1-2")),
        pressed("share", "abc"),
        pressed("feedback", "not_helpful abc", kind="feedback_buttons"),
        pressed("feedback_helpful", "helpful abc"),
        pressed("ask_person", "abc"),
        *map(submission, MODAL),
        pressed("summarize_1", "k7f3qm"),
        payloads.shortcut("ask_about", SAID, GENERAL, ASKER, "1.2", ""),
        payloads.shortcut("summarize_thread", SAID, GENERAL, ASKER, "1.2", ""),
    ],
}
GONE = object()
ODD = st.sampled_from(
    [
        GONE, None, True, 0, -1, 10**30, 1.5, [], {}, [[]], [None], {"id": 5},
        "", " ", "a" * 40_000, "\ud800", "\u202e", "\x00", "<!channel>",
    ]
)  # fmt: skip


def places(content: object, path: tuple = ()) -> list[tuple]:
    """The way to everything within a payload."""
    inner = (
        content.items()
        if isinstance(content, dict)
        else enumerate(content)
        if isinstance(content, list)
        else ()
    )
    return [found for key, value in inner for found in ((*path, key), *places(value, (*path, key)))]


@st.composite
def odd(draw) -> tuple[str, dict]:
    """A payload of any kind, with up to three things in it missing or replaced."""
    kind = draw(st.sampled_from(sorted(KINDS)))
    payload = copy.deepcopy(draw(st.sampled_from(KINDS[kind])))
    for _ in range(draw(st.integers(1, 3))):
        if not (known := places(payload)):
            break
        *way, last = draw(st.sampled_from(known))
        inner = payload
        for key in way:
            inner = inner[key]
        value = draw(ODD)
        if value == "\ud800" and kind == "slash_commands":
            continue  # a form cannot hold it
        if value is GONE:
            inner.pop(last)
        else:
            inner[last] = copy.deepcopy(value)
    return kind, payload


async def survives(http, slack, caplog, cases: int) -> None:
    @settings(
        max_examples=cases,
        derandomize=True,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(odd())
    def collect(case: tuple[str, dict]) -> None:
        collected.append(case)

    collected: list[tuple[str, dict]] = []
    collect()
    slack.checking = False  # what comes back is the business of the other tests
    for kind, payload in collected:
        body, content = payloads.http_request(kind, payload)
        status, _ = await http.request(body, payloads.signed(body, http.secret) | {"Content-Type": content})
        assert status in {200, 400, 404}, payload
        errors = [record for record in caplog.records if record.levelname == "ERROR"]
        assert not errors, (payload, errors)
    await quiet(slack)
    slack.checking = True
    somebody = Person(slack, "U0NOBODY", http.deliver)
    slack.allowed_mentions.add(somebody.user)
    await somebody.writes(LEAVE)
    assert TAKEN in shown((await somebody.replies(somebody.direct))[-1])


async def test_odd_payloads_do_no_harm(http, slack, caplog) -> None:
    await survives(http, slack, caplog, CASES)


@pytest.mark.slow
async def test_very_many_odd_payloads_do_no_harm(http, slack, caplog) -> None:
    await survives(http, slack, caplog, MANY)
