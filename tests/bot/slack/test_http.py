"""Signed HTTP: Slack's requests do what they do over Socket Mode, and nobody else's do anything."""

from __future__ import annotations

import json
import time

import pytest
from fake_slack import payloads
from people import GENERAL, LEAVE, TAKEN, UNKNOWN, Person, quiet, shown, until

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def asker(slack, http) -> Person:
    slack.allowed_mentions.add("U0ASKER")
    return Person(slack, "U0ASKER", http.deliver)


def asked() -> bytes:
    return payloads.http_request(
        "events_api", payloads.mention(f"<@U0FOOTNOTE> {LEAVE}", GENERAL, "U0ASKER")
    )[0]


async def test_a_signed_request_is_answered(slack, http, asker) -> None:
    body = asked()
    assert await http.request(body, JSON | payloads.signed(body, http.secret)) == (200, b"")
    [answer] = await asker.replies()
    assert TAKEN in shown(answer)


NOW = int(time.time())
FORGED = {
    "no headers": {},
    "no signature": {"X-Slack-Request-Timestamp": str(NOW)},
    "no timestamp": {"X-Slack-Signature": "v0=00"},
    "another secret": payloads.signed(asked(), "another"),
    "another body": payloads.signed(b"{}", "the-signing-secret"),
    "an empty signature": {"X-Slack-Signature": "", "X-Slack-Request-Timestamp": str(NOW)},
    "a signature of other letters": {"X-Slack-Signature": "v0=é", "X-Slack-Request-Timestamp": str(NOW)},
}


@pytest.mark.parametrize("how", FORGED)
async def test_what_is_not_signed_by_slack_is_refused(slack, http, how, caplog) -> None:
    status, body = await http.request(asked(), JSON | FORGED[how])
    assert status == 401
    assert b"Traceback" not in body
    await unheard(slack, caplog)


@pytest.mark.parametrize(
    "stamp",
    [
        pytest.param(NOW - 301 - 60, id="six minutes ago"),
        pytest.param(NOW + 3600, id="in an hour"),
        0,
        "",
        " ",
        "soon",
        "1.5",
        "-1",
        "1e9",
        "²",
        "0x10",
        "9" * 400,
        "9" * 5000,
        "nan",
    ],
    ids=lambda stamp: str(stamp)[:12],
)
async def test_an_old_or_senseless_time_is_refused_however_well_it_is_signed(
    slack, http, stamp, caplog
) -> None:
    body = asked()
    status, _ = await http.request(body, JSON | payloads.signed(body, http.secret, stamp))
    assert status == 401
    await unheard(slack, caplog)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b""),
        ("application/json", b"{"),
        ("application/json", b"[]"),
        ("application/json", b'"event"'),
        ("application/json", b"null"),
        ("application/json", b"\xff\xfe"),
        pytest.param("application/json", b"[" * 100_000, id="lists in lists"),
        pytest.param("application/json", b'{"a":' * 5000 + b"1" + b"}" * 5000, id="objects in objects"),
        ("application/x-www-form-urlencoded", b"payload={"),
        ("application/x-www-form-urlencoded", b"payload=[1]"),
        ("application/x-www-form-urlencoded", b"payload"),
        ("text/plain", b"{not json"),
    ],
)
@pytest.mark.parametrize("genuine", [True, False])
async def test_a_body_that_says_nothing_does_no_harm(slack, http, kind, body, genuine, caplog) -> None:
    text = body.decode("utf-8", "replace").encode()
    headers = {"Content-Type": kind} | (payloads.signed(text, http.secret) if genuine else {})
    status, _ = await http.request(body, headers)
    assert status in {400, 401, 404}
    await unheard(slack, caplog)


async def test_no_more_is_read_than_slack_ever_sends(slack, http, caplog) -> None:
    body = b'{"a": "' + b"b" * 1_000_000
    assert await http.request(body, JSON | payloads.signed(b"", http.secret)) == (413, b"")
    await unheard(slack, caplog)


async def test_the_address_is_verified(slack, http) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "abc", "token": "t"}).encode()
    status, answer = await http.request(body, JSON | payloads.signed(body, http.secret))
    assert (status, json.loads(answer)) == (200, {"challenge": "abc"})


@pytest.mark.parametrize(("method", "path"), [("GET", "/slack/events"), ("POST", "/"), ("GET", "/../etc")])
async def test_other_requests_find_nothing(slack, http, method, path) -> None:
    body = asked()
    status, _ = await http.request(body, JSON | payloads.signed(body, http.secret), method, path)
    assert status == 404
    assert not slack.messages(GENERAL)


async def test_every_surface_works(slack, http, asker) -> None:
    await asker.mentions(LEAVE)
    await asker.writes(LEAVE)
    await asker.commands("/ask", LEAVE)
    await asker.commands("/cite", TAKEN)
    await asker.commands("/sources", "")
    await asker.opens("home")
    await asker.opens("messages")
    [answer] = await asker.replies()
    assert all(TAKEN in shown(m) for m in (answer, *await asker.replies(asker.direct)))
    private = next(m for m in await asker.whispers(3) if "Share" in shown(m))
    await asker.presses(private, "share")
    assert len(await asker.replies(count=2)) == 2
    assert await until(lambda: slack.views.get(asker.user) and slack.prompts)


async def test_every_modal_works(slack, http, asker) -> None:
    slack.allowed_mentions.add("U0FRIEND")
    await asker.mentions(UNKNOWN)
    [answer] = await asker.replies()
    await asker.presses(answer, "ask_person")
    said = await asker.submits(await asker.modal(), person="U0FRIEND", note="")
    assert said["response_action"] == "update"
    assert await asker.replies(count=2)
    await asker.chooses("ask_about", answer)
    await asker.submits(await asker.modal(after=1), question=LEAVE)
    [private] = await asker.whispers()
    await asker.presses(private, "cite_1")
    assert TAKEN in shown(await asker.modal(after=2))
    await asker.presses(private, "feedback", value="not_helpful 1")
    said = await asker.submits(await asker.modal(after=3), reason="Too short.")
    assert said["response_action"] == "update"


async def unheard(slack, caplog) -> None:
    """Nothing has come of it, and nobody needs to look into it."""
    await quiet(slack)
    assert [call.method for call in slack.calls if call.method != "auth.test"] == []
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
