"""Is everything there, and is it well?"""

from __future__ import annotations

import asyncio
import platform
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from bot import wiring
from bot.errors import NothingIndexedError, SettingsError
from bot.settings import listed
from index.embedders.providers import OLLAMA
from index.errors import LibraryError
from index.library import Finding
from index.redaction import told

if TYPE_CHECKING:
    from bot.settings import Settings

_SECONDS = 3.0  # for a server to answer in
PACKAGES = ("footnote", "chromadb", "tantivy", "wordllama", "tiktoken", "llama-index-core", "slack-bolt")


def examine(settings: Settings) -> list[Finding]:
    """What is configured, what is installed, and how the library, the models and Slack are."""
    from bot.slack import health

    return [
        *map(_setting, listed(settings)),
        Finding("python", True, platform.python_version()),
        *map(_package, PACKAGES),
        *_library(settings),
        *_models(settings),
        *asyncio.run(health.examine(settings, wiring.database(settings))),
    ]


def _setting(line: str) -> Finding:
    name, _, value = line.partition("=")
    return Finding(name, True, value)


def _package(name: str) -> Finding:
    try:
        return Finding(name, True, version(name))
    except PackageNotFoundError:
        return Finding(name, False, f"is not installed; run `pip install {name}`.")


def _library(settings: Settings) -> list[Finding]:
    try:
        with wiring.open_filled_library(settings) as library:
            return library.health()
    except (LibraryError, NothingIndexedError) as error:
        return [Finding("library", False, str(error))]


def _models(settings: Settings) -> Iterator[Finding]:
    """The language model, the embedder and the reranker. One that runs here is tried; a server is
    called at, and asked for nothing, since that may cost."""
    try:
        if composer := wiring.composer(settings):
            asyncio.run(composer.close())
            yield _served("model", str(settings.model), settings.model_url)
    except SettingsError as error:
        yield Finding("model", False, str(error))
    if _is_served(settings.embedder, settings.embedder_url):
        yield _served("embedder's server", settings.embedder, settings.embedder_url)
    try:
        if reranker := wiring.reranker(settings):
            if _is_served(reranker.name, settings.reranker_url):
                yield _served("reranker", reranker.name, settings.reranker_url)
            else:
                reranker.score("Is it there?", ["It is."])
                yield Finding("reranker", True, f"{reranker.name} runs here")
    except LibraryError as error:
        yield Finding("reranker", False, str(error))


def _is_served(name: str, url: str | None) -> bool:
    return (url or "").startswith(("http://", "https://")) or name.startswith("ollama:")


def _served(what: str, name: str, url: str | None) -> Finding:
    if not _is_served(name, url):
        return Finding(what, True, f"{name}, which is not asked here: that would cost")
    import httpx

    address = url or OLLAMA
    try:
        httpx.head(address if "://" in address else f"http://{address}", timeout=_SECONDS)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        return Finding(what, False, f"{name} does not answer: {told(error)}")
    return Finding(what, True, f"{name} answers")
