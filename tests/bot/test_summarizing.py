"""A summary says what is central, exactly, and nothing twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.assistant import Assistant
from bot.errors import NothingFoundError
from bot.render import terminal as render
from bot.summarizing.choosing import content, repeats
from bot.summarizing.dates import date_of
from bot.summarizing.document import summarize_document
from bot.summarizing.talk import summarize_talk
from bot.types import Candidates, Length, Remark, Summary
from bot.verify import summarized
from bot.writers.extractive import ExtractiveWriter
from index.embedders import BundledEmbedder
from index.library import Library
from index.records import Span
from index.types import Source

SEEDS = Path(__file__).parents[2] / "seeds"
OLD = "# Overtime 2024\n\nOvertime is paid at 125 percent of the hourly wage. Ask your manager first.\n"
NEW = "# Overtime 2026\n\nOvertime is paid at 150 percent of the hourly wage. Nobody works on Sunday.\n"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("summaries")
    (folder / "old.md").write_text(OLD)
    (folder / "new.md").write_text(NEW)
    with Library.open(folder / "home") as made:
        list(made.sync([SEEDS]))
        list(made.sync([folder / "old.md", folder / "new.md"], "rules"))
        yield made


@pytest.fixture(scope="module")
def assistant(library: Library) -> Assistant:
    return Assistant(library, ExtractiveWriter(library.embedder))


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Callable[..., Assistant]]:
    """Makes an assistant with these files, each given as name and text."""
    with ExitStack() as stack:

        def made(*files: tuple[str, str]) -> Assistant:
            folder = tmp_path / "docs"
            folder.mkdir()
            for name, text in files:
                (folder / name).write_text(text)
            library = stack.enter_context(Library.open(tmp_path / "home"))
            list(library.sync([folder]))
            return Assistant(library, ExtractiveWriter(library.embedder))

        yield made


def span_of(text: str) -> Span:
    return Span(Source("k7f3qm", "/d", "D", "default", "0"), text, (), 0, len(text))


def said(summary: Summary) -> list[str]:
    return [claim.text for part in summary.parts for claim in part.claims]


def exact(library: Library, summary: Summary) -> bool:
    """Every line's quote is what stands at its citation, and every citation is a line's."""
    spans = [library.locate(citation.id) for citation in summary.citations]
    used = {n for part in summary.parts for claim in part.claims for n in claim.citations}
    return used == {citation.n for citation in summary.citations} and all(
        span.text[span.start : span.end] == citation.quote
        for span, citation in zip(spans, summary.citations, strict=True)
    )


@pytest.mark.parametrize("length", Length)
async def test_every_line_of_every_document_is_exact_and_none_repeats_another(
    library, assistant, length
) -> None:
    for document in library.sources():
        summary = await assistant.summarize(document.source.key, None, length)
        lines = [content(line) for line in said(summary)]
        assert lines
        assert exact(library, summary)
        assert not any(repeats(a, b) for n, a in enumerate(lines) for b in lines[:n])


async def test_as_many_lines_as_are_asked_for(library, assistant) -> None:
    longest = max(library.sources(), key=lambda document: document.characters)
    for lines in (1, 4):
        summary = await assistant.summarize(longest.source.key, None, sentences=lines)
        assert len(said(summary)) == lines


async def test_a_document_is_found_by_words_of_its_title_or_path(assistant) -> None:
    for name in ("Overtime 2024", "overtime 2024", "the overtime 2024", "old.md", "2024"):
        summary = await assistant.summarize(name, None)
        assert isinstance(summary, Summary)
        assert summary.subject == "Overtime 2024"


async def test_an_ambiguous_name_lists_what_it_may_mean(assistant) -> None:
    found = await assistant.summarize("overtime", None)
    assert isinstance(found, Candidates)
    assert [d.source.title for d in found.documents] == ["Overtime 2024", "Overtime 2026"]


async def test_documents_that_differ_stand_side_by_side_with_their_dates(library, assistant) -> None:
    summary = await assistant.summarize("hourly wage paid", None)
    (differing,) = [part for part in summary.parts if part.heading.startswith("These differ")]
    assert {claim.text for claim in differing.claims} == {
        "Overtime is paid at 125 percent of the hourly wage.",
        "Overtime is paid at 150 percent of the hourly wage.",
    }
    assert differing.heading == "These differ: Overtime 2024 and Overtime 2026"
    assert exact(library, summary)


@pytest.mark.parametrize(
    ("title", "text", "date"),
    [
        ("Overtime 2024", "Updated: 3 May 2025. Overtime is paid.", ""),
        ("Overtime", "Updated: 3 May 2025. Overtime is paid.", "3 May 2025"),
        ("Overtime", "Effective from 2025-05-03, overtime is paid.", "2025-05-03"),
        ("Overtime", "Last revised May 3, 2025", "May 3, 2025"),
        ("Horas extra", "Actualizado el 3 de mayo de 2025.", "3 de mayo de 2025"),
        ("加班", "更新日期：2025年5月3日", "2025年5月3日"),
        ("Overtime", "In 2019 we paid 125 percent. Founded on 3 May 1990.", "indexed 2026-01-02"),
    ],
)
def test_a_document_is_as_old_as_it_says_itself(title, text, date) -> None:
    opening = Span(Source("k7f3qm", "/d", title, "default", "0"), text, (), 0, len(text))
    assert date_of(opening, "2026-01-02T10:00:00") == date


@pytest.mark.parametrize(
    "about", ["about overtime", "sobre overtime", "acerca de overtime", "关于overtime"]
)
async def test_what_is_known_about_a_topic_is_no_document_of_that_name(assistant, about) -> None:
    summary = await assistant.summarize(about, None)
    assert isinstance(summary, Summary)
    assert summary.subject == "overtime"
    assert len(summary.parts) > 1


NOTES = (
    "notes.md",
    """\
