"""A citation posted before its document changed, was moved and was deleted, looked up after each."""

from __future__ import annotations

import pytest
from people import GENERAL, LEAVE, TAKEN, control, shown, until

MORE = "Staff may take 30 days of leave a year."
ORIGINAL = "https://intranet.example/leave"


async def posted(asker):
    """An answer in the channel, and the id of its citation."""
    await asker.mentions(LEAVE)
    [answer] = await asker.replies()
    return answer, control(answer, "cite_1")["value"]


async def looked_up(asker, answer, name: str, seen: int) -> tuple[str, str]:
    """What the button shows, and what `/cite` does."""
    await asker.presses(answer, "cite_1")
    modal = await asker.modal(after=seen)
    await asker.commands("/cite", name)
    whispers = await asker.whispers(seen + 1)
    return shown(modal), shown(whispers[-1])


async def test_a_citation_is_looked_up_after_a_change_a_move_and_a_removal(
    slack, serving, asker, shelf
) -> None:
    path = shelf.folder / "leave.md"
    before = path.read_text()
    async with serving(assistant=shelf.assistant):
        answer, name = await posted(asker)
        path.write_text(before.replace("26 days", "30 days"))
        shelf.sync()
        for words in await looked_up(asker, answer, name, 0):
            assert "This passage has changed since" in words
            assert TAKEN in words
            assert MORE in words
        path.write_text(before)
        path.rename(shelf.folder / "holidays.md")
        shelf.sync()
        for words in await looked_up(asker, answer, name, 1):
            assert "was moved since" in words
            assert TAKEN in words
        (shelf.folder / "holidays.md").unlink()
        shelf.sync()
        for words in await looked_up(asker, answer, name, 2):
            assert "The document “Leave” was removed on 20" in words
            assert "26 days" not in words


async def test_a_modal_leads_from_the_words_cited_to_what_stands_there_now_and_back(
    slack, serving, asker, shelf
) -> None:
    path = shelf.folder / "leave.md"
    async with serving(assistant=shelf.assistant):
        answer, _ = await posted(asker)
        path.write_text(path.read_text().replace("26 days", "30 days"))
        shelf.sync()
        await asker.presses(answer, "cite_1")
        modal = await asker.modal()
        for turn, expected in (("now", MORE), ("quote", TAKEN)):
            before = modal["hash"]
            await asker.presses(modal, f"passage_{turn}")
            modal = await until(lambda: (v := slack.views[modal["id"]])["hash"] != before and v)  # noqa: B023 -- it is awaited within the round
            assert expected in shown(modal)


@pytest.mark.parametrize("old", [False, True])
async def test_a_passage_turns_to_a_quotation_to_copy_and_back(slack, serving, asker, shelf, old) -> None:
    if old:
        slack.old_blocks()
    async with serving(assistant=shelf.assistant):
        answer, name = await posted(asker)
        await asker.presses(answer, "cite_1")
        modal = await asker.modal()
        await asker.presses(modal, "quotation")
        modal = await until(lambda: (v := slack.views[modal["id"]])["hash"] != modal["hash"] and v)
        words = shown(modal)
        assert f"“{TAKEN}”\n— Leave. version " in words
        assert f"Footnote {name}" in words
        await asker.presses(modal, "passage_back")
        await until(lambda: "In its place" in str(slack.views[modal["id"]]["title"]))


async def test_the_original_opens_where_the_document_names_its_address_and_nowhere_else(
    slack, serving, asker, shelf
) -> None:
    slack.allowed_urls.add(ORIGINAL)
    path = shelf.folder / "leave.md"
    path.write_text(f"---\ntitle: Leave\nurl: {ORIGINAL}\n---\n{path.read_text()}")
    shelf.sync()
    async with serving(assistant=shelf.assistant):
        answer, _ = await posted(asker)
        await asker.presses(answer, "cite_1")
        modal = await asker.modal()
        assert control(modal, "open_original")["url"] == ORIGINAL
        await asker.presses(modal, "open_original", value="-")
    assert not slack.problems


async def test_words_that_stand_nowhere_are_told_apart_from_what_comes_closest(
    slack, serving, asker, shelf
) -> None:
    async with serving(assistant=shelf.assistant):
        await asker.commands("/cite", f"“{TAKEN.replace('26', '36')}”")
        await asker.commands("/cite", "“staff MAY  take 26 days of leave”")
        closest, exact = [shown(message) for message in await asker.whispers(2)]
    if "What comes closest" not in closest:
        closest, exact = exact, closest
    assert "These words stand in none of the documents" in closest
    assert "none of it is the source" in closest
    assert TAKEN in closest
    assert "closest" not in exact
    assert "Staff may take 26 days of leave" in exact
    assert not slack.messages(GENERAL)
