"""How closely sentences meet a question, by the model that reads them in their place."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.writers.late_interaction import InPlace, closeness, is_readable


def close(question: str, *sentences: InPlace) -> list[float]:
    return closeness(question, sentences)[:, 0].tolist()


@pytest.mark.parametrize(
    ("question", "said", "named"),
    [
        (
            "How many people work at the shipyard?",
            "The shipyard employs eleven technicians.",
            "The shipyard is closed to people on Sundays.",
        ),
        (
            "How much did the bridge cost?",
            "The town paid 3 million kronor for the bridge.",
            "The bridge did not open in May.",
        ),
        (
            "Who wrote the report?",
            "The author of the report is Henrik Moe.",
            "The report was read by the council.",
        ),
    ],
)
def test_a_sentence_that_says_it_is_closer_than_one_that_only_has_the_words(question, said, named):
    closer, other = close(question, InPlace("", said), InPlace("", named))
    assert closer > other + 0.1


@pytest.mark.parametrize("size", range(1, 9))
def test_what_others_left_on_the_stack_is_no_warning(size, dirty_stack):
    words = ["boiler", "director", "money", "pier", "old", "keeper", "leave", "boat"][:size]
    dirty_stack()
    (found,) = close(" ".join(words), InPlace("", "The boiler and the director are old."))
    assert found > 0


def test_function_words_tell_the_kind_of_answer_that_is_asked_for():
    many, when = (
        closeness(
            question, [InPlace("", "The yard has forty cranes."), InPlace("", "The yard has cranes.")]
        )
        for question in ("How many cranes has the yard?", "How many cranes does the yard have?")
    )
    assert many[0, 2] > many[1, 2]
    assert when[0, 2] > when[1, 2]


def test_a_pronoun_is_read_with_what_stands_before_it():
    seats = "It seats nine hundred."
    theatre, ferry = close(
        "How many people does the Orlo theatre seat?",
        InPlace("The Orlo theatre was built in 1902. ", seats),
        InPlace("The ferry to Orlo leaves at six. ", seats),
    )
    assert theatre > ferry


def test_only_a_sentence_s_own_tokens_are_compared():
    alone, preceded = close(
        "Who repaired the clock?",
        InPlace("", "Tea was served."),
        InPlace("Ida Holm repaired the clock. ", "Tea was served."),
    )
    (said,) = close("Who repaired the clock?", InPlace("", "Ida Holm repaired the clock."))
    assert said > preceded
    assert said > alone


def test_a_sentence_is_seen_however_much_stands_before_it():
    far, elsewhere = close(
        "Who repaired the clock?",
        InPlace("the tide came and went " * 200, "Ida Holm repaired the clock."),
        InPlace("the tide came and went " * 200, "Tea was served."),
    )
    assert far > elsewhere


@pytest.mark.parametrize(
    ("question", "readable"),
    [
        ("How many days of leave do new colleagues get?", True),
        ("vacation policy contractors", True),
        ("Who signed the reciprocal agreement in Port-au-Prince?", True),
        ("¿Cuántos días de vacaciones tienen los empleados nuevos?", False),
        ("Wie viele Urlaubstage bekommen neue Mitarbeiter?", False),
        ("新员工有多少天假期？", False),
        ("?!", False),
    ],
)
def test_it_knows_which_questions_it_can_read(question: str, readable: bool):
    assert is_readable(question) is readable


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=60), st.text(max_size=60)), max_size=5))
def test_whatever_is_written_gets_a_row_of_cosines(texts: list[tuple[str, str]]):
    rows = closeness("Who is it?", [InPlace(*text) for text in texts])
    assert rows.size == 3 * len(texts)
    assert np.all(np.abs(rows) < 1.001)


def test_several_may_ask_at_once():
    question, sentences = "Who repaired the clock?", [InPlace("", "Ida Holm repaired the clock.")]
    alone = closeness(question, sentences)
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda _: closeness(question, sentences), range(12)))
    assert all(np.array_equal(rows, alone) for rows in together)
