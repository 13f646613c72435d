"""What can be pressed below an answer does what it says, also when Slack or the person is late."""

from __future__ import annotations

import re

import pytest
from people import LEAVE, TAKEN, Person, control, shown, until

from index.catalog import CATALOG

LATE = 4.0  # seconds: more than a trigger is good for


async def test_a_citation_opens_its_passage_in_its_place_with_the_quote_set_off(
    slack, serving, asker
) -> None:
    async with serving():
        await asker.mentions(LEAVE)
        [answer] = await asker.replies()
        await asker.presses(answer, "cite_1")
        modal = await asker.modal()
    assert "Unused days lapse in March." in shown(modal)
    [text] = [e for block in modal["blocks"] for e in block.get("elements", []) if TAKEN in str(e)]
    [quoted] = [e for e in text["elements"] if e.get("style", {}).get("bold")]
    assert quoted["text"] == TAKEN
    assert "leave.md" in shown(modal)


async def test_a_passage_leads_on_to_the_next_and_back_to_the_quote(slack, serving, asker, shelf) -> None:
    async with serving(assistant=shelf.assistant):
        await asker.mentions("Who lit the lantern on the pier?")
        [answer] = await asker.replies()
        await asker.presses(answer, "cite_1")
        modal = await asker.modal()
        first = shown(modal)
        for turn, expected in (
            ("next", "Day 19 was"),
            ("previous", "Day 11 was"),
            ("quote", "lit the lantern"),
        ):
            before = modal["hash"]
            await asker.presses(modal, f"passage_{turn}")
            modal = await until(lambda: (v := slack.views[modal["id"]])["hash"] != before and v)  # noqa: B023 -- it is awaited within the round
            assert expected in shown(modal)
    assert shown(modal) == first
    with pytest.raises(KeyError):
        control(modal, "passage_quote")


async def test_a_citation_whose_document_has_changed_says_so(slack, serving, asker, folder, shelf) -> None:
    async with serving(assistant=shelf.assistant):
        await asker.mentions(LEAVE)
        [answer] = await asker.replies()
        (folder / "leave.md").write_text("# Leave\n\nNobody may take any leave at all this year.\n")
        shelf.sync()
        await asker.presses(answer, "cite_1")
        modal = await asker.modal()
    assert "This passage has changed since" in shown(modal)
    assert TAKEN in shown(modal)
    assert "Nobody may take any leave at all this year." in shown(modal)


async def test_a_passage_is_shown_another_way_when_its_button_comes_late(slack, serving, asker) -> None:
    async with serving():
        await asker.mentions(LEAVE)
        [answer] = await asker.replies()
        await asker.presses(answer, "cite_1", age=LATE)
        told = await asker.whispers(2)
    assert not slack.views
    assert TAKEN in shown(told[1])
    assert control(told[1], "cite_1")


async def test_late_and_gone_a_citation_still_says_something(slack, serving, asker, folder, shelf) -> None:
    async with serving(assistant=shelf.assistant):
        await asker.mentions(LEAVE)
        [answer] = await asker.replies()
        (folder / "leave.md").unlink()
        shelf.sync()
        await asker.presses(answer, "cite_1", age=LATE)
        assert await asker.whispers()


async def test_helpful_and_not_helpful_are_kept_with_the_reason(slack, serving, asker, judged) -> None:
    async with serving():
        await asker.mentions(LEAVE)
        [answer] = await asker.replies()
        verdicts = control(answer, "feedback")
        await asker.presses(answer, "feedback", value=verdicts["positive_button"]["value"])
        [thanks] = await asker.whispers()
        assert "Thank you" in shown(thanks)
        assert judged() == [("U0ASKER", "helpful", "")]
        await asker.presses(answer, "feedback", value=verdicts["negative_button"]["value"])
        modal = await asker.modal()
        await asker.submits(modal, reason="It is 30 days now.")
    assert judged() == [("U0ASKER", "not_helpful", "It is 30 days now.")]
    assert "Thank you" in shown(slack.views[modal["id"]])


