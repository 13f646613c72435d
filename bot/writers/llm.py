"""The writer that has a language model: claims as they come, none of them believed yet."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from typing import TYPE_CHECKING

from bot.citing import over
from bot.models import IncompleteError
from bot.text import one_line
from bot.writers.prompt import (
    ANSWERING,
    REWRITING,
    SUMMING_UP,
    asked,
    conversation,
    keys,
    read,
    within,
)

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from bot.metering import Meter
    from bot.models import Model
    from bot.types import DraftClaim
    from index.types import Passage

_LONGEST_LINE = 8000  # characters
_MOST_CLAIMS = 12  # of an answer
_TRIED = 3  # claims for each line of a summary
_LONGEST_QUESTION = 1000
log = logging.getLogger(__name__)


class ModelWriter:
    """`context` is how many tokens of passages the model may be given."""

    def __init__(self, model: Model, context: int) -> None:
        self._model = model
        self._context = context
        self.close = model.close

    def write(self, question: str, passages: Sequence[Passage], meter: Meter) -> AsyncGenerator[DraftClaim]:
        """The claims that the model makes of the passages, each as soon as its line is whole;
        `NOTHING` where it finds no answer in them. Raises ModelError and IncompleteError."""
        return self._claims(ANSWERING, f"Question: {question}", passages, meter, _MOST_CLAIMS)

    def summarize(
        self, subject: str, passages: Sequence[Passage], lines: int, meter: Meter
    ) -> AsyncGenerator[DraftClaim]:
        """The same, of what the passages say in about `lines` sentences."""
        request = f"Sum up in {lines} lines: {subject}"
        return self._claims(SUMMING_UP, request, passages, meter, _TRIED * lines)

    async def _claims(
        self, rules: str, request: str, passages: Sequence[Passage], meter: Meter, most: int
    ) -> AsyncGenerator[DraftClaim]:
        given = await asyncio.to_thread(within, passages, self._context)
        named = dict(zip(keys(len(given)), given, strict=True))
        places = {key: place for place, key in enumerate(named)}
        prompt = asked(request, {key: (one_line(over(p)), p.text) for key, p in named.items()})
        claims, torn = 0, False
        async with aclosing(self._lines(rules, prompt, meter)) as lines:
            async for line in lines:
                if (draft := read(line, places)) is None:
                    log.debug("A line that is no claim")
                    torn = line.lstrip().startswith("{")
                    continue
                yield draft
                claims += 1
                if claims == most:
                    return
        if torn:  # some servers call a reply whole that ran into their limit
            raise IncompleteError("The language model broke off within a sentence.")

    async def standalone(self, question: str, history: Sequence[str], meter: Meter) -> str:
        """The question with what it takes from earlier ones. Raises ModelError."""
        async with aclosing(
            self._model.stream(REWRITING, conversation(question, history), meter)
        ) as pieces:
            written = one_line("".join([piece async for piece in pieces])).strip('"')
        if not 0 < len(written) <= _LONGEST_QUESTION:
            raise IncompleteError("The language model wrote no question.")
        return written

    async def _lines(self, system: str, user: str, meter: Meter) -> AsyncGenerator[str]:
        """Whole lines; the last one too when the reply is whole. A line without an end is no line."""
        rest = ""
        async with aclosing(self._model.stream(system, user, meter)) as pieces:
            async for piece in pieces:
                *lines, rest = (rest + piece).split("\n")
                for line in lines:
                    yield line
                if len(rest) > _LONGEST_LINE:
                    raise IncompleteError("The language model wrote a line without an end.")
        yield rest
