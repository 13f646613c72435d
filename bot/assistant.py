"""The one use-case layer: every surface asks, and looks citations up, here."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from itertools import islice
from time import perf_counter
from typing import TYPE_CHECKING

from bot.conversation import small_talk, standalone
from bot.errors import QuestionError
from bot.looking_up import look_up
from bot.suggesting import candidates
from bot.text import one_line
from bot.types import Answer, Question, Status
from bot.verify import verify

if TYPE_CHECKING:
    from bot.types import Lookup
    from bot.writers import Writer
    from index.library import Library
    from index.records import StoredDocument

MAX_QUESTION = 10_000  # characters
_TRIED = 24  # suggestions, before there are enough
log = logging.getLogger(__name__)


class Assistant:
    """Answers from a library in the words of a writer. Both block, so they run in a thread."""

    def __init__(self, library: Library, writer: Writer) -> None:
        self._library = library
        self._writer = writer

    async def ask(self, question: Question, k: int = 5) -> Answer:
        """The answer found in the `k` best passages. Raises QuestionError and LibraryError."""
        return await asyncio.to_thread(self._ask, question, k)

    async def cite(self, reference: str, spaces: frozenset[str] | None, context: int = 2) -> Lookup:
        """The passages that `reference`, a citation's id or quoted words, names, out of those the
        asker may see: each with the `context` sentences before and after it. Raises QuestionError."""
        return await asyncio.to_thread(self._cite, reference, spaces, context)

    async def sources(self, spaces: frozenset[str] | None) -> list[StoredDocument]:
        """The documents the asker may see."""
        return await asyncio.to_thread(self._library.sources, spaces)

    async def suggestions(self, spaces: frozenset[str] | None, most: int = 4) -> list[str]:
        """Questions that the documents answer, for somebody who does not know yet what to ask."""
        return await asyncio.to_thread(self._suggestions, spaces, most)

    def _suggestions(self, spaces: frozenset[str] | None, most: int) -> list[str]:
        tried = islice(candidates(self._library.sources(spaces)), _TRIED)
        answered = (
            text for text in tried if self._ask(Question(text, spaces), 5).status is Status.ANSWERED
        )
        return list(islice(answered, most))

    def _ask(self, question: Question, k: int) -> Answer:
        text = _checked(question.text)
        if reply := small_talk(text):
            return Answer(text, Status.SMALL_TALK, reply, confidence=1.0)
        laps = [perf_counter()]
        looked_up = standalone(text, question.history)
        log.debug("Looking up: %s", looked_up)
        passages = self._library.search(looked_up, question.spaces, k)
        laps.append(perf_counter())
        draft = self._writer.write(looked_up, passages)
        laps.append(perf_counter())
        answer = verify(text, draft, passages)
        laps.append(perf_counter())
        return replace(answer, timings_ms=_timings(laps))

    def _cite(self, reference: str, spaces: frozenset[str] | None, context: int) -> Lookup:
        if len(reference) > MAX_QUESTION:
            raise QuestionError(f"These are too many words: at most {MAX_QUESTION:,} characters, please.")
        return look_up(self._library, reference, spaces, context)


def _checked(text: str) -> str:
    """The question on one line, without characters nobody sees. Raises QuestionError."""
    if len(text) > MAX_QUESTION:
        raise QuestionError(f"The question is too long: at most {MAX_QUESTION:,} characters, please.")
    question = one_line(text)
    if not any(character.isalnum() for character in question):
        raise QuestionError("Ask a question in words.")
    return question


def _timings(laps: list[float]) -> dict[str, float]:
    """Milliseconds from the four readings of a clock (in seconds) around the three steps."""
    steps = zip(("retrieve", "write", "verify"), laps, laps[1:], strict=False)
    timings = {name: round(1000 * (end - start), 2) for name, start, end in steps}
    return timings | {"total": round(1000 * (laps[-1] - laps[0]), 2)}
