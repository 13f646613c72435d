import errno
import logging

import pytest
import typer
from typer.testing import CliRunner

from bot import errors as bot_errors
from bot.exits import Guarded
from index import errors as index_errors


def ending_with(outcome: BaseException | int):
    """What a command ends like that raises or returns `outcome`."""
    app = typer.Typer(cls=Guarded, pretty_exceptions_enable=False)

    @app.callback()
    def group() -> None:
        pass

    @app.command()
    def run() -> int:
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    return CliRunner().invoke(app, ["run"])


@pytest.mark.parametrize("code", [0, 1, 3])
def test_a_command_ends_with_the_code_it_returns(code):
    assert ending_with(code).exit_code == code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (bot_errors.QuestionError("Ask a question in words."), 2),
        (bot_errors.SettingsError("FOOTNOTE_LOG_LEVEL should be 'info'."), 4),
        (bot_errors.NothingIndexedError("Run `footnote index PATH` first."), 4),
        (index_errors.HomeError("It is read-only."), 4),
        (index_errors.NewerLibraryError("Upgrade Footnote."), 4),
        (index_errors.OtherLibraryError("Move it away."), 4),
        (index_errors.EmbedderMismatchError("Run `footnote index --rebuild`."), 4),
        (index_errors.LockedError("Wait for it."), 1),
        (index_errors.UnfinishedError("Ask again."), 1),
        (index_errors.LibraryError("No."), 1),
    ],
)
def test_an_error_ends_as_its_own_sentence_and_its_code(error, code):
    result = ending_with(error)
    assert (result.exit_code, result.stdout, result.stderr) == (code, "", f"{error}\n")


def test_a_kind_of_configuration_error_ends_like_one():
    class ReadOnlyHomeError(index_errors.HomeError):
        """The library's folder is read-only."""

    assert ending_with(ReadOnlyHomeError()).exit_code == 4


def test_an_interrupt_ends_with_130_and_one_line():
    result = ending_with(KeyboardInterrupt())
    assert (result.exit_code, result.stderr) == (130, "Stopped.\n")


@pytest.mark.parametrize(
    "error", [ValueError("first\nsecond\x1b[31m"), OSError(errno.ENOSPC, "No space left"), MemoryError()]
)
def test_a_bug_ends_as_one_line_without_a_traceback(error):
    result = ending_with(error)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"Footnote failed: {type(error).__name__}")
    assert len(result.stderr.splitlines()) == 1
    assert "\x1b" not in result.stderr
    assert "Traceback" not in result.stderr


def test_a_bugs_traceback_is_logged_at_debug(caplog):
    with caplog.at_level(logging.DEBUG, logger="bot"):
        ending_with(ValueError("odd"))
    assert "Traceback" in caplog.text


def test_a_reader_who_has_seen_enough_is_no_failure_to_speak_of():
    result = ending_with(BrokenPipeError(errno.EPIPE, "Broken pipe"))
    assert result.stderr == ""
