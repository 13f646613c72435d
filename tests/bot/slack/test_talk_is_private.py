"""A conversation is told to those who may read it, where only those read it, and is kept nowhere."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
from fake_slack import payloads
from people import GENERAL, shown

from bot.slack.talk import IN_PUBLIC, NOT_YOURS

SECRET = "The auditors found that the strongroom was left open all night."
VAULT, GROUP, OPEN = "C0VAULT", "G0BOARD", "C0OPEN"  # two private channels and one that is not
MEMBER = "U0MEMBER"


@pytest.fixture
def threads(slack) -> dict[str, str]:
    """The link to a thread in each channel; the asker is in none of them."""
    slack.private.add(VAULT)
    links = {}
    for channel in (VAULT, GROUP, OPEN):
        slack.members[channel] = {MEMBER, *(f"U0CROWD{n:04}" for n in range(150))}
        ts = slack.say(channel, MEMBER, SECRET)
        links[channel] = f"https://footnote.slack.com/archives/{channel}/p{ts.replace('.', '')}"
    links["D0MEMBER"] = links[OPEN].replace(OPEN, "D0MEMBER")
    slack.say("D0MEMBER", MEMBER, SECRET, ts=ts)
    return links


def told(slack) -> str:
    """All that the bot has ever sent."""
    return json.dumps([call.args for call in slack.calls])


@pytest.mark.parametrize("channel", [VAULT, GROUP])
async def test_a_private_channel_is_not_told_to_those_who_are_not_in_it(
    slack, serving, asker, threads, channel
) -> None:
    link = threads[channel]
    async with serving():
        await asker.commands("/summarize", link)
        await asker.commands("/summarize", f"<#{channel}|vault> since yesterday")
        await asker.commands("/summarize", f"{link}?thread_ts=1700000000.000100&cid={GENERAL}")
        refused = await asker.whispers(3)
        await asker.writes(f"summarize {link}")
        refused += await asker.replies(asker.direct)
        await asker.mentions(f"summarize <#{channel}|> since yesterday")
        refused += await asker.replies()
    assert [shown(message) for message in refused] == [NOT_YOURS] * 5
    assert SECRET not in told(slack)
    assert not slack.called("conversations.replies") + slack.called("conversations.history")


async def test_its_members_are_told_alone(slack, serving, other, threads) -> None:
    slack.members[VAULT].add(other.user)
    async with serving():
        await other.commands("/summarize", threads[VAULT])
        [whisper] = await other.whispers()
        await other.writes(f"summarize {threads[VAULT]}")
        [direct] = await other.replies(other.direct)
        await other.mentions(f"summarize {threads[VAULT]}")
        [refusal] = await other.replies()
    assert SECRET in shown(whisper)
    assert SECRET in shown(direct)
    assert shown(refusal) == IN_PUBLIC


async def test_in_the_channel_itself_it_is_told_to_all_of_it(slack, serving, other, threads) -> None:
    thread = slack.history(VAULT)[0].ts
    async with serving():
        await other.says(f"<@{payloads.BOT_USER}> summarize this thread", thread, VAULT)
        [reply] = await other.replies(VAULT)
    assert (reply.thread_ts, SECRET in shown(reply)) == (thread, True)


async def test_direct_messages_of_others_are_not_read(slack, serving, asker, threads) -> None:
    slack.scopes.add("im:read")
    async with serving():
        await asker.commands("/summarize", threads["D0MEMBER"])
        [refusal] = await asker.whispers()
    assert shown(refusal) == NOT_YOURS


async def test_an_open_channel_is_told_to_all_but_guests_who_are_not_in_it(
    slack, serving, asker, other, threads
) -> None:
    slack.guests |= {asker.user, other.user}
    slack.members[OPEN].add(other.user)
    async with serving():
        for person in (asker, other):
            await person.commands("/summarize", threads[OPEN])
        [refusal], [reply] = await asker.whispers(), await other.whispers()
        slack.guests.clear()
        await asker.commands("/summarize", threads[OPEN])
        [_, now] = await asker.whispers(2)
    assert shown(refusal) == NOT_YOURS
    assert SECRET in shown(reply)
    assert SECRET in shown(now)


async def test_where_the_bot_is_not_it_reads_nothing(slack, serving, asker, threads) -> None:
    slack.absent |= {OPEN, VAULT}
    async with serving():
        for n, (channel, why) in enumerate({OPEN: "Invite me", VAULT: NOT_YOURS}.items(), start=1):
            await asker.commands("/summarize", threads[channel])
            assert why in shown((await asker.whispers(n))[-1])


async def test_a_missing_scope_is_named(slack, serving, other, threads) -> None:
    slack.members[VAULT].add(other.user)
    lacking = {
        "channels:history": OPEN,
        "channels:read": OPEN,
        "groups:history": VAULT,
        "groups:read": GROUP,
        "users:read": OPEN,
    }
    async with serving():
        for n, (scope, channel) in enumerate(lacking.items(), start=1):
            slack.scopes.discard(scope)
            await other.commands("/summarize", threads[channel])
            refusal = shown((await other.whispers(n))[-1])
            slack.scopes.add(scope)
            assert f"permission {scope}." in refusal
            assert "footnote manifest" in refusal


async def test_nothing_of_it_is_stored_or_logged(slack, serving, asker, threads, tmp_path, caplog) -> None:
    caplog.set_level(logging.DEBUG, "bot")
    async with serving():
        await asker.commands("/summarize", threads[OPEN])
        [reply] = await asker.whispers()
    assert SECRET in shown(reply)
    assert not [
        path for path in Path(tmp_path).rglob("*") if path.is_file() and b"strongroom" in path.read_bytes()
    ]
    assert "strongroom" not in caplog.text


async def test_what_is_asked_is_taken_for_what_it_is_only_at_its_beginning(slack, serving, asker) -> None:
    """A question may speak of channels, links and summaries."""
    said = (
        f"<@{payloads.BOT_USER}> How many days of leave may staff take? There is a summary in <#{VAULT}|x>."
    )
    async with serving():
        await asker.says(said)
        [answer] = await asker.replies()
    assert "26 days" in shown(answer)
    assert not slack.called("conversations.info")
