"""What must outlive a restart: requests and how they ended, conversations, feedback.

One table holds every request from before it is acknowledged until it is forgotten. The process
that works on it holds a lease and renews it; when the process dies, another takes it up."""

from __future__ import annotations

import logging
import time
import uuid
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import and_, delete, event, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import create_async_engine

from bot.batching import Batches
from bot.errors import StateError
from bot.requests import Request, Surface, Ticket
from bot.schema import create, feedback, interruptions, requests
from bot.types import Answer
from index.privacy import keep_database

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Collection, Sequence

    from sqlalchemy import URL, ColumnElement, Table
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

T = TypeVar("T")
log = logging.getLogger(__name__)
_PATIENCE = 2.5  # seconds; who waits longer than Slack does for its acknowledgement waits in vain
# SQLite has one writer at a time: who waits in line waits least.
_IN_LINE = {"pool_size": 1, "max_overflow": 0, "pool_timeout": _PATIENCE}
_INSERTS: dict[str, Callable[[Table], sqlite.Insert | postgresql.Insert]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}
_PUBLIC = requests.c.surface == Surface.CHANNEL
_REQUEST = TypeAdapter(Request)
_ANSWER = TypeAdapter(Answer)


@dataclass(frozen=True, slots=True)
class Answered:
    """A request that was answered."""

    id: str
    request: Request
    answer: Answer


