"""What can be asked of Footnote: the table that its surfaces are derived from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from bot.summarizing.wording import wanted
from bot.types import Length, Question

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.assistant import Assistant
    from bot.composing import Heard
    from bot.types import Answer, Candidates, Lookup, Summary
    from index.records import StoredDocument

    Reply: TypeAlias = Answer | Summary | Candidates | Lookup | list[StoredDocument]
    Spaces: TypeAlias = frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Command:
    """`run` takes the text that follows the command's name and the spaces its asker may see."""

    name: str
    usage: str
    summary: str
    run: Callable[[Assistant, str, Spaces], Awaitable[Reply]]


async def ask(
    assistant: Assistant,
    text: str,
    spaces: Spaces,
    history: tuple[str, ...] = (),
    k: int = 5,
    heard: Heard | None = None,
) -> Answer:
    return await assistant.ask(Question(text, spaces, history), k, heard)


async def cite(assistant: Assistant, text: str, spaces: Spaces, context: int = 2) -> Lookup:
    return await assistant.cite(text, spaces, context)


async def sources(assistant: Assistant, text: str, spaces: Spaces) -> list[StoredDocument]:
    """`text` narrows the list to titles that hold it."""
    return [s for s in await assistant.sources(spaces) if text.casefold() in s.source.title.casefold()]


async def summarize(
    assistant: Assistant,
    text: str,
    spaces: Spaces,
    length: Length = Length.NORMAL,
    sentences: int | None = None,
) -> Summary | Candidates:
    """What `text` itself says of the length comes before `length` and `sentences`."""
    subject, length, sentences = wanted(text, length, sentences)
    return await assistant.summarize(subject, spaces, length, sentences)


COMMANDS = {
    command.name: command
    for command in (
        Command("ask", "QUESTION", "Answer a question from the documents, every sentence cited.", ask),
        Command(
            "cite", 'ID | "QUOTED WORDS"', "Show a cited passage in its place, or where words stand.", cite
        ),
        Command(
            "summarize",
            "TITLE | TOPIC [short | long]",
            "Sum up a document, a topic or the library, every line cited.",
            summarize,
        ),
        Command("sources", "[TITLE]", "List the documents in the library.", sources),
    )
}
