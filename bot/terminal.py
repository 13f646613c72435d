"""The terminal surface: runs a parsed command, prints what comes of it, returns the exit code."""

from __future__ import annotations

import asyncio
import importlib
import os
import sys
from contextlib import contextmanager, suppress
from json import dumps
from typing import TYPE_CHECKING

import typer

from bot import citing, commands, doctor, logs, settings, wiring
from bot.errors import QuestionError, UnconfirmedError
from bot.exits import DONE, FAILED, NO_ANSWER, complain
from bot.render import json as as_json
from bot.render import terminal as rendered
from bot.render.progress import follow
from bot.text import one_line
from bot.types import Candidates, Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from rich.console import RenderableType

    from bot.assistant import Assistant
    from bot.commands import Spaces
    from bot.types import Claim, Length

ENOUGH = 100_000  # characters of stdin: more than any question or quote may have


class Terminal:
    """What stands behind the commands. `home` comes before the environment's."""

    def __init__(self, home: Path | None) -> None:
        self._settings = wiring.settle(home)
        self._out = rendered.console()

    def index(self, paths: Sequence[Path], space: str, rebuild: bool, yes: bool, json: bool) -> int:
        """Fails where nothing could be read, or a path that was named is not there; files in a folder
        that fail are only reported."""
        with wiring.open_library(self._settings) as library:
            if library.embedder.is_paid and not yes:
                tokens = library.tokens_to_embed(paths, space, rebuild=rebuild)
                _agree(tokens, self._settings.confirm_tokens, library.embedder.name)
            done = follow(library.sync(paths, space, rebuild=rebuild), rendered.console(stderr=True))
        self._print(as_json.synced(done) if json else rendered.synced(done))
        if paths and not (done.added or done.changed or done.removed or done.unchanged):
            complain("No document could be read there.")
            return FAILED
        missing = {os.path.abspath(path) for path in paths if not os.path.exists(path)}  # noqa: PTH100, PTH110 - neither follows links nor raises
        return FAILED if any(failure.path in missing for failure in done.failed) else DONE

    def remove(self, paths: Sequence[Path], space: str, json: bool) -> int:
        with wiring.open_filled_library(self._settings) as library:
            _check(frozenset([space]), library.spaces())
            done = follow(library.remove(paths, space), rendered.console(stderr=True))
        self._print(as_json.synced(done) if json else rendered.synced(done))
        if not done.removed:
            complain(f"No document of the space “{space}” stands there; `footnote sources` lists all.")
            return FAILED
        return DONE

    def ask(self, question: str, spaces: Spaces, k: int, json: bool) -> int:
        text = _given(question)
        told: list[Claim] = []

        async def hear(claim: Claim) -> None:
            told.append(claim)
            self._print(rendered.claim(claim))

        heard = hear if self._out.is_terminal and not json else None
        with self._assistant(spaces) as assistant, asyncio.Runner() as runner:
            answer = runner.run(commands.ask(assistant, text, spaces, k=k, heard=heard))
            runner.run(assistant.close())
        self._print(as_json.answer(answer) if json else rendered.answer(answer, len(told)))
        return NO_ANSWER if answer.status is Status.NOT_FOUND else DONE

    def chat(self, spaces: Spaces, k: int) -> int:
        history: tuple[str, ...] = ()
        with self._assistant(spaces) as assistant, asyncio.Runner() as runner:
            for text in _typed():
                try:
                    answer = runner.run(commands.ask(assistant, text, spaces, history, k))
                except QuestionError as error:
                    complain(str(error))
                    continue
                self._print(rendered.answer(answer))
                self._print("")
                if answer.status is not Status.SMALL_TALK:
                    history = (*history, answer.question)
            runner.run(assistant.close())
        return DONE

    def cite(self, reference: str, spaces: Spaces, context: int, quotation: bool, json: bool) -> int:
        """What comes closest to words that stand nowhere is shown, and is no success."""
        text = _given(reference)
        with self._assistant(spaces) as assistant:
            found = asyncio.run(commands.cite(assistant, text, spaces, context))
        if json:
            self._print(as_json.cited(text, found))
        elif quotation and found.passages:
            self._print("\n\n".join(map(citing.quotation, found.passages)))
        elif found.passages or found.closest:
            self._print(rendered.cited(found))
        if found.note:
            complain(found.note)
        return DONE if found.passages else NO_ANSWER

    def summarize(
        self, subject: str, spaces: Spaces, length: Length, sentences: int | None, json: bool
    ) -> int:
        text = _given(subject)
        with (
            self._assistant(spaces) as assistant,
            asyncio.Runner() as runner,
            rendered.working("Summing up"),
        ):
            given = runner.run(commands.summarize(assistant, text, spaces, length, sentences))
            runner.run(assistant.close())
        if isinstance(given, Candidates):
            self._print(as_json.candidates(given) if json else rendered.candidates(given))
            complain("Several documents have that name: give the whole title, the path or the key.")
            return NO_ANSWER
        self._print(as_json.summary(given) if json else rendered.summary(given))
        return DONE

    def sources(self, title: str, spaces: Spaces, json: bool) -> int:
        with self._assistant(spaces) as assistant:
            listing = asyncio.run(commands.sources(assistant, title, spaces))
        if json:
            self._print(as_json.sources(listing))
        elif self._out.is_terminal:
            self._print(rendered.sources(listing))
        else:
            sys.stdout.writelines(f"{line}\n" for line in rendered.source_lines(listing))
        return DONE

    def serve(self, http: bool, port: int) -> int:
        from bot.slack import serve

        async def run() -> None:
            database = wiring.database(self._settings)
            assistant = wiring.assistant(library, self._settings)
            async with serve.opened(assistant, self._settings, database, http=http) as app:
                if http:
                    await serve.over_http(app, port, lambda: complain(f"Listening on port {port}."))
                else:
                    await serve.over_socket(app, self._settings, lambda: complain("Connected to Slack."))
            await assistant.close()

        logs.configure(self._settings.log_level, as_json=not sys.stderr.isatty())
        with wiring.open_library(self._settings) as library:
            asyncio.run(run())
        return DONE

    def manifest(self, url: str | None) -> int:
        from bot.slack.manifest import manifest

        self._print(dumps(manifest(url), indent=2))
        return DONE

    def doctor(self) -> int:
        found = doctor.examine(self._settings)
        self._print(rendered.findings(found))
        return DONE if all(finding.ok for finding in found) else FAILED

    def config(self) -> int:
        for line in settings.listed(self._settings):
            self._print(one_line(line))
        return DONE

    @contextmanager
    def _assistant(self, spaces: Spaces) -> Iterator[Assistant]:
        with wiring.open_filled_library(self._settings) as library:
            _check(spaces, library.spaces())
            yield wiring.assistant(library, self._settings)

    def _print(self, content: str | RenderableType) -> None:
        """A string goes out as it is and in UTF-8, whatever the locale: it may be JSON."""
        if isinstance(content, str):
            typer.echo(content.encode())
        else:
            self._out.print(content)


