"""One request to a language model: timed, made again where that may help, counted."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from bot.errors import ModelError
from bot.metering import Told
from index.embedders.patience import reply_of, retry_after

if TYPE_CHECKING:
    from llama_index.core.base.llms.types import ChatMessage, ChatResponse
    from llama_index.core.llms import LLM
    from tenacity import RetryCallState

    from bot.metering import Meter

_LONGEST_WAIT = 20.0  # seconds that a server may ask for; longer ones are not waited for
_BUSY = {408, 409, 425, 429, 500, 502, 503, 504, 529}  # the statuses that pass by themselves
log = logging.getLogger(__name__)


class IncompleteError(ModelError):
    """The language model broke off."""


class _BusyError(ModelError):
    """It may answer when it is asked again, `after` seconds from now where it says so."""

    def __init__(self, message: str, after: float | None) -> None:
        super().__init__(message)
        self.after = after


class Model:
    """One language model. `failures` is all that its SDK may raise."""

    def __init__(
        self,
        llm: LLM,
        failures: tuple[type[Exception], ...],
        close: Callable[[LLM], Awaitable[None]],
    ) -> None:
        self._llm = llm
        self._failures = failures
        self._close = close

    async def close(self) -> None:
        await self._close(self._llm)

    async def stream(self, system: str, user: str, meter: Meter) -> AsyncGenerator[str]:
        """The reply as it comes. A request that brings nothing is made again, as often as `meter`
        allows; one that has begun is not. Raises ModelError; IncompleteError where the reply
        ends before its provider says that it is whole."""
        from llama_index.core.base.llms.types import ChatMessage

        asked = [ChatMessage(role="system", content=system), ChatMessage(role="user", content=user)]
        chunk: ChatResponse | None
        chunk, rest = await self._begin(asked, meter)
        told = Told()
        try:
            async with _reading(rest) as chunks:
                while chunk is not None:
                    told.note(chunk)
                    if chunk.delta:
                        yield chunk.delta
                    chunk = await chunks()
        except self._failures as error:
            raise IncompleteError("The language model broke off.") from error
        finally:
            meter.input_tokens += told.input_tokens
            meter.output_tokens += told.output_tokens
        if not told.is_whole:
            raise IncompleteError(f"The language model broke off ({told.reason or 'no reason given'}).")

    async def _begin(self, asked: Sequence[ChatMessage], meter: Meter) -> tuple[ChatResponse, Any]:
        """The first chunk and the rest. The one place where requests are made again."""
        from tenacity import AsyncRetrying, retry_if_exception_type

        def enough(state: RetryCallState) -> bool:
            return not meter.left or _pause(state) > _LONGEST_WAIT

        trying = AsyncRetrying(
            retry=retry_if_exception_type(_BusyError), wait=_pause, stop=enough, reraise=True
        )
        return await trying(self._first, asked, meter)

    async def _first(self, asked: Sequence[ChatMessage], meter: Meter) -> tuple[ChatResponse, Any]:
        meter.take()
        try:
            stream = await self._llm.astream_chat(asked)
            return await anext(stream), stream
        except StopAsyncIteration as error:
            raise _BusyError("The language model said nothing.", None) from error
        except self._failures as error:
            status = _status(error)
            log.info("The language model fails: %s %s", type(error).__name__, status or "")
            said = f"The language model does not answer ({status or type(error).__name__})."
            if status is None or status in _BUSY:
                reply = reply_of(error)
                after = None if reply is None else retry_after(reply.headers)
                raise _BusyError(said, after) from error
            raise ModelError(said) from error


@asynccontextmanager
async def _reading(
    stream: AsyncGenerator[ChatResponse],
) -> AsyncGenerator[Callable[[], Awaitable[ChatResponse | None]]]:
    """The next chunk, or None at the end, of a stream that a task of its own reads on. Who listens no
    longer cancels the task where it waits for the server: there every SDK closes its connection, while
    a generator that is merely closed leaves that to the garbage collector."""
    read: asyncio.Queue[ChatResponse | None] = asyncio.Queue()

    async def read_on() -> None:
        try:
            async for chunk in stream:
                read.put_nowait(chunk)
        finally:
            read.put_nowait(None)

    async def following() -> ChatResponse | None:
        if (chunk := await read.get()) is None:
            await reader
        return chunk

    reader = asyncio.create_task(read_on())
    try:
        yield following
    finally:
        reader.cancel()
        await asyncio.gather(reader, return_exceptions=True)


def _status(error: Exception) -> int | None:
    found = (getattr(error, name, None) for name in ("status_code", "code"))
    return next((status for status in found if isinstance(status, int)), None)


def _pause(state: RetryCallState) -> float:
    """Seconds before the next request: what the server asks for, or half a second, doubled."""
    error = state.outcome.exception() if state.outcome else None
    after = error.after if isinstance(error, _BusyError) else None
    return after if after is not None else 0.5 * 2.0 ** (state.attempt_number - 1)
