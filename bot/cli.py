"""The terminal command `footnote`: its words, options and help. What it imports is light, so
that help and completion come at once; `bot.terminal` does the work."""

import os
import re
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands import COMMANDS
from bot.exits import Guarded
from bot.summarizing.wording import MOST_SENTENCES
from bot.text import one_line
from bot.types import Length

if TYPE_CHECKING:
    from bot.terminal import Terminal

_ADDRESS = re.compile(r"https://[^\s/?#]+(?:/[^\s?#]*)?")
app = typer.Typer(
    cls=Guarded,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Answers from your own documents, every sentence cited to an exact span.",
    epilog="Exit codes: 0 done, 1 failed, 2 usage, 3 no supported answer, 4 configuration.",
)


def _terminal(home: Path | None) -> "Terminal":
    from bot.terminal import Terminal

    return Terminal(home)


def _home(ctx: typer.Context, given: Path | None) -> Path | None:
    """`--home` counts before a command's name and after it."""
    return given or (ctx.parent.params.get("home") if ctx.parent else None)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"footnote {version('footnote')}")
        raise typer.Exit


def _space(name: str) -> str:
    if not name or name != one_line(name):
        raise typer.BadParameter("a space's name is a word or a few, on one line.")
    return name


def _address(url: str | None) -> str | None:
    if url is not None and not _ADDRESS.fullmatch(url):
        raise typer.BadParameter("Slack needs a public address such as https://bot.example.com.")
    return url


def _spaces(named: list[str] | None) -> frozenset[str] | None:
    return frozenset(named) if named else None


Home = Annotated[
    Path | None,
    typer.Option("--home", metavar="DIR", callback=_home, help="Where the library lives (FOOTNOTE_HOME)."),
]
Space = Annotated[
    list[str] | None, typer.Option("--space", metavar="S", help="Look in this space only; may be repeated.")
]
K = Annotated[int, typer.Option("-k", min=1, max=50, metavar="N", help="How many passages to read.")]
Into = Annotated[
    str, typer.Option("--space", metavar="S", callback=_space, help="The space they belong to.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one line of JSON.")]
Version = Annotated[
    bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
]


@app.callback()
def footnote(home: Home = None, version: Version = False) -> None:
    """Both options act through their callbacks."""


@app.command()
def index(
    paths: Annotated[list[Path] | None, typer.Argument(metavar="PATH", help="Files and folders.")] = None,
    space: Into = "default",
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Make the whole index anew.")] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Do not ask before many tokens go to a paid embedder.")
    ] = False,
    json: Json = False,
    home: Home = None,
) -> int:
    """Read documents into the library: new and changed ones in, vanished ones out."""
    if not paths and not rebuild:
        raise typer.BadParameter("name at least one file or folder.", param_hint="PATH")
    return _terminal(home).index(paths or [], space, rebuild, yes, json)


@app.command()
def remove(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH", help="Files and folders.")],
    space: Into = "default",
    json: Json = False,
    home: Home = None,
) -> int:
    """Take documents out of a space of the library; their files stay."""
    return _terminal(home).remove(paths, space, json)


@app.command(help=COMMANDS["ask"].summary)
def ask(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="In words; - reads it from stdin.")],
    space: Space = None,
    k: K = 5,
    json: Json = False,
    home: Home = None,
) -> int:
    return _terminal(home).ask(question, _spaces(space), k, json)


@app.command()
def chat(space: Space = None, k: K = 5, home: Home = None) -> int:
    """Ask in a conversation, a question a line; "exit" or the end of the input ends it."""
    return _terminal(home).chat(_spaces(space), k)


@app.command(help=COMMANDS["cite"].summary)
def cite(
    reference: Annotated[
        str, typer.Argument(metavar=COMMANDS["cite"].usage, help="- reads it from stdin.")
    ],
    context: Annotated[int, typer.Option(min=0, max=50, metavar="N", help="Sentences on either side.")] = 2,
    quotation: Annotated[
        bool, typer.Option("--quotation", help="Print it as a quotation with its reference.")
    ] = False,
    space: Space = None,
    json: Json = False,
    home: Home = None,
) -> int:
    return _terminal(home).cite(reference, _spaces(space), context, quotation, json)


@app.command(help=COMMANDS["summarize"].summary)
def summarize(
    subject: Annotated[
        str,
        typer.Argument(metavar="SUBJECT", help="A document, a topic or a space; nothing for everything."),
    ] = "",
    length: Annotated[Length, typer.Option(help="How long.")] = Length.NORMAL,
    sentences: Annotated[
        int | None, typer.Option(min=1, max=MOST_SENTENCES, metavar="N", help="Exactly so many lines.")
    ] = None,
    space: Space = None,
    json: Json = False,
    home: Home = None,
) -> int:
    return _terminal(home).summarize(subject, _spaces(space), length, sentences, json)


@app.command(help=COMMANDS["sources"].summary)
def sources(
    title: Annotated[
        str, typer.Argument(metavar=COMMANDS["sources"].usage, help="Words of the title.")
    ] = "",
    space: Space = None,
    json: Json = False,
    home: Home = None,
) -> int:
    return _terminal(home).sources(title, _spaces(space), json)


@app.command()
def serve(
    http: Annotated[bool, typer.Option("--http", help="Signed HTTP in place of Socket Mode.")] = False,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where to listen, with --http.")] = 3000,
    home: Home = None,
) -> int:
    """Answer in Slack, until stopped."""
    return _terminal(home).serve(http, port)


@app.command()
def manifest(
    http: Annotated[
        str | None,
        typer.Option(
            "--http", metavar="URL", callback=_address, help="The public address of `serve --http`."
        ),
    ] = None,
    home: Home = None,
) -> int:
    """Print the manifest that makes the Slack app."""
    return _terminal(home).manifest(http)


@app.command()
def doctor(home: Home = None) -> int:
    """Check what is configured and installed, and whether the index is healthy."""
    return _terminal(home).doctor()


@app.command()
def config(home: Home = None) -> int:
    """Show the settings in force, as lines of an .env file; secrets are hidden."""
    return _terminal(home).config()


def main() -> None:
    """The entry point. Input and output that are no text lose a character, not the run."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        app(prog_name="footnote")
    finally:
        _let_go()


def _let_go() -> None:
    """Python writes out at its very end what is left, and would complain where it cannot."""
    try:
        sys.stdout.flush()
    except OSError:  # which `Guarded` has reported
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
