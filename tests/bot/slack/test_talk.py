"""What people wrote in a thread or a channel is summarised, every line by whoever wrote it."""

from __future__ import annotations

import random
import time

import pytest
from fake_slack import payloads
from people import GENERAL, LEAVE, Person, quiet, shown

from bot.slack.transcript import MOST

AMINA, JONAS, PRIYA = "U0AMINA", "U0JONAS", "U0PRIYA"
NAMES = {AMINA: "Amina Odhiambo", JONAS: "Jonas Weber", PRIYA: "Priya Nair"}
OTHER = "C0OTHER"
TALK = (
    (AMINA, "We have to decide when the new clinic opens its doors."),
    (JONAS, "I propose that we open the clinic on 3 March, after the generator has arrived."),
    (PRIYA, "I would like to know who pays for the generator."),
    (AMINA, "The regional office pays for the generator, as the director confirmed."),
    (JONAS, "We decided to open the clinic on 3 March."),
)
THIS = "summarize this thread"
DAY = 86400.0


@pytest.fixture
def thread(slack) -> str:
    return converse(slack)


def converse(slack, channel: str = GENERAL) -> str:
    """Three people talk; returns the thread's ts."""
    slack.names |= NAMES
    first = slack.say(channel, *TALK[0])
    for user, text in TALK[1:]:
        slack.say(channel, user, text, first)
    return first


def ago(seconds: float) -> str:
    return f"{time.time() - seconds:.6f}"


def lines(*messages) -> list[tuple[str, str, str]]:
    """Who said what, and where its link leads, as people read it."""
    found = []
    for section in (part for m in messages for block in m.blocks for part in block.get("elements", [])):
        elements = section.get("elements", [])
        if elements and elements[0].get("text") == "• ":
            who, text, *_, link = elements[1:]
            found.append((who["text"], text["text"], link["url"]))
    return found


def linked(slack) -> dict[str, dict]:
    """The messages that Slack gave addresses of."""
    calls = slack.called("chat.getPermalink")
    return {c.response["permalink"]: slack.find(c.args["channel"], c.args["message_ts"]) for c in calls}


def true(slack, *messages) -> list[tuple[str, str, str]]:
    """The lines, when each was said by the person it names, in the message that it links to."""
    found, addresses = lines(*messages), linked(slack)
    assert found
    for who, text, url in found:
        message = addresses[url]
        assert who.startswith(f"{slack.names[message.user]}, ")
        assert text in message.text
    return found


async def test_a_mention_in_a_thread_is_answered_there_with_who_said_what(
    slack, serving, asker, thread
) -> None:
    async with serving():
        asked = await asker.mentions(f"{THIS} long", thread)
        [reply] = await asker.replies()
    assert reply.thread_ts == thread
    assert {text for _, text, _ in true(slack, reply)} <= {text for _, text in TALK}
    assert {who.split(",")[0] for who, _, _ in lines(reply)} == set(NAMES.values())
    assert asked not in {message.ts for message in linked(slack).values()}
    assert "Amina Odhiambo began" in shown(reply)


async def test_a_link_to_any_of_its_messages_gives_the_thread_to_whoever_asks(
    slack, serving, asker, thread
) -> None:
    last = slack.thread(GENERAL, thread)[-1].ts
    base = f"https://footnote.slack.com/archives/{GENERAL}/p"
    links = (
        f"<{base}{thread.replace('.', '')}>",
        f"{base}{last.replace('.', '')}",
        f"<{base}{last.replace('.', '')}?thread_ts={thread}&amp;cid={GENERAL}>",
    )
    async with serving():
        for n, link in enumerate(links, start=1):
            await asker.commands("/summarize", link, OTHER)
            *_, reply = await asker.whispers(n)
            assert "Priya Nair" in shown(reply)
            true(slack, reply)
    assert not slack.messages(GENERAL) + slack.messages(OTHER)


async def test_the_shortcut_tells_it_to_whoever_chose_it(slack, serving, asker, thread) -> None:
    async with serving():
        for n, message in enumerate((slack.find(GENERAL, thread), slack.thread(GENERAL, thread)[-1]), 1):
            await asker.chooses("summarize_thread", message)
            *_, reply = await asker.whispers(n)
            true(slack, reply)
    assert not slack.messages(GENERAL)
    asked = [call.args["user"] for call in slack.called("users.info")]
    assert all(asked.count(user) == 1 for user in NAMES)  # and remembered


async def test_a_direct_message_asks_for_a_channel(slack, serving, asker, thread) -> None:
    async with serving():
        await asker.writes(f"summarize <#{GENERAL}|> since yesterday")
        [reply] = await asker.replies(asker.direct)
    true(slack, reply)


