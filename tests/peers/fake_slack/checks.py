"""The rules a call, a message, a view and a manifest must keep.

Each check returns sentences, none if all is well.

`invalid` is what Slack refuses; `unsafe` (from safety) is what it would take and we do not want.
"""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

from fake_slack import limits
from fake_slack.safety import unsafe
from fake_slack.schemas import METHODS, block_problems, manifest_problems
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

if TYPE_CHECKING:
    from collections.abc import Collection

NEWER_BLOCKS = {"context_actions", "markdown", "plan", "table", "task_card"}
ONLY_IN_MESSAGES = NEWER_BLOCKS
TYPES: dict[str, tuple[type, ...]] = {
    "array": (list,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "string": (str,),
}


def check_message(
    message: dict[str, Any], *, urls: Collection[str] = (), users: Collection[str] = ()
) -> list[str]:
    """What is wrong with a message's {"text", "blocks", "markdown_text", "chunks", "metadata"}.

    `urls` may be linked, `users` mentioned.
    """
    problems = invalid_blocks(message.get("blocks")) + invalid_chunks(message.get("chunks"))
    problems += invalid_metadata(message.get("metadata")) + invalid_text(message)
    return problems + unsafe(message, urls, users)


def check_view(
    view: dict[str, Any], *, urls: Collection[str] = (), users: Collection[str] = ()
) -> list[str]:
    """What is wrong with a view of type home or modal, as given to views.open, update or publish."""
    return invalid_view(view) + unsafe(view, urls, users)


def check_manifest(manifest: dict[str, Any]) -> list[str]:
    """Where a manifest breaks Slack's published schema."""
    return manifest_problems(manifest)


def check_arguments(method: str, args: dict[str, Any]) -> list[str]:
    """Unknown, missing and mistyped arguments of a Web API method."""
    known, required = METHODS[method]["args"], METHODS[method]["required"]
    # slack_sdk adds the team to every call of a client that Bolt made for one request.
    problems = [f"no argument {name}" for name in args if name not in known and name != "team_id"]
    problems += [f"argument {name} is missing" for name in required if args.get(name) is None]
    for name in args.keys() & known.keys():
        problems += _argument(name, args[name], known[name])
    return problems


def _argument(name: str, value: object, rule: dict[str, Any]) -> list[str]:
    kinds = TYPES.get(rule.get("type", ""))
    if value is None:
        return [f"argument {name} is null"]
    if kinds and (not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds)):
        return [f"argument {name} is no {rule['type']}: {value!r}"[:200]]
    if "enum" in rule and value not in rule["enum"]:
        return [f"argument {name} is none of {rule['enum']}: {value!r}"]
    if isinstance(value, list) and len(value) > rule.get("maxItems", len(value)):
        return [f"argument {name} has {len(value)} items, at most {rule['maxItems']}"]
    return []


def invalid_text(message: dict[str, Any]) -> list[str]:
    """A message without words, also for the notification, or with too many."""
    text, markdown = message.get("text"), message.get("markdown_text")
    if text is not None and markdown is not None:
        return ["text and markdown_text at once"]
    words = text or markdown
    if not isinstance(words, str) or not words.strip():
        return [] if message.get("chunks") else ["no text, which notifications show"]
    most = limits.POST_CHARACTERS if text else limits.MARKDOWN_CHARACTERS
    return [f"text: {len(words)} characters, at most {most}"] if len(words) > most else []


def invalid_blocks(blocks: Any) -> list[str]:
    """Where a message's blocks break Slack's schema, its SDK's rules or its limits; too_long apart."""
    if blocks is None:
        return []
    if not isinstance(blocks, list):
        return [f"blocks: no list but {blocks!r}"[:200]]
    problems = _blocks(blocks)
    if len(blocks) > limits.MESSAGE_BLOCKS:
        problems.append(f"{len(blocks)} blocks, at most {limits.MESSAGE_BLOCKS}")
    if (size := limits.markdown_characters(blocks)) > limits.MARKDOWN_CHARACTERS:
        problems.append(f"{size} characters of markdown, at most {limits.MARKDOWN_CHARACTERS}")
    return problems + too_long(blocks)


def too_long(blocks: list[Any]) -> list[str]:
    """A message that Slack refuses as msg_blocks_too_long."""
    size = limits.characters(blocks)
    if size <= limits.MESSAGE_CHARACTERS:
        return []
    return [f"msg_blocks_too_long: {size} characters, at most {limits.MESSAGE_CHARACTERS}"]


def _blocks(blocks: list[Any]) -> list[str]:
    problems = []
    for number, block in enumerate(blocks):
        found = block_problems("AnyBlock", block)
        found = found or limits.size_problems(block) + _by_sdk(block)
        problems += [f"block {number}: {problem}" for problem in found]
    return problems + limits.twice_problems(blocks)


def _by_sdk(block: dict[str, Any]) -> list[str]:
    try:
        parsed = Block.parse(copy.deepcopy(block))
        if parsed is None:
            return ["slack_sdk does not know it"]
        parsed.validate_json()
        parsed.to_dict()
    except SlackObjectFormationError as error:
        return [f"slack_sdk: {error}"]
    return []


def invalid_chunks(chunks: Any) -> list[str]:
    """Where the chunks of a stream break Slack's schema, its SDK's rules or its limits."""
    problems: list[str] = []
    for number, chunk in enumerate(chunks or []):
        found = block_problems("AnyChunk", chunk) or limits.size_problems(chunk)
        problems += [f"chunk {number}: {problem}" for problem in found]
    return problems or invalid_blocks(chunk_blocks(chunks))


def chunk_blocks(chunks: Any) -> list[Any]:
    """The blocks that `chunks` carry."""
    return [block for chunk in chunks or [] if chunk["type"] == "blocks" for block in chunk["blocks"]]


def invalid_metadata(metadata: Any) -> list[str]:
    """Metadata must be {"event_type": text, "event_payload": object}, and short."""
    if metadata is None or metadata == {}:
        return []
    if not isinstance(metadata, dict) or metadata.keys() != {"event_type", "event_payload"}:
        return ["metadata: not event_type and event_payload"]
    if not isinstance(metadata["event_type"], str) or not isinstance(metadata["event_payload"], dict):
        return ["metadata: event_type is no text or event_payload no object"]
    size = len(json.dumps(metadata))
    too_large = size > limits.METADATA_CHARACTERS
    return [f"metadata: {size} characters, at most {limits.METADATA_CHARACTERS}"] if too_large else []


def invalid_view(view: Any) -> list[str]:
    """Where a view breaks Slack's schema, its SDK's rules or its limits."""
    if problems := block_problems("View", view):
        return problems
    problems = limits.size_problems(view) + _blocks(view["blocks"])
    kinds = {block["type"] for block in view["blocks"]}
    problems += [f"a {kind} block stands in messages only" for kind in sorted(kinds & ONLY_IN_MESSAGES)]
    if view["type"] == "modal" and "input" in kinds and "submit" not in view:
        problems.append("input blocks without submit")
    try:
        View(**copy.deepcopy(view)).validate_json()
    except SlackObjectFormationError as error:
        problems.append(f"slack_sdk: {error}")
    return list(dict.fromkeys(problems))
