"""Modals ask what a button cannot: a person who may know, a question about a message."""

from __future__ import annotations

import asyncio

from people import GENERAL, LEAVE, TAKEN, UNKNOWN, control, quiet, shown

LATE = 4.0  # seconds: more than a trigger is good for
FRIEND = "U0FRIEND"


def called(message) -> list[str]:
    """The people that a message mentions."""
    elements = [e for block in message.blocks for part in block["elements"] for e in part["elements"]]
    return [element["user_id"] for element in elements if element["type"] == "user"]


async def test_a_person_is_asked_in_the_thread_where_nothing_was_found(slack, serving, asker) -> None:
    slack.allowed_mentions.add(FRIEND)
    async with serving():
        thread = await asker.mentions(UNKNOWN)
        [answer] = await asker.replies()
        await asker.presses(answer, "ask_person")
        await asker.submits(await asker.modal(), person=FRIEND, note="Before Friday <!channel>.")
        [_, message] = await asker.replies(count=2)
    assert message.thread_ts == thread
    assert called(message) == [FRIEND, "U0ASKER"]
    assert UNKNOWN in shown(message)
    assert "Before Friday <!channel>." in shown(message)


async def test_a_person_is_asked_in_their_messages_when_the_question_was_private(
    slack, serving, asker
) -> None:
    slack.allowed_mentions.add(FRIEND)
    async with serving():
        await asker.commands("/ask", UNKNOWN)
        [answer] = await asker.whispers()
        await asker.presses(answer, "ask_person")
        await asker.submits(await asker.modal(), person=FRIEND, note="")
        [message] = await asker.replies(f"D{FRIEND[1:]}")
    assert UNKNOWN in shown(message)
    assert not slack.messages(GENERAL)


async def test_who_cannot_be_asked_is_said(slack, serving, asker) -> None:
    async with serving():
        await asker.commands("/ask", UNKNOWN)
        [answer] = await asker.whispers()
        await asker.presses(answer, "ask_person")
        modal = await asker.modal()
        slack.fail("chat.postMessage", error="user_disabled")
        await asker.submits(modal, person=FRIEND, note="")
        [told] = await asker.replies(asker.direct)
    assert "user_disabled" in shown(told)


async def test_a_modal_that_comes_late_asks_to_press_again(slack, serving, asker) -> None:
    async with serving():
        await asker.mentions(UNKNOWN)
        [answer] = await asker.replies()
        await asker.presses(answer, "ask_person", age=LATE)
        await asker.chooses("ask_about", answer, age=LATE)
        told = await asker.whispers(2)
    assert all("again" in shown(message) for message in told)


async def test_a_message_is_asked_about_and_answered_to_its_asker_alone(slack, serving, asker) -> None:
    slack.say(GENERAL, "U0OTHER", f"{LEAVE} &lt;3")
    message = slack.history(GENERAL)[0]
    async with serving():
        await asker.chooses("ask_about", message)
        modal = await asker.modal()
        [entry] = modal["blocks"]
        assert entry["element"]["initial_value"] == f"{LEAVE} <3"
        await asker.submits(modal, question=LEAVE)
        [answer] = await asker.whispers()
    assert TAKEN in shown(answer)
    assert not slack.messages(GENERAL)


async def test_a_modal_sent_off_twice_is_answered_once(slack, serving, asker) -> None:
    slack.say(GENERAL, "U0OTHER", LEAVE)
    async with serving():
        await asker.chooses("ask_about", slack.history(GENERAL)[0])
        modal = await asker.modal()
        acks = await asyncio.gather(*(asker.submits(modal, question=LEAVE) for _ in range(3)))
        await asker.whispers()
        await quiet(slack)
    assert all(acks)
    assert len(slack.ephemerals) == 1


async def test_a_message_without_words_is_asked_about(slack, serving, asker) -> None:
    slack.say(GENERAL, "U0OTHER", "")
    async with serving():
        await asker.chooses("ask_about", slack.history(GENERAL)[0])
        modal = await asker.modal()
        await asker.submits(modal, question=" ?? ")
        [told] = await asker.whispers()
    assert "in words" in shown(told)


async def test_an_answer_that_is_forgotten_is_said_to_be(slack, serving, asker) -> None:
    async with serving():
        await asker.mentions(UNKNOWN)
        [answer] = await asker.replies()
        await asker.presses(answer, "ask_person", value="000000000000")
        modal = await asker.modal()
        await asker.submits(modal, person=FRIEND, note="")
        assert control(answer, "ask_person")
    assert "too old" in shown(slack.views[modal["id"]])