class State:
    """The durable memory of the surfaces, on SQLite or PostgreSQL. `owner` names this process;
    it loses what it holds when it does not `keep` it for `lease` seconds. Methods raise StateError."""

    def __init__(self, engine: AsyncEngine, lease: float = 20.0) -> None:
        self.engine = engine
        self.owner = uuid.uuid4().hex
        self.lease = lease
        self._put = Batches(self._put_all, StateError)

    @classmethod
    async def open(cls, url: URL, lease: float = 20.0) -> Self:
        """Connects to the database and makes the tables that are not there yet."""
        embedded = url.get_backend_name() == "sqlite"
        if embedded and url.database:
            keep_database(Path(url.database))
        engine = create_async_engine(
            url,
            hide_parameters=True,  # or an error would hold what people ask and are told
            **(_IN_LINE if embedded else {"pool_pre_ping": True}),
        )
        if embedded:
            event.listen(engine.sync_engine, "connect", _durable)
        state = cls(engine, lease)
        try:
            async with state._transaction() as connection:
                await connection.run_sync(create)
        except StateError:
            await state.close()
            raise
        return state

    async def close(self) -> None:
        await self.engine.dispose()

    async def put(self, request: Request) -> Ticket | None:
        """Writes a request down, held by this process; None when it is there already."""
        ticket = Ticket(uuid.uuid4().hex[:12], request)
        return ticket if await self._put.add(self._row(ticket)) else None

    async def take_over(self) -> list[Ticket]:
        """The requests that are not ended and whose holder is gone; this process holds them now.
        What it cannot read it lets go of by not keeping it."""
        now = time.time()
        abandoned = and_(requests.c.ended.is_(None), requests.c.lease < now)
        statement = (
            update(requests)
            .where(abandoned)
            .values(owner=self.owner, lease=now + self.lease)
            .returning(requests.c.id, requests.c.body, requests.c.begun)
        )
        async with self._transaction() as connection:
            rows = (await connection.execute(statement)).all()
        return _readable(
            rows, lambda row: Ticket(row.id, _REQUEST.validate_json(row.body), again=True, begun=row.begun)
        )

    async def keep(self, ids: Collection[str]) -> None:
        """Renews this process's hold on requests it has not ended."""
        await self._write(self._held(ids), lease=time.time() + self.lease)

    async def hand_back(self, ids: Collection[str]) -> None:
        """Lets another process take requests up at once."""
        await self._write(self._held(ids), lease=0.0)

    async def begin(self, ticket: Ticket) -> None:
        """Its reply may be on its way from now on; for replies that cannot be found again."""
        await self._write(requests.c.id == ticket.id, begun=True)

    async def end(self, ticket: Ticket, how: str, answer: Answer | None = None) -> None:
        """The request has its visible end: `how` in a word, and the answer that was given."""
        given = None if answer is None else _ANSWER.dump_json(answer).decode()
        await self._write(requests.c.id == ticket.id, ended=how, answer=given)

    async def answered(self, request_id: str) -> Answered | None:
        """The answer that was given to a request, while it is remembered."""
        found = await self._answered(requests.c.id == request_id, 1)
        return found[0] if found else None

    async def recent(self, team: str, asker: str, most: int) -> list[Answered]:
        """The asker's latest answers, newest first."""
        return await self._answered((requests.c.team == team) & (requests.c.asker == asker), most)

    async def history(self, ticket: Ticket, since: float, most: int) -> tuple[str, ...]:
        """What was asked before in the same conversation since a time, oldest first: in its
        thread, or for a first message by its asker in this channel. In a channel nothing counts
        that was asked in private."""
        request = ticket.request
        conversation = (requests.c.team == request.team) & (requests.c.channel == request.channel)
        own = requests.c.asker == request.asker
        conversation &= _PUBLIC if request.surface is Surface.CHANNEL else own
        if request.thread and request.thread != request.ts:
            conversation &= requests.c.thread == request.thread
        else:
            conversation &= own
        earlier = (requests.c.received < request.received) & (requests.c.received >= since)
        found = await self._answered(conversation & earlier, most)
        return tuple(answered.request.text for answered in reversed(found))

    async def partner(self, team: str, channel: str, thread: str) -> str | None:
        """Who talks with Footnote in a thread: whoever asked there last for all to read, unless
        people talked to each other since."""
        here = _thread(requests, team, channel, thread) & _PUBLIC
        asked = select(requests.c.asker, requests.c.received).where(here)
        latest = asked.order_by(requests.c.received.desc()).limit(1)
        since = select(interruptions.c.at).where(_thread(interruptions, team, channel, thread))
        async with self._transaction() as connection:
            last = (await connection.execute(latest)).first()
            interrupted = (await connection.execute(since)).scalar()
        return None if last is None or (interrupted or 0.0) > last.received else str(last.asker)

    async def interrupt(self, team: str, channel: str, thread: str) -> None:
        """People talk to each other in a thread."""
        row = {"team": team, "channel": channel, "thread": thread, "at": time.time()}
        await self._replace(interruptions, _thread(interruptions, team, channel, thread), row)

    async def judge(self, request_id: str, asker: str, verdict: str, reason: str = "") -> None:
        """What an asker thinks of an answer; the last word counts."""
        where = (feedback.c.request == request_id) & (feedback.c.asker == asker)
        row = {
            "request": request_id,
            "asker": asker,
            "verdict": verdict,
            "reason": reason,
            "at": time.time(),
        }
        await self._replace(feedback, where, row)

    async def share(self, request_id: str, *, shared: bool = True) -> bool:
        """Marks an answer as shared, or not shared after all; False when it was so already."""
        other = (requests.c.id == request_id) & requests.c.shared.is_(not shared)
        return await self._write(other, shared=shared) == 1

    async def forget(self, before: float) -> None:
        """Drops everything older than a time, in seconds since the epoch."""
        async with self._transaction() as connection:
            await connection.execute(delete(feedback).where(feedback.c.at < before))
            await connection.execute(delete(interruptions).where(interruptions.c.at < before))
            await connection.execute(delete(requests).where(requests.c.received < before))

    async def waiting(self) -> int:
        """How many requests have not ended."""
        async with self._transaction() as connection:
            count = select(func.count()).select_from(requests).where(requests.c.ended.is_(None))
            return int((await connection.execute(count)).scalar_one())

    def _held(self, ids: Collection[str]) -> ColumnElement[bool]:
        return requests.c.ended.is_(None) & (requests.c.owner == self.owner) & requests.c.id.in_(ids)

    async def _put_all(self, rows: Sequence[dict[str, Any]]) -> list[bool]:
        """Which of the requests are new."""
        statement = _INSERTS[self.engine.dialect.name](requests).on_conflict_do_nothing()
        async with self._transaction() as connection:
            new = set(await connection.scalars(statement.values(list(rows)).returning(requests.c.id)))
        return [row["id"] in new for row in rows]

    def _row(self, ticket: Ticket) -> dict[str, Any]:
        request = ticket.request
        return {
            "id": ticket.id,
            "event": request.event,
            "team": request.team,
            "channel": request.channel,
            "ts": request.ts,
            "thread": request.thread,
            "asker": request.asker,
            "surface": request.surface,
            "body": _REQUEST.dump_json(request).decode(),
            "received": request.received,
            "owner": self.owner,
            "lease": time.time() + self.lease,
        }

    async def _write(self, where: ColumnElement[bool], **values: Any) -> int:
        async with self._transaction() as connection:
            return (await connection.execute(update(requests).where(where).values(values))).rowcount

    async def _replace(self, table: Table, where: ColumnElement[bool], row: dict[str, Any]) -> None:
        async with self._transaction() as connection:
            await connection.execute(delete(table).where(where))
            await connection.execute(insert(table).values(row))

    async def _answered(self, where: ColumnElement[bool], most: int) -> list[Answered]:
        chosen = (
            select(requests.c.id, requests.c.body, requests.c.answer)
            .where(where & requests.c.answer.is_not(None))
            .order_by(requests.c.received.desc())
            .limit(most)
        )
        async with self._transaction() as connection:
            rows = (await connection.execute(chosen)).all()
        return _readable(
            rows,
            lambda row: Answered(
                row.id, _REQUEST.validate_json(row.body), _ANSWER.validate_json(row.answer)
            ),
        )

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncConnection]:
        try:
            async with self.engine.begin() as connection:
                yield connection
        except (DBAPIError, PoolTimeoutError, OSError) as error:
            cause = error.orig if isinstance(error, DBAPIError) else error
            raise StateError(
                f"The database of requests does not answer ({cause}); see DATABASE_URL."
            ) from error


def _readable(rows: Sequence[Any], read: Callable[[Any], T]) -> list[T]:
    """What the rows hold, but for those that only another version, which shares the database, can read."""
    found = []
    for row in rows:
        try:
            found.append(read(row))
        except ValidationError:
            log.warning("Left to the version of Footnote that wrote it: request %s", row.id)
    return found


def _thread(table: Table, team: str, channel: str, thread: str) -> ColumnElement[bool]:
    c = table.c
    return (c.team == team) & (c.channel == channel) & (c.thread == thread)


def _durable(connection: Any, _: object) -> None:
    """A write-ahead log lets another process read while this one writes. What is committed is on
    the disk: requests come in together, so that it costs one wait for all of them."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute(f"PRAGMA busy_timeout = {round(1000 * _PATIENCE)}")
    cursor.close()
