"""A call on the wire: how it is read, and how it is answered when it goes wrong."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import web
from fake_slack.schemas import METHODS
from fake_slack.world import Args

if TYPE_CHECKING:
    from fake_slack.failures import Failure

# Sent as JSON even where the rest is a form.
STRUCTURED = {"attachments", "blocks", "chunks", "loading_messages", "metadata", "prompts", "view"}


@dataclass
class Call:
    """One call of the Web API, or of a response_url (method "response_url")."""

    method: str
    args: Args
    token: str
    at: float = field(default_factory=time.monotonic)
    response: dict[str, Any] = field(default_factory=dict)


def lost(request: web.Request, call: Call, failure: Failure) -> web.StreamResponse:
    """The answer that a failure puts in the place of the method's own."""
    if failure.retry_after is not None:
        call.response = call.response or {"ok": False, "error": "ratelimited"}
        headers = {"Retry-After": str(failure.retry_after)}
        return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
    if failure.status is not None:
        call.response = call.response or {"status": failure.status}
        return web.Response(
            status=failure.status, text="<html>Server Error</html>", content_type="text/html"
        )
    if failure.error is not None:
        call.response = call.response or {"ok": False, "error": failure.error}
        return web.json_response({"ok": False, "error": failure.error})
    if request.transport:
        request.transport.close()
    return plain(500, "nobody reads this")


def plain(status: int, text: str) -> web.Response:
    """An answer in plain text."""
    return web.Response(status=status, text=text)


async def read(request: web.Request, method: str) -> tuple[str, Args]:
    """The token and the arguments, from the query, a form or JSON."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    args: Args = {}
    if request.content_type == "application/json":
        given = json.loads(await request.text() or "{}")
        args = {name: _structured(value) if name in STRUCTURED else value for name, value in given.items()}
    rules = METHODS.get(method, {"args": {}})["args"]
    form = {**request.query, **(await request.post())}
    args |= {name: _typed(name, str(value), rules.get(name, {})) for name, value in form.items()}
    return args.pop("token", token), args


def _structured(value: Any) -> Any:
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value  # the checks will say what it should have been


def _typed(name: str, value: str, rule: dict[str, Any]) -> Any:
    kind = rule.get("type")
    if name in STRUCTURED or kind == "array":
        return _structured(value)
    if kind == "boolean" and value in {"0", "1", "true", "false"}:
        return value in {"1", "true"}
    return int(value) if kind in {"number", "integer"} and value.isdecimal() else value
