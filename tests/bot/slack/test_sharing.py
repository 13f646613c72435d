"""An answer to `/ask` is shown to a channel once, by its asker, where nobody foreign reads along."""

from __future__ import annotations

import pytest
from people import GENERAL, LEAVE, TAKEN, control, quiet, shown


async def asked(asker, channel: str = GENERAL):
    """The answer that only its asker sees."""
    await asker.commands("/ask", LEAVE, channel)
    [answer] = await asker.whispers()
    return answer


async def test_an_answer_is_shared_once_with_its_question_and_asker(slack, serving, asker) -> None:
    async with serving():
        answer = await asked(asker)
        assert not slack.messages(GENERAL)
        await asker.presses(answer, "share")
        [message] = await asker.replies()
        await asker.presses(answer, "share")
        told = await asker.whispers(2)
        assert len(await asker.replies()) == 1
    assert "shared already" in shown(told[1])
    assert LEAVE in shown(message)
    assert TAKEN in shown(message)
    assert control(message, "cite_1")
    assert {"type": "user", "user_id": "U0ASKER"} in message.blocks[0]["elements"][0]["elements"]


async def test_pressed_twice_at_once_it_is_shared_once(slack, serving, asker) -> None:
    async with serving():
        answer = await asked(asker)
        slack.fail("conversations.info", delay=0.1, times=2)
        await asker.presses(answer, "share")
        await asker.presses(answer, "share")
        await quiet(slack, 0.3)
    assert len(slack.messages(GENERAL)) == 1


async def test_nobody_else_shares_an_answer(slack, serving, asker, other) -> None:
    async with serving():
        await other.presses(await asked(asker), "share")
        [told] = await other.whispers()
    assert not slack.messages(GENERAL)
    assert TAKEN not in shown(told)


async def test_it_is_not_shared_where_other_organisations_read(slack, serving, asker) -> None:
    slack.shared_channels.add(GENERAL)
    async with serving():
        await asker.presses(await asked(asker), "share")
        told = await asker.whispers(2)
    assert "another organisation" in shown(told[1])
    assert not slack.messages(GENERAL)


async def test_unless_the_settings_allow_it(slack, serving, asker) -> None:
    slack.shared_channels.add(GENERAL)
    async with serving(shared_channels=True):
        await asker.presses(await asked(asker), "share")
        assert await asker.replies()


async def test_it_is_not_shared_where_the_readers_cannot_be_known(slack, serving, asker) -> None:
    slack.fail("conversations.info", error="channel_not_found")
    async with serving():
        await asker.presses(await asked(asker), "share")
        told = await asker.whispers(2)
    assert "cannot see who reads" in shown(told[1])
    assert not slack.messages(GENERAL)


async def test_it_is_shared_where_the_bot_is_no_member(slack, serving, asker) -> None:
    slack.fail("chat.postMessage", error="not_in_channel", times=9)
    async with serving():
        await asker.presses(await asked(asker), "share")
        await quiet(slack)
    [message] = slack.messages(GENERAL)
    assert TAKEN in shown(message)


@pytest.mark.parametrize("after", [False, True])
async def test_it_is_shared_once_when_the_connection_is_lost(slack, serving, asker, after) -> None:
    async with serving():
        answer = await asked(asker)
        slack.fail("chat.postMessage", drop=True, after=after)
        await asker.presses(answer, "share")
        await quiet(slack, 0.7)  # longer than the pause before it tries again
    assert len(slack.messages(GENERAL)) == 1


async def test_what_could_not_be_shared_can_be_shared_again(slack, serving, asker) -> None:
    async with serving():
        answer = await asked(asker)
        slack.fail("chat.postMessage", status=503, times=3)
        await asker.presses(answer, "share")
        told = await asker.whispers(2)
        assert "try again" in shown(told[1])
        await asker.presses(answer, "share")
        await asker.replies()
    assert len(slack.messages(GENERAL)) == 1
