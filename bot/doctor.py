"""Is everything there, and is it well?"""

from __future__ import annotations

import asyncio
import platform
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from bot import wiring
from bot.errors import NothingIndexedError
from bot.settings import listed
from index.errors import LibraryError
from index.library import Finding

if TYPE_CHECKING:
    from bot.settings import Settings

PACKAGES = ("footnote", "chromadb", "tantivy", "wordllama", "tiktoken", "llama-index-core", "slack-bolt")


def examine(settings: Settings) -> list[Finding]:
    """What is configured, what is installed, and how the library and Slack are."""
    from bot.slack import health

    return [
        *map(_setting, listed(settings)),
        Finding("python", True, platform.python_version()),
        *map(_package, PACKAGES),
        *_library(settings),
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
