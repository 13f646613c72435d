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


def test_a_wrapped_line_goes_on() -> None:
    text = "The mission is to help the police of the country to take back the\nports and roads. It is late."
    assert len(sentences(text)) == 2
