"""Who offers language models: one table, and the model that a setting names."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from pkgutil import resolve_name
from typing import Any

from bot.errors import SettingsError
from bot.models import Model
from index.embedders.providers import OLLAMA
from index.redaction import told

# A line that breaks, and what an SDK stumbles over when a server sends what it should not.
_FAILURES = (OSError, TimeoutError, ValueError, TypeError, KeyError, AttributeError, IndexError)

_BESIDE = 4096  # tokens: the rules, the conversation and the reply; tokenisers differ, so twice the rest


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Which model is asked, where, how many seconds a request may take, and how many tokens request
    and reply may have together."""

    model: str
    url: str | None
    key: str | None
    seconds: float
    window: int


@dataclass(frozen=True, slots=True)
class Provider:
    """A class of llama-index, what it is made with, what its SDK raises, and how its connections
    are closed, which llama-index leaves to whoever made it. `llm` and `failures` are written
    module:name."""

    extra: str
    llm: str
    arguments: Callable[[Endpoint], dict[str, Any]]
    failures: tuple[str, ...]
    close: Callable[[Any], Awaitable[None]]
    check: Callable[[Any], object] = bool
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
        "base_url": at.url or OLLAMA,
        "request_timeout": at.seconds,
        "context_window": at.window,  # or the server would cut the prompt at its own default
    }


def _google(at: Endpoint) -> dict[str, Any]:
    options = {"base_url": at.url} if at.url else {}
    # said outright, or the SDK would ask a second time where the line breaks
    once = {"timeout": round(1000 * at.seconds), "retry_options": {"attempts": 1}}
    return {
        "model": at.model,
        "api_key": at.key,
        "max_retries": 0,
        "http_options": options | once,
        "context_window": at.window,  # or it would ask the server for the model's
        "max_tokens": 2048,
    }


def _close_openai(llm: Any) -> Awaitable[None]:
    closing: Awaitable[None] = llm._get_aclient().close()
    return closing


_OPENAI_LIKE = Provider(
    "openai",
    "llama_index.llms.openai_like:OpenAILike",
    _openai,
    ("openai:OpenAIError",),
    _close_openai,
    needs_url=True,
)
PROVIDERS: Mapping[str, Provider] = {
    "openai": replace(_OPENAI_LIKE, needs_key=True, needs_url=False),
    "openai-like": _OPENAI_LIKE,
    "anthropic": Provider(
        "anthropic",
        "llama_index.llms.anthropic:Anthropic",
        _anthropic,
        ("anthropic:AnthropicError",),
        lambda llm: llm._aclient.close(),
        check=lambda llm: llm.metadata,  # it knows its models by name, and refuses others at each call
        needs_key=True,
    ),
    "ollama": Provider(
        "ollama",
        "llama_index.llms.ollama:Ollama",
        _ollama,
        ("ollama:ResponseError",),
        lambda llm: llm.async_client._client.aclose(),
    ),
    "google": Provider(
        "google",
        "llama_index.llms.google_genai:GoogleGenAI",
        _google,
        ("google.genai.errors:APIError", "aiohttp:ClientError", "builtins:RuntimeError"),
        lambda llm: llm._client.aio.aclose(),
        needs_key=True,
    ),
}


def open_model(name: str, url: str | None, key: str | None, seconds: float, context: int) -> Model:
    """The model that `name`, "provider:model", names, which `context` tokens of passages are for.
    Raises SettingsError."""
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
        made = resolve_name(provider.llm)
        failures: tuple[type[Exception], ...] = (
            *map(resolve_name, ("httpx:HTTPError", *provider.failures)),
            *_FAILURES,
        )
    except ImportError as error:
        advice = f'pip install "footnote[{provider.extra}]"'
        raise SettingsError(f"FOOTNOTE_MODEL={chosen}:… needs a package more: {advice}.") from error
    try:
        llm = made(**provider.arguments(Endpoint(model, url, key, seconds, 2 * context + _BESIDE)))
        provider.check(llm)
        return Model(llm, failures, provider.close)
    except failures as error:
        reason = told(error, key).split(". ")[0]
        raise SettingsError(f"FOOTNOTE_MODEL={name} cannot be used: {reason}.") from error
