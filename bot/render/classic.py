"""Blocks for servers that know only the first kinds: the same words as sections, the same buttons
as plain ones. The words are escaped, and Slack is told to make no links of them."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Any

from bot.render.blocks import actions, escape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bot.render.blocks import Block, Element

_SECTION = 3000  # characters
_STYLING = re.compile("([*_~`])")
_WHOLE = re.compile("<[^<>]*>|&(?:amp|lt|gt);|\u2060.")  # what means something else when it is cut
_PREFORMATTED = "rich_text_preformatted"
_JOINER = "\u2060"  # in front of a character, keeps Slack from reading it as styling


def classic(blocks: Iterable[Block]) -> list[Block]:
    """The same blocks in the kinds that every server knows."""
    return [old for block in blocks for old in _KINDS.get(block["type"], _same)(block)]


def _same(block: Block) -> list[Block]:
    return [block]


def _sections(block: Block) -> list[Block]:
    """Rich text as sections; a block's name stays with the first of them."""
    groups = groupby(block["elements"], key=lambda element: element["type"] == _PREFORMATTED)
    texts = [text for fixed, group in groups for text in (_fenced if fixed else _running)(group)]
    sections: list[Block] = [
        {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}} for text in texts
    ]
    named = {"block_id": block["block_id"]} if "block_id" in block else {}
    return [sections[0] | named, *sections[1:]] if sections else []


def _running(elements: Iterable[Element]) -> list[str]:
    return _parts("\n".join(map(_lines, elements)), _SECTION)


def _fenced(elements: Iterable[Element]) -> list[str]:
    """Between fences nothing is styling but a fence."""
    text = "\n".join("".join(part["text"] for part in element["elements"]) for element in elements)
    return [f"```{part}```" for part in _parts(escape(text).replace("`", f"{_JOINER}`"), _SECTION - 6)]


def _lines(part: Element) -> str:
    text = "".join(map(_marked, part["elements"]))
    quoted = part["type"] == "rich_text_quote"
    return "\n".join(f">{line}" for line in text.split("\n")) if quoted else text


def _marked(element: Element) -> str:
    if element["type"] == "user":
        return f"<@{element['user_id']}>"
    text = _STYLING.sub(rf"{_JOINER}\1", escape(element["text"]))
    if element["type"] == "link":
        return f"<{escape(element['url'])}|{text.replace('|', '¦')}>"
    body = text.strip()
    if not element.get("style", {}).get("bold") or not body or "\n" in body:
        return text
    return text.replace(body, f"*{body}*", 1)


def _parts(text: str, most: int) -> list[str]:
    """A text in parts of at most `most` characters, each cut at white space where there is some, and
    never within an escaped character or a link."""
    parts = []
    while len(text) > most:
        cut = max(text.rfind("\n", 1, most), text.rfind(" ", 1, most), 0) or most
        across = (whole.start() for whole in _WHOLE.finditer(text) if whole.start() < cut < whole.end())
        cut = next(across, 0) or cut
        parts.append(text[:cut])
        text = text[cut:].lstrip()
    return [part for part in (*parts, text) if part.strip()]


def _feedback(block: Block) -> list[Block]:
    return actions([button for element in block["elements"] for button in _verdicts(element)])


def _verdicts(element: Element) -> Sequence[Element]:
    """Two buttons for one pair; an action's name may be there only once."""
    return [
        {"type": "button", "action_id": f"{element['action_id']}_{kind}", **element[f"{kind}_button"]}
        for kind in ("positive", "negative")
    ]


_KINDS: dict[str, Callable[[dict[str, Any]], list[Block]]] = {
    "rich_text": _sections,
    "context_actions": _feedback,
}