def _agree(tokens: int, most: int, name: str) -> None:
    """Asks whether more than `most` tokens may be sent. Raises UnconfirmedError."""
    if tokens <= most:
        return
    said = f"{tokens:,} tokens would go to {name}, which charges for them"
    if not _is_person():
        raise UnconfirmedError(
            f"{said}: run it again with --yes, or set {settings.variable('confirm_tokens')} higher."
        )
    if not typer.confirm(f"{said}. Go on?", err=True):
        raise UnconfirmedError("Nothing was sent.")


def _check(spaces: Spaces, known: Sequence[str]) -> None:
    """Raises QuestionError for a space that is not there: whoever sits here may know of all."""
    if unknown := sorted((spaces or frozenset()).difference(known)):
        named = ", ".join(f"“{name}”" for name in unknown)
        raise QuestionError(f"No space is called {named}; there are: {', '.join(sorted(known))}.")


def _is_person() -> bool:
    """Whether somebody sits there who reads a question and answers it."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def _given(argument: str) -> str:
    """The argument itself, or stdin for "-"."""
    return sys.stdin.read(ENOUGH) if argument == "-" else argument


def _typed() -> Iterator[str]:
    """The lines of stdin until "exit"; with a prompt and line editing for a person."""
    person = sys.stdin.isatty() and sys.stdout.isatty()
    if person:
        with suppress(ImportError):  # not every platform has it
            importlib.import_module("readline")
    while True:
        try:
            line = input("› " if person else "").strip()
        except EOFError:
            typer.echo(nl=person)  # the shell's prompt begins a line of its own
            return
        if line.casefold() in {"exit", "quit"}:
            return
        if line:
            yield line
