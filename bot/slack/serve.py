"""`footnote serve`: everything is opened, runs until it is told to stop, and is closed in order."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any

import aiohttp
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_sdk.errors import SlackApiError

from bot.errors import SettingsError, SlackError
from bot.settings import variable
from bot.slack.app import oauth, slack_app
from bot.slack.clerk import Clerk
from bot.slack.desk import Desk
from bot.slack.errors import RefusedError
from bot.slack.intake import Intake
from bot.slack.listeners import Listeners
from bot.slack.manifest import PATH
from bot.slack.posters import Posters
from bot.slack.posting import Poster
from bot.state import State

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

    from pydantic import SecretStr
    from slack_bolt.async_app import AsyncApp
    from sqlalchemy import URL

    from bot.assistant import Assistant
    from bot.settings import Settings

GRACE = 15.0  # seconds that work in hand may take when the process is told to stop
_BESIDE = 8  # threads for what people press, beside those for what they ask
_DIGITS = 12  # of a time in seconds
_LONGEST = 1_000_000  # bytes of a request; Slack's are far shorter
_PING = 10.0  # seconds
_HANG_UP = 3  # seconds
log = logging.getLogger(__name__)


@asynccontextmanager
async def opened(
    assistant: Assistant, settings: Settings, database: URL, *, http: bool, lease: float = 20.0
) -> AsyncIterator[AsyncApp]:
    """The app with all its parts at work. Raises SettingsError, StateError and SlackError."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(settings.at_once + _BESIDE))
    async with AsyncExitStack() as stack:
        state = await State.open(database, lease)
        stack.push_async_callback(state.close)
        installing = await oauth(settings, state.engine) if http else None
        token = None if installing else secret(settings, "slack_bot_token")
        store = installing.installation_store if installing else None
        posters = Posters(settings.slack_api_url, token, store)
        stack.push_async_callback(posters.close)
        clerk = Clerk(assistant, state, posters, settings)
        desk = Desk(state, settings, clerk.work, clerk.refuse)
        listeners = Listeners(assistant, state, posters, desk, settings)
        app = slack_app(settings, posters, Intake(state, desk, settings), listeners, installing)
        if token:
            await _known(posters)
        warming = asyncio.create_task(listeners.warm_up())
        stack.callback(warming.cancel)
        desk.start()
        stack.push_async_callback(desk.close, GRACE)
        yield app


async def over_socket(app: AsyncApp, settings: Settings, ready: Callable[[], None]) -> None:
    """Socket Mode, until SIGTERM or Ctrl-C. Its client pings Slack, and connects anew when it hears
    nothing. Raises SettingsError, SlackError."""
    handler = AsyncSocketModeHandler(app, secret(settings, "slack_app_token"), ping_interval=_PING)
    with _told_to_stop() as told:
        try:
            await handler.connect_async()
            ready()
            await told.wait()
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            raise SlackError(f"Socket Mode cannot begin ({_why(error)}); see SLACK_APP_TOKEN.") from error
        finally:
            await handler.close_async()


async def over_http(app: AsyncApp, port: int, ready: Callable[[], None]) -> None:
    """Signed HTTP on every interface, until SIGTERM or Ctrl-C. Raises SettingsError."""
    import uvicorn

    config = uvicorn.Config(asgi(app), log_config=None, lifespan="off", timeout_graceful_shutdown=_HANG_UP)
    try:
        listening = socket.create_server(("", port))
    except OSError as error:
        raise SettingsError(
            f"Port {port} cannot be listened on ({error.strerror}); choose another with --port."
        ) from error
    with listening, _told_to_stop():  # uvicorn listens for the signals itself, and passes them on
        ready()
        await uvicorn.Server(config).serve(sockets=[listening])


class _TooLongError(Exception):
    """A request is longer than any of Slack's."""


def asgi(app: AsyncApp) -> Callable[[dict[str, Any], Any, Any], Awaitable[None]]:
    """The app for an ASGI server. What carries no proper time or signature is not from Slack."""
    handler = AsyncSlackRequestHandler(app, path=PATH)

    async def serve(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "http" and not _may_be_signed(dict(scope["headers"])):
            await _refuse(send, 401)
            return
        try:
            await handler(scope, _bounded(receive), send)
        except _TooLongError:
            await _refuse(send, 413)
        except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
            # Bolt reads a body before it verifies it, and trusts that it is what Slack sends
            log.warning("A request that cannot be read: %s", type(error).__name__)
            await _refuse(send, 400)

    return serve


def _bounded(receive: Any) -> Any:
    """The same, until it has received too much: what is not verified yet may be anybody's."""
    received = 0

    async def receive_some() -> dict[str, Any]:
        nonlocal received
        message: dict[str, Any] = await receive()
        received += len(message.get("body", b""))
        if received > _LONGEST:
            raise _TooLongError
        return message

    return receive_some


def _may_be_signed(headers: dict[bytes, bytes]) -> bool:
    """Bolt verifies the rest; these it could not even compare."""
    stamp = headers.get(b"x-slack-request-timestamp", b"0")
    signature = headers.get(b"x-slack-signature", b"")
    return stamp.isdigit() and len(stamp) <= _DIGITS and signature.isascii()


async def _refuse(send: Any, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def secret(settings: Settings, name: str) -> str:
    """A secret that cannot be done without. Raises SettingsError."""
    value: SecretStr | None = getattr(settings, name)
    if value is None:
        raise SettingsError(f"{variable(name)} is not set; the README says where Slack shows it.")
    return value.get_secret_value()


async def _known(posters: Posters) -> None:
    """Slack knows the token. Raises SlackError."""
    try:
        await Poster(posters.client).call("auth.test")
    except RefusedError as error:
        raise SlackError(f"Slack does not accept SLACK_BOT_TOKEN ({error.code}).") from error


@contextmanager
def _told_to_stop() -> Iterator[asyncio.Event]:
    told, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    try:
        yield told
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


def _why(error: Exception) -> str:
    return str(error.response.get("error")) if isinstance(error, SlackApiError) else type(error).__name__
