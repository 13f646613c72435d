"""A claim stands on quotes that are found; what is cited is cut from the source."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.types import Draft, DraftClaim, Quote, Status
from bot.verify import NOT_FOUND, verify
from index.citation import parse_citation_id
from index.types import Mark, MarkKind, Passage, Source

TEXT = (
    "Ferries\nThe ferry to Orsa never sails on Mondays. "
    "Captain Ulla Brandt commands 14 sailors. See note [3]."
)
SOURCE = Source("abc123", "/docs/ferries.md", "Ferries", "default", "0123456789abcdef")
BEFORE = 200  # characters of the document before the passage


def passage(text: str = TEXT, source: Source = SOURCE) -> Passage:
    marks = (
        Mark(MarkKind.HEADING, "Ferries", BEFORE, BEFORE + len(text)),
        Mark(MarkKind.PAGE, "7", 0, BEFORE + len(text)),
    )
    return Passage(source, text, BEFORE, BEFORE + len(text), marks, 1.0, 5.0, 0.5)


def draft(*quotes: str, text: str = "It is so.") -> Draft:
    return Draft(tuple(DraftClaim(text, (Quote(0, quote),)) for quote in quotes), 0.8)


def test_a_citation_is_the_sources_own_words_in_their_place():
    answer = verify("When?", draft("the ferry to ORSA never  sails"), [passage()])
    (citation,) = answer.citations
    assert citation.quote == "The ferry to Orsa never sails"
    assert TEXT[citation.start - BEFORE : citation.end - BEFORE] == citation.quote
    assert parse_citation_id(citation.id) == ("abc123", citation.start, citation.end)
    assert (citation.heading, citation.page, citation.document) == ("Ferries", "7", "/docs/ferries.md")
    assert (answer.status, answer.text, answer.confidence) == (Status.ANSWERED, "It is so. [1]", 0.8)


@pytest.mark.parametrize(
    "tampered",
    [
        "Captain Ulla Brandt commands 15 sailors.",
        "Captain Ulla Brandt commands 4 sailors.",
        "commands 1",
        "The ferry to Orsa sails on Mondays.",
        "The ferry to Visby never sails on Mondays.",
        "Captain Ulla Brand commands 14 sailors.",
        "14 sailors commands Captain Ulla Brandt",
        "",
        "...",
    ],
)
def test_a_tampered_quote_takes_its_claim_with_it(tampered):
    answer = verify("Who?", draft(tampered, "Captain Ulla Brandt", text="It is so."), [passage()])
    assert answer.text == "It is so. [1]"
    assert [citation.quote for citation in answer.citations] == ["Captain Ulla Brandt"]


def test_a_claim_needs_every_one_of_its_quotes():
    claim = DraftClaim("Both.", (Quote(0, "14 sailors"), Quote(0, "15 sailors")))
    assert verify("Who?", Draft((claim,), 0.8), [passage()]).status is Status.NOT_FOUND


@pytest.mark.parametrize("place", [-1, 1])
def test_a_quote_counts_only_in_the_passage_it_names(place):
    claim = DraftClaim("It is so.", (Quote(place, "14 sailors"),))
    assert verify("Who?", Draft((claim,), 0.8), [passage()]).claims == ()


def test_nothing_left_means_that_the_documents_do_not_say():
    nearest = tuple(
        Quote(0, quote) for quote in ("14 sailors", "99 sailors", "See note [3]", "Ulla", "Orsa")
    )
    answer = verify("Who?", replace(draft("a lie"), nearest=nearest), [passage()])
    assert (answer.status, answer.text, answer.claims, answer.citations) == (
        Status.NOT_FOUND,
        NOT_FOUND,
        (),
        (),
    )
    assert [(c.n, c.quote) for c in answer.nearest] == [(1, "14 sailors"), (2, "See note [3]"), (3, "Ulla")]


def test_one_span_has_one_number():
    answer = verify("Who?", draft("14 sailors", "Ulla", "14  SAILORS"), [passage()])
    assert [claim.citations for claim in answer.claims] == [(1,), (2,), (1,)]
    assert answer.text == "It is so. [1] It is so. [2] It is so. [1]"


def test_the_same_words_in_two_documents_are_two_citations():
    other = replace(SOURCE, key="zzz999", uri="/docs/copy.md")
    claim = DraftClaim("So.", (Quote(0, "14 sailors"), Quote(1, "14 sailors")))
    answer = verify("Who?", Draft((claim,), 0.8), [passage(), passage(source=other)])
    assert [c.document for c in answer.citations] == ["/docs/ferries.md", "/docs/copy.md"]
    assert answer.text == "So. [1] [2]"


def test_a_sources_own_brackets_are_no_markers():
    answer = verify("What?", draft("See note [3].", text="See note [3]."), [passage()])
    assert answer.text == "See note (3). [1]"
    assert answer.citations[0].quote == "See note [3]."


QUOTES = st.sampled_from(["14 sailors", "Ulla Brandt", "See note [3]", "Orsa", "15 sailors", "", "Orsä"])
CLAIMS = st.builds(
    DraftClaim,
    st.text("ab [](0123\n٣", max_size=12),
    st.lists(st.builds(Quote, st.integers(-1, 2), QUOTES), max_size=3).map(tuple),
)


@given(st.lists(CLAIMS, max_size=5).map(tuple))
def test_markers_and_citations_are_the_same_set_in_order_of_first_use(claims):
    answer = verify("What?", Draft(claims, 0.5), [passage(), passage()])
    markers = list(dict.fromkeys(int(n) for n in re.findall(r"\[(\d+)\]", answer.text)))
    assert markers == [citation.n for citation in answer.citations] == list(range(1, len(markers) + 1))
    assert list(dict.fromkeys(n for claim in answer.claims for n in claim.citations)) == markers
    assert len({citation.id for citation in answer.citations}) == len(markers)
