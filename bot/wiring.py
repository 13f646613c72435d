"""The one place where parts are built."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import logs, settings
from bot.assistant import Assistant
from bot.composing import Composer, Prices
from bot.errors import NothingIndexedError, SettingsError
from bot.providers import open_model
from bot.writers.extractive import ExtractiveWriter
from bot.writers.llm import ModelWriter
from index.library import Library

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import URL

    from bot.settings import Settings


_SHARE = 0.75  # of the time for a question that a model may take: the rest is for telling of it
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
    return Library.open(settings.home, version_days=settings.version_days)


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


def assistant(library: Library, settings: Settings) -> Assistant:
    """Raises SettingsError."""
    return Assistant(library, ExtractiveWriter(library.embedder), composer(settings))


def composer(settings: Settings) -> Composer | None:
    """What answers in a language model's words; None where none is set. Raises SettingsError."""
    if not settings.model:
        return None
    seconds = _SHARE * settings.deadline
    model = open_model(settings.model, settings.model_url, _key(settings), seconds)
    prices = None
    if settings.model_price_in is not None and settings.model_price_out is not None:
        prices = Prices(settings.model_price_in, settings.model_price_out)
    return Composer(ModelWriter(model, settings.model_context), seconds, prices)


def _key(settings: Settings) -> str | None:
    """The model's key, or the one in its provider's own variable."""
    provider = (settings.model or "").partition(":")[0]
    given = settings.model_key or getattr(settings, f"{provider}_api_key", None)
    return given.get_secret_value() if given else None
