"""Sentences are exact, whole and none is lost."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.sentences import sentence_ends, sentence_spans

PIECES = (
    "The cat sat| |\n|\n\n|.|? |! |...|Dr. |e.g. |3.5|- item|1. |A: b; C: d|。|"
    "他说：「好。」|नमस्ते।|😀|e\u0301|\t|“Yes.” |؟"
)
pieces = st.sampled_from([*PIECES.split("|"), "https://a.b/c?d", "\u2003"])
texts = st.text() | st.lists(pieces, max_size=40).map("".join)


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@given(texts)
@example(" \n ")
def test_spans_are_ascending_trimmed_and_hold_every_character_but_space(text: str) -> None:
    covered = 0
    for start, end in sentence_spans(text):
        assert covered <= start < end <= len(text)
        assert not text[covered:start].strip()
        assert text[start:end] == text[start:end].strip()
        covered = end
    assert not text[covered:].strip()


@given(texts)
def test_ends_ascend_within_the_text(text: str) -> None:
    ends = sentence_ends(text)
    assert ends == sorted(set(ends))
    assert all(0 < end <= len(text) for end in ends)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("Dr. Roe met Mrs. Poe at 3.30 p.m. sharp. Then he left.", 2),
        ("See Fig. 3 and pp. 4-5, e.g. the map, i.e. this one. Done.", 2),
        ("J. R. Tolkien wrote it. We read it.", 2),
        ("It cost 3.5 million. That is much.", 2),
        ("He works at Acme Inc. in Oslo. She does not.", 2),
        (
            "“Is it true?” he asked. “It is.” Then silence.",
            ["“Is it true?” he asked.", "“It is.”", "Then silence."],
        ),
        (
            "- first thing\n- second thing\n- third thing",
            ["- first thing", "- second thing", "- third thing"],
        ),
        ("1. Boil it.\n2. Cool it.", ["1. Boil it.", "2. Cool it."]),
        (
            "Kind: Parental; Days: 20\nKind: Sick; Days: 10",
            ["Kind: Parental; Days: 20", "Kind: Sick; Days: 10"],
        ),
        ("Leave\n\nStaff may take it.", ["Leave", "Staff may take it."]),
        ("他来了。她走了！你呢？", ["他来了。", "她走了！", "你呢？"]),
        ("彼は「行く。」と言った。雨だ。", 3),
        ("यह एक है। यह दो है।", ["यह एक है।", "यह दो है।"]),
        ("Wait... What? Nothing.", ["Wait...", "What?", "Nothing."]),
        ("It grew (see below). It shrank.", ["It grew (see below).", "It shrank."]),
    ],
)
def test_where_sentences_end(text: str, expected: list[str] | int) -> None:
    found = sentences(text)
    assert (found if isinstance(expected, list) else len(found)) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "The booking fee is max. 500 euros.",
        "It is max. €500, or max. EUR 500.",
        "Call ext. 4411, or tel. +32 9 111.",
        "It costs 300 euros excl. VAT and incl. 2 meals.",
        "It lasts min. 2 days, approx. 3 at most.",
        "See para. 7, art. 3, sec. 2, fig. 4, vol. 2, p. 12 and pp. 3 to 5.",
        "See Art. 3 of Regulation No. 5, i.e. no. 5.",
        "The dept. of works and resp. the others are to sign.",
        "The firm (est. 1990) has ca. 300 staff vs. 200 before.",
        "MAX. 500 euros.",
    ],
)
def test_an_abbreviation_before_what_it_belongs_to_ends_nothing(sentence: str) -> None:
    assert sentences(f"{sentence} Next.") == [sentence, "Next."]


@pytest.mark.parametrize(
    "text",
    [
        "May I park there? No. Ask first.",
        "She teaches art. Her pupils paint.",
        "It takes 20 min. Then turn it off.",
        "Ask the dept. The head decides.",
        "That is the max. More is refused.",
        "The desk is in building C. Permits cost 5 euros.",
        "Take Vitamin D. Then rest.",
    ],
)
def test_what_looks_like_an_abbreviation_may_end_a_sentence(text: str) -> None:
    assert sentences(text)[-1] == text.rpartition(". ")[2]


@pytest.mark.parametrize("name", ["J. Smith", "Building E. R. Burke", "the late J. Smith"])
def test_an_initial_ends_nothing(name: str) -> None:
    assert len(sentences(f"We met {name} there.")) == 1


def test_a_wrapped_line_goes_on() -> None:
    text = "The mission is to help the police of the country to take back the\nports and roads. It is late."
    assert len(sentences(text)) == 2
