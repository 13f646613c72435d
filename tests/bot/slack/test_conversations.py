"""In a thread the bot answers whoever talks with it, and leaves people alone who talk to each other."""

from __future__ import annotations

import pytest
from fake_slack import payloads
from people import GENERAL, LEAVE, TAKEN, quiet, shown

LAPSE = "and when do unused days lapse?"
LAPSED = "Unused days lapse in March."
LEANING = "and how many is that?"
MENTION = f"<@{payloads.BOT_USER}> {LEAVE}"


async def test_a_follow_up_by_the_asker_needs_no_mention_and_leans_on_the_question_before(
    slack, serving, asker
) -> None:
    async with serving():
        thread = await asker.mentions(LEAVE)
        await asker.replies()
        await asker.says(LAPSE, thread)
        [_, answer] = await asker.replies(count=2)
    assert answer.thread_ts == thread
    assert LAPSED in shown(answer)


async def test_somebody_else_is_not_answered_and_ends_the_conversation(
    slack, serving, asker, other
) -> None:
    async with serving():
        thread = await asker.mentions(LEAVE)
        await asker.replies()
        await other.says(LAPSE, thread)
        await asker.says(LAPSE, thread)
        await quiet(slack)
        assert len(slack.messages(GENERAL)) == 1
        await asker.mentions(LAPSE, thread)
        assert await asker.replies(count=2)
        await asker.says(LEAVE, thread)
        assert await asker.replies(count=3)


async def test_calling_somebody_else_ends_the_conversation(slack, serving, asker) -> None:
    async with serving():
        thread = await asker.mentions(LEAVE)
        await asker.replies()
        await asker.says("<@U0OTHER> do you know when they lapse?", thread)
        await asker.says("I mean the unused days.", thread)
        await quiet(slack)
    assert len(slack.messages(GENERAL)) == 1


async def test_a_mention_in_a_thread_of_others_is_answered_there(slack, serving, asker, other) -> None:
    async with serving():
        thread = await other.says("Who knows about leave?")
        await asker.mentions(LEAVE, thread)
        [answer] = await asker.replies()
    assert answer.thread_ts == thread


async def test_a_direct_message_leans_on_the_one_before(slack, serving, asker, other) -> None:
    async with serving():
        await asker.writes(LEAVE)
        await asker.replies(asker.direct)
        await asker.writes(LAPSE)
        [_, answer] = await asker.replies(asker.direct, count=2)
    assert LAPSED in shown(answer)


async def test_what_somebody_asked_in_private_is_not_leant_on_in_public(
    slack, serving, asker, other
) -> None:
    async with serving():
        thread = await asker.mentions("Who lit the lantern?")
        [answer] = await asker.replies()
        await other.chooses("ask_about", answer)
        await other.submits(await other.modal(), question=LEAVE)
        await other.whispers()
        await asker.mentions(LEANING, thread)
        [_, public] = await asker.replies(count=2)
    assert TAKEN not in public.text


async def test_an_asker_s_own_private_question_is_not_leant_on_in_public_either(
    slack, serving, asker
) -> None:
    async with serving():
        await asker.commands("/ask", LEAVE)
        await asker.whispers()
        await asker.mentions(LEANING)
        [public] = await asker.replies()
    assert TAKEN not in public.text


async def test_in_its_asker_s_own_messages_it_is(slack, serving, asker) -> None:
    async with serving():
        await asker.commands("/ask", LEAVE, asker.direct)
        await asker.whispers()
        await asker.writes(LEANING)
        [answer] = await asker.replies(asker.direct)
    assert TAKEN in shown(answer)


async def test_who_has_a_thread_summed_up_in_private_is_not_answered_in_it(
    slack, serving, asker, other
) -> None:
    thread = slack.say(GENERAL, asker.user, "We have to decide when the clinic opens.")
    slack.say(GENERAL, other.user, "We decided to open the clinic on 3 March.", thread)
    async with serving():
        await asker.chooses("summarize_thread", slack.history(GENERAL)[0])
        await asker.whispers()
        before = len(slack.messages(GENERAL))
        await asker.says(LEAVE, thread)
        await quiet(slack)
    assert len(slack.messages(GENERAL)) == before


