"""Language models by "provider:model", and one request to one of them: timed, tried again where
that may help, counted."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from importlib import import_module
from time import time
from typing import TYPE_CHECKING, Any

from bot.errors import ModelError, SettingsError

if TYPE_CHECKING:
    from llama_index.core.base.llms.types import ChatMessage, ChatResponse
    from llama_index.core.llms import LLM
    from tenacity import RetryCallState

MOST_REQUESTS = 3  # for one question, the rewriting of a follow-up included
_LONGEST_WAIT = 20.0  # seconds that a server may ask for; longer ones are not waited for
_BUSY = {408, 409, 425, 429, 500, 502, 503, 504, 529}  # the statuses that pass by themselves
_WHOLE = {"stop", "end_turn", "stop_sequence", "eos"}  # how providers say that a reply is finished
_GOOGLES = "candidates_token_count"
log = logging.getLogger(__name__)


class IncompleteError(ModelError):
    """The language model broke off."""


class _BusyError(ModelError):
    """It may answer when it is asked again, `after` seconds from now where it says so."""

    def __init__(self, message: str, after: float | None) -> None:
        super().__init__(message)
        self.after = after


@dataclass(slots=True)
class Meter:
    """What one question has cost so far, and how many requests it may still make."""

    left: int = MOST_REQUESTS
    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0

    def take(self) -> None:
        """Counts a request. Raises ModelError where there may be no more."""
        if not self.left:
            raise ModelError("The language model was asked often enough.")
        self.left -= 1
        self.requests += 1


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Which model is asked, where, and how many seconds a request may take."""

    model: str
    url: str | None
    key: str | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Provider:
    """A class of llama-index, what it is made with, what its SDK raises, and how its connections
    are closed, which llama-index leaves to whoever made it."""

    extra: str
    module: str
    name: str
    arguments: Callable[[Endpoint], dict[str, Any]]
    failures: tuple[str, ...]
    close: Callable[[Any], Awaitable[None]]
    needs_key: bool = False
    needs_url: bool = False


def _openai(at: Endpoint) -> dict[str, Any]:
    return {
        "model": at.model,
        "api_key": at.key or "none",
        "api_base": at.url or "https://api.openai.com/v1",
        "timeout": at.seconds,
        "max_retries": 0,
        "is_chat_model": True,
        "additional_kwargs": {"stream_options": {"include_usage": True}},
    }


def _anthropic(at: Endpoint) -> dict[str, Any]:
    return {
        "model": at.model,
        "api_key": at.key,
        "base_url": at.url,
        "timeout": at.seconds,
        "max_retries": 0,
        "max_tokens": 2048,
    }


def _ollama(at: Endpoint) -> dict[str, Any]:
    return {
        "model": at.model,
        "base_url": at.url or "http://localhost:11434",
        "request_timeout": at.seconds,
    }


def _google(at: Endpoint) -> dict[str, Any]:
    options = {"base_url": at.url} if at.url else {}
    milliseconds = {"timeout": round(1000 * at.seconds)}
    return {
        "model": at.model,
        "api_key": at.key,
        "max_retries": 0,
        "http_options": options | milliseconds,
        "context_window": 128_000,  # or it would ask the server for the model's
        "max_tokens": 2048,
    }


def _close_openai(llm: Any) -> Awaitable[None]:
    closing: Awaitable[None] = llm._get_aclient().close()
    return closing


_OPENAI = ("openai.OpenAIError",)
PROVIDERS: Mapping[str, Provider] = {
    "openai": Provider(
        "openai",
        "llama_index.llms.openai_like",
        "OpenAILike",
        _openai,
        _OPENAI,
        _close_openai,
        needs_key=True,
    ),
    "openai-like": Provider(
        "openai",
        "llama_index.llms.openai_like",
        "OpenAILike",
        _openai,
        _OPENAI,
        _close_openai,
        needs_url=True,
    ),
    "anthropic": Provider(
        "anthropic",
        "llama_index.llms.anthropic",
        "Anthropic",
        _anthropic,
        ("anthropic.AnthropicError",),
        lambda llm: llm._aclient.close(),
        needs_key=True,
    ),
    "ollama": Provider(
        "ollama",
        "llama_index.llms.ollama",
        "Ollama",
        _ollama,
        ("ollama.ResponseError",),
        lambda llm: llm.async_client._client.aclose(),
    ),
    "google": Provider(
        "google",
        "llama_index.llms.google_genai",
        "GoogleGenAI",
        _google,
        ("google.genai.errors.APIError", "builtins.RuntimeError"),
        lambda llm: llm._client.aio.aclose(),
        needs_key=True,
    ),
}
# A line that breaks, and what an SDK stumbles over when a server sends what it should not.
_FAILURES = (OSError, TimeoutError, ValueError, TypeError, KeyError, AttributeError, IndexError)


