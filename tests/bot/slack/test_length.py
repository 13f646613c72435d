"""An answer that one message does not hold comes in several: nothing is missing, broken or said twice."""

from __future__ import annotations

import pytest
from people import GENERAL, shown, until

from bot.assistant import Assistant
from bot.types import Draft, DraftClaim, Quote
from index.library import Library

DAYS = 8
SENTENCES = [
    f"On day {n} the harbour master wrote: "
    + f"the tide stood at mark {n} again, " * 40
    + "and that was all."
    for n in range(1, DAYS + 1)
]


class Verbatim:
    """A writer that repeats every sentence it is given about the harbour master, thrice over."""

    def write(self, _, passages):
        found = [(n, s) for s in SENTENCES for n, p in enumerate(passages) if s in p.text]
        return Draft(tuple(DraftClaim(" ".join([s] * 3), (Quote(n, s),) * 3) for n, s in found), 1.0)


@pytest.fixture
def verbose(library, folder, tmp_path):
    for number, sentence in enumerate(SENTENCES):
        (folder / f"{number}.md").write_text(f"# Day {number}\n\n{sentence}\n")
    with Library.open(tmp_path / "shelf", library.embedder) as own:
        list(own.sync([folder]))
        yield Assistant(own, Verbatim())


async def test_in_a_thread(slack, serving, asker, verbose) -> None:
    async with serving(assistant=verbose):
        await asker.mentions("What did the harbour master write?")
        complete(await asker.replies(GENERAL, 2))


async def test_in_direct_messages(slack, serving, asker, verbose) -> None:
    async with serving(assistant=verbose):
        await asker.writes("What did the harbour master write?")
        complete(await asker.replies(asker.direct, 2))


async def test_to_a_command(slack, serving, asker, verbose) -> None:
    async with serving(assistant=verbose):
        await asker.commands("/ask", "What did the harbour master write?")
        complete(await asker.whispers(2))


async def test_shared_again_after_only_a_part_of_it_got_out(slack, serving, asker, verbose) -> None:
    async with serving(assistant=verbose):
        await asker.commands("/ask", "What did the harbour master write?")
        *_, answer = await asker.whispers(2)
        slack.fail("chat.postMessage")  # not at all, the first time
        slack.fail("chat.postMessage", times=3, status=503)
        await asker.presses(answer, "share")
        await until(lambda: "try again" in shown(slack.ephemerals[-1]))
        await asker.presses(answer, "share")
        complete(await asker.replies(GENERAL, 2))


def complete(messages) -> None:
    """Every claim stands there once, in order, and whole; the buttons once, at the end."""
    text = " ".join(shown(message) for message in messages)
    claims = [" ".join([sentence] * 3) for sentence in SENTENCES]
    said = [claim for claim in claims if claim in text]
    assert len(said) == 5  # passages are looked up
    assert all(text.count(claim) == 1 for claim in said)
    assert [text.count(f"[{n}]") for n in range(1, 6)] == [3] * 5  # claim, source, button
    assert not any(message.streaming for message in messages)
    buttons = [m for m in messages if any(b["type"] == "actions" for b in m.blocks)]
    assert buttons == messages[-1:]
