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
from bot.metering import Meter
from bot.summarizing.choosing import content, repeats
from bot.types import Answer, Claim, DraftPart, Status, Usage
from bot.verify import NOT_FOUND, Verifier, summarized
from bot.writers.prompt import NOTHING

if TYPE_CHECKING:
    from bot.types import DraftClaim, DraftSummary, Summary
    from bot.writers.llm import ModelWriter
    from index.types import Passage

Heard: TypeAlias = Callable[[Claim], Awaitable[None]]
"""Is told each claim that stands, in the answer's order."""

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
    """`seconds` is the time that a model has for one question, rewriting it included."""

    def __init__(self, writer: ModelWriter, seconds: float, prices: Prices | None = None) -> None:
        self._writer = writer
        self._seconds = seconds
        self._prices = prices
        self.close = writer.close

    def meter(self) -> Meter:
        """For one question, which begins now."""
        return Meter(asyncio.get_running_loop().time() + self._seconds)

    async def standalone(self, question: str, history: Sequence[str], meter: Meter) -> str:
        """The question as it stands alone: in the model's words, or by rule where it fails."""
        if not history:
            return question
        try:
            async with asyncio.timeout_at(meter.until - self._seconds / 2):
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
                asyncio.timeout_at(meter.until),
                aclosing(self._writer.write(looked_up, found.passages, meter)) as drafts,
            ):
                async for draft in drafts:
                    nothing = nothing or draft is NOTHING
                    claim = await asyncio.to_thread(verifier.admit, draft)
                    if claim is not None and heard is not None:
                        await heard(claim)
        except (ModelError, TimeoutError) as error:
            log.warning("%s", error or "The language model is too slow.")
            broke_off = BROKE_OFF
        return replace(self._ended(found.answer, verifier, nothing, broke_off), usage=self._usage(meter))

    async def summarize(self, extractive: Summary, material: DraftSummary, lines: int) -> Summary:
        """The material in the model's words: at most `lines` claims that stand and do not repeat each
        other, each under the heading of what it quotes. The extractive summary where none stands."""
        meter, verifier = self.meter(), Verifier(material.passages)
        stood: list[DraftClaim] = []
        note = material.note
        try:
            async with (
                asyncio.timeout_at(meter.until),
                aclosing(
                    self._writer.summarize(material.subject, material.passages, lines, meter)
                ) as drafts,
            ):
                async for draft in drafts:
                    said = content(draft.text)
                    if any(repeats(said, content(other.text)) for other in stood):
                        continue
                    if await asyncio.to_thread(verifier.admit, draft):
                        stood.append(draft)
                    if len(stood) == lines:
                        break
        except (ModelError, TimeoutError) as error:
            log.warning("%s", error or "The language model is too slow.")
            note = " ".join(filter(None, (note, BROKE_OFF)))
        summary = extractive
        if stood:
            parts = _under_headings(stood, material.parts)
            summary = await asyncio.to_thread(summarized, replace(material, parts=parts, note=note))
        return replace(summary, usage=self._usage(meter))

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


def _under_headings(claims: Sequence[DraftClaim], parts: Sequence[DraftPart]) -> tuple[DraftPart, ...]:
    """The claims in the parts that the passages they quote first belong to."""
    quoted = {
        quote.passage: n for n, part in enumerate(parts) for claim in part.claims for quote in claim.quotes
    }
    return tuple(
        replace(part, claims=tuple(c for c in claims if quoted[c.quotes[0].passage] == n))
        for n, part in enumerate(parts)
    )
