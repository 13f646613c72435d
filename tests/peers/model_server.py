"""A language model's server, as OpenAI's API has it, and Ollama's: it streams what a test writes for it,
and fails the way servers do. What it says is made of what it was asked, so that it can quote."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

Passages = list[dict[str, str]]
Says = Callable[[Passages, str], str]


@dataclass
class Reply:
    """One reply. `finish` None ends the stream without a reason; `cut` breaks the connection after so
    many characters; `pause` is waited, in seconds, after each line."""

    says: Says = lambda *_: ""
    finish: str | None = "stop"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    pause: float = 0.0
    raw: bytes | None = None


def claim(text: str, words: str, key: str | None = None) -> Says:
    """A claim that quotes `words` from the first passage that holds them."""

    def say(passages: Passages, _: str) -> str:
        holding = next((p["key"] for p in passages if words in p["text"]), passages[0]["key"])
        quote = {"key": key or holding, "words": words}
        return json.dumps({"claim": text, "quotes": [quote]}) + "\n"

    return say


def lines(*says: Says) -> Says:
    return lambda *asked: "".join(say(*asked) for say in says)


def nothing(_: Passages, __: str) -> str:
    return '{"none": true}'


class ModelServer:
    """Gives `replies` one after the other, the last one for ever."""

    def __init__(self, replies: Sequence[Reply]) -> None:
        self._replies = list(replies)
        self.asked: list[dict[str, Any]] = []
        self.whole = 0  # replies that were sent to their end
        self.dropped = 0  # replies that nobody waited for
        self.lines: list[float] = []  # when each line was sent, on the event loop's clock

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/v1/chat/completions", self._complete)
        app.router.add_post("/api/chat", self._chat)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}/v1"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        try:
            return await self._reply(request)
        except (asyncio.CancelledError, ConnectionResetError):
            self.dropped += 1
            raise

    async def _reply(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.asked.append(body)
        reply = self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]
        if reply.status != 200:
            error = {"error": {"message": "no", "type": "server_error"}}
            return web.json_response(error, status=reply.status, headers=reply.headers)
        response = web.StreamResponse(headers={"content-type": "text/event-stream"})
        await response.prepare(request)
        if reply.raw is not None:
            await response.write(reply.raw)
            return response
        passages, question = _read(body["messages"][-1]["content"])
        text = reply.says(passages, question)[: reply.cut]
        for line in text.splitlines(keepends=True):
            for piece in (line[i : i + 20] for i in range(0, len(line), 20)):
                await _send(response, {"content": piece}, None)
            self.lines.append(asyncio.get_running_loop().time())
            await asyncio.sleep(reply.pause)
        if reply.cut is not None and request.transport:
            request.transport.abort()
            return response
        await _send(response, {}, reply.finish)
        if reply.finish:
            await _event(response, {**_CHUNK, "choices": [], "usage": _USAGE})
        await response.write(b"data: [DONE]\n\n")
        self.whole += 1
        return response

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        """A line of JSON a piece; the last one tells why it ends and what it cost."""
        body = await request.json()
        self.asked.append(body)
        reply = self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]
        response = web.StreamResponse(headers={"content-type": "application/x-ndjson"})
        await response.prepare(request)
        text = reply.says(*_read(body["messages"][-1]["content"]))[: reply.cut]
        for piece in (text[i : i + 20] for i in range(0, len(text), 20)):
            await response.write(_spoken(piece, done=False))
        if reply.finish:
            end = {"done_reason": reply.finish, "prompt_eval_count": 100, "eval_count": 20}
            await response.write(_spoken("", done=True, **end))
        return response


_CHUNK = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "test"}
_USAGE = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}


async def _send(response: web.StreamResponse, delta: dict[str, str], finish: str | None) -> None:
    choice = {"index": 0, "delta": {"role": "assistant", **delta}, "finish_reason": finish}
    await _event(response, {**_CHUNK, "choices": [choice]})


async def _event(response: web.StreamResponse, chunk: dict[str, Any]) -> None:
    await response.write(f"data: {json.dumps(chunk)}\n\n".encode())


def _spoken(piece: str, **more: object) -> bytes:
    message = {"role": "assistant", "content": piece}
    line = {"model": "test", "created_at": "2026-01-01T00:00:00Z", "message": message, **more}
    return json.dumps(line).encode() + b"\n"


def _read(prompt: str) -> tuple[Passages, str]:
    *passages, question = prompt.split("\n") if prompt.startswith("{") else (prompt,)
    return [json.loads(line) for line in passages if line], question
