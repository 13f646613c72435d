"""Socket Mode: the bots' sockets, envelopes and their acknowledgements."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import WSCloseCode, WSMsgType, web
from fake_slack.payloads import APP, new_id

if TYPE_CHECKING:
    from asyncio import Future, Transport


@dataclass(frozen=True)
class Ack:
    """The bot's acknowledgement: what it carried, and how many seconds it took."""

    payload: dict[str, Any]
    seconds: float


class Sockets:
    """The sockets that are open; envelopes go to them in turn, as with Slack."""

    def __init__(self) -> None:
        self._open: dict[web.WebSocketResponse, Transport | None] = {}
        self._leaving: set[web.WebSocketResponse] = set()  # told to go: no more envelopes
        self._tickets: set[str] = set()
        self._waiting: dict[str, Future[dict[str, Any]]] = {}
        self._changed = asyncio.Condition()

    def ticket(self) -> str:
        """What a socket's address carries, once."""
        ticket = new_id("ticket-")
        self._tickets.add(ticket)
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One socket, from the greeting to its end."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=408, text="Request timeout")
        self._tickets.remove(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        debug = {"host": "applink-fake", "build_number": 1, "approximate_connection_time": 18060}
        hello = {
            "type": "hello",
            "num_connections": len(self._open) + 1,
            "connection_info": {"app_id": APP},
        }
        await socket.send_json(hello | {"debug_info": debug})
        await self._set(socket, request.transport)
        try:
            async for message in socket:
                if message.type == WSMsgType.TEXT:
                    self._acknowledged(json.loads(message.data))
        finally:
            await self._set(socket, None)
        return socket

    async def _set(self, socket: web.WebSocketResponse, transport: Any) -> None:
        async with self._changed:
            self._leaving.discard(socket)
            if transport is None:
                self._open.pop(socket, None)
            else:
                self._open[socket] = transport
            self._changed.notify_all()

    def _acknowledged(self, answer: dict[str, Any]) -> None:
        waiting = self._waiting.pop(answer.get("envelope_id", ""), None)
        if waiting and not waiting.done():
            waiting.set_result(answer.get("payload", {}))

    def _live(self) -> list[web.WebSocketResponse]:
        return [socket for socket in self._open if socket not in self._leaving]

    async def connected(self, count: int, patience: float) -> None:
        """Wait for `count` sockets; raises TimeoutError."""
        async with asyncio.timeout(patience), self._changed:
            await self._changed.wait_for(lambda: len(self._live()) >= count)

    async def send(self, envelope: dict[str, Any], patience: float) -> Ack | None:
        """Deliver to one socket; None if it is not acknowledged in time or there is none."""
        if not (live := self._live()):
            return None
        self._open[live[0]] = self._open.pop(live[0])  # the next envelope goes to the next one
        name, start = envelope["envelope_id"], time.monotonic()
        waiting: Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[name] = waiting
        try:
            await live[0].send_json(envelope)
            payload = await asyncio.wait_for(waiting, patience)
        except (TimeoutError, ConnectionError):
            return None
        finally:
            self._waiting.pop(name, None)
        return Ack(payload, time.monotonic() - start)

    async def disconnect(self, reason: str) -> None:
        """Ask every socket to come again, or cut it off when the reason is "abrupt"."""
        for socket in self._live():
            self._leaving.add(socket)
            transport = self._open[socket]
            if reason != "abrupt":
                await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {}})
            elif transport:
                transport.abort()

    async def close(self) -> None:
        """End every socket."""
        for socket in list(self._open):
            await socket.close(code=WSCloseCode.GOING_AWAY)
