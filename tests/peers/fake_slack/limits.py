"""How long and how many: what Slack's schemas leave out (docs.slack.dev, Block Kit reference)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

MESSAGE_BLOCKS = 50
MESSAGE_CHARACTERS = 13_200  # observed; Slack names no figure for msg_blocks_too_long
MARKDOWN_CHARACTERS = 12_000  # in all of a message's markdown blocks
UPDATE_BYTES = 4_000
POST_CHARACTERS = 40_000
METADATA_CHARACTERS = 8_000
PROMPTS = 4
LOADING_CHARACTERS = 50
TITLE_CHARACTERS = 200

_ID = {"block_id": 255, "action_id": 255}
_VIEW = {"blocks": 100, "private_metadata": 3000, "callback_id": 255, "external_id": 255}
_OPTIONS = {"text": 75, "value": 150, "description": 75, "url": 3000}
_FEEDBACK = {"text": 75, "value": 2000, "accessibility_label": 75}

# What has this type, or for want of a type stands under this key -> field -> most characters or items.
MOST: dict[str, dict[str, int]] = {
    "actions": {"elements": 25},
    "blocks": {"blocks": 50},
    "button": {"text": 75, "value": 2000, "url": 3000, "accessibility_label": 75},
    "checkboxes": {"options": 10},
    "confirm": {"title": 100, "text": 300, "confirm": 30, "deny": 30},
    "context": {"elements": 10},
    "context_actions": {"elements": 5},
    "header": {"text": 150},
    "home": _VIEW,
    "image": {"image_url": 3000, "alt_text": 2000, "title": 2000},
    "initial_option": _OPTIONS,
    "input": {"label": 2000, "hint": 2000},
    "markdown": {"text": MARKDOWN_CHARACTERS},
    "markdown_text": {"text": MARKDOWN_CHARACTERS},
    "modal": _VIEW | {"title": 24, "submit": 24, "close": 24},
    "mrkdwn": {"text": 3000},
    "negative_button": _FEEDBACK,
    "options": _OPTIONS,
    "overflow": {"options": 5},
    "plain_text": {"text": 3000},
    "plain_text_input": {"placeholder": 150, "initial_value": 3000},
    "positive_button": _FEEDBACK,
    "radio_buttons": {"options": 10},
    "section": {"text": 3000, "fields": 10},
    "static_select": {"options": 100, "placeholder": 150},
    "table": {"rows": 100},
}

# Fields that may not be empty.
LEAST = {
    "actions": ["elements"],
    "context": ["elements"],
    "header": ["text"],
    "markdown": ["text"],
    "mrkdwn": ["text"],
    "rich_text": ["elements"],
    "section": ["fields"],
    "text": ["text"],  # the element of a rich_text
}


def parts(content: object, key: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object within `content`, itself included, with its type, else the key it stands under."""
    if isinstance(content, list):
        for item in content:
            yield from parts(item, key)
    elif isinstance(content, dict):
        yield str(content.get("type", key)), content
        for name, value in content.items():
            yield from parts(value, name)


def strings(content: object) -> Iterator[str]:
    """Every string within `content`, keys left out."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, list | dict):
        for value in content.values() if isinstance(content, dict) else content:
            yield from strings(value)


def size_problems(content: object) -> list[str]:
    """What within a block, a view or a chunk is too long, too many, or empty."""
    problems = []
    for kind, part in parts(content):
        for field, most in (_ID | MOST.get(kind, {})).items():
            if (size := _size(part.get(field))) > most:
                problems.append(f"{kind}.{field}: {size}, at most {most}")
        empty = [field for field in LEAST.get(kind, []) if field in part and not _size(part[field])]
        problems += [f"{kind}.{field}: empty" for field in empty]
        if kind == "section" and not {"text", "fields"} & part.keys():
            problems.append("section: neither text nor fields")
    return problems


def twice_problems(blocks: list[Any]) -> list[str]:
    """Identifiers that must be unique and are not: a message's block_ids, a block's action_ids."""
    problems = [f"block_id {name!r} twice" for name in _twice([blocks], "block_id")]
    for block in blocks:
        problems += [f"action_id {name!r} twice in one block" for name in _twice([block], "action_id")]
    return problems


def characters(blocks: list[Any]) -> int:
    """What counts towards a message's length: all texts in its blocks."""
    return sum(len(part["text"]) for _, part in parts(blocks) if isinstance(part.get("text"), str))


def markdown_characters(blocks: list[Any]) -> int:
    """The texts of the markdown blocks among `blocks`."""
    texts = (part.get("text") for kind, part in parts(blocks) if kind == "markdown")
    return sum(len(text) for text in texts if isinstance(text, str))


def _size(value: object) -> int:
    if isinstance(value, dict):
        value = value.get("text")
    return len(value) if isinstance(value, str | list) else 0


def _twice(content: object, field: str) -> list[str]:
    counts = Counter(part[field] for _, part in parts(content) if isinstance(part.get(field), str))
    return [name for name, count in counts.items() if count > 1]
