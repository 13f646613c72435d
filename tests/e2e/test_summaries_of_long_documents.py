"""A PDF of 300 pages is summed up at three lengths, exactly, in time and in bounded memory."""

from __future__ import annotations

import random
import tracemalloc
from itertools import combinations
from pathlib import Path
from time import perf_counter

import pytest
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate

from bot.assistant import Assistant
from bot.summarizing.choosing import content, repeats
from bot.types import Length, Summary
from bot.writers.extractive import ExtractiveWriter
from index.library import Library

pytestmark = pytest.mark.e2e

PAGES, SENTENCES = 300, 24
SECONDS = 10
MEGABYTES = 100  # of Python's own memory
WHO = [
    "The council",
    "The harbour master",
    "A committee of engineers",
    "The treasurer",
    "Our surveyor",
    "The old mill",
]
DOES = [
    "approved",
    "repaired",
    "measured",
    "refused",
    "described",
    "lost",
    "sold",
    "painted",
    "counted",
    "inspected",
]
WHAT = [
    "the stone bridge",
    "four lock gates",
    "the grain store",
    "a pumping station",
    "the eastern quay",
    "the bell tower",
]
WHY = [
    "because the river had risen",
    "after a long winter",
    "at the request of the guilds",
    "for want of money",
]
THING = [
    "timber",
    "lime",
    "copper",
    "rope",
    "slate",
    "glass",
    "oak",
    "tar",
    "brick",
    "sailcloth",
    "lead",
    "sand",
    "iron",
    "wool",
    "salt",
    "grain",
]


def sentence(draw: random.Random, page: int) -> str:
    goods = ", ".join(draw.sample(THING, 3))
    parts = (draw.choice(WHO), draw.choice(DOES), draw.choice(WHAT), draw.choice(WHY))
    return f"{' '.join(parts)} and spent {draw.randint(2, 9999)} crowns on {goods} in {1500 + page}."


def write(path: Path) -> None:
    draw, styles = random.Random(4), getSampleStyleSheet()
    story: list[object] = []
    for page in range(PAGES):
        story.append(Paragraph(f"Chapter {page + 1}", styles["Heading1"]))
        text = [sentence(draw, page) for _ in range(SENTENCES)]
        story += [Paragraph(" ".join(text[i : i + 6]), styles["BodyText"]) for i in range(0, SENTENCES, 6)]
        story.append(PageBreak())
    SimpleDocTemplate(str(path), title="Annals of the harbour").build(story)


async def timed(library: Library, length: Length) -> tuple[Summary, float, float]:
    """A summary, how many seconds it took, and the most megabytes it held."""
    assistant = Assistant(library, ExtractiveWriter(library.embedder))
    start = perf_counter()
    given = await assistant.summarize("annals", None, length)
    seconds = perf_counter() - start
    tracemalloc.start()
    try:
        await assistant.summarize("annals", None, length)
        most = tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()
    assert isinstance(given, Summary)
    return given, seconds, most


async def test_three_hundred_pages_at_three_lengths(tmp_path):
    (tmp_path / "files").mkdir()
    write(tmp_path / "files" / "annals.pdf")
    with Library.open(tmp_path / "home") as library:
        for _ in library.sync([tmp_path / "files"]):
            pass
        for length, lines in ((Length.SHORT, 3), (Length.NORMAL, 7), (Length.LONG, 15)):
            summary, seconds, megabytes = await timed(library, length)
            print(f"{length}: {seconds:.1f} s, {megabytes:.0f} MB")
            assert seconds < SECONDS
            assert megabytes < MEGABYTES
            assert sum(len(part.claims) for part in summary.parts) == lines
            for citation in summary.citations:
                span = library.locate(citation.id)
                assert span.text[citation.start : citation.end] == citation.quote
                assert citation.page == str(int(citation.quote.rstrip(".").rsplit(" ", 1)[1]) - 1499)
            said = [content(citation.quote) for citation in summary.citations]
            assert not any(repeats(one, other) for one, other in combinations(said, 2))
