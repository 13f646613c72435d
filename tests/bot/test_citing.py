from time import process_time

from hypothesis import given
from hypothesis import strategies as st

from bot.citing import citation, in_place
from bot.looking_up import look_up
from index.citation import parse_citation_id
from index.library import Span
from index.sentences import sentence_spans
from index.types import Mark, MarkKind, Source

SOURCE = Source("k7f3qm", "/docs/leave.pdf", "Leave", "default", "0123456789abcdef")
TEXT = "One is first. Two comes next. Three is here. Four follows it. Five is last."


def span(text: str, start: int, end: int, *marks: Mark) -> Span:
    return Span(SOURCE, text, marks, start, end)


def test_a_citation_names_its_document_page_heading_and_span():
    page = Mark(MarkKind.PAGE, "3", 0, len(TEXT))
    heading = Mark(MarkKind.HEADING, "Numbers", 14, len(TEXT))
    made = citation(SOURCE, [page, heading], 14, TEXT[14:29], 2)
    assert (made.n, made.title, made.page, made.heading) == (2, "Leave", "3", "Numbers")
    assert made.quote == "Two comes next."
    assert parse_citation_id(made.id) == ("k7f3qm", 14, 29)


def test_context_counts_whole_sentences_on_either_side():
    three = span(TEXT, 30, 44)
    one = in_place(three, 1, context=1)
    assert (one.before, one.citation.quote, one.after) == (
        "Two comes next. ",
        "Three is here.",
        " Four follows it.",
    )
    none = in_place(three, 1, context=0)
    assert (none.before, none.after) == ("", "")
    everything = in_place(three, 1, context=9)
    assert everything.before + everything.citation.quote + everything.after == TEXT


def test_a_sentence_that_is_cut_is_shown_whole():
    words = in_place(span(TEXT, 36, 44), 1, context=0)
    assert (words.before, words.citation.quote, words.after) == ("Three ", "is here.", "")


def test_twenty_places_in_a_long_document_take_hardly_longer_than_one(library, folder):
    (folder / "long.txt").write_text("The tide was low at noon, and nobody came. " * 30_000)
    list(library.sync([folder]))

    def took(reference: str) -> float:
        start = process_time()
        look_up(library, reference, None, 2)
        return process_time() - start

    places = look_up(library, "the tide was low", None, 2).passages
    assert len(places) == 20
    assert took("the tide was low") < 8 * took(places[0].citation.id)


SENTENCES = st.lists(st.text("ab é\n漢。", min_size=1, max_size=12), min_size=1, max_size=8).map(". ".join)


@given(SENTENCES, st.data(), st.integers(0, 3))
def test_a_passage_in_its_place_is_one_stretch_that_begins_and_ends_with_a_sentence(text, data, context):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    passage = in_place(span(text, start, end), 1, context)
    first, last = start - len(passage.before), end + len(passage.after)
    assert text[first:start] == passage.before
    assert text[end:last] == passage.after
    sentences = sentence_spans(text)
    assert first == start or first in {begin for begin, _ in sentences}
    assert last == end or last in {stop for _, stop in sentences}
    touched = [s for s in sentences if s[1] > start and s[0] < end]
    assert all(first <= begin and stop <= last for begin, stop in touched)
