import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from bot.assistant import MAX_QUESTION, Assistant
from bot.errors import QuestionError
from bot.types import Draft, DraftClaim, Passage, Question, Quote, Status
from index.library import Library


class FirstPassage:
    """A writer that quotes the whole of the first passage, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def write(self, question: str, passages: Sequence[Passage]) -> Draft:
        self.asked.append(question)
        quotes = [Quote(0, passage.text) for passage in passages[:1]]
        return Draft(tuple(DraftClaim(quote.text, (quote,)) for quote in quotes), confidence=0.5)


@pytest.fixture
def library(home: Path) -> Iterator[Library]:
    with Library.open(home) as library:
        yield library


@pytest.fixture
def writer() -> FirstPassage:
    return FirstPassage()


@pytest.fixture
def assistant(library: Library, writer: FirstPassage) -> Assistant:
    return Assistant(library, writer)


async def test_an_answer_says_how_long_each_step_took(assistant):
    answer = await assistant.ask(Question("How many days of leave?"))
    assert answer.status is Status.ANSWERED
    steps = answer.timings_ms
    assert list(steps) == ["retrieve", "write", "verify", "total"]
    assert steps["total"] == pytest.approx(steps["retrieve"] + steps["write"] + steps["verify"], abs=0.05)


async def test_only_the_askers_spaces_are_read(assistant):
    question = "How much does the director earn?"
    seen = await assistant.ask(Question(question, frozenset({"secret"})))
    assert "90,000" in seen.text
    for spaces in (frozenset({"default"}), frozenset({"nope"}), frozenset()):
        answer = await assistant.ask(Question(question, spaces))
        assert "90,000" not in repr(answer)


async def test_a_greeting_is_answered_without_asking_the_writer(assistant, writer):
    answer = await assistant.ask(Question("hello"))
    assert (answer.status, answer.citations, writer.asked) == (Status.SMALL_TALK, (), [])


async def test_a_follow_up_is_looked_up_with_what_it_follows_but_shown_as_asked(assistant, writer):
    question = Question("And how often is it checked?", history=("When was the boiler replaced?",))
    answer = await assistant.ask(question)
    assert "boiler" in writer.asked[0]
    assert answer.question == "And how often is it checked?"


async def test_characters_nobody_sees_are_taken_out_of_a_question(assistant, writer):
    await assistant.ask(Question("How many \u202edays\u202c\nof le\u200bave\x1b[1m?"))
    assert writer.asked == ["How many days of leave[1m?"]


@pytest.mark.parametrize("text", ["", " \n\t", "?!…", "\x1b\u202e", "x" * (MAX_QUESTION + 1)])
async def test_what_is_no_question_is_refused_in_one_sentence(assistant, text):
    with pytest.raises(QuestionError, match=r"^[A-Z][^\n]{1,100}\.$"):
        await assistant.ask(Question(text))


async def test_a_questions_text_is_logged_at_debug_only(assistant, caplog):
    with caplog.at_level(logging.INFO, logger="bot"):
        await assistant.ask(Question("How many days of leave?"))
        assert "leave" not in caplog.text
    with caplog.at_level(logging.DEBUG, logger="bot"):
        await assistant.ask(Question("How many days of leave?"))
    assert "How many days of leave?" in caplog.text


async def test_a_citation_is_found_by_its_id_and_by_its_words(assistant):
    answer = await assistant.ask(Question("When is a doctor's note due?"))
    (citation,) = answer.citations
    (passage,) = (await assistant.cite(citation.id, None)).passages
    assert passage.citation == citation
    (passage,) = (await assistant.cite("a DOCTOR's   note is due", None)).passages
    assert passage.citation.quote == "A doctor’s note is due"
    assert passage.after.startswith(" after three days.")


async def test_a_citation_outside_the_askers_spaces_is_as_unknown_as_any(assistant):
    answer = await assistant.ask(Question("How much does the director earn?", frozenset({"secret"})))
    for reference in (answer.citations[0].id, "director earns", "k7f3qm-9s4-3z7k"):
        found = await assistant.cite(reference, frozenset({"default"}))
        assert (found.passages, found.closest) == ((), ())


@pytest.mark.parametrize("reference", ["", " \n", "?", "\udcff"])
async def test_what_is_neither_an_id_nor_words_is_no_reference(assistant, reference):
    with pytest.raises(QuestionError, match="Give the id of a citation, or the words"):
        await assistant.cite(reference, None)


async def test_sources_are_those_of_the_askers_spaces(assistant):
    listing = await assistant.sources(frozenset({"default"}))
    assert [document.source.title for document in listing] == ["Heating", "Leave"]