async def test_a_channel_is_summarised_since_a_time_with_late_replies_to_older_threads(
    slack, serving, asker
) -> None:
    slack.names |= NAMES
    old = slack.say(
        GENERAL, AMINA, "The old question of the fence is still open between us.", ts=ago(9 * DAY)
    )
    slack.say(GENERAL, JONAS, "An early word about the fence came from the mayor.", old, ts=ago(8 * DAY))
    slack.say(GENERAL, PRIYA, "The fence was finally paid for by the mayor.", old, ts=ago(DAY))
    slack.say(GENERAL, JONAS, "The trucks with the water left the harbour.", ts=ago(2 * DAY))
    slack.say(GENERAL, JONAS, "The harbour was closed for a week because of rain.", ts=ago(4 * DAY))
    async with serving():
        await asker.commands("/summarize", f"<#{GENERAL}|general> since 3 days")
        [reply] = await asker.whispers()
        told = {text for _, text, _ in true(slack, reply)}
        await asker.commands("/summarize", "this channel since 5 days")
        [_, wider] = await asker.whispers(2)
    assert told == {
        "The fence was finally paid for by the mayor.",
        "The trucks with the water left the harbour.",
    }
    assert "#general since" in shown(reply)
    assert "closed for a week" in shown(wider)


async def test_no_time_is_the_last_day(slack, serving, asker) -> None:
    slack.names |= NAMES
    slack.say(GENERAL, JONAS, "The trucks with the water left the harbour.", ts=ago(DAY + 60))
    slack.say(GENERAL, PRIYA, "The trucks with the water have arrived here.", ts=ago(DAY - 60))
    async with serving():
        await asker.commands("/summarize", f"<#{GENERAL}|general>")
        [reply] = await asker.whispers()
    assert [text for _, text, _ in true(slack, reply)] == ["The trucks with the water have arrived here."]


async def test_replies_that_come_late_in_a_long_thread_are_read(slack, serving, asker, thread) -> None:
    for _ in range(450):
        slack.say(GENERAL, JONAS, "ok", thread)
    slack.say(GENERAL, PRIYA, "We decided to buy a second generator after all.", thread)
    async with serving():
        await asker.mentions(f"{THIS} --sentences 12", thread)
        [reply] = await asker.replies()
    assert len(slack.called("conversations.replies")) > 2
    assert "We decided to buy a second generator after all." in {text for _, text, _ in true(slack, reply)}


async def test_of_more_than_it_reads_it_says_so(slack, serving, asker, thread) -> None:
    for _ in range(MOST):
        slack.say(GENERAL, JONAS, "ok", thread)
    slack.say(GENERAL, PRIYA, "We decided to buy a second generator after all.", thread)
    async with serving():
        await asker.mentions(THIS, thread)
        [reply] = await asker.replies()
    assert "second generator" in shown(reply)
    assert f"Only the latest {MOST:,} messages were read." in shown(reply)


async def test_bots_joins_and_those_who_ask_for_summaries_are_left_out(
    slack, serving, asker, thread
) -> None:
    slack.say(
        GENERAL, JONAS, "Jonas has joined the channel for everybody to see.", thread, subtype="channel_join"
    )
    slack.hear(
        payloads.bot_message("A robot has something to say about the clinic.", GENERAL, thread_ts=thread)
    )
    slack.say(
        GENERAL, PRIYA, f"<@{payloads.BOT_USER}> summarize this thread for all of us, please.", thread
    )
    async with serving():
        await asker.mentions(THIS, thread)
        await asker.replies()
        await asker.mentions(f"{THIS} --sentences 20", thread)
        [_, reply] = await asker.replies(count=2)
    assert {text for _, text, _ in true(slack, reply)} <= {text for _, text in TALK}


async def test_speakers_are_never_mixed_up(slack, serving, asker) -> None:
    """Three people say similar things, in an order that chance decides; two have the same name."""
    chance = random.Random(4)
    slack.names |= {AMINA: "Alex", JONAS: "alex ", PRIYA: "Alex (u0jonas)"}
    thread = slack.say(GENERAL, AMINA, "Alex asked: which of us brings which of the crates?")
    said = {}
    for n in range(40):
        user = chance.choice([AMINA, JONAS, PRIYA])
        text = f"I am going to bring crate number {n} to the harbour on day {chance.randrange(99)}."
        said[text] = user
        slack.say(GENERAL, user, text, thread)
    async with serving():
        await asker.mentions(f"{THIS} --sentences 30", thread)
        replies = await asker.replies()
    told = lines(*replies)
    names: dict[str, set[str]] = {}
    for who, text, url in told:
        assert linked(slack)[url].text == text
        if text in said:
            names.setdefault(who.rpartition(",")[0].casefold(), set()).add(said[text])
    assert len(told) > 10
    assert len(names) == 3
    assert all(len(users) == 1 for users in names.values())


