"""Documents are summarised where people ask for it, every line with a button that opens its place."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest
from fake_slack.checks import check_message
from people import GENERAL, control, shown

from bot.assistant import Assistant
from bot.render import slack as render
from bot.render.classic import classic
from bot.types import Citation, Claim, Part, Summary

HANDBOOKS = {
    "field": "The field handbook begins with the tents. Each tent sleeps six people and a dog.",
    "office": "The office handbook begins with the desks. Each desk has a lamp and two drawers.",
}


@pytest.fixture
def handbooks(folder, shelf) -> Assistant:
    """An assistant with two handbooks."""
    for name, text in HANDBOOKS.items():
        (folder / f"{name}.md").write_text(f"# {name.title()} handbook\n\n{text}\n")
    shelf.sync()
    return shelf.assistant


async def test_a_command_sums_a_document_up_for_its_asker_alone(
    slack, serving, asker, handbooks, judged
) -> None:
    async with serving(assistant=handbooks):
        await asker.commands("/summarize", "field handbook short")
        [summary] = await asker.whispers()
        await asker.presses(summary, "cite_1")
        modal = await asker.modal()
        helpful = control(summary, "feedback")["positive_button"]["value"]
        await asker.presses(summary, "feedback", value=helpful)
        await asker.whispers(2)
    assert judged() == [("U0ASKER", "helpful", "")]
    assert "Field handbook" in shown(summary)
    assert "tent" in shown(summary)
    assert "[1]" in shown(summary)
    assert "tent" in shown(modal)
    assert not slack.messages(GENERAL)


async def test_a_mention_and_a_direct_message_ask_for_it_in_words(slack, serving, asker, handbooks) -> None:
    async with serving(assistant=handbooks):
        asked = await asker.mentions('can you summarize "field handbook"?')
        [there] = await asker.replies()
        await asker.writes("summarize field handbook")
        [here] = await asker.replies(asker.direct)
    assert there.thread_ts == asked
    assert "tent" in shown(there)
    assert "tent" in shown(here)


async def test_of_several_documents_one_is_chosen_with_a_button_by_anybody(
    slack, serving, asker, other, handbooks
) -> None:
    async with serving(assistant=handbooks):
        await asker.mentions("summarize handbook --sentences 1")
        [choice] = await asker.replies()
        labels = [control(choice, f"summarize_{n}")["text"]["text"] for n in (1, 2)]
        office = next(n for n, label in enumerate(labels, start=1) if "Office" in label)
        await other.presses(choice, f"summarize_{office}")
        [summary] = await other.whispers()
    assert "desk" in shown(summary)
    assert "tent" not in shown(summary)
    assert "[2]" not in shown(summary), "as short as was asked"
    assert not [message for message in slack.ephemerals if message.ephemeral_to == asker.user]
    assert len(slack.messages(GENERAL)) == 1


async def test_what_is_pressed_or_chosen_stands_in_the_inbox_when_it_is_acknowledged(
    slack, serving, asker, handbooks, tmp_path
) -> None:
    said = slack.find(GENERAL, slack.say(GENERAL, "U0OTHER", "The clinic opens its doors on 3 March."))
    async with serving(assistant=handbooks):
        await asker.commands("/summarize", "handbook")
        [choice] = await asker.whispers()
        await asker.presses(choice, "summarize_1")
        await asker.chooses("summarize_thread", said)
        with closing(sqlite3.connect(tmp_path / "state.sqlite3")) as connection:
            bodies = [json.loads(body) for (body,) in connection.execute("SELECT body FROM requests")]
        await asker.whispers(3)
    assert [body["text"] for body in bodies[:2]] == ["handbook", control(choice, "summarize_1")["value"]]
    assert bodies[2]["talk"] == {"channel": GENERAL, "thread": said.ts}


@pytest.mark.parametrize("form", [list, classic])
def test_of_many_lines_none_is_lost_or_broken_and_every_citation_has_its_button(form) -> None:
    quote = "The harbour master wrote that the tide stood high again. " * 3
    citations = [
        Citation(n, f"k7f3qm-{n}", "/d", f"Day {n}", "0", None, "", 0, 9, quote) for n in range(1, 81)
    ]
    claims = [Claim(f"Line {n} begins. {quote} Line {n} ends.", (n,)) for n in range(1, 81)]
    parts = (Part("First", tuple(claims[:50])), Part("Second", tuple(claims[50:])))
    messages = render.summary(
        Summary("The log", parts, tuple(citations), "Ten days were left out."), "0" * 12
    )
    contents = [{"text": m.text, "blocks": form(m.blocks)} for m in messages]
    assert [problem for content in contents for problem in check_message(content)] == []
    text = " ".join(shown(content) for content in contents)
    assert len(messages) > 2
    assert all(text.count(f"Line {n} begins.") == text.count(f"Line {n} ends.") == 1 for n in range(1, 81))
    pressed = [
        e["value"] for c in contents for b in c["blocks"] for e in b.get("elements", []) if "value" in e
    ]
    assert [value for value in pressed if "-" in value] == [citation.id for citation in citations]
    assert "Ten days were left out." in text