async def test_an_older_server_has_feedback_buttons_of_the_classic_kind(
    slack, serving, asker, judged
) -> None:
    slack.old_blocks()
    async with serving():
        await asker.mentions(LEAVE)
        [answer] = await asker.replies()
        await asker.presses(answer, "feedback_positive")
        await asker.whispers()
        await asker.presses(answer, "feedback_negative")
        await asker.submits(await asker.modal(), reason="Too short.")
    assert judged() == [("U0ASKER", "not_helpful", "Too short.")]


async def test_not_helpful_counts_when_its_modal_cannot_open(slack, serving, asker, judged) -> None:
    async with serving():
        await asker.mentions(LEAVE)
        [answer] = await asker.replies()
        verdict = control(answer, "feedback")["negative_button"]["value"]
        await asker.presses(answer, "feedback", value=verdict, age=LATE)
        [thanks] = await asker.whispers()
    assert "Thank you" in shown(thanks)
    assert judged() == [("U0ASKER", "not_helpful", "")]


async def test_a_button_in_a_channel_the_bot_has_left_is_answered_in_direct_messages(
    slack, serving, asker
) -> None:
    async with serving():
        await asker.mentions(LEAVE)
        [answer] = await asker.replies()
        slack.fail("response_url", error="channel_not_found", times=3)
        slack.fail("response_url", status=404, times=2)
        await asker.presses(answer, "cite_1", age=LATE, response_url=slack.response_url(age=3600))
        told = await asker.replies(asker.direct)
    assert any(TAKEN in shown(message) for message in told)


@pytest.mark.parametrize("failure", [{"drop": True}, {"status": 503}, {"error": "internal_error"}])
async def test_a_modal_that_slack_fails_to_open_is_not_passed_over(slack, serving, asker, failure) -> None:
    async with serving():
        await asker.mentions(LEAVE)
        [answer] = await asker.replies()
        slack.fail("views.open", times=3, **failure)
        await asker.presses(answer, "cite_1")
        told = await asker.whispers(2)
    assert TAKEN in shown(told[1])


OURS = {"id": "E0OURS", "name": "Ours"}


async def test_who_is_of_another_organisation_opens_no_passage(slack, serving, asker) -> None:
    """A channel may be shared after Footnote has answered in it."""
    foreigner = Person(slack, "U0FOREIGN", home="T0ELSEWHERE")
    async with serving():
        await asker.mentions(LEAVE)
        [answer] = await asker.replies()
        for enterprise in (None, OURS):
            await foreigner.presses(answer, "cite_1", enterprise=enterprise)
        told = await foreigner.whispers(2)
    assert not slack.views
    assert all("of the organisation" in shown(message) for message in told)


@pytest.mark.parametrize(("workspace", "allowed"), [("E0OURS", False), ("T0ELSEWHERE", True)])
async def test_a_colleague_of_another_workspace_and_whom_the_settings_allow_open_it(
    slack, serving, asker, workspace, allowed
) -> None:
    async with serving(shared_channels=allowed):
        await asker.mentions(LEAVE)
        [answer] = await asker.replies()
        person = Person(slack, "U0COLLEAGUE", home=workspace)
        await person.presses(answer, "cite_1", enterprise=OURS)
        assert TAKEN in shown(await person.modal())


async def test_a_library_that_fails_is_told_of_without_its_folders(
    slack, serving, asker, shelf, tmp_path, caplog
) -> None:
    async with serving(assistant=shelf.assistant):
        await asker.mentions(LEAVE)
        [answer] = await asker.replies()
        shelf.library.close()
        (tmp_path / "shelf" / CATALOG).write_bytes(b"no database" * 1000)
        await asker.presses(answer, "cite_1")
        [told] = await asker.whispers()
    assert "cannot be read just now" in shown(told)
    assert str(tmp_path) not in shown(told)
    [reference] = re.findall("[0-9a-f]{12}", shown(told))
    assert reference in caplog.text
