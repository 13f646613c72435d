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
# What only the right sentence holds: asked in the article's words, and in others.
IN_ITS_WORDS = {
    KENYAN_OFFICERS: "400",
    "Who is Kenya's ambassador to the United Nations?": "Kimani",
    "What does the success of the mission depend on?": "financing",
    "Who did President Ruto speak with?": "Blinken",
    "What is the primary objective of the deployment?": "Haitian National Police",
    "What agreement did the two nations sign?": "reciprocal",
    "Who is the prime minister of Haiti?": "Ariel Henry",
    "When was President Jovenel Moise assassinated?": "July 2021",
    "How long has Haiti been dealing with gang violence?": "two years",
    "What has been extended in Haiti?": "state of emergency",
    "What is the capital of Haiti?": "Port-au-Prince",
    "How many people have been displaced?": "tens of thousands",
    "When was Ariel Henry in Kenya?": "fortnight",
    "What did Kimani urge the UN Secretariat to do?": "flexibility",
    "What kind of mission did both leaders commit to?": "Multinational Security Support",
    "Who holds the key to the deployment?": "United States",
}
IN_OTHERS = {
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
    "How many police officers stand ready for deployment?": "400",
    "Who told the UN Security Council about the 400 officers?": "Kimani",
    "Who is the US Secretary of State?": "Blinken",
    "Who is the president of Kenya?": "Ruto",
    "When was the president of Haiti assassinated?": "July 2021",
    "What paralysed Port-au-Prince?": "gang violence",
    "What resources does the mission need?": "financing",
    "What is the aim of the mission?": "Haitian National Police",
    "Why did Ariel Henry visit Kenya?": "revive",
    "What kind of agreement was signed?": "reciprocal",
    "What should be aligned with the mission's needs?": "Trust Fund",
    "Where did President Ruto meet Ariel Henry?": "Nairobi",
    "How long has the gang violence lasted?": "two years",
    "Which city has been paralysed?": "Port-au-Prince",
    "What did Ruto and Blinken discuss?": "political and security turmoil",
    "What is the elite police force from Kenya waiting for?": "American logistics",
}
# What it says nothing of: in questions far from its subject, and near to it.
UNANSWERED_FAR = (
    "How much will the mission cost?",
    "Which countries voted against the mission?",
    "What is the name of the gang leader?",
    "Which gang leader threatened a civil war?",
    "What did Kenya's High Court decide about the mission?",
    "How many officers will Benin and Chad send?",
    "What weapons will the Kenyan officers carry?",
    "Where will the officers be trained?",
)
UNANSWERED_NEAR = (
    "Who commands the Kenyan contingent in Haiti?",
    "How many people live in Port-au-Prince?",
    "When did the first Kenyan officers land at the airport?",
    "Who succeeded Ariel Henry as prime minister?",
    "When will elections be held in Haiti?",
    "How many police officers does Haiti have?",
    "Who is the president of the United States?",
    "How many officers has the Haitian National Police?",
    "How many people have been killed by gangs in Haiti?",
    "Which other countries have pledged police to the mission?",
    "When will the Kenyan police arrive in Haiti?",
    "Who killed President Jovenel Moise?",
    "What is the population of Haiti?",
    "How much money has the United States promised?",
    "Who leads the gangs?",
    "What language is spoken in Haiti?",
)

