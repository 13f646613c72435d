"""How a command ends: an exit code, and on stderr one sentence where it failed."""

from __future__ import annotations

import logging
import sys
from typing import Any

import typer
from typer.core import TyperGroup

from bot.errors import (
    BotError,
    NothingFoundError,
    NothingIndexedError,
    QuestionError,
    SettingsError,
    UnconfirmedError,
)
from bot.text import one_line
from index.errors import (
    EmbedderMismatchError,
    HomeError,
    LibraryError,
    NewerLibraryError,
    OtherLibraryError,
    ProviderError,
)

DONE, FAILED, USAGE, NO_ANSWER, CONFIGURATION, INTERRUPTED = 0, 1, 2, 3, 4, 130
CODES: dict[type[Exception], int] = {
    QuestionError: USAGE,
    UnconfirmedError: USAGE,
    NothingFoundError: NO_ANSWER,
    SettingsError: CONFIGURATION,
    NothingIndexedError: CONFIGURATION,
    HomeError: CONFIGURATION,
    NewerLibraryError: CONFIGURATION,
    OtherLibraryError: CONFIGURATION,
    EmbedderMismatchError: CONFIGURATION,
    ProviderError: CONFIGURATION,
}
log = logging.getLogger(__name__)


class Guarded(TyperGroup):
    """A group whose commands return their exit code, and whose failures show no traceback."""

    def invoke(self, ctx: Any) -> None:
        try:
            code = super().invoke(ctx)
            sys.stdout.flush()
        except (typer.Exit, typer.Abort, typer.TyperException, BrokenPipeError):
            raise  # Typer's own, and a reader who has seen enough
        except KeyboardInterrupt as error:
            raise _ended("Stopped.", INTERRUPTED) from error
        except (BotError, LibraryError) as error:
            raise _ended(str(error), _code(error)) from error
        except Exception as error:  # the last resort: a bug, or a machine that fails us
            log.debug("Unexpected", exc_info=True)
            advice = "Please report it; with FOOTNOTE_LOG_LEVEL=debug it says where."
            raise _ended(f"Footnote failed: {type(error).__name__}: {error}. {advice}", FAILED) from error
        raise typer.Exit(code)


def complain(sentence: str) -> None:
    """One line on stderr."""
    typer.echo(one_line(sentence), err=True)


def _code(error: Exception) -> int:
    return next((CODES[kind] for kind in type(error).__mro__ if kind in CODES), FAILED)


def _ended(sentence: str, code: int) -> typer.Exit:
    complain(sentence)
    return typer.Exit(code)
