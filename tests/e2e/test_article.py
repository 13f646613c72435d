"""The news article beside the project, asked as a reader of it would; skipped where it is not there."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import wiring
from bot.assistant import Assistant
from bot.settings import Settings
from bot.types import Answer, Question, Status

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not SEEDS.is_dir(), reason="the article is not beside the project"),
]

KENYAN_OFFICERS = "How many Kenyan officers are ready to go?"
# What only the right sentence holds.
ANSWERED = {
    KENYAN_OFFICERS: "400",
    "Who represents Kenya at the United Nations?": "Kimani",
    "Whom did Ruto talk to on the phone?": "Blinken",
    "Who is the prime minister of Haiti?": "Ariel Henry",
    "When was the Haitian president murdered?": "July 2021",
    "Which police force is the mission going to help?": "Haitian National Police",
    "For how long has Haiti suffered from gang violence?": "two years",
    "What is the name of Haiti's capital?": "Port-au-Prince",
    "How many people had to leave their homes?": "tens of thousands",
    "Which fund should stay flexible?": "Trust Fund",
    "What kind of agreement did Kenya and Haiti sign?": "reciprocal",
    "On which resources does the success of the mission depend?": "financing",
    "When did Ariel Henry travel to Kenya?": "fortnight",
    "What was extended as the situation in Haiti got worse?": "state of emergency",
    "What is the mission called that both leaders want to send?": "Multinational Security Support",
    "Whose logistics is Nairobi waiting for?": "American",
}
UNANSWERED = (
    "How much will the mission cost?",
    "Who commands the Kenyan contingent in Haiti?",
    "Which gang leader threatened a civil war?",
    "How many people live in Port-au-Prince?",
    "What did Kenya's High Court decide about the mission?",
    "How many officers will Benin and Chad send?",
    "When did the first Kenyan officers land at the airport?",
    "Who succeeded Ariel Henry as prime minister?",
)


@pytest.fixture(scope="module")
def home(tmp_path_factory, footnote_in) -> Path:
    footnote = footnote_in(tmp_path_factory.mktemp("article"))
    done = footnote("index", str(SEEDS))
    assert done.returncode == 0, done.stderr
    return footnote.home


@pytest.fixture(scope="module")
def assistant(home: Path) -> Iterator[Assistant]:
    settings = Settings(home=home)
    with wiring.open_filled_library(settings) as library:
        yield wiring.assistant(library, settings)


def asked(assistant: Assistant, question: str) -> Answer:
    return asyncio.run(assistant.ask(Question(question)))


# What the extractive writer reaches today, so that it does not get worse. The aim is 15 and 8:
# the others are paraphrases without a word in common, or name what the article is about.
RIGHT, DECLINED = 13, 5


def test_most_questions_are_answered_by_the_right_sentence(assistant: Assistant) -> None:
    answers = {question: asked(assistant, question) for question in ANSWERED}
    wrong = {q: a.text for q, a in answers.items() if ANSWERED[q].lower() not in a.text.lower()}
    assert len(ANSWERED) == 16
    assert len(ANSWERED) - len(wrong) >= RIGHT, wrong


def test_most_of_what_the_article_does_not_say_is_declined(assistant: Assistant) -> None:
    answers = {question: asked(assistant, question) for question in UNANSWERED}
    said = {q: (a.text, a.confidence) for q, a in answers.items() if a.status is not Status.NOT_FOUND}
    assert len(UNANSWERED) == 8
    assert len(UNANSWERED) - len(said) >= DECLINED, said


def test_the_exact_sentence_is_cited(home: Path, footnote_in) -> None:
    footnote = footnote_in(home.parent)
    answer = footnote.json("ask", KENYAN_OFFICERS)
    (citation,) = answer["citations"]
    text = Path(citation["document"]).read_text()
    (sentence,) = (line for line in text.splitlines() if "400" in line)
    assert answer["text"] == f"{sentence} [1]"
    assert citation["quote"] == sentence == text[citation["start"] : citation["end"]]


def test_declining_ends_with_3(home: Path, footnote_in) -> None:
    done = footnote_in(home.parent)("ask", UNANSWERED[0])
    assert done.returncode == 3
    assert done.stdout.startswith("The documents don't say.\n")