# Two sets of 16 and 8 that others wrote, who had seen nothing but the article.
BY_OTHERS = {
    "How many officers are in the first group that Kenya has ready to send?": "400 police officers",
    "Who represents Kenya at the UN?": "Ambassador to the United Nations",
    "What does the Kenyan envoy say the mission needs in order to succeed?": "financing, equipment",
    "Which American official did President Ruto talk to on the phone?": "Anthony Blinken",
    "What was the phone call between Ruto and Blinken about?": "security turmoil",
    "Which local force are the Kenyans supposed to help once they get there?": "Haitian National Police",
    "What kind of deal did Kenya and Haiti sign so that the police could be sent?": "reciprocal",
    "Has a date been given for when the Kenyan police will go to Haiti?": "absence of specific details",
    "What emergency measure in Haiti was prolonged and could make things harder "
    "for the mission?": "state of emergency",
    "What did Kimani ask the UN Secretariat to do?": "flexibility and alignment",
    "Roughly how many people have had to leave their homes because of the gangs?": "tens of thousands",
    "Which city has been brought to a standstill by the fighting?": "Port-au-Prince",
    "When was Haiti's president killed?": "July 2021",
    "How long has Haiti been dealing with gang violence?": "over two years",
    "Where was Ariel Henry when the most recent trouble broke out?": "was in Kenya a fortnight ago",
    "Why did the Haitian prime minister travel to Nairobi?": "aimed to revive plans",
    "Which country holds the key to the imminent deployment "
    "of Kenya's first contingent of police to Haiti?": "holds the key",
    "Who is Kenya's Ambassador to the United Nations?": "Ambassador to the United Nations Martin Kimani",
    "How many police officers are in the preliminary group that is ready to deploy?": "400 police officers",
    "Which city has been effectively paralysed by the gang violence?": "Port-au-Prince",
    "Who is the US Secretary of State that President Ruto spoke with by telephone?": "Anthony Blinken",
    "What was the discussion between the two leaders centered on?": "security turmoil",
    "What type of mission did both leaders affirm their commitment to deploying?": "Multinational Security",
    "What is the primary objective of the deployment?": "assist the Haitian National Police",
    "What kind of agreement did the two nations sign to pave the way "
    "for sending Kenyan police to Haiti?": "reciprocal",
    "What has been extended in Haiti as the situation there deteriorates?": "state of emergency",
    "Which fund did Kimani want to be flexible and aligned with the mission's needs?": "Trust Fund",
    "How many people have been displaced by the surge in gang violence?": "tens of thousands",
    "Which Haitian president was assassinated?": "President Jovenel Moise",
    "For how long has Haiti been grappling with widespread gang violence?": "over two years",
    "When was the Haitian prime minister in Kenya?": "a fortnight ago",
    "What was the prime minister's visit to Kenya aimed at reviving?": "revive plans",
}
UNANSWERED_BY_OTHERS = (
    "How much is the mission to Haiti expected to cost?",
    "Which other countries have offered to send police to Haiti?",
    "How long will the Kenyan officers stay in Haiti?",
    "Who will be in command of the Kenyan force on the ground?",
    "What have the Kenyan courts said about sending police abroad?",
    "How much extra pay will the officers get for serving in Haiti?",
    "Who was behind the murder of President Moise?",
    "Are the officers being taught French or Creole before they leave?",
    "On what date will the first Kenyan police officers arrive in Haiti?",
    "How much money has the United States pledged to the mission?",
    "Who will command the Kenyan police force in Haiti?",
    "Which other countries have offered to send officers to Haiti?",
    "How many people have been killed by gangs in Haiti this year?",
    "What did Kenya's High Court rule about sending police to Haiti?",
    "Who is the leader of the gangs in Port-au-Prince?",
    "How long will the Kenyan police stay in Haiti?",
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


def wrong(assistant: Assistant, expected: dict[str, str]) -> dict[str, str]:
    answers = {question: asked(assistant, question).text for question in expected}
    return {q: said for q, said in answers.items() if expected[q].lower() not in said.lower()}


def answered(assistant: Assistant, questions: tuple[str, ...]) -> dict[str, str]:
    answers = {question: asked(assistant, question) for question in questions}
    return {q: a.text for q, a in answers.items() if a.status is not Status.NOT_FOUND}


def test_what_is_asked_in_its_words_is_answered_by_the_right_sentence(assistant: Assistant) -> None:
    assert len(IN_ITS_WORDS) == 16
    assert wrong(assistant, IN_ITS_WORDS) == {}


def test_what_it_says_nothing_of_is_declined(assistant: Assistant) -> None:
    assert len(UNANSWERED_FAR) == 8
    assert answered(assistant, UNANSWERED_FAR) == {}


# What the extractive writer reaches beyond that today, so that it does not get worse: a paraphrase may
# have no word in common, and a question may name all that the article is about and still ask for more.
def test_most_paraphrases_are_answered_by_the_right_sentence(assistant: Assistant) -> None:
    assert len(IN_OTHERS) == 31
    assert len(wrong(assistant, IN_OTHERS)) <= 4


def test_most_of_what_lies_near_its_subject_is_declined(assistant: Assistant) -> None:
    assert len(UNANSWERED_NEAR) == 16
    assert len(answered(assistant, UNANSWERED_NEAR)) <= 7


def test_most_of_what_others_ask_is_answered_or_declined_rightly(assistant: Assistant) -> None:
    assert (len(BY_OTHERS), len(UNANSWERED_BY_OTHERS)) == (32, 16)
    assert len(wrong(assistant, BY_OTHERS)) <= 5
    assert len(answered(assistant, UNANSWERED_BY_OTHERS)) <= 5


def test_the_exact_sentence_is_cited(home: Path, footnote_in) -> None:
    footnote = footnote_in(home.parent)
    answer = footnote.json("ask", KENYAN_OFFICERS)
    (citation,) = answer["citations"]
    text = Path(citation["document"]).read_text()
    (sentence,) = (line for line in text.splitlines() if "400" in line)
    assert answer["text"] == f"{sentence} [1]"
    assert citation["quote"] == sentence == text[citation["start"] : citation["end"]]


def test_declining_ends_with_3(home: Path, footnote_in) -> None:
    done = footnote_in(home.parent)("ask", UNANSWERED_FAR[0])
    assert done.returncode == 3
    assert done.stdout.startswith("The documents don't say.\n")
