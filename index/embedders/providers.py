"""The providers by name, and how an embedder of theirs is made: `provider:model`."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from pkgutil import resolve_name
from typing import Any

from index.embedders.base import Embedder
from index.embedders.bundled import BundledEmbedder
from index.embedders.provided import Model, ProvidedEmbedder, Traits
from index.errors import ProviderError
from index.redaction import told

OLLAMA = "http://127.0.0.1:11434"  # where it listens unless it is told otherwise
_TIMEOUT = 60.0  # seconds
_BUNDLED = "bundled"
# The dense weight of models that were measured, by the last part of their name, and of all
# others: `python tests/benchmarks/fit_weight.py provider:model` measures one.
_DENSE_WEIGHTS = {"all-minilm-l6-v2": 0.4, "all-minilm": 0.4}
_DENSE_WEIGHT = 0.4
# What a provider's classes make of a broken connection and of a reply that is not what it
# should be: they look into it without a look at it.
_FAILURES = (ImportError, OSError, ValueError, TypeError, AttributeError, IndexError, RuntimeError)

Options = Callable[[str, str | None, str | None], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Provider:
    """`model` and `failures` are written module:name and imported when they are used;
    `options` are what `model` is made with, given (model, url, key)."""

    extra: str
    package: str
    model: str
    options: Options
    batch_size: int = 32
    at_once: int = 1
    failures: tuple[str, ...] = ()
    is_paid: bool = False
    key_from: str | None = None  # where a key is from, if there has to be one
    needs_url: bool = False


def _openai(model: str, url: str | None, key: str | None) -> dict[str, Any]:
    return {
        "model_name": model,
        "api_base": url or "https://api.openai.com/v1",
        "api_key": key or "none",  # which servers that need none do not look at
        "api_version": "none",  # of Azure's; given, so that it is not looked for elsewhere
        "embed_batch_size": 2048,
        "max_retries": 0,
        "timeout": _TIMEOUT,
    }


def _ollama(model: str, url: str | None, key: str | None) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return {
        "model_name": model,
        "base_url": url or OLLAMA,
        "embed_batch_size": 2048,
        "client_kwargs": {"timeout": 2 * _TIMEOUT, "headers": headers},  # it may have to load the model
    }


def _fastembed(model: str, url: str | None, _: str | None) -> dict[str, Any]:
    return {"model": model, "folder": url}


def _huggingface(model: str, url: str | None, _: str | None) -> dict[str, Any]:
    return {"model_name": url or model}


_LLAMA = "llama_index.embeddings"
PROVIDERS = {
    "fastembed": Provider("fastembed", "fastembed", "index.embedders.local:FastEmbedModel", _fastembed),
    "huggingface": Provider(
        "huggingface", f"{_LLAMA}.huggingface", f"{_LLAMA}.huggingface:HuggingFaceEmbedding", _huggingface
    ),
    "ollama": Provider(
        "ollama",
        f"{_LLAMA}.ollama",
        f"{_LLAMA}.ollama:OllamaEmbedding",
        _ollama,
        at_once=2,
        failures=("ollama:ResponseError", "ollama:RequestError"),
    ),
    "openai": Provider(
        "openai",
        f"{_LLAMA}.openai",
        f"{_LLAMA}.openai:OpenAIEmbedding",
        _openai,
        batch_size=100,
        at_once=4,
        failures=("openai:OpenAIError",),
        is_paid=True,
        key_from="OPENAI_API_KEY or FOOTNOTE_EMBEDDER_KEY",
    ),
    "openai-like": Provider(
        "openai",
        f"{_LLAMA}.openai_like",
        f"{_LLAMA}.openai_like:OpenAILikeEmbedding",
        _openai,
        at_once=4,
        failures=("openai:OpenAIError",),
        needs_url=True,
    ),
}


def open_embedder(name: str = _BUNDLED, url: str | None = None, key: str | None = None) -> Embedder:
    """The embedder that `name`, written provider:model, stands for. `url` is where its
    server is or, of a model that runs here, the folder with its files. Nothing is loaded
    or asked yet. Raises ProviderError."""
    kind, _, model = name.partition(":")
    if kind == _BUNDLED:
        if name not in (_BUNDLED, BundledEmbedder.name):
            raise ProviderError(f"There is one bundled model: set FOOTNOTE_EMBEDDER to {_BUNDLED}.")
        return BundledEmbedder()
    provider = PROVIDERS.get(kind)
    if provider is None or not model:
        known = ", ".join(f"{provider}:MODEL" for provider in PROVIDERS)
        raise ProviderError(f"FOOTNOTE_EMBEDDER is “{name}”, and should be {_BUNDLED} or one of {known}.")
    require(provider.package, provider.extra, kind)
    if provider.key_from and not key:
        raise ProviderError(f"{kind} needs a key: set {provider.key_from}.")
    if provider.needs_url and not url:
        raise ProviderError(f"{kind} needs the address of its server: set FOOTNOTE_EMBEDDER_URL.")

    def load() -> tuple[Model, tuple[type[Exception], ...]]:
        failures: tuple[type[Exception], ...] = (
            *(resolve_name(failure) for failure in ("httpx:HTTPError", *provider.failures)),
            *_FAILURES,
        )
        try:
            return resolve_name(provider.model)(**provider.options(model, url, key)), failures
        except failures as error:
            raise ProviderError(f"{name} cannot be loaded: {told(error, key)}") from error

    weight = _DENSE_WEIGHTS.get(model.rpartition("/")[2].partition(":")[0].lower(), _DENSE_WEIGHT)
    traits = Traits(name, weight, provider.batch_size, provider.at_once, provider.is_paid)
    return ProvidedEmbedder(traits, load, key)


def require(package: str, extra: str, kind: str) -> None:
    """Raises ProviderError where an extra is not installed."""
    try:
        found = importlib.util.find_spec(package)
    except ModuleNotFoundError:  # nor what it would lie in
        found = None
    if found is None:
        raise ProviderError(f'{kind} is not installed: run `pip install "footnote[{extra}]"`.')
