import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.render import json as as_json
from bot.types import Answer, Citation, CitedPassage, Claim, Lookup, Status

CITATION = Citation(
    1,
    "k7f3qm-9s4-3z7k",
    "/docs/leave.md",
    "Leave",
    "0123456789abcdef",
    "3",
    "Staff › Leave",
    5,
    17,
    "Take a rest.",
)
ANSWER = Answer(
    question="How long?",
    status=Status.ANSWERED,
    text="Take a rest. [1]",
    claims=(Claim("Take a rest.", (1,)),),
    citations=(CITATION,),
    confidence=0.9,
    timings_ms={"total": 1.5},
)


def test_an_answer_has_the_keys_of_schema_1_in_their_order():
    shown = json.loads(as_json.answer(ANSWER))
    assert list(shown) == [
        "schema", "question", "status", "text", "claims", "citations", "nearest", "confidence",
        "timings_ms", "looked_up", "incomplete", "usage",
    ]  # fmt: skip
    assert shown["schema"] == 1
    assert shown["status"] == "answered"
    assert shown["claims"] == [{"text": "Take a rest.", "citations": [1]}]
    assert shown["nearest"] == []
    assert list(shown["citations"][0]) == [
        "n", "id", "document", "title", "version", "page", "heading", "start", "end", "quote",
        "url",
    ]  # fmt: skip


def test_a_cited_passage_keeps_its_neighbours():
    passage = CitedPassage(CITATION, "Well.\n", " Then go on.")
    shown = json.loads(as_json.cited("k7f3qm", Lookup((passage,))))
    assert list(shown) == ["schema", "reference", "passages", "closest", "note"]
    assert shown["passages"][0]["standing"] == "current"
    assert shown["passages"][0]["before"] == "Well.\n"
    assert shown["passages"][0]["citation"]["id"] == "k7f3qm-9s4-3z7k"


@given(st.text(st.characters()) | st.text("\x1b\x9b\u202e\U000e0041\u2028\ud800\x7f"))
def test_text_comes_back_exactly_from_a_line_that_is_safe_to_print(text):
    line = as_json.answer(replace(ANSWER, text=text))
    assert json.loads(line)["text"] == text
    assert len(line.splitlines()) == 1
    assert not set(line) & set("\x1b\x9b\x7f\u202e\u2066\U000e0041")
    line.encode("utf-8")


def test_other_scripts_stay_readable():
    assert "四百名警察" in as_json.answer(replace(ANSWER, text="四百名警察"))
