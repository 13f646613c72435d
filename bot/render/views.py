"""What opens over Slack's messages, and the app's Home. A modal's `private_metadata` carries what
its listener must know, as JSON of at most 3,000 characters."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from bot.citing import news, place, version
from bot.citing import quotation as as_quotation
from bot.render.blocks import (
    TITLE_TEXT,
    actions,
    button,
    context,
    divider,
    header,
    opener,
    plain_text,
    preformatted,
    rich_text,
    section,
    words,
)
from bot.render.blocks import quotation as quoting
from bot.text import one_line, shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.render.blocks import Block, Element
    from bot.state import Answered
    from bot.types import Citation, CitedPassage
    from index.records import StoredDocument

_AROUND = 1500  # characters on either side of a quote
_QUOTE = 8000
_RECENT = 200
_PLACE = 300
_QUESTION = 3000


def passage(shown: CitedPassage, quoted: str) -> dict[str, Any]:
    """A passage in its place, with ways to read on; `quoted` is the id that was opened first."""
    citation = shown.citation
    before, after = shown.before[-_AROUND:], shown.after[:_AROUND]
    marked = {"bold": True} if citation.id == quoted else {}
    text = section(words(before), words(citation.quote[:_QUOTE], **marked), words(after))
    span = f"characters {citation.start:,} to {citation.end:,}"
    name = PurePath(one_line(citation.document)).name
    where = f"{name}, {version(shown)}, {span}, id {citation.id}"
    turns = [
        button(label, action, target)
        for label, action, target in (
            ("◀ Previous", "passage_previous", shown.earlier),
            ("Back to the quote", "passage_quote", quoted if citation.id != quoted else ""),
            ("Next ▶", "passage_next", shown.later),
            ("What stands there now", "passage_now", shown.now.id if shown.now else ""),
            ("Copy as quotation", "quotation", citation.id),
        )
        if target
    ]
    original = [opener("Open original", "open_original", citation.url)] if citation.url else []
    marked_as = section(words(news(shown), italic=True))
    blocks = [
        rich_text([section(words(shortened(place(citation), _PLACE), bold=True)), marked_as]),
        rich_text([text]),
        *([_now(shown.now)] if shown.now else []),
        context(where),
        *actions([*turns, *original]),
    ]
    return _modal("passage", "In its place", blocks, quoted, close="Close")


def quotation(shown: CitedPassage, quoted: str) -> dict[str, Any]:
    """The same as a quotation to copy, with its reference."""
    citation = shown.citation
    short = replace(shown, citation=replace(citation, quote=citation.quote[:_QUOTE]))
    back = button("Back to the passage", "passage_back", citation.id)
    blocks = [rich_text([preformatted(as_quotation(short))]), *actions([back])]
    return _modal("passage", "As a quotation", blocks, quoted, close="Close")


def sorry(text: str) -> dict[str, Any]:
    """One sentence, where something else was to open."""
    return _modal("sorry", "Footnote", [rich_text([section(words(text))])], close="Close")


def ask_about(text: str, carried: dict[str, str | None]) -> dict[str, Any]:
    """A question to put, begun with the words of a message."""
    entry = _input("question", "Your question", shortened(text, _QUESTION))
    return _modal("ask_about", "Ask about this", [entry], carried, submit="Ask", close="Cancel")


def not_helpful(request_id: str) -> dict[str, Any]:
    entry = _input("reason", "What was missing or wrong?", optional=True)
    return _modal("not_helpful", "Not helpful", [entry], request_id, submit="Send", close="Cancel")


def ask_person(request_id: str) -> dict[str, Any]:
    select = {
        "type": "users_select",
        "action_id": "value",
        "placeholder": plain_text("Choose somebody", 75),
    }
    person = {
        "type": "input",
        "block_id": "person",
        "label": plain_text("Who may know?", 75),
        "element": select,
    }
    entry = _input("note", "Anything to add?", optional=True)
    return _modal("ask_person", "Ask a person", [person, entry], request_id, submit="Ask", close="Cancel")


def home(
    documents: Sequence[StoredDocument], recent: Sequence[Answered], commands: Sequence[str]
) -> dict[str, Any]:
    """What the library holds, how to ask, and what this asker asked last."""
    blocks = [
        header("Answers from your own documents"),
        rich_text([section(words(_holdings(documents)))]),
        divider(),
        header("How to ask"),
        rich_text([section(words(_HOW))]),
        rich_text([section(words("\n".join(commands)))]),
        divider(),
        header("Your recent questions"),
        *([block for answered in recent for block in _recent(answered)] or [context("None yet.")]),
    ]
    return {"type": "home", "blocks": blocks}


_HOW = (
    "Write to me here under Messages, mention me in a channel, or use a command.\n"
    "Every sentence of an answer carries a number; its button opens the words it rests on.\n"
    "For what people wrote, choose Summarize this thread in the menu of a message, or give /summarize a "
    "channel and since when."
)


def _now(citation: Citation) -> Block:
    where = f"Now: {shortened(place(citation), _PLACE)}"
    return rich_text([section(words(where, bold=True)), quoting(words(citation.quote[:_QUOTE]))])


def _recent(answered: Answered) -> list[Block]:
    asked = section(words(shortened(answered.answer.question, _RECENT), bold=True))
    blocks = [rich_text([asked, quoting(words(shortened(answered.answer.text, _RECENT)))])]
    buttons = [
        button(f"[{citation.n}] {citation.title}", f"cite_{citation.n}", citation.id)
        for citation in answered.answer.citations[:5]
    ]
    return [*blocks, *actions(buttons)]


def _holdings(documents: Sequence[StoredDocument]) -> str:
    if not documents:
        return "The library holds no documents yet; an admin fills it with footnote index."
    spaces = {document.source.space for document in documents}
    latest = max(document.indexed_at for document in documents)[:16].replace("T", " ")
    held = f"{len(documents):,} documents" if len(documents) > 1 else "1 document"
    among = f" in {len(spaces)} spaces" if len(spaces) > 1 else ""
    return f"The library holds {held}{among}, last indexed {latest} (UTC)."


def _input(block_id: str, label: str, initial: str = "", optional: bool = False) -> Block:
    element: Element = {
        "type": "plain_text_input",
        "action_id": "value",
        "multiline": True,
        "max_length": 3000,
    }
    if initial:
        element["initial_value"] = initial
    labelled = plain_text(label, 75)
    return {
        "type": "input",
        "block_id": block_id,
        "label": labelled,
        "element": element,
        "optional": optional,
    }


def _modal(
    callback: str, title: str, blocks: Sequence[Block], carried: Any = None, *, close: str, submit: str = ""
) -> dict[str, Any]:
    view = {
        "type": "modal",
        "callback_id": callback,
        "title": plain_text(title, TITLE_TEXT),
        "close": plain_text(close, TITLE_TEXT),
        "blocks": list(blocks),
        "private_metadata": json.dumps(carried, ensure_ascii=False),
    }
    return view | ({"submit": plain_text(submit, TITLE_TEXT)} if submit else {})
