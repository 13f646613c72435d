"""Every citation is an exact span of what is stored, in every format, and stands where it says."""

from __future__ import annotations

import asyncio
import csv
import html
import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, cycle
from pathlib import Path
from xml.sax.saxutils import escape

import docx
import pytest
import reportlab
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate

from bot import wiring
from bot.assistant import Assistant
from bot.settings import Settings
from bot.types import Answer, Citation, Question, Status
from bot.writers.extractive import ExtractiveWriter
from index.library import Library, Span

pytestmark = pytest.mark.e2e

DATA = Path(__file__).parents[3] / "shared" / "data" / "squad"
QUESTIONS = 2000
SECTION = 5  # paragraphs
NAMES = ("Alder", "Brack", "Cöln", "Dún", "Eßweil", "Forêt", "Genève", "Hálsey")
# A building a format, so that a question has one document that answers it.
BUILDINGS = {
    "txt": "ferry house",
    "md": "water mill",
    "html": "stone bridge",
    "pdf": "tunnel",
    "docx": "bell tower",
    "csv": "grain store",
}
# What moves offsets: two code points a letter, wide characters, marks of direction, odd spaces.
UNUSUAL = "Its sign reads “cafe\u0301\u00a0漢字 😀 \u05e9\u05dc\u05d5\u05dd ﬁne—10²”."
SIMPLE = "Its sign reads “café, naïve — 10 % off”."  # all in the font of a PDF


@dataclass(frozen=True)
class Section:
    """A heading and the paragraphs under it."""

    heading: str
    paragraphs: tuple[str, ...]


def year_of(building: str, name: str) -> int:
    return 1500 + 40 * list(BUILDINGS.values()).index(building) + 5 * NAMES.index(name)


def own_text(suffix: str) -> list[Section]:
    """A section a name. What is the same in all of them tempts a reader to cite the wrong one."""
    building = BUILDINGS[suffix]
    return [
        Section(
            name,
            (
                SIMPLE if suffix == "pdf" else UNUSUAL,
                f"The {building} of {name} was built in {year_of(building, name)}, says the chronicle [7].",
                "The roof is inspected every spring. " * 6 + f"The {name} guide keeps the key.",
            ),
        )
        for name in NAMES
    ]


def write_txt(path: Path, sections: Sequence[Section]) -> None:
    pages = ("\n\n".join((s.heading, *s.paragraphs)) for s in sections)
    path.write_text("\f".join(pages), encoding="utf-8")


def write_md(path: Path, sections: Sequence[Section]) -> None:
    blocks = chain.from_iterable((f"## {s.heading}", *s.paragraphs) for s in sections)
    path.write_text("\n\n".join((f"# {path.stem}", *blocks)), encoding="utf-8")


def write_html(path: Path, sections: Sequence[Section]) -> None:
    body = "".join(
        f"<h2>{html.escape(s.heading)}</h2>" + "".join(f"<p>{html.escape(p)}\n</p>" for p in s.paragraphs)
        for s in sections
    )
    page = f"<!doctype html><meta charset=utf-8><title>{path.stem}</title><h1>{path.stem}</h1>{body}"
    path.write_text(page, encoding="utf-8")


def write_pdf(path: Path, sections: Sequence[Section]) -> None:
    """A section begins a page; its lines are broken as they fall."""
    font = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"
    pdfmetrics.registerFont(TTFont("Vera", str(font)))
    style = getSampleStyleSheet()["Normal"].clone("Vera", fontName="Vera")
    story = chain.from_iterable(
        [*(Paragraph(escape(p), style) for p in (s.heading, *s.paragraphs)), PageBreak()] for s in sections
    )
    SimpleDocTemplate(str(path)).build(list(story))


def write_docx(path: Path, sections: Sequence[Section]) -> None:
    document = docx.Document()
    document.add_heading(path.stem, 1)
    for section in sections:
        document.add_heading(section.heading, 2)
        for paragraph in section.paragraphs:
            document.add_paragraph(paragraph)
    document.save(str(path))


def write_csv(path: Path, sections: Sequence[Section]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("Section", "Text"))
        rows.writerows((s.heading, p) for s in sections for p in s.paragraphs)


WRITERS: dict[str, Callable[[Path, Sequence[Section]], None]] = {
    "txt": write_txt,
    "md": write_md,
    "html": write_html,
    "pdf": write_pdf,
    "docx": write_docx,
    "csv": write_csv,
}


