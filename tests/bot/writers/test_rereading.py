"""The likeliest sentences, shared out anew once a language model has read them."""

import numpy as np
import pytest

from bot.writers.rereading import likeliest_of, reread
from bot.writers.scoring import Scorer, Scores
from index.embedders import BundledEmbedder
from index.types import Mark, MarkKind, Passage, Source

HARBOUR = (
    "The harbour is closed to people on Sundays. It employs eleven pilots. The harbour opens at five. "
    "Its café opens at six."
)


def scored(question: str, text: str = HARBOUR, marks: tuple[Mark, ...] = ()) -> Scores:
    source = Source("key", "/docs/harbour.txt", "The harbour", "default", "0" * 16)
    scores = Scorer(BundledEmbedder()).score(
        question, [Passage(source, text, 0, len(text), marks, 1.0, 3.0, 0.4)]
    )
    assert scores is not None
    return scores


def test_the_sentence_that_says_it_gains_on_those_that_only_have_its_words():
    question = "How many people work at the harbour?"
    before = scored(question)
    after = reread(question, before)
    said = next(n for n, sentence in enumerate(before.sentences) if "eleven" in sentence.text)
    assert after.probabilities[said] > 1.2 * before.probabilities[said]


def test_only_the_likeliest_share_out_what_they_had():
    question = "When does the harbour open?"
    before = scored(question, f"{HARBOUR} The harbour has cranes. Tea is served.")
    after, likeliest = reread(question, before), likeliest_of(before)
    others = [n for n in range(len(before.sentences)) if n not in likeliest]
    assert others
    assert after.probabilities[others].tolist() == before.probabilities[others].tolist()
    assert after.probabilities[likeliest].sum() == pytest.approx(before.probabilities[likeliest].sum())
    assert after.closeness is not None
    assert np.flatnonzero(after.closeness.any(axis=1)).tolist() == sorted(likeliest)


@pytest.mark.parametrize(
    "question",
    [
        "¿Cuándo abre el puerto? ¿El café del puerto abre los domingos?",
        "What do the documents say about the harbour?",
        "What is known of the café?",
        "Tell me about the pilots",
    ],
)
def test_an_open_question_or_one_in_a_language_it_does_not_know_is_left_as_it_is(question: str):
    before = scored(question)
    assert reread(question, before) is before


def test_a_heading_is_read_with_its_sentence():
    question = "How long does the warranty of the pumps last?"
    text = "It lasts for two years. Colours vary. It lasts for the night."
    pumps, lamps = (
        reread(question, scored(question, text, (Mark(MarkKind.HEADING, heading, 0, len(text)),))).closeness
        for heading in ("Warranty of the pumps", "Burning time of the lamps")
    )
    assert pumps is not None
    assert lamps is not None
    assert pumps[0, 0] > lamps[0, 0]


def test_where_no_sentence_may_answer_nothing_is_read():
    before = scored("harbour", "Harbour")
    assert likeliest_of(before) == []
    assert reread("harbour", before) is before
