"""chat.startStream, appendStream and stopStream."""

from __future__ import annotations

from typing import Any

from fake_slack import checks, limits
from fake_slack.safety import unsafe
from fake_slack.world import Args, Message, SlackError, Workspace, World


def start(world: World, workspace: Workspace, args: Args) -> dict[str, Any]:
    """Begin a streamed message; outside a conversation of two it needs a recipient."""
    channel = world.known(args["channel"])
    if not channel.startswith("D"):
        for name in ("recipient_team_id", "recipient_user_id"):
            if not args.get(name):
                raise SlackError(f"missing_{name}")
    world.refuse_newer(args)
    message = world.post(workspace, channel, {"thread_ts": args["thread_ts"]}, streaming=True)
    try:
        _extend(world, "chat.startStream", message, args)
    except SlackError:
        world.remove(message)
        raise
    return {"channel": channel, "ts": message.ts}


def append(world: World, workspace: Workspace, args: Args) -> dict[str, Any]:
    """More of a streamed message."""
    message = _streamed(world, workspace, args)
    if not args.get("markdown_text") and not args.get("chunks"):
        raise SlackError("no_text")
    _extend(world, "chat.appendStream", message, args)
    return {"channel": message.channel, "ts": message.ts}


def stop(world: World, workspace: Workspace, args: Args) -> dict[str, Any]:
    """The last of a streamed message: blocks below it, and metadata."""
    message = _streamed(world, workspace, args)
    _extend(world, "chat.stopStream", message, args)
    message.metadata = args.get("metadata")
    message.streaming, message.stopped = False, True
    return {"channel": message.channel, "ts": message.ts, "message": message.payload()}


def _streamed(world: World, workspace: Workspace, args: Args) -> Message:
    message = world.find(args["channel"], args["ts"])
    if message.bot != workspace.bot:
        raise SlackError("message_not_owned_by_app")
    if not message.streaming:
        raise SlackError(message.halted or "message_not_in_streaming_state")
    return message


def _extend(world: World, method: str, message: Message, args: Args) -> None:
    """Add to the message, if the whole of it is still good: a mention may come in two pieces."""
    world.refuse_newer(args)
    chunks = args.get("chunks") or []
    if args.get("markdown_text") and chunks:
        world.refuse(method, "invalid_arguments", ["markdown_text and chunks at once"])
    if world.checking:
        world.refuse(method, "invalid_metadata_format", checks.invalid_metadata(args.get("metadata")))
        world.refuse(method, "invalid_blocks", checks.invalid_blocks(args.get("blocks")))
        world.refuse(method, "invalid_chunks", checks.invalid_chunks(chunks))
    added = [args.get("markdown_text") or ""] + [c["text"] for c in chunks if c["type"] == "markdown_text"]
    _measure(world, method, added)
    text = message.text + "".join(added)
    blocks = message.blocks + checks.chunk_blocks(chunks) + (args.get("blocks") or [])
    if world.checking:
        _whole(world, method, text, blocks, chunks)
    message.text, message.blocks = text, blocks


def _measure(world: World, method: str, added: list[str]) -> None:
    size = max(len(text) for text in added)
    if size > limits.MARKDOWN_CHARACTERS:
        world.refuse(method, "msg_too_long", [f"markdown_text: {size} characters"])


def _whole(world: World, method: str, text: str, blocks: list[Any], chunks: list[Any]) -> None:
    if len(blocks) > limits.MESSAGE_BLOCKS:
        world.refuse(method, "msg_blocks_too_many", [f"{len(blocks)} blocks in one message"])
    world.refuse(method, "msg_blocks_too_long", limits.twice_problems(blocks) + checks.too_long(blocks))
    others = [chunk for chunk in chunks if chunk["type"] not in {"blocks", "markdown_text"}]
    content = {"markdown_text": text, "blocks": blocks, "chunks": others}
    world.note(method, unsafe(content, world.allowed_urls, world.allowed_mentions))
