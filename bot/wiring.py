"""The one place where parts are built."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import logs, settings
from bot.assistant import Assistant
from bot.errors import NothingIndexedError
from bot.writers.extractive import ExtractiveWriter
from index.library import Library

if TYPE_CHECKING:
    from pathlib import Path

    from bot.settings import Settings


def settle(home: Path | None) -> Settings:
    """The settings in force, `home` before all others; logging follows them."""
    in_force = settings.load(home)
    logs.configure(in_force.log_level)
    return in_force


def open_library(settings: Settings) -> Library:
    """The library, made if it is not there yet. Raises LibraryError."""
    return Library.open(settings.home)


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
    return Assistant(library, ExtractiveWriter(library.embedder))
