"""Whatever documents, models and people write, Slack takes it, and it calls nobody and leads nowhere.

FOOTNOTE_CASES says how many cases are tried."""

from __future__ import annotations

import os
import re
import warnings
from dataclasses import replace

import pytest
from fake_slack.checks import check_message, check_view
from fake_slack.limits import UPDATE_BYTES, strings
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.render import slack as render
from bot.render import views
from bot.render.classic import classic
from bot.render.slack import Message
from bot.requests import Request, Surface
from bot.slack.marks import Mark
from bot.state import Answered
from bot.text import UNSAFE, one_line
from bot.types import (
    Answer,
    Candidates,
    Citation,
    CitedPassage,
    Claim,
    Lookup,
    Part,
    Standing,
    Status,
    Summary,
)
from index.catalog import StoredDocument
from index.types import Source

CASES = int(os.environ.get("FOOTNOTE_CASES", "40"))
MANY = int(os.environ.get("FOOTNOTE_CASES", "20000")) // 4  # for each of the four surfaces
ADDRESSES = tuple(f"https://x.slack.com/archives/C1/p1{n}?thread_ts=1.0&cid=C1" for n in range(3))
ASKER, FRIEND = "U0ASKER", "U0FRIEND"
ADDRESS = re.compile(r"(?i)\b(?:https?://|mailto:|www\.)\w")
JOINER = "\u2060"  # ours, in front of what classic blocks would take for styling
SNIPPETS = (
    "<!channel>", "<!here|here>", "<@U123>", "<#C123|general>", "<!subteam^S1>", "@channel", "@here",
    "<http://evil.example|safe>", "http://evil.example/a?b=c&d=<e>", "HTTPS://EVIL.EXAMPLE",
    "javascript:alert(1)", "mailto:a@evil.example", "someone@evil.example", "www.evil.example",
    "slack://open", "[click](http://evil.example)", "![image](http://evil.example/x.png)",
    "```", "`code`", "*bold* _italic_ ~struck~", "> quote", ":smile:", "&amp;", "[1]", " ", "a", "’",
    "\u202e\u2066", "\u200b", "\U000e0041", "\ud800", "\x00\x1b[2J", "\r\n", "\u2028", "四百", "🙂",
)  # fmt: skip
PIECES = st.sampled_from(SNIPPETS) | st.text(max_size=20)
SHORT = st.lists(PIECES, max_size=12).map("".join)
LONG = st.tuples(PIECES, st.sampled_from([100, 599, 600, 601, 3000, 40_000])).map(
    lambda p: (p[0] * p[1])[: p[1]]
)
TEXT = st.one_of(*[SHORT] * 9, LONG)
SAID = TEXT.filter(one_line)  # what is left out of an answer when nothing of it can be seen


@st.composite
def citation(draw, n: int = 1) -> Citation:
    start = draw(st.integers(0, 10**6))
    title, heading, document = draw(TEXT), draw(TEXT), draw(SHORT)
    page, quote = draw(st.none() | SHORT), draw(SAID)
    return Citation(
        n, f"k7f3qm-{n}", document, title, "0" * 16, page, heading, start, start + len(quote), quote
    )


@st.composite
def answer(draw) -> Answer:
    citations = tuple(draw(citation(n)) for n in range(1, draw(st.integers(1, 8)) + 1))
    numbers = st.lists(st.integers(1, len(citations)), min_size=1, max_size=4, unique=True).map(tuple)
    claims = tuple(draw(st.lists(st.builds(Claim, SAID, numbers), min_size=1, max_size=6)))
    return Answer(draw(SAID), Status.ANSWERED, " ".join(c.text for c in claims), claims, citations)


@st.composite
def nothing_found(draw) -> Answer:
    nearest = tuple(draw(citation(n)) for n in range(1, draw(st.integers(0, 3)) + 1))
    return Answer(draw(SAID), Status.NOT_FOUND, "The documents don't say.", nearest=nearest)


@st.composite
def summary(draw) -> Summary:
    """Of documents, or of messages, whose addresses Slack gave."""
    address = st.sampled_from(ADDRESSES)
    citations = [draw(citation(n)) for n in range(1, draw(st.integers(1, 8)) + 1)]
    if draw(st.booleans()):
        citations = [replace(c, id="", url=draw(address)) for c in citations]
    numbers = st.lists(st.integers(1, len(citations)), min_size=1, max_size=3, unique=True).map(tuple)
    claims = st.lists(st.builds(Claim, SAID, numbers), min_size=1, max_size=6).map(tuple)
    parts = tuple(draw(st.lists(st.builds(Part, SHORT, claims), min_size=1, max_size=2)))
    return Summary(draw(TEXT), parts, tuple(citations), draw(TEXT))


PASSAGE = st.builds(
    CitedPassage,
    citation(),
    TEXT,
    TEXT,
    st.just("k7f3qm-8"),
    st.sampled_from(["", "k7f3qm-9"]),
    st.just("2026-01-02T03:04:05"),
    st.sampled_from(Standing),
    st.none() | citation(),
)
DOCUMENT = st.builds(
    lambda title, space, size: StoredDocument(
        1, Source("k7f3qm", "/d", title, space, "0"), (), size, 1, "2026-01-02T03:04:05"
    ),
    TEXT,
    SHORT,
    st.integers(0, 10**9),
)