def ignored() -> dict[str, dict]:
    """What people, bots and Slack put into a channel that is no question to the bot."""
    return {
        "an edit": payloads.edited(MENTION, GENERAL, "U0ASKER", payloads.new_ts()),
        "a deletion": payloads.deleted(GENERAL, "U0ASKER", payloads.new_ts()),
        "another bot": payloads.bot_message(MENTION, GENERAL),
        "the bot itself": payloads.bot_message(MENTION, GENERAL, payloads.BOT, user=payloads.BOT_USER),
        "the bot's own mention": payloads.mention(MENTION, GENERAL, payloads.BOT_USER, bot_id=payloads.BOT),
        "the bot's own words in its messages": payloads.message(LEAVE, "D0ASKER", payloads.BOT_USER),
        "another bot's direct message": payloads.bot_message(LEAVE, "D0ASKER"),
        "a talk without the bot": payloads.message(LEAVE, GENERAL, "U0ASKER"),
        "a join": payloads.message(MENTION, GENERAL, "U0ASKER", subtype="channel_join"),
    }


@pytest.mark.parametrize("what", ignored())
async def test_what_is_no_question_is_acknowledged_and_not_answered(slack, serving, what) -> None:
    async with serving():
        assert await slack.send("events_api", ignored()[what])
        await quiet(slack)
    assert not slack.messages(GENERAL) + slack.messages("D0ASKER")


@pytest.mark.parametrize("foreign", [{"is_ext_shared_channel": True}, {"user_team": "T0ELSEWHERE"}])
async def test_among_other_organisations_it_says_that_it_does_not_answer(
    slack, serving, asker, foreign
) -> None:
    async with serving():
        await asker.mentions(LEAVE, **foreign)
        [refusal] = await asker.replies()
        assert "shared with other organisations" in shown(refusal)
        assert TAKEN not in shown(refusal)
    async with serving(shared_channels=True):
        await asker.mentions(LEAVE, **foreign)
        [_, answer] = await asker.replies(count=2)
    assert TAKEN in shown(answer)


async def test_a_colleague_of_another_workspace_of_the_enterprise_is_answered(
    slack, serving, asker
) -> None:
    async with serving():
        await asker.mentions(LEAVE, user_team="E0OURS", enterprise_id="E0OURS")
        [answer] = await asker.replies()
    assert TAKEN in shown(answer)


@pytest.mark.parametrize(
    ("text", "where", "why"),
    [
        (LEAVE, {"is_ext_shared_channel": True}, "shared with other organisations"),
        ("summarize this thread", {}, "which thread you mean"),
    ],
)
async def test_what_is_declined_stays_declined_when_slack_does_not_take_the_refusal(
    slack, serving, asker, text, where, why
) -> None:
    slack.fail("chat.postMessage", times=3, status=503)
    async with serving(lease=0.4):
        await asker.mentions(text, **where)
        [refusal] = await asker.replies()
    assert why in shown(refusal)
    assert TAKEN not in shown(refusal)


@pytest.mark.parametrize("mention_first", [True, False])
async def test_a_mention_and_its_message_are_one_question(slack, serving, asker, mention_first) -> None:
    async with serving():
        ts = payloads.new_ts()
        steps = [asker.mentions(LEAVE, ts=ts), asker.says(MENTION, ts=ts)]
        for step in steps if mention_first else reversed(steps):
            await step
        await asker.replies()
    assert len(slack.messages(GENERAL)) == 1


@pytest.mark.parametrize("subtype", ["file_share", "thread_broadcast"])
async def test_a_question_beside_a_file_or_to_the_whole_channel_counts(
    slack, serving, asker, subtype
) -> None:
    async with serving():
        await asker.says(MENTION, subtype=subtype)
        [answer] = await asker.replies()
    assert TAKEN in shown(answer)
