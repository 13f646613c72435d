"""The fake Slack behaves as Slack does, seen through the real clients."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from fake_slack import payloads
from fake_slack.checks import check_manifest, check_message, check_view
from fake_slack.server import FakeSlack
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

QUIET: dict[str, Any] = {"unfurl_links": False, "unfurl_media": False}
METADATA = {"event_type": "footnote_reply", "event_payload": {"question": "q1", "state": "done"}}
FEEDBACK = {
    "type": "context_actions",
    "elements": [
        {
            "type": "feedback_buttons",
            "action_id": "feedback",
            "positive_button": {"text": {"type": "plain_text", "text": "Good"}, "value": "helpful"},
            "negative_button": {"text": {"type": "plain_text", "text": "Bad"}, "value": "not_helpful"},
        }
    ],
}


def rich(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


def said(text: str) -> dict[str, Any]:
    return rich({"type": "text", "text": text})


def mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def button(label: str = "1", action_id: str = "cite_1", **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": {"type": "plain_text", "text": label}, "action_id": action_id} | more


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def modal(*blocks: dict[str, Any], title: str = "Passage", **more: Any) -> dict[str, Any]:
    return {"type": "modal", "title": {"type": "plain_text", "text": title}, "blocks": list(blocks)} | more


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as slack:
        yield slack


@pytest.fixture
def client(slack: FakeSlack) -> AsyncWebClient:
    return AsyncWebClient(slack.bot_token, base_url=slack.url, retry_handlers=[])


async def refused(call: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


# messages


async def test_a_message_stands_and_changes(slack: FakeSlack, client: AsyncWebClient) -> None:
    first = await client.chat_postMessage(
        channel="C1", text="a", blocks=[said("a"), FEEDBACK], metadata=METADATA, **QUIET
    )
    second = await client.chat_postMessage(channel="C1", text="b", thread_ts=first["ts"], **QUIET)
    await client.chat_update(channel="C1", ts=first["ts"], text="c")
    changed, reply = slack.messages("C1")
    assert (changed.text, changed.blocks, changed.metadata, changed.edits) == ("c", [], METADATA, 1)
    assert (reply.ts, reply.thread_ts, reply.user) == (second["ts"], first["ts"], payloads.BOT_USER)
    assert float(first["ts"]) < float(second["ts"])
    assert slack.messages("C1", first["ts"]) == [changed, reply]
    assert slack.messages("C2") == []
    assert slack.problems == []


async def test_a_thread_is_read_by_pages_and_shows_metadata_when_asked(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    top = slack.say("C1", "U1", "question")
    for text in "abc":
        await client.chat_postMessage(channel="C1", text=text, thread_ts=top, metadata=METADATA, **QUIET)
    page = await client.conversations_replies(channel="C1", ts=top, limit=3, include_all_metadata=True)
    assert [m["text"] for m in page["messages"]] == ["question", "a", "b"]
    assert page["messages"][1]["metadata"] == METADATA
    cursor = page["response_metadata"]["next_cursor"]
    rest = await client.conversations_replies(channel="C1", ts=top, limit=3, cursor=cursor)
    assert [(m["text"], "metadata" in m) for m in rest["messages"]] == [("c", False)]
    history = await client.conversations_history(channel="C1")
    assert [m["text"] for m in history["messages"]] == ["question"]
    slack.delete("C1", top)
    assert await refused(client.conversations_replies(channel="C1", ts=top)) == "thread_not_found"
    late = client.chat_postMessage(channel="C1", text="d", thread_ts=top, **QUIET)
    assert await refused(late) == "cannot_reply_to_message"


async def test_a_conversation_is_for_its_members(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.private.add("C2")
    slack.members["C2"] = {"U1", "U2"}
    top = slack.say("C2", "U1", "between us")
    late = slack.say("C2", "U2", "indeed", top)
    facts = [(await client.conversations_info(channel=channel))["channel"] for channel in ("C1", "C2")]
    assert [channel["is_private"] for channel in facts] == [False, True]
    page = await client.conversations_members(channel="C2", limit=2)
    rest = await client.conversations_members(channel="C2", cursor=page["response_metadata"]["next_cursor"])
    assert page["members"] + rest["members"] == ["U0FOOTNOTE", "U1", "U2"]
    [begun] = (await client.conversations_history(channel="C2"))["messages"]
    assert (begun["thread_ts"], begun["reply_count"], begun["latest_reply"]) == (top, 1, late)
    link = await client.chat_getPermalink(channel="C2", message_ts=late)
    assert link["permalink"].endswith(f"/C2/p{late.replace('.', '')}?thread_ts={top}&cid=C2")
    slack.absent |= {"C1", "C2"}
    assert await refused(client.conversations_history(channel="C1")) == "not_in_channel"
    assert await refused(client.conversations_info(channel="C2")) == "channel_not_found"
    slack.absent.clear()
    slack.scopes.discard("groups:history")
    assert await refused(client.conversations_history(channel="C2")) == "missing_scope"


async def test_people_have_names_and_guests_are_known(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.names["U1"], slack.guests = "Amina", {"U2"}
    people = [(await client.users_info(user=user))["user"] for user in ("U1", "U2")]
    assert [(p["profile"]["display_name"], p["is_restricted"]) for p in people] == [
        ("Amina", False),
        ("U2", True),
    ]


async def test_only_ones_own_lasting_messages_change(slack: FakeSlack, client: AsyncWebClient) -> None:
    other = slack.say("C1", "U1", "mine")
    assert await refused(client.chat_update(channel="C1", ts=other, text="x")) == "cant_update_message"
    passing = await client.chat_postEphemeral(channel="C1", user="U1", text="psst")
    lost = client.chat_update(channel="C1", ts=passing["message_ts"], text="x")
    assert await refused(lost) == "message_not_found"
    assert [(m.text, m.ephemeral_to) for m in slack.ephemerals] == [("psst", "U1")]
    assert slack.messages("C1") == []


@pytest.mark.parametrize(
    ("args", "error", "problem"),
    [
        ({"blocks": [{"type": "nope"}]}, "invalid_blocks", "type 'nope' does not belong here"),
        ({"blocks": [mrkdwn("x" * 3001)]}, "invalid_blocks", "section.text: 3001, at most 3000"),
        ({"blocks": [said("x")] * 51}, "invalid_blocks", "51 blocks"),
        ({"blocks": [said("x" * 13_300)]}, "msg_blocks_too_long", "13300 characters"),
        ({"metadata": {"event_type": "x"}}, "invalid_metadata_format", "event_payload"),
        ({"text": ""}, "no_text", "no text"),
        ({"thread_ts": "1.0", "colour": "red"}, None, "no argument colour"),
        ({"unfurl_links": True}, None, "unfurl_links is not false"),
        ({"text": "hello <!channel>"}, None, "a mention: <!channel>"),
    ],
)
async def test_what_breaks_a_rule_is_noted_and_refused_where_slack_refuses(
    slack: FakeSlack, client: AsyncWebClient, args: dict[str, Any], error: str | None, problem: str
) -> None:
    call = client.api_call("chat.postMessage", json={"channel": "C1", "text": "a"} | QUIET | args)
    if error:
        assert await refused(call) == error
    else:
        await call
    assert any(problem in noted for noted in slack.problems), slack.problems
    assert len(slack.messages("C1")) == (error is None)


async def test_an_update_holds_four_thousand_bytes(slack: FakeSlack, client: AsyncWebClient) -> None:
    ts = (await client.chat_postMessage(channel="C1", text="a", **QUIET))["ts"]
    await client.chat_update(channel="C1", ts=ts, text="ä" * 2000)
    assert slack.problems == []
    assert await refused(client.chat_update(channel="C1", ts=ts, text="ä" * 2001)) == "msg_too_long"
    assert slack.problems


async def test_an_older_server_is_no_fault_of_the_bots(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.without("chat.startStream")
    slack.old_blocks()
    post = client.chat_postMessage(channel="C1", text="a", blocks=[said("a"), FEEDBACK], **QUIET)
    assert await refused(post) == "invalid_blocks"
    await client.chat_postMessage(channel="C1", text="a", blocks=[actions(button())], **QUIET)
    assert await refused(client.chat_startStream(channel="D1", thread_ts="1.0")) == "unknown_method"
    assert slack.problems == []


# streams


async def test_a_stream_grows_and_ends(slack: FakeSlack, client: AsyncWebClient) -> None:
    top = slack.say("D1", "U1", "question")
    ts = (await client.chat_startStream(channel="D1", thread_ts=top, markdown_text="one "))["ts"]
    await client.chat_appendStream(
        channel="D1", ts=ts, chunks=[{"type": "blocks", "blocks": [said("two")]}]
    )
    (message,) = slack.messages("D1", top)
    assert (message.text, message.blocks, message.streaming) == ("one ", [said("two")], True)
    conflict = client.chat_update(channel="D1", ts=ts, text="x")
    assert await refused(conflict) == "streaming_state_conflict"
    await client.chat_stopStream(channel="D1", ts=ts, blocks=[FEEDBACK], metadata=METADATA)
    assert (message.blocks, message.metadata) == ([said("two"), FEEDBACK], METADATA)
    assert (message.streaming, message.stopped) == (False, True)
    after = client.chat_appendStream(channel="D1", ts=ts, markdown_text="x")
    assert await refused(after) == "message_not_in_streaming_state"
    await client.chat_update(channel="D1", ts=ts, text="x")
    assert slack.problems == []


@pytest.mark.parametrize(
    ("halt", "error"),
    [("expire_stream", "message_not_in_streaming_state"), ("stop_by_user", "stopped_by_user")],
)
async def test_a_stream_halts(slack: FakeSlack, client: AsyncWebClient, halt: str, error: str) -> None:
    ts = (await client.chat_startStream(channel="D1", thread_ts="1.0", markdown_text="one"))["ts"]
    getattr(slack, halt)(ts)
    assert await refused(client.chat_appendStream(channel="D1", ts=ts, markdown_text="x")) == error
    await client.chat_update(channel="D1", ts=ts, text="one, cut short")


async def test_a_stream_in_a_channel_names_its_recipient(slack: FakeSlack, client: AsyncWebClient) -> None:
    assert (
        await refused(client.chat_startStream(channel="C1", thread_ts="1.0")) == "missing_recipient_team_id"
    )
    who: Any = {"recipient_team_id": payloads.TEAM, "recipient_user_id": "U1"}
    await client.chat_startStream(channel="C1", thread_ts="1.0", **who)


async def test_a_mention_streamed_in_two_pieces_is_found(slack: FakeSlack, client: AsyncWebClient) -> None:
    ts = (await client.chat_startStream(channel="D1", thread_ts="1.0", markdown_text="<!chan"))["ts"]
    await client.chat_appendStream(channel="D1", ts=ts, markdown_text="nel>")
    assert "chat.appendStream: a mention: <!channel>" in slack.problems


# views, prompts, sessions, response_urls


async def test_a_trigger_opens_one_modal_within_three_seconds(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    trigger, view = slack.trigger(), modal(said("x"), actions(button()))
    opened = (await client.views_open(trigger_id=trigger, view=view))["view"]
    assert await refused(client.views_open(trigger_id=trigger, view=view)) == "exchanged_trigger_id"
    late = client.views_open(trigger_id=slack.trigger(age=3.1), view=view)
    assert await refused(late) == "expired_trigger_id"
    changed = modal(said("y"))
    await client.views_update(view_id=opened["id"], hash=opened["hash"], view=changed)
    assert slack.views[opened["id"]]["blocks"] == [said("y")]
    stale = client.views_update(view_id=opened["id"], hash=opened["hash"], view=changed)
    assert await refused(stale) == "hash_conflict"
    assert await refused(client.views_update(view_id="V0", view=changed)) == "not_found"
    await client.views_publish(user_id="U1", view={"type": "home", "blocks": [said("home")]})
    assert slack.views["U1"]["blocks"] == [said("home")]
    assert slack.problems == []


async def test_prompts_statuses_and_titles(slack: FakeSlack, client: AsyncWebClient) -> None:
    prompts = [{"title": "Leave", "message": "How much leave?"}]
    await client.assistant_threads_setSuggestedPrompts(channel_id="D1", prompts=prompts)
    await client.agents_sessions_setStatus(
        channel_id="D1", thread_ts="1.0", status="processing", title="Leave"
    )
    await client.assistant_threads_setStatus(channel_id="D1", thread_ts="1.0", status="is reading")
    assert slack.prompts == {"D1": prompts}
    assert [status.status for status in slack.statuses] == ["processing", "is reading"]
    assert slack.titles == {("D1", "1.0"): "Leave"}
    assert slack.problems == []
    many = client.assistant_threads_setSuggestedPrompts(channel_id="D1", prompts=prompts * 5)
    assert await refused(many) == "invalid_arguments"
    await client.assistant_threads_setSuggestedPrompts(channel_id="D1", prompts=prompts, thread_ts="1.0")
    assert len(slack.problems) == 2


async def test_a_response_url_is_good_five_times(slack: FakeSlack) -> None:
    webhook = AsyncWebhookClient(slack.response_url("C1", "U1"))
    assert (await webhook.send(text="working")).body == "ok"
    await webhook.send(text="done", replace_original=True)
    await webhook.send(text="for all", response_type="in_channel", **QUIET)
    await webhook.send(text="x" * 10)
    await webhook.send(delete_original=True)
    assert [(m.text, m.edits, m.ephemeral_to) for m in slack.ephemerals] == [("done", 1, "U1")]
    assert [m.text for m in slack.messages("C1")] == ["for all"]
    spent = await webhook.send(text="y")
    assert (spent.status_code, "used_url" in spent.body) == (404, True)
    late = await AsyncWebhookClient(slack.response_url(age=1801)).send(text="y")
    assert (late.status_code, "expired_url" in late.body) == (404, True)
    assert len(slack.called("response_url")) == 7
    assert slack.problems == []


# what goes wrong


async def test_rate_limits_are_waited_for(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.fail("chat.postMessage", times=2, retry_after=0)
    client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=3))
    await client.chat_postMessage(channel="C1", text="a", **QUIET)
    assert len(slack.called("chat.postMessage")) == 3
    assert len(slack.messages("C1")) == 1


async def test_calls_fail_as_told(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.fail("auth.test", error="account_inactive")
    slack.fail("auth.test", status=503)
    slack.fail("auth.test", drop=True)
    assert await refused(client.auth_test()) == "account_inactive"
    with pytest.raises(SlackApiError) as caught:
        await client.auth_test()
    assert caught.value.response.status_code == 503
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await client.auth_test()
    assert (await client.auth_test())["user_id"] == payloads.BOT_USER


async def test_an_answer_is_lost_after_its_effect(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.fail("chat.postMessage", after=True, drop=True)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await client.chat_postMessage(channel="C1", text="a", **QUIET)
    assert [message.text for message in slack.messages("C1")] == ["a"]


async def test_tokens_and_scopes(slack: FakeSlack, client: AsyncWebClient) -> None:
    other = slack.workspace("T2")
    who = await client.auth_test()
    assert (who["team_id"], who.headers["x-oauth-scopes"].split(",")) == (
        payloads.TEAM,
        sorted(slack.scopes),
    )
    assert (await client.auth_test(token=other.token))["team_id"] == "T2"
    assert await refused(client.auth_test(token="xoxb-unknown")) == "invalid_auth"
    assert await refused(client.auth_test(token=slack.app_token)) == "not_allowed_token_type"
    slack.scopes.discard("channels:history")
    with pytest.raises(SlackApiError) as caught:
        await client.conversations_replies(channel="C1", ts="1.0")
    assert caught.value.response["needed"] == "channels:history"
    assert await refused(client.conversations_replies(channel="D1", ts="1.0")) == "thread_not_found"


# Socket Mode and HTTP


@pytest.fixture
def app(client: AsyncWebClient) -> AsyncApp:
    app = AsyncApp(client=client, signing_secret="secret")

    @app.event("app_mention")
    async def answer(event: dict[str, Any], say: Any) -> None:
        await say(f"heard {event['text']}", thread_ts=event["ts"], **QUIET)

    @app.command("/ask")
    async def ask(ack: Any, command: dict[str, Any]) -> None:
        await ack(f"you asked {command['text']}")

    @app.view("reason")
    async def reason(ack: Any, view: dict[str, Any]) -> None:
        await ack(response_action="update", view=modal(said("thank you")))

    return app


@pytest.fixture
async def handler(app: AsyncApp, slack: FakeSlack) -> AsyncIterator[AsyncSocketModeHandler]:
    handler = AsyncSocketModeHandler(app, slack.app_token, ping_interval=0.2)
    await handler.connect_async()
    await slack.connected()
    yield handler
    await handler.close_async()


async def test_envelopes_are_acknowledged(slack: FakeSlack, handler: AsyncSocketModeHandler) -> None:
    mention = payloads.mention("hello", "C1", "U1")
    ack = await slack.send("events_api", mention)
    assert ack is not None
    assert ack.seconds < 1
    again = await slack.send("events_api", mention, retry_attempt=1)
    assert again is not None
    command = payloads.slash("/ask", "why", "U1", "C1", slack.response_url(), slack.trigger())
    assert await slack.send("slash_commands", command) is not None
    assert [message.text for message in slack.ephemerals] == ["you asked why"]
    view = modal(said("why"), callback_id="reason") | {"id": "V1"}
    assert await slack.send("interactive", payloads.submission(view, {}, "U1")) is not None
    assert slack.views["V1"]["blocks"] == [said("thank you")]
    unheard = payloads.context_changed("U1", "D1")
    assert await slack.send("events_api", unheard, timeout=0.2) is None
    assert [m.text for m in slack.messages("C1", mention["event"]["ts"])] == ["heard hello"] * 2
    assert slack.problems == []


@pytest.mark.parametrize("reason", ["refresh_requested", "abrupt"])
async def test_a_socket_comes_again(slack: FakeSlack, handler: AsyncSocketModeHandler, reason: str) -> None:
    await slack.disconnect(reason)
    assert await slack.send("events_api", payloads.mention("lost", "C1", "U1"), timeout=0.1) is None
    await slack.connected()
    assert await slack.send("events_api", payloads.mention("hello", "C1", "U1")) is not None


@pytest.mark.parametrize(
    ("kind", "payload", "status"),
    [
        ("events_api", payloads.mention("hello", "C1", "U1"), 200),
        ("slash_commands", payloads.slash("/ask", "why & so", "U1", "C1", "", ""), 200),
        ("interactive", payloads.submission(modal(callback_id="reason"), {}, "U1"), 200),
        ("interactive", payloads.button("nobody", "1", "U1"), 404),
    ],
)
async def test_signed_requests_are_taken(
    app: AsyncApp, kind: str, payload: dict[str, Any], status: int
) -> None:
    body, content_type = payloads.http_request(kind, payload)
    headers = {"Content-Type": content_type}
    good = headers | payloads.signed(body, "secret")
    request = AsyncBoltRequest(body=body.decode(), headers={name.lower(): v for name, v in good.items()})
    assert (await app.async_dispatch(request)).status == status
    bad = headers | payloads.signed(body, "other")
    request = AsyncBoltRequest(body=body.decode(), headers={name.lower(): v for name, v in bad.items()})
    assert (await app.async_dispatch(request)).status == 401


# the checks by themselves

LINK = {"type": "link", "url": "https://kb.example/leave"}


@pytest.mark.parametrize(
    ("block", "problem"),
    [
        (rich({"type": "broadcast", "range": "here"}), "a broadcast mention"),
        (rich({"type": "usergroup", "usergroup_id": "S1"}), "a usergroup mention"),
        (rich({"type": "user", "user_id": "U2"}), "a mention of U2"),
        (rich(LINK | {"url": "https://evil.example"}), "a link to https://evil.example"),
        (rich({"type": "text", "text": "x", "colour": "red"}), "colour"),
        (rich({"type": "text", "text": ""}), "text.text: empty"),
        (said("half \ud800 a pair"), "half a surrogate"),
        (mrkdwn("<!subteam^S1>"), "<!subteam^S1>"),
        (mrkdwn("<@U2> and <#C1>"), "<#C1>"),
        (mrkdwn("see https://evil.example."), "a link to https://evil.example"),
        (mrkdwn("<https://evil.example|kb>"), "a link to https://evil.example"),
        ({"type": "markdown", "text": "[kb](//evil.example)"}, "a link to //evil.example"),
        ({"type": "image", "image_url": "https://evil.example/i.png", "alt_text": "i"}, "an image"),
        (actions(button("x" * 76)), "button.text: 76, at most 75"),
        (actions(button(value="x" * 2001)), "button.value: 2001, at most 2000"),
        (actions(button(url="https://evil.example")), "a link to https://evil.example"),
        (actions(button(), button()), "action_id 'cite_1' twice"),
        (actions(*[button(action_id=f"cite_{n}") for n in range(26)]), "actions.elements: 26, at most 25"),
        (said("x") | {"block_id": "x" * 256}, "block_id: 256, at most 255"),
        ({"type": "section"}, "section: neither text nor fields"),
        ({"type": "actions", "elements": [{"type": "text", "text": "x"}]}, "does not belong here"),
    ],
)
def test_bad_blocks_are_found(block: dict[str, Any], problem: str) -> None:
    found = check_message({"text": "a", "blocks": [block]}, urls={"https://kb.example/leave"}, users={"U1"})
    assert any(problem in sentence for sentence in found), found


def test_good_blocks_are_left_alone() -> None:
    elements = [
        LINK,
        {"type": "user", "user_id": "U1"},
        {"type": "text", "text": "<!channel> http://x.example"},
    ]
    blocks = [rich(*elements), mrkdwn("&lt;!channel&gt; <@U1> <https://kb.example/leave|Leave>"), FEEDBACK]
    message = {"text": "a <@U1>", "blocks": [*blocks, actions(button())], "metadata": METADATA}
    assert check_message(message, urls={"https://kb.example/leave"}, users={"U1"}) == []


@pytest.mark.parametrize(
    ("view", "problem"),
    [
        (modal(said("x"), title="x" * 25), "modal.title: 25, at most 24"),
        (modal(*[said("x")] * 101), "modal.blocks: 101, at most 100"),
        (modal(said("x"), private_metadata="x" * 3001), "modal.private_metadata: 3001"),
        (modal(FEEDBACK), "a context_actions block stands in messages only"),
        ({"type": "home", "title": {"type": "plain_text", "text": "x"}, "blocks": [said("x")]}, "title"),
        (modal(mrkdwn("<!here>")), "<!here>"),
    ],
)
def test_bad_views_are_found(view: dict[str, Any], problem: str) -> None:
    found = check_view(view)
    assert any(problem in sentence for sentence in found), found


def test_manifests_are_checked() -> None:
    good = {"display_information": {"name": "Footnote"}, "settings": {"socket_mode_enabled": True}}
    assert check_manifest(good) == []
    assert check_manifest(good | {"display_information": {"name": "x" * 36}, "settings": {"socket": True}})
