"""Where requests wait and are worked on: so many at once, so many waiting, none lost."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from bot.errors import StateError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from bot.requests import Request, Ticket
    from bot.settings import Settings
    from bot.state import State

    Work = Callable[[Ticket], Coroutine[Any, Any, None]]
    Refuse = Callable[[Ticket, str], Coroutine[Any, Any, None]]

STOPPED = "Stopped, as you asked."
BUSY = "Too many questions are waiting just now. Ask again in a minute, please."
STOPPING = "I am being restarted. Ask again in a minute, please."
TOO_MANY = "That is more than {n} questions a minute from {whom}. Ask again in {seconds} seconds, please."
_FORGET_EVERY = 3600.0  # seconds
log = logging.getLogger(__name__)


class Desk:
    """Takes requests in and has them worked on. `work` ends a ticket and raises nothing but
    StateError; `refuse` ends it with a sentence."""

    def __init__(self, state: State, settings: Settings, work: Work, refuse: Refuse) -> None:
        self._state = state
        self._settings = settings
        self._work = work
        self._refuse = refuse
        self._waiting: asyncio.Queue[Ticket] = asyncio.Queue()
        self._in_hand: dict[str, Ticket] = {}
        self._working: dict[str, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._halted: set[str] = set()
        self._idle = asyncio.Event()
        self._idle.set()
        self._limits = MovingWindowRateLimiter(MemoryStorage())
        self._open = True

    def start(self) -> None:
        """Takes up what an earlier process left, and works until it is closed."""
        for _ in range(self._settings.at_once):
            self._spawn(self._serve())
        self._spawn(self._look_after())

    async def take(self, request: Request) -> None:
        """Writes a request down and puts it in the queue; one that is there already is left
        alone. When this returns, it may be acknowledged. Raises StateError."""
        ticket = await self._state.put(request)
        if ticket is None:
            log.info("Delivered again", extra={"event": request.event})
            return
        if sentence := await self._why_not(request):
            self._hold(ticket)
            self._spawn(self._refused(ticket, sentence))
        else:
            self._queue(ticket)

    def stop(self, team: str, channel: str, thread: str | None) -> None:
        """Ends the work on what was asked in a thread, as its asker wants."""
        for ticket in list(self._in_hand.values()):
            request = ticket.request
            if (request.team, request.channel, request.thread) == (team, channel, thread):
                if task := self._working.get(ticket.id):
                    task.cancel(STOPPED)
                else:
                    self._halted.add(ticket.id)

    async def close(self, grace: float) -> None:
        """Finishes what can be finished within `grace` seconds, and hands the rest back."""
        self._open = False
        with suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), grace)
        for task in (*self._working.values(), *self._tasks):
            task.cancel("closing")
        await asyncio.gather(*self._working.values(), *self._tasks, return_exceptions=True)
        with suppress(StateError):  # then the lease runs out by itself
            await self._state.hand_back(list(self._in_hand))

    async def _why_not(self, request: Request) -> str | None:
        """Why a request is not worked on at all."""
        if not self._open:
            return STOPPING
        if self._waiting.qsize() >= self._settings.waiting:
            return BUSY
        settings = self._settings
        limits = (
            ("you", request.asker, settings.per_user),
            ("here", request.channel, settings.per_channel),
        )
        for whom, key, number in limits:
            limit = RateLimitItemPerMinute(number)
            if not await self._limits.hit(limit, request.team, key):
                window = await self._limits.get_window_stats(limit, request.team, key)
                seconds = max(1, round(window.reset_time - time.time()))
                return TOO_MANY.format(n=number, whom=whom, seconds=seconds)
        return None

    def _hold(self, ticket: Ticket) -> None:
        self._in_hand[ticket.id] = ticket
        self._idle.clear()

    def _let_go(self, ticket: Ticket) -> None:
        self._in_hand.pop(ticket.id, None)
        self._halted.discard(ticket.id)
        if not self._in_hand:
            self._idle.set()

    def _queue(self, ticket: Ticket) -> None:
        self._hold(ticket)
        self._waiting.put_nowait(ticket)

    async def _serve(self) -> None:
        while True:
            ticket = await self._waiting.get()
            halted = ticket.id in self._halted
            task = asyncio.create_task(self._refuse(ticket, STOPPED) if halted else self._work(ticket))
            self._working[ticket.id] = task
            await asyncio.wait([task])
            self._done(ticket, task)

    def _done(self, ticket: Ticket, task: asyncio.Task[None]) -> None:
        self._working.pop(ticket.id, None)
        if task.cancelled() and not self._open:
            return  # it stays in hand, to be handed back
        self._let_go(ticket)
        if not task.cancelled() and (error := task.exception()):
            log.error("Not ended: %s", error, exc_info=error, extra={"event": ticket.request.event})

    async def _refused(self, ticket: Ticket, sentence: str) -> None:
        try:
            await self._refuse(ticket, sentence)
        finally:
            self._let_go(ticket)

    async def _look_after(self) -> None:
        """Keeps the hold on what is in hand, and takes up what others let go."""
        forgotten = 0.0
        while True:
            try:
                await self._state.keep(list(self._in_hand))
                for ticket in await self._state.take_over():
                    if ticket.id not in self._in_hand:
                        log.warning("Taken up again", extra={"event": ticket.request.event})
                        self._queue(ticket)
                if time.monotonic() - forgotten > _FORGET_EVERY:
                    forgotten = time.monotonic()
                    await self._state.forget(time.time() - 86400 * self._settings.retention_days)
            except StateError as error:
                log.warning("%s", error)
            except Exception:  # the last resort: without this loop nothing is kept, nothing taken up
                log.exception("Unexpected")
            await asyncio.sleep(self._state.lease / 4)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._over)

    def _over(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("Not done: %s", error, exc_info=error)
