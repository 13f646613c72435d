from collections.abc import Sequence

from typer.main import get_command

from bot.assistant import Assistant
from bot.cli import app
from bot.commands import COMMANDS
from bot.errors import NothingFoundError
from bot.types import Draft, Passage
from index.library import Library


class Silent:
    """A writer that never has an answer."""

    def write(self, question: str, passages: Sequence[Passage]) -> Draft:  # noqa: ARG002 -- a Writer
        return Draft((), confidence=0.0)


def test_the_terminal_has_every_command_of_the_table():
    assert COMMANDS.keys() <= get_command(app).commands.keys()


async def test_every_command_runs_on_a_text_within_the_askers_spaces(home):
    with Library.open(home) as library:
        assistant = Assistant(library, Silent())
        for command in COMMANDS.values():
            try:
                reply: object = await command.run(assistant, "director", frozenset({"default"}))
            except NothingFoundError as error:
                reply = error
            assert "90,000" not in repr(reply)
            assert "pay.md" not in repr(reply)


async def test_quotation_marks_around_quoted_words_do_not_count(home):
    with Library.open(home) as library:
        cite = COMMANDS["cite"].run
        for words in ("team lead", '"team lead"', "“team lead”", "«team lead» "):
            (passage,) = (await cite(Assistant(library, Silent()), words, None)).passages
            assert passage.citation.quote == "team lead"
