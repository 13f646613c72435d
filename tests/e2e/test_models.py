"""Every driver of a language model against a server of that provider's protocol, with its own SDK."""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from aimock import Aimock, models
from node import PeerError

from bot import wiring
from bot.assistant import Assistant
from bot.composing import BROKE_OFF
from bot.errors import SettingsError
from bot.providers import PROVIDERS
from bot.render import slack as blocks
from bot.render import terminal
from bot.settings import Settings
from bot.types import Answer, Claim, Question, Status
from index.library import Library

pytestmark = [
    pytest.mark.e2e,
    # google-genai derives a class of aiohttp's, which warns of that
    pytest.mark.filterwarnings("ignore:Inheritance class AiohttpClientSession:DeprecationWarning"),
]
LEAVE = "Staff may take 26 days of leave a year."
CARRIED = "They may not carry over more than five days."
ASKED = "Ask Maria Lopez in Geneva for more of it."
QUESTION = "How many days of leave may staff take?"
PLANS = ("right", "slow", "length", "filtered", "cut", "empty", "refuses", "obeys", "none")
PATHS = {"openai": "/v1", "openai-like": "/v1", "anthropic": "", "ollama": "", "google": ""}
MODELS = {"anthropic": "claude-sonnet-4-5"}  # whose llama-index class knows its models by name
LIGHTS = 500
FAULTS = {"dropRate": 0.2, "malformedRate": 0.2, "rateLimitRate": 0.2, "disconnectRate": 0.2}
AT_ONCE = 10


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """A space for each plan, with one document; five hundred documents in the space "faulty"."""
    folder = tmp_path_factory.mktemp("models")
    with Library.open(folder / "home") as made:
        for plan in PLANS:
            (folder / f"{plan}.md").write_text(f"# Leave, {plan}\n\n{LEAVE} {CARRIED} {ASKED}\n")
            list(made.sync([folder / f"{plan}.md"], plan))
        (folder / "lights").mkdir()
        for n in range(LIGHTS):
            text = f"The light of {name(n)} was painted in {1000 + n}. It was closed in {3000 + n}."
            (folder / "lights" / f"{n}.md").write_text(f"# Light {name(n)}, faulty\n\n{text}\n")
        list(made.sync([folder / "lights"], "faulty"))
        yield made


@pytest.fixture
def server() -> Iterator[Aimock]:
    try:
        with models() as server:
            yield server
    except PeerError as error:
        pytest.skip(str(error))


@asynccontextmanager
async def opened(library: Library, server: Aimock, provider: str) -> AsyncIterator[Assistant]:
    settings = Settings(
        home=Path(),
        model=f"{provider}:{MODELS.get(provider, 'm')}",
        model_url=f"{server.url}{PATHS[provider]}",
        model_key="k",
    )
    assistant = wiring.assistant(library, settings)
    yield assistant
    await assistant.close()


class Heard(NamedTuple):
    answer: Answer
    claims: list[Claim]
    first: float  # seconds until the first of them
    whole: float


async def ask(library: Library, server: Aimock, provider: str, plan: str) -> Heard:
    now, claims, times = asyncio.get_running_loop().time, list[Claim](), list[float]()

    async def hear(claim: Claim) -> None:
        claims.append(claim)
        times.append(now())

    async with opened(library, server, provider) as assistant:
        began = now()
        answer = await assistant.ask(Question(QUESTION, frozenset({plan})), heard=hear)
        return Heard(answer, claims, min(times, default=now()) - began, now() - began)


def said(answer: Answer) -> list[str]:
    return [claim.text for claim in answer.claims]


def test_every_driver_is_tested() -> None:
    assert PATHS.keys() == PROVIDERS.keys()


