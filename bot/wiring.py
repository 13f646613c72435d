"""The one place where parts are built."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import logs, settings
from bot.assistant import Assistant
from bot.errors import NothingIndexedError, SettingsError
from bot.writers.extractive import ExtractiveWriter
from index.embedders import BundledEmbedder
from index.embedders.providers import open_embedder
from index.library import Library

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import URL

    from bot.settings import Settings
    from index.embedders import Embedder


_STATE = "state.sqlite3"
_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+asyncpg",
    "postgres": "postgresql+asyncpg",
}


def settle(home: Path | None) -> Settings:
    """The settings in force, `home` before all others; logging follows them."""
    in_force = settings.load(home)
    logs.configure(in_force.log_level)
    return in_force


def database(settings: Settings) -> URL:
    """Where requests are kept. Raises SettingsError."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    given = settings.database_url
    if given is None:
        return make_url("sqlite+aiosqlite://").set(database=str(settings.home / _STATE))
    try:
        url = make_url(given.get_secret_value())
        return url.set(drivername=_DRIVERS[url.get_backend_name()])
    except (ArgumentError, KeyError) as error:
        raise SettingsError("DATABASE_URL should read postgresql://user:password@host/database.") from error


def open_library(settings: Settings) -> Library:
    """The library, made if it is not there yet. Raises LibraryError."""
    return Library.open(settings.home, embedder(settings))


def embedder(settings: Settings) -> Embedder:
    """What is set; nothing is loaded or asked yet. Raises ProviderError."""
    key = settings.embedder_key
    if key is None and settings.embedder.startswith("openai:"):
        key = settings.openai_api_key
    return open_embedder(settings.embedder, settings.embedder_url, key.get_secret_value() if key else None)


def open_filled_library(settings: Settings) -> Library:
    """A library to ask. Raises NothingIndexedError, and makes no folder, when nothing is there."""
    advice = "The library holds no documents yet: run `footnote index PATH` first."
    if not settings.home.exists():
        raise NothingIndexedError(advice)
    library = open_library(settings)
    if not library.counts()[0]:
        library.close()
        raise NothingIndexedError(advice)
    return library


def assistant(library: Library) -> Assistant:
    return Assistant(library, ExtractiveWriter(BundledEmbedder()))
