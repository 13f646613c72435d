"""Small talk is answered without documents; a question that leans on earlier ones gets their words."""

import pytest

from bot.conversation import small_talk, standalone


@pytest.mark.parametrize(
    "text",
    [
        "hello",
        "Hi Footnote!",
        "  HELLO!!! 👋 ",
        "good morning",
        "thanks",
        "Thank you so much 🙏",
        "ok thanks!",
        "who are you?",
        "What can you do?",
        "help",
        "¡Hola!",
        "你好！",
        "bye",
    ],
)
def test_small_talk_gets_a_line_of_its_own(text):
    reply = small_talk(text)
    assert reply is not None
    assert "\n" not in reply


@pytest.mark.parametrize("text", ["hello", "what can you do?", "who are you"])
def test_small_talk_says_what_can_be_asked(text):
    assert "documents" in (small_talk(text) or "")


@pytest.mark.parametrize(
    "text",
    [
        "hello world program purpose?",
        "Who are you supposed to call about the boiler?",
        "thanks to whom was the bridge built?",
        "help desk opening hours",
        "What can you do with unused leave?",
        "hi-fi warranty",
        "",
        "?!",
        "👋",
        "hello " * 2000,
    ],
)
def test_a_real_question_is_not_small_talk(text):
    assert small_talk(text) is None


@pytest.mark.parametrize(
    "question",
    [
        "When was the lighthouse built?",
        "Who designed the Morandi bridge and when did he die?",
        "What is the policy that covers travel?",
        "",
        "?!",
    ],
)
def test_a_question_that_stands_alone_is_left_untouched(question):
    assert standalone(question, ("How tall is the lighthouse?",)) == question


@pytest.mark.parametrize(
    "question",
    [
        "and how many steps has the lighthouse?",
        "And when was the lighthouse built?",
        "But who paid the keepers?",
        "so in which year was the harbour dredged?",
        "and what is the height of the tower?",
        "y cuántos escalones tiene el faro?",
    ],
)
def test_a_linked_question_with_a_subject_of_its_own_is_left_untouched(question):
    assert standalone(question, ("How long will the ferry strike last?",)) == question


@pytest.mark.parametrize(
    "question",
    [
        "and in 2019?",
        "how many?",
        "and how many sailors?",
        "and in the winter of 2019?",
        "and what was the total cost?",
        "and who is the director?",
        "and why has it hurt the islands?",
    ],
)
def test_a_linked_question_without_one_takes_it_from_the_one_before(question):
    found = standalone(question, ("How long will the ferry strike last?",))
    assert {"ferry", "strike"} <= set(found.split())


def test_without_history_nothing_changes():
    assert standalone("and when did that begin?", ()) == "and when did that begin?"


@pytest.mark.parametrize(
    "question", ["and when did that begin?", "Why?", "who paid for it?", "When was this decided?"]
)
def test_a_leaning_question_takes_the_words_of_the_one_before(question):
    found = standalone(question, ("How long will the ferry strike last?",))
    assert {"ferry", "strike"} <= set(found.split())


def test_the_kind_of_answer_wanted_stays_that_of_the_new_question():
    found = standalone("and when did that begin?", ("How many ferries sail?",))
    assert found == "when did that begin? ferries sail"


def test_what_about_asks_the_same_of_another():
    found = standalone("what about Chile?", ("How many miners work in Peru?",))
    assert found == "How many miners work in Chile?"


def test_what_about_without_a_name_to_replace_adds_to_the_question():
    found = standalone("And what about holidays?", ("When is the office open?",))
    assert found == "When is the office open? holidays"


def test_words_are_carried_over_several_turns_and_past_thanks():
    history = ("Who runs the observatory?", "thanks", "and where does she live?")
    assert "observatory" in standalone("why?", history)


def test_a_new_subject_ends_the_carrying():
    history = ("Who runs the observatory?", "When was the harbour dredged?")
    assert "observatory" not in standalone("why?", history)