class Checker:
    """Asks, and holds what an answer cites against what the library stores."""

    def __init__(self, library: Library, where, runner: asyncio.Runner) -> None:
        self._assistant = Assistant(library, ExtractiveWriter(library.embedder))
        self._library = library
        self._run = runner.run
        self._where = where
        self._versions = {s.source.uri: s.source.version for s in library.sources()}
        self.checked: Counter[str] = Counter()  # citations by format

    def ask(self, question: str) -> Answer:
        answer = self._run(self._assistant.ask(Question(question)))
        self._check_answer(answer)
        return answer

    def _check_answer(self, answer: Answer) -> None:
        markers = [int(n) for n in re.findall(r"\[(\d+)\]", answer.text)]
        assert markers == [n for claim in answer.claims for n in claim.citations]
        numbers = [c.n for c in answer.citations]
        assert list(dict.fromkeys(markers)) == numbers == list(range(1, len(numbers) + 1))
        assert [c.n for c in answer.nearest] == list(range(1, len(answer.nearest) + 1))
        assert (answer.status is Status.ANSWERED) is bool(answer.citations)
        for citation in (*answer.citations, *answer.nearest):
            self._check(citation)

    def _check(self, citation: Citation) -> None:
        stored = self._library.locate(citation.id)
        self._check_place(citation, stored)
        (passage,) = self._run(self._assistant.cite(citation.id, None)).passages
        assert passage.citation.quote == citation.quote
        assert (passage.citation.start, passage.citation.end) == (citation.start, citation.end)
        first = citation.start - len(passage.before)
        shown = passage.before + citation.quote + passage.after
        assert stored.text[first : first + len(shown)] == shown
        self.checked[Path(citation.document).suffix[1:]] += 1

    def _check_place(self, citation: Citation, stored: Span) -> None:
        assert citation.quote.strip()
        assert stored.text[citation.start : citation.end] == citation.quote
        assert (stored.source.uri, stored.source.title) == (citation.document, citation.title)
        assert citation.version == stored.source.version == self._versions[citation.document]
        assert (citation.page, citation.heading) == self._where(stored.marks, citation.start)


@pytest.fixture(scope="module")
def own(tmp_path_factory, footnote_in):
    """The command, with a library of a document a format."""
    footnote = footnote_in(tmp_path_factory.mktemp("own"))
    documents = footnote.folder / "documents"
    documents.mkdir()
    for suffix, building in BUILDINGS.items():
        WRITERS[suffix](documents / f"{building}.{suffix}", own_text(suffix))
    shown = footnote.json("index", "documents")
    assert (shown["added"], shown["failed"]) == (len(BUILDINGS), [])
    return footnote


@pytest.fixture(scope="module")
def checker(own, where) -> Iterator[Checker]:
    with wiring.open_filled_library(Settings(home=own.home)) as library, asyncio.Runner() as runner:
        yield Checker(library, where, runner)


@pytest.mark.parametrize("suffix", BUILDINGS)
def test_citations_are_exact_and_stand_where_they_say(checker: Checker, suffix: str) -> None:
    building = BUILDINGS[suffix]
    for number, name in enumerate(NAMES, 1):
        answer = checker.ask(f"When was the {building} of {name} built?")
        (citation,) = (c for c in answer.citations if f"{building} of {name}" in c.quote)
        assert Path(citation.document).name == f"{building}.{suffix}"
        assert f"built in {year_of(building, name)}, says the chronicle [7]." in citation.quote
        page = str(number) if suffix in {"txt", "pdf"} else None
        heading = f"{building} › {name}" if suffix in {"md", "html", "docx"} else ""
        assert (citation.page, citation.heading) == (page, heading)


@pytest.mark.parametrize(
    "question",
    [
        "What does the sign read?",
        "How often is the roof inspected?",
        "Who keeps the key?",
        "10² 漢字 cafe\u0301",
    ],
)
def test_what_stands_in_many_places_is_cited_from_one_of_them(checker: Checker, question: str) -> None:
    before = checker.checked.total()
    checker.ask(question)
    assert checker.checked.total() > before


@pytest.mark.parametrize("suffix", BUILDINGS)
def test_the_command_shows_the_same_quote_for_an_id(own, suffix: str) -> None:
    answer = own.json("ask", f"When was the {BUILDINGS[suffix]} of {NAMES[3]} built?")
    citation = answer["citations"][0]
    (passage,) = own.json("cite", citation["id"])["passages"]
    assert passage["citation"] == citation
    found = own.json("cite", citation["quote"].upper())["passages"]
    assert citation in [{**place["citation"], "n": citation["n"]} for place in found]


@pytest.mark.timeout(600)
@pytest.mark.skipif(not DATA.is_dir(), reason="the evaluation data are not beside the project")
def test_the_citations_of_2000_squad_questions_are_exact_in_every_format(
    tmp_path, footnote_in, where
) -> None:
    footnote = footnote_in(tmp_path)
    documents = tmp_path / "documents"
    documents.mkdir()
    for suffix, (title, sections) in zip(cycle(WRITERS), squad_articles().items(), strict=False):
        WRITERS[suffix](documents / f"{title}.{suffix}", sections)
    assert footnote.json("index", "documents")["failed"] == []
    questions = [row["question"] for row in squad("questions")]
    with wiring.open_filled_library(Settings(home=footnote.home)) as library, asyncio.Runner() as runner:
        checker = Checker(library, where, runner)
        for question in random.Random(0).sample(questions, QUESTIONS):
            checker.ask(question)
    assert checker.checked.keys() == WRITERS.keys()
    assert checker.checked.total() > QUESTIONS


def squad(name: str) -> Iterator[dict[str, str]]:
    with (DATA / f"{name}.jsonl").open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def squad_articles() -> dict[str, list[Section]]:
    """Each article's paragraphs, a few under a heading."""
    paragraphs: dict[str, list[str]] = {}
    for row in squad("paragraphs"):
        paragraphs.setdefault(row["title"], []).append(row["text"])
    return {
        title: [
            Section(f"Part {n // SECTION + 1}", tuple(texts[n : n + SECTION]))
            for n in range(0, len(texts), SECTION)
        ]
        for title, texts in paragraphs.items()
    }