def open_model(name: str, url: str | None, key: str | None, seconds: float) -> Model:
    """The model that `name`, "provider:model", names. Raises SettingsError."""
    chosen, _, model = name.partition(":")
    provider = PROVIDERS.get(chosen)
    if provider is None or not model:
        known = ", ".join(PROVIDERS)
        raise SettingsError(f"FOOTNOTE_MODEL should read provider:model, the provider one of {known}.")
    if provider.needs_key and not key:
        raise SettingsError(f"FOOTNOTE_MODEL_KEY should hold the key for {chosen}.")
    if provider.needs_url and not url:
        raise SettingsError(f"FOOTNOTE_MODEL_URL should hold the address of the {chosen} server.")
    try:
        made = getattr(import_module(provider.module), provider.name)
        failures: tuple[type[Exception], ...] = (
            *map(_named, provider.failures),
            _named("httpx.HTTPError"),
            *_FAILURES,
        )
    except ImportError as error:
        advice = f'pip install "footnote[{provider.extra}]"'
        raise SettingsError(f"FOOTNOTE_MODEL={chosen}:… needs a package more: {advice}.") from error
    try:
        llm = made(**provider.arguments(Endpoint(model, url, key, seconds)))
        return Model(llm, failures, provider.close)
    except failures as error:
        raise SettingsError(f"FOOTNOTE_MODEL={name} cannot be used: {error}") from error


def _named(path: str) -> type[Exception]:
    module, _, name = path.rpartition(".")
    found: type[Exception] = getattr(import_module(module), name)
    return found


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
        chunk, rest = await self._begin(asked, meter)
        counted, reason = _Counted(meter), ""
        async with aclosing(rest):
            while True:
                reason = _reason(chunk) or reason
                counted.note(chunk)
                if chunk.delta:
                    yield chunk.delta
                try:
                    chunk = await anext(rest)
                except StopAsyncIteration:
                    break
                except self._failures as error:
                    raise IncompleteError("The language model broke off.") from error
        if reason.lower() not in _WHOLE:
            raise IncompleteError(f"The language model broke off ({reason or 'no reason given'}).")

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
                raise _BusyError(said, _after(error)) from error
            raise ModelError(said) from error


class _Counted:
    """Adds a stream's tokens to a meter. Providers tell the sum so far, some in every chunk."""

    def __init__(self, meter: Meter) -> None:
        self._meter = meter
        self._before = meter.input_tokens, meter.output_tokens

    def note(self, chunk: ChatResponse) -> None:
        told = [_dict(part) for part in _usages(chunk)]
        for name, before, keys in (
            ("input_tokens", self._before[0], ("prompt_tokens", "input_tokens", "prompt_token_count")),
            (
                "output_tokens",
                self._before[1],
                ("completion_tokens", "output_tokens", "candidates_token_count"),
            ),
        ):
            counts = [part[key] for part in told for key in keys if isinstance(part.get(key), int)]
            if counts:
                setattr(self._meter, name, max(getattr(self._meter, name), before + max(counts)))


def _usages(chunk: ChatResponse) -> list[Any]:
    raw = _dict(chunk.raw)
    said = chunk.message.additional_kwargs
    return [chunk.additional_kwargs, raw.get("usage"), raw.get("usage_metadata"), said.get("usage")]


def _reason(chunk: ChatResponse) -> str:
    """Why the reply ends here, in the provider's word; "" where it goes on."""
    raw = _dict(chunk.raw)
    choices = raw.get("choices") or [None]
    reasons = (
        _dict(choices[0]).get("finish_reason"),  # OpenAI and those like it
        chunk.message.additional_kwargs.get("stop_reason"),  # Anthropic
        _dict(raw.get("delta")).get("stop_reason"),
        raw.get("done_reason"),  # Ollama
        raw.get("finish_reason"),  # Google
    )
    found = next((reason for reason in reasons if reason), "")
    return str(getattr(found, "value", found))


def _dict(thing: Any) -> Mapping[str, Any]:
    if isinstance(thing, Mapping):
        return thing
    return vars(thing) if hasattr(thing, "__dict__") else {}


def _status(error: Exception) -> int | None:
    found = (getattr(error, name, None) for name in ("status_code", "code"))
    return next((status for status in found if isinstance(status, int)), None)


def _after(error: Exception) -> float | None:
    """The seconds that Retry-After asks to wait."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    value = str(headers.get("retry-after") or "")
    try:
        return max(0.0, float(value))
    except ValueError:
        pass  # a date, or nothing
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time())
    except ValueError:
        return None


def _pause(state: RetryCallState) -> float:
    """Seconds before the next request: what the server asks for, or half a second, doubled."""
    error = state.outcome.exception() if state.outcome else None
    after = error.after if isinstance(error, _BusyError) else None
    return after if after is not None else 0.5 * 2.0 ** (state.attempt_number - 1)