@pytest.mark.parametrize("provider", PATHS)
class TestDriver:
    async def test_its_sentences_are_cited_and_its_tokens_counted(self, library, server, provider) -> None:
        answer, claims, *_ = await ask(library, server, provider, "right")
        assert said(answer) == [LEAVE, CARRIED, ASKED]
        assert claims == list(answer.claims)
        assert not answer.incomplete
        for citation in answer.citations:
            span = library.locate(citation.id)
            assert citation.quote == span.text[span.start : span.end]
        assert answer.usage is not None
        counted = (answer.usage.requests, answer.usage.input_tokens, answer.usage.output_tokens)
        assert counted == ((1, 0, 0) if provider == "ollama" else (1, 100, 20)), (
            "aimock's Ollama counts none"
        )

    async def test_the_first_sentence_is_heard_long_before_the_last(
        self, library, server, provider
    ) -> None:
        heard = await ask(library, server, provider, "slow")
        assert len(heard.claims) == 3
        assert heard.first < 0.7 * heard.whole

    @pytest.mark.parametrize("plan", ["length", "filtered", "cut"])
    async def test_what_was_cut_is_not_shown_as_whole(self, library, server, provider, plan) -> None:
        answer, claims, *_ = await ask(library, server, provider, plan)
        assert list(answer.claims)[: len(claims)] == claims
        assert answer.incomplete == BROKE_OFF or said(answer) == [LEAVE], "marked, or the extractive one"
        assert len(server.journal()) <= 3

    @pytest.mark.parametrize("plan", ["empty", "refuses", "obeys"])
    async def test_where_nothing_stands_the_documents_speak(self, library, server, provider, plan) -> None:
        answer, claims, *_ = await ask(library, server, provider, plan)
        assert claims == []
        assert said(answer) == [LEAVE]
        shown = f"{terminal.answer(answer)} {blocks.answer(answer, '0123456789ab', shareable=True)}"
        assert not re.search(r"closed|99|may not take|evil|!channel|U0EVIL|script|Meyer|PWNED", shown)

    async def test_where_it_finds_nothing_it_says_so(self, library, server, provider) -> None:
        answer, *_ = await ask(library, server, provider, "none")
        assert answer.status is Status.NOT_FOUND

    @pytest.mark.parametrize("fault", FAULTS)
    async def test_a_server_that_fails_is_asked_three_times_at_most(
        self, library, server, provider, fault
    ) -> None:
        server.fail(**{fault: 1.0})
        answer, _, _, seconds = await ask(library, server, provider, "right")
        assert said(answer) == [LEAVE]
        assert answer.usage is not None
        assert answer.usage.requests == len(server.journal()) <= 3
        if fault == "rateLimitRate":
            assert seconds > 2.0, "Retry-After asks for a second, twice"


def test_a_model_that_a_provider_does_not_know_is_told_of_at_once(library) -> None:
    settings = Settings(home=Path(), model="anthropic:unknown", model_key="k")
    with pytest.raises(SettingsError, match=r"FOOTNOTE_MODEL=anthropic:unknown cannot be used: [^.]+\.$"):
        wiring.assistant(library, settings)


def name(number: int) -> str:
    """A word for each number, which no other holds."""
    syllables = ("ka", "vo", "ri", "te", "lu", "ma", "pe", "zo")
    return "".join(syllables[number // 8**place % 8] for place in range(4)).title()


async def test_500_questions_to_servers_that_fail_a_fifth_of_the_time_in_each_way(library, server) -> None:
    server.fail(**FAULTS)
    extractive = wiring.assistant(library, Settings(home=Path()))
    gate, tally = asyncio.Semaphore(AT_ONCE), Counter[str]()

    async def judge(assistant: Assistant, number: int) -> None:
        async with gate:
            question = Question(f"When was the light of {name(number)} painted?", frozenset({"faulty"}))
            answer = await assistant.ask(question)
        right = f"The light of {name(number)} was painted in {1000 + number}."
        assert right in said(answer), "the right answer each time, the model's or extractive"
        is_whole = any(f"closed in {3000 + number}" in claim for claim in said(answer))
        is_extractive = said(answer) == said(await extractive.ask(question))
        assert is_whole or is_extractive or answer.incomplete
        tally["incomplete" if answer.incomplete else "whole" if is_whole else "extractive"] += 1

    for n, provider in enumerate(PATHS):
        async with opened(library, server, provider) as assistant:
            await asyncio.gather(*(judge(assistant, number) for number in range(n, LIGHTS, len(PATHS))))
    asked = Counter(
        re.findall(r"light of (\w+) painted", json.dumps(entry["body"]))[-1] for entry in server.journal()
    )
    print(f"{LIGHTS} questions, {asked.total()} requests: {dict(tally)}")
    assert tally.total() == LIGHTS
    assert len(asked) == LIGHTS
    assert max(asked.values()) <= 3