@pytest.mark.parametrize("older", [False, True])
async def test_hostile_names_and_words_are_shown_as_words(slack, serving, asker, older) -> None:
    """The fake notes every mention, broadcast and foreign link; see the fixture."""
    if older:
        slack.old_blocks()
    slack.names |= {
        AMINA: "<!channel> https://evil.example |x>",
        JONAS: "\u202e*Bob*\n_x_",
        PRIYA: "\u200b",
    }
    thread = slack.say(
        GENERAL, AMINA, "<!here> <@U0OTHER> the clinic <https://evil.example|is closed> today, people."
    )
    slack.say(
        GENERAL,
        JONAS,
        "Look at <!subteam^S1|@doctors> and <#C0X|general> or [here](http://evil.example).",
        thread,
    )
    slack.say(
        GENERAL, PRIYA, "The &lt;!channel&gt; opens for &lt;@U0ASKER&gt; www.evil.example at noon.", thread
    )
    async with serving():
        await asker.mentions(THIS, thread)
        [reply] = await asker.replies()
    assert "is closed" in shown(reply)
    assert "https://evil.example|" not in shown(reply)


async def test_people_who_are_called_in_a_message_have_their_names(slack, serving, asker) -> None:
    slack.names |= NAMES
    thread = slack.say(
        GENERAL, AMINA, f"I think that <@{JONAS}> should drive the truck to <#C0X|harbour> today."
    )
    async with serving():
        await asker.mentions(THIS, thread)
        [reply] = await asker.replies()
    assert "I think that @Jonas Weber should drive the truck to #harbour today." in shown(reply)


async def test_after_a_summary_people_go_on_talking_to_each_other(slack, serving, asker, thread) -> None:
    async with serving():
        await asker.mentions(THIS, thread)
        await asker.replies()
        await asker.says("Thank you all, then I will order the paint.", thread)
        await quiet(slack)
        assert len(slack.messages(GENERAL)) == 1
        await asker.mentions(LEAVE, thread)
        assert await asker.replies(count=2)


REFUSALS = {
    "#general since monday": "Choose it from what Slack offers",
    "this thread": "Mention me in it",
    f"<#{GENERAL}|general> since the launch": "Try today, yesterday",
    f"https://footnote.slack.com/archives/{GENERAL}/p1600000000000100": "not there any more",
    f"<#{OTHER}|other>": "Nobody has written anything",
}


async def test_what_cannot_be_summarised_is_answered_with_what_to_do(slack, serving, asker) -> None:
    async with serving():
        for n, (asked, told) in enumerate(REFUSALS.items(), start=1):
            await asker.commands("/summarize", asked)
            assert told in shown((await asker.whispers(n))[-1])


async def test_slack_that_does_not_answer_is_told_of(slack, serving, asker, thread) -> None:
    slack.fail("users.info", status=503, times=9)
    async with serving():
        await asker.mentions(THIS, thread)
        [reply] = await asker.replies()
    assert "Please ask again" in shown(reply)


async def test_a_message_that_was_deleted_meanwhile_is_told_without_a_link(
    slack, serving, asker, thread
) -> None:
    slack.fail("chat.getPermalink", error="message_not_found", times=9)
    async with serving():
        await asker.mentions(THIS, thread)
        [reply] = await asker.replies()
    assert "[1]" in shown(reply)
    assert '"link"' not in str(reply.blocks)


async def test_somebody_who_is_gone_is_named_by_their_id(slack, serving, asker) -> None:
    thread = slack.say(GENERAL, "U0GONE", "I left the keys of the clinic with the gardener.")
    slack.fail("users.info", error="user_not_found", times=2)
    async with serving():
        await Person(slack, asker.user).mentions(THIS, thread)
        [reply] = await asker.replies()
    assert "somebody (U0GONE)" in shown(reply)


async def test_where_the_bot_is_not_the_shortcut_asks_to_invite_it(slack, serving, asker, thread) -> None:
    slack.absent.add(GENERAL)
    async with serving():
        await asker.chooses("summarize_thread", slack.find(GENERAL, thread))
        [reply] = await asker.whispers()
    assert "Invite me" in shown(reply)
