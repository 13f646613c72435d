"""The one place where parts are built."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from bot import logs, settings
from bot.assistant import Assistant
from bot.composing import Composer, Prices
from bot.errors import NothingIndexedError, SettingsError
from bot.providers import open_model
from bot.writers.extractive import ExtractiveWriter
from bot.writers.llm import ModelWriter
from index.embedders import BundledEmbedder
from index.embedders.providers import open_embedder
from index.library import Library
from index.rerankers import open_reranker

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import SecretStr
    from sqlalchemy import URL

    from bot.settings import Settings
    from index.embedders import Embedder
    from index.rerankers import Reranker


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
        url = url.set(drivername=_DRIVERS[url.get_backend_name()])
    except (ArgumentError, KeyError) as error:
        raise SettingsError("DATABASE_URL should read postgresql://user:password@host/database.") from error
    return _over_asyncpg(url) if url.get_backend_name() == "postgresql" else url


def _over_asyncpg(url: URL) -> URL:
    """The same, with PostgreSQL's own parameters ("sslmode") where asyncpg reads them. Raises
    SettingsError."""
    if find_spec("asyncpg") is None:
        advice = 'pip install "footnote[postgres]"'
        raise SettingsError(f"DATABASE_URL=postgresql:… needs a package more: {advice}.")
    given = {"sslmode" if name == "ssl" else name: value for name, value in url.query.items()}
    return url.set(query={"dsn": f"postgresql:///?{urlencode(given, doseq=True)}"} if given else {})


def open_library(settings: Settings) -> Library:
    """The library, made if it is not there yet. Raises LibraryError."""
    return Library.open(settings.home, embedder(settings), settings.version_days, reranker(settings))


def embedder(settings: Settings) -> Embedder:
    """What is set; nothing is loaded or asked yet. Raises ProviderError."""
    key = _key(settings, settings.embedder, settings.embedder_key)
    return open_embedder(settings.embedder, settings.embedder_url, key)


def reranker(settings: Settings) -> Reranker | None:
    """What is set, if anything. Raises ProviderError."""
    if not settings.reranker:
        return None
    key = settings.reranker_key.get_secret_value() if settings.reranker_key else None
    return open_reranker(settings.reranker, settings.reranker_url, key)


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
    return Assistant(library, ExtractiveWriter(BundledEmbedder()), composer(settings))


def composer(settings: Settings) -> Composer | None:
    """What answers in a language model's words; None where none is set. Raises SettingsError."""
    if not settings.model:
        return None
    seconds = _SHARE * settings.deadline
    key = _key(settings, settings.model, settings.model_key)
    model = open_model(settings.model, settings.model_url, key, seconds, settings.model_context)
    prices = None
    if settings.model_price_in is not None and settings.model_price_out is not None:
        prices = Prices(settings.model_price_in, settings.model_price_out)
    return Composer(ModelWriter(model, settings.model_context), seconds, prices)


def _key(settings: Settings, name: str, given: SecretStr | None) -> str | None:
    """The key that was given, or the one in the own variable of provider:model."""
    key = given or getattr(settings, f"{name.partition(':')[0]}_api_key", None)
    return key.get_secret_value() if key else None