def fit(messages: list[Message]) -> None:
    """Slack takes every message, in either form, and it calls and leads nowhere."""
    for part, message in enumerate(messages):
        mark = Mark("0123456789ab", part, len(messages))
        for blocks in (message.blocks, classic(message.blocks)):
            content = {"text": message.text, "blocks": mark.on(blocks), "metadata": mark.metadata()}
            assert check_message(content | {"parse": "none"}, urls=ADDRESSES, users=(ASKER, FRIEND)) == []
            still(list(blocks))
        assert len(message.text.encode()) <= UPDATE_BYTES


def still(blocks: list[dict]) -> None:
    """Nothing steers the display, and no address stands where Slack looks for links."""
    assert not any(UNSAFE.search(text.replace(JOINER, "")) for text in strings(blocks))
    for element in elements(blocks):
        linked = ADDRESS.search(element["text"]) and not element.get("style", {}).get("code")
        assert not linked


def elements(content: object) -> list[dict]:
    """The pieces of text that rich text is made of."""
    if isinstance(content, list):
        return [found for item in content for found in elements(item)]
    if not isinstance(content, dict):
        return []
    return [content] if content.get("type") == "text" else elements(content.get("elements"))


def quotations(messages: list[Message]) -> list[str]:
    parts = [part for m in messages for block in m.blocks for part in block.get("elements", [])]
    quotes = [part for part in parts if part.get("type") == "rich_text_quote"]
    return ["".join(element["text"] for element in elements(quote)) for quote in quotes]


def whole(given: Answer, messages: list[Message]) -> None:
    """Every quote stands there in its order, unbroken where it fits; so does every claim."""
    quotes = [one_line(citation.quote) for citation in given.citations or given.nearest]
    for quote, displayed in zip(quotes, quotations(messages), strict=True):
        assert displayed == quote if len(quote) <= 600 else quote.startswith(displayed[:-1])
    text = "".join(element["text"] for message in messages for element in elements(list(message.blocks)))
    assert all(one_line(claim.text)[:5000] in text for claim in given.claims)


def answers(given: Answer, question: str) -> None:
    messages = render.answer(given, "0123456789ab", shareable=True)
    fit(messages)
    whole(given, messages)
    if given.status is Status.ANSWERED:
        fit(render.shared(given, ASKER))
    fit([render.asks_for_help(given.question, ASKER, FRIEND, question), render.sentence(question[:2000])])


def lists(passages: list[CitedPassage], documents: list[StoredDocument]) -> None:
    for found in (
        Lookup(tuple(passages), (), "Nowhere."),
        Lookup((), tuple(passages), "They stand nowhere."),
    ):
        fit(render.reply(found, "0123456789ab", shareable=True))
    fit(render.reply(documents, "0123456789ab", shareable=True))


def sums_up(given: Summary, documents: list[StoredDocument], name: str) -> None:
    messages = render.reply(given, "0123456789ab", shareable=True)
    fit(messages)
    fit(render.reply(Candidates(name, tuple(documents), 7), "0123456789ab", shareable=True))
    text = "".join(element["text"] for message in messages for element in elements(list(message.blocks)))
    assert all(one_line(claim.text)[:2900] in text for part in given.parts for claim in part.claims)


def opens(shown: CitedPassage, text: str, documents: list[StoredDocument], given: Answer) -> None:
    request = Request("e", "T", None, "C", "1", "1", ASKER, Surface.CHANNEL, "ask", text, received=0.0)
    recent = [Answered("0123456789ab", request, given)] * 5
    carried = {"channel": "C0GENERAL", "thread": None, "response_url": "https://hooks.slack.com/x"}
    for view in (
        views.passage(shown, shown.citation.id),
        views.passage(shown, "k7f3qm-7"),
        views.quotation(shown, "k7f3qm-7"),
        views.sorry(text),
        views.ask_about(text, carried),
        views.home(documents, recent, [f"/ask {text}\n"]),
    ):
        assert check_view(view) == []
        still(view["blocks"])


PASSAGES, DOCUMENTS = st.lists(PASSAGE, max_size=20), st.lists(DOCUMENT, max_size=80)
SURFACES = [
    pytest.param(answers, (answer() | nothing_found(), SAID), id="answers"),
    pytest.param(lists, (PASSAGES, DOCUMENTS), id="lists"),
    pytest.param(sums_up, (summary(), DOCUMENTS, TEXT), id="summaries"),
    pytest.param(opens, (PASSAGE, SAID, DOCUMENTS, answer()), id="views"),
]


def tried(check, inputs, cases: int) -> None:
    patient = settings(
        max_examples=cases,
        derandomize=True,
        deadline=None,
        database=None,
        phases=(Phase.generate,),  # so long a text takes minutes to shrink
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Generating overly large repr")  # of a case that held
        patient(given(*inputs)(check))()


@pytest.mark.parametrize(("check", "inputs"), SURFACES)
def test_hostile_words_are_shown_and_do_nothing(check, inputs) -> None:
    tried(check, inputs, CASES)


def test_a_document_without_a_name_still_makes_a_notification() -> None:
    nameless = Citation(1, "k7f3qm-1", "/d", "", "0" * 16, None, "", 0, 4, "Yes.")
    (message,) = render.cited(Lookup((CitedPassage(nameless, "", ""),)))
    assert message.text


@pytest.mark.slow
@pytest.mark.parametrize(("check", "inputs"), SURFACES)
def test_hostile_words_do_nothing_in_very_many_cases(check, inputs) -> None:
    tried(check, inputs, MANY)