Nordic Valves is our supplier of ball valves since 2021. Invoices are paid within 30 days of delivery.

The FM-300 flow meter must be calibrated every 12 months. Only certified technicians may open its housing.

The Lisbon warehouse moved to Rua do Porto 14. Deliveries arrive there on Tuesdays.

It opened its new doors in May of last year.

The summer party takes place on 4 July in the garden. Everyone may bring one guest.
""",
)
MINUTES = (
    "minutes.md",
    """\
# Operations meeting

Present were Ana Ruiz, Ben Cole and Chen Li. Excused was Dora.

| Who | What |
|---|---|
| Ben | Order pallet racks |
| Ana | Call the port |

## Hotels

The limit for a night is 140 euros in Europe. Higher rates need a word of your manager.

## Other business

- The office closes at noon on Fridays
- Nordic Valves raises its prices by 4 percent from July
- Parking is limited during the works in the yard
""",
)
BRIEF = (
    "brief.txt",
    """\
Brief for the porters

Fire drill

Everybody leaves the building by the nearest stairs. The wardens count heads in the yard.

Each of them needs these things:

- a yellow vest with stripes on it.
- the list of names of the floor.

Night shift
The gate stays locked until six in the morning.
""",
)
PRICES = (
    "prices.csv",
    """\
Product,Price (EUR),Stock
FM-300 flow meter,1249,14
Ball valve DN50,89,220
Ball valve DN80,129,75
Gasket set,12,900
""",
)


@pytest.mark.parametrize(
    ("topic", "lines"),
    [
        (
            "Nordic Valves",
            [
                "Nordic Valves is our supplier of ball valves since 2021.",
                "Invoices are paid within 30 days of delivery.",
                "Nordic Valves raises its prices by 4 percent from July",
            ],
        ),
        (
            "the summer party",
            ["The summer party takes place on 4 July in the garden.", "Everyone may bring one guest."],
        ),
        (
            "the Lisbon warehouse",
            [
                "The Lisbon warehouse moved to Rua do Porto 14.",
                "Deliveries arrive there on Tuesdays.",
                "It opened its new doors in May of last year.",
            ],
        ),
        (
            "hotel limits",
            [
                "The limit for a night is 140 euros in Europe.",
                "Higher rates need a word of your manager.",
            ],
        ),
        (
            "fire drill",
            [
                "Everybody leaves the building by the nearest stairs.",
                "The wardens count heads in the yard.",
            ],
        ),
        ("things needed", ["a yellow vest with stripes on it.", "the list of names of the floor."]),
        ("the gasket sets", ["Product: Gasket set; Price (EUR): 12; Stock: 900"]),
        ("pallet racks", ["Who: Ben; What: Order pallet racks"]),
    ],
)
async def test_a_line_about_a_topic_holds_its_words_or_stands_below_or_behind_what_does(
    shelf, topic, lines
) -> None:
    summary = await shelf(NOTES, MINUTES, BRIEF, PRICES).summarize(f"about {topic}", None)
    assert said(summary) == lines


async def test_of_an_item_that_stands_twice_the_first_is_told(shelf) -> None:
    shopping = ("shopping.md", "- Fresh milk\n- Dark bread\n- Fresh milk\n- Eggs of hens\n- Dark bread\n")
    summary = await shelf(shopping).summarize("shopping.md", None)
    assert said(summary) == ["Fresh milk", "Dark bread", "Eggs of hens"]


async def test_a_document_without_prose_is_summed_up_by_its_first_rows_or_items(shelf) -> None:
    items = ("list.md", "# What to bring\n\n- Passport\n- A signed copy of the contract\n- Two photos\n")
    assistant = shelf(PRICES, items)
    rows = await assistant.summarize("prices.csv", None, sentences=2)
    assert said(rows) == [
        "Product: FM-300 flow meter; Price (EUR): 1249; Stock: 14",
        "Product: Ball valve DN50; Price (EUR): 89; Stock: 220",
    ]
    assert rows.note == "2 more lines not shown."
    assert exact(assistant._library, rows)
    listed = await assistant.summarize("list.md", None)
    assert said(listed) == ["Passport", "A signed copy of the contract", "Two photos"]
    assert not listed.note
    assert exact(assistant._library, listed)


async def test_a_library_of_one_table_has_an_overview(shelf) -> None:
    summary = await shelf(PRICES).summarize("", None)
    assert said(summary) == ["Product: FM-300 flow meter; Price (EUR): 1249; Stock: 14"]


async def test_only_a_document_without_words_has_nothing_to_sum_up(shelf) -> None:
    assistant = shelf(("rule.txt", "* * *\n"))
    for subject, name in (("rule.txt", r"\* \* \*"), ("", "The library")):
        with pytest.raises(NothingFoundError, match=f"nothing to sum up in “{name}”: it holds no words"):
            await assistant.summarize(subject, None)


async def test_items_without_a_full_stop_are_lines_and_bullets_are_not_shown_twice(shelf) -> None:
    assistant = shelf(MINUTES)
    summary = await assistant.summarize("minutes.md", None)
    assert "The office closes at noon on Fridays" in said(summary)
    assert exact(assistant._library, summary)
    assert "- -" not in str(render.summary(summary))


async def test_the_title_does_not_stand_again_over_every_part(shelf) -> None:
    summary = await shelf(MINUTES).summarize("minutes.md", None)
    assert [part.heading for part in summary.parts] == ["", "Hotels", "Other business"]


def test_a_greeting_and_the_answer_to_a_question_do_not_stand_for_a_document() -> None:
    text = "Welcome to the harbour office!\n\nMay I fish?\n\nYes, if you hold a card of the harbour.\n\n"
    text += "The harbour office opens at seven."
    assert said(summarized(summarize_document(span_of(text), BundledEmbedder(), 1))) == [
        "The harbour office opens at seven."
    ]


def test_rows_addresses_and_rights_are_no_lines() -> None:
    text = (
        "When: May; What happened: The roof was mended here.\nSee https://a.example for more of it.\n"
        "Copyright 2026 by the harbour office here.\n\nThe harbour opens at seven in the morning."
    )
    span = span_of(text)
    assert said(summarized(summarize_document(span, BundledEmbedder(), 7))) == [
        "The harbour opens at seven in the morning."
    ]


async def test_what_the_documents_do_not_speak_of_has_no_summary(assistant) -> None:
    with pytest.raises(NothingFoundError, match="don't say anything about submarines"):
        await assistant.summarize("submarines", None)


async def test_the_library_and_a_space_have_a_line_a_document(library, assistant) -> None:
    whole = await assistant.summarize("everything", None)
    assert len(said(whole)) == len(library.sources())
    assert len(said(await assistant.summarize("rules", None))) == 2
    assert exact(library, whole)


@pytest.mark.parametrize(
    ("length", "sentences", "lines"),
    [(Length.SHORT, None, 1), (Length.LONG, None, 8), (Length.NORMAL, 2, 2), (Length.NORMAL, 7, 7)],
)
async def test_an_overview_is_as_long_as_was_asked_for(shelf, length, sentences, lines) -> None:
    assistant = shelf(NOTES, MINUTES, BRIEF, PRICES)
    summary = await assistant.summarize("", None, length, sentences)
    assert len(said(summary)) == lines
    assert exact(assistant._library, summary)
    left = 4 - len(summary.parts)
    assert summary.note.startswith(f"{left} more document") if left else not summary.note


async def test_what_the_asker_may_not_see_is_in_no_summary(assistant) -> None:
    summary = await assistant.summarize("everything", frozenset({"rules"}))
    assert {part.heading for part in summary.parts} == {"Overtime 2024", "Overtime 2026"}
    with pytest.raises(NothingFoundError):
        await assistant.summarize("old.md", frozenset({"default"}))


TEXTS = st.one_of(
    st.text(max_size=400),
    st.sampled_from(
        ["", "One sentence stands here alone.", "| a | b |\n| 1 | 2 |\n", "访客不得请假。" * 30]
    ),
    st.lists(st.sampled_from(["It rains in Spain today.", "The sun shines on us all. ", "\n\n"])).map(
        "".join
    ),
)


@settings(deadline=None, max_examples=60)
@given(TEXTS, st.integers(1, 10))
def test_any_document_gives_at_most_so_many_exact_lines(text, lines) -> None:
    span = span_of(text)
    summary = summarized(summarize_document(span, BundledEmbedder(), lines))
    assert len(said(summary)) <= lines
    for citation in summary.citations:
        assert text[citation.start : citation.end] == citation.quote


def test_many_equal_sentences_are_said_once() -> None:
    text = "The same sentence stands here again. " * 10_000
    span = span_of(text)
    assert len(said(summarized(summarize_document(span, BundledEmbedder(), 15)))) == 1


def test_a_conversation_tells_what_was_decided_and_what_is_open() -> None:
    talk = [
        Remark("Ana", "2026-01-02T10:00", "The generator broke down in the night.", "u1"),
        Remark("Ben", "2026-01-02T10:01", "We agreed to buy a second generator on Monday.", "u2"),
        Remark("Ana", "2026-01-02T10:02", "Who pays for the fuel of it?", "u3"),
    ]
    summary = summarized(summarize_talk(talk, "#general", BundledEmbedder(), 7))
    told = {part.heading: [claim.text for claim in part.claims] for part in summary.parts}
    assert told == {
        "Decisions": ["We agreed to buy a second generator on Monday."],
        "Open questions": ["Who pays for the fuel of it?"],
        "Who said what": ["The generator broke down in the night."],
    }
    for citation in summary.citations:
        (remark,) = [remark for remark in talk if remark.url == citation.url]
        assert citation.title.startswith(f"{remark.speaker}, ")
        assert citation.quote == remark.text


def test_the_bullets_of_a_message_are_no_part_of_its_lines() -> None:
    text = "- We agreed to paint the pier in May.\n- Who buys the paint for it?"
    talk = [Remark("Ana", "2026-01-02T10:00", text, "u1")]
    summary = summarized(summarize_talk(talk, "#general", BundledEmbedder(), 7))
    assert said(summary) == ["We agreed to paint the pier in May.", "Who buys the paint for it?"]


@pytest.mark.parametrize(
    ("replies", "is_open"),
    [
        ([], True),
        ([("Ben", "The archive was painted green by the harbour office again.")], True),
        ([("Ana", "I mean the red van of the depot.")], True),
        ([("Ben", "Who wants to know?")], True),
        ([("Ben", "I will.")], False),
        ([("Ben", "The van goes to Rosa for the whole of next week, then.")], False),
        (
            [("Cy", "The archive was painted green again."), ("Ben", "Rosa drives the van to the depot.")],
            False,
        ),
    ],
)
def test_a_question_is_open_until_somebody_else_takes_it_up(replies, is_open) -> None:
    said_ = [("Ana", "Who drives the van to the depot?"), *replies]
    talk = [Remark(who, f"2026-01-02T10:0{n}", text, f"u{n}") for n, (who, text) in enumerate(said_)]
    summary = summarized(summarize_talk(talk, "#general", BundledEmbedder(), 7))
    opened = [part for part in summary.parts if part.heading == "Open questions"]
    assert bool(opened) == is_open
