"""Slack's building blocks, made of text alone: what a document or a person wrote becomes words
on the screen, and never a mention, a link or an image."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

from bot.text import one_line, plain, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Block: TypeAlias = dict[str, Any]
Element: TypeAlias = dict[str, Any]

BUTTON_TEXT, BUTTON_VALUE, HEADER_TEXT, TITLE_TEXT = 75, 2000, 150, 24  # characters
_BUTTONS = 25  # in a block of actions
# What Slack would make a link of: an address with a scheme, with www. or of mail. A scheme or a name is
# not looked for without end: a long text without spaces would take seconds.
_ADDRESS = re.compile(
    r"[a-z][a-z0-9+.-]{0,40}://\S+|mailto:\S+|\bwww\.\S+|[\w.+-]{1,64}@[\w-]+\.\w[\w.-]*",
    re.IGNORECASE,
)


def words(text: str, **style: bool) -> list[Element]:
    """Elements of rich text that show `text` as it is; addresses stand as code, which Slack
    does not turn into links."""
    clean, elements, done = plain(text), [], 0
    for address in _ADDRESS.finditer(clean):
        elements.append(_element(clean[done : address.start()], style))
        elements.append(_element(address[0], style | {"code": True}))
        done = address.end()
    elements.append(_element(clean[done:], style))
    return [element for element in elements if element["text"]]


def section(*parts: Sequence[Element]) -> Element:
    return {"type": "rich_text_section", "elements": [element for part in parts for element in part]}


def quotation(*parts: Sequence[Element]) -> Element:
    return {"type": "rich_text_quote", "elements": [element for part in parts for element in part]}


def link(address: str, text: str) -> list[Element]:
    """Leads to an address that is known to be good, such as one that Slack itself gave: never to one
    that a document, a person or a model brought up."""
    return [{"type": "link", "url": address, "text": one_line(text)}]


def preformatted(text: str) -> Element:
    """Text to be copied, line by line as it is."""
    return {"type": "rich_text_preformatted", "elements": words(text)}


def mention(user: str) -> list[Element]:
    """Calls somebody: never for a name that a document or a model brought up."""
    return [{"type": "user", "user_id": user}]


def rich_text(elements: Iterable[Element]) -> Block:
    """A block of sections and quotations; those without words are left out, as Slack demands."""
    worded = [element for element in elements if element["elements"]]
    return {"type": "rich_text", "elements": worded or [section(words("–"))]}


def header(text: str) -> Block:
    return {"type": "header", "text": plain_text(text, HEADER_TEXT)}


def context(text: str) -> Block:
    return {"type": "context", "elements": [plain_text(text, BUTTON_VALUE)]}


def divider() -> Block:
    return {"type": "divider"}


def _element(text: str, style: dict[str, bool]) -> Element:
    return {"type": "text", "text": text} | ({"style": style} if style else {})


def plain_text(text: str, limit: int) -> Element:
    return {"type": "plain_text", "text": shortened(text, limit) or "–", "emoji": False}


def button(label: str, action: str, value: str, **more: str) -> Element:
    """`action` tells the listeners what to do, with `value`."""
    text = plain_text(label, BUTTON_TEXT)
    return {"type": "button", "text": text, "action_id": action, "value": value[:BUTTON_VALUE], **more}


def opener(label: str, action: str, url: str) -> Element:
    """A button that opens `url`: never an address that a document or a model merely mentions."""
    text = plain_text(label, BUTTON_TEXT)
    return {"type": "button", "text": text, "action_id": action, "url": url}


def actions(buttons: Sequence[Element]) -> list[Block]:
    """As many blocks as the buttons need."""
    return [
        {"type": "actions", "elements": list(buttons[first : first + _BUTTONS])}
        for first in range(0, len(buttons), _BUTTONS)
    ]


def escaped(text: str) -> str:
    """For the places that are text alone, such as a notification: Slack reads no markup in it."""
    return escape(one_line(text))


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
