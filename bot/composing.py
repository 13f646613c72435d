"""An answer in a language model's words, shown sentence by sentence as each is verified, with the
extractive one to fall back on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from bot import conversation
from bot.errors import ModelError
from bot.types import Answer, Citation, Claim, Status, Usage
from bot.verify import NOT_FOUND, Verifier
from bot.writers.prompt import NOTHING

if TYPE_CHECKING:
    from bot.models import Meter
    from bot.writers.llm import ModelWriter
    from index.types import Passage

Heard: TypeAlias = Callable[[Claim, tuple[Citation, ...]], Awaitable[None]]
"""Is told each claim that stands, with all the citations so far."""

BROKE_OFF = "The language model broke off: there may be more to say."
_NEAREST = 3
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """What the library holds for a question, and the answer in its own sentences."""

    passages: Sequence[Passage]
    answer: Answer


@dataclass(frozen=True, slots=True)
class Prices:
    """What a million tokens cost."""

    input: float
    output: float


class Composer:
    """`seconds` is the time a model has for one question."""

    def __init__(self, writer: ModelWriter, seconds: float, prices: Prices | None = None) -> None:
        self._writer = writer
        self._seconds = seconds
        self._prices = prices
        self.close = writer.close

    async def standalone(self, question: str, history: Sequence[str], meter: Meter) -> str:
        """The question as it stands alone: in the model's words, or by rule where it fails."""
        if not history:
            return question
        try:
            async with asyncio.timeout(self._seconds / 2):
                return await self._writer.standalone(question, history, meter)
        except (ModelError, TimeoutError) as error:
            log.warning("Rewritten by rule: %s", error or "too slow")
            return conversation.standalone(question, history)

    async def compose(self, looked_up: str, found: Found, meter: Meter, heard: Heard | None) -> Answer:
        """The claims that stand, which `heard` was told one by one; where none does, the extractive
        answer; where the model finds nothing, that the documents don't say."""
        if not found.passages:
            return found.answer
        verifier, nothing, broke_off = Verifier(found.passages), False, ""
        try:
            async with (
                asyncio.timeout(self._seconds),
                aclosing(self._writer.write(looked_up, found.passages, meter)) as drafts,
            ):
                async for draft in drafts:
                    nothing = nothing or draft is NOTHING
                    if (claim := verifier.admit(draft)) and heard is not None:
                        await heard(claim, verifier.citations)
        except (ModelError, TimeoutError) as error:
            log.warning("%s", error or "The language model is too slow.")
            broke_off = BROKE_OFF
        return replace(self._ended(found.answer, verifier, nothing, broke_off), usage=self._usage(meter))

    def _ended(self, extractive: Answer, verifier: Verifier, nothing: bool, broke_off: str) -> Answer:
        if verifier.claims:
            answer = verifier.answer(extractive.question, extractive.confidence)
            return replace(answer, incomplete=broke_off)
        if nothing and not broke_off and extractive.status is Status.ANSWERED:
            nearest = extractive.citations[:_NEAREST]
            return Answer(extractive.question, Status.NOT_FOUND, NOT_FOUND, nearest=nearest)
        return extractive

    def _usage(self, meter: Meter) -> Usage:
        cost = None
        if prices := self._prices:
            cost = (meter.input_tokens * prices.input + meter.output_tokens * prices.output) / 1e6
        log.info(
            "The model: %d requests, %d tokens in, %d out",
            *(meter.requests, meter.input_tokens, meter.output_tokens),
        )
        return Usage(meter.requests, meter.input_tokens, meter.output_tokens, cost)
