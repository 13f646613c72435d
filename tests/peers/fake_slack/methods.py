"""The Web API's methods, but streams (streams.py) and views (modals.py). `METHODS` has them all."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from fake_slack import limits, modals, streams
from fake_slack.payloads import channel_type
from fake_slack.world import Args, Message, SlackError, Status, Workspace, World, page

Method = Callable[[World, Workspace, Args], dict[str, Any]]


def auth_test(world: World, workspace: Workspace, args: Args) -> dict[str, Any]:
    """Who the token belongs to."""
    who = {"user": "footnote", "user_id": workspace.bot_user, "bot_id": workspace.bot}
    team = {"team": workspace.name, "team_id": workspace.team, "is_enterprise_install": False}
    return {"url": "https://footnote.slack.com/"} | who | team


def post_message(world: World, workspace: Workspace, args: Args) -> dict[str, Any]:
    """A message for all; it may not unfurl links."""
    channel = world.known(args["channel"])
    world.note("chat.postMessage", loud(args))
    world.inspect("chat.postMessage", args)
    message = world.post(workspace, channel, args)
    return {"channel": channel, "ts": message.ts, "message": message.payload()}


def loud(args: Args) -> list[str]:
    """Arguments by which a message shows more than it says."""
    unfurls = [name for name in ("unfurl_links", "unfurl_media") if args.get(name) is not False]
    problems = [f"{name} is not false" for name in unfurls]
    problems += ["link_names is on"] if args.get("link_names") else []
    return problems + (["parse is full"] if args.get("parse") == "full" else [])


def post_ephemeral(world: World, workspace: Workspace, args: Args) -> dict[str, Any]:
    """A message for one user."""
    channel = world.known(args["channel"])
    world.inspect("chat.postEphemeral", args)
    message = world.post(workspace, channel, args, ephemeral_to=args["user"])
    return {"message_ts": message.ts}


def update(world: World, workspace: Workspace, args: Args) -> dict[str, Any]:
    """Change a message of one's own. Blocks go when only text is given; metadata stays."""
    message = world.find(args["channel"], args["ts"])
    if message.bot != workspace.bot:
        raise SlackError("cant_update_message")
    if message.streaming:
        raise SlackError("streaming_state_conflict")
    text = args.get("text")
    world.inspect("chat.update", args | ({} if text or "blocks" in args else {"text": message.text}))
    size = len((text or "").encode(errors="surrogatepass"))
    if size > limits.UPDATE_BYTES:
        world.refuse("chat.update", "msg_too_long", [f"text: {size} bytes, at most {limits.UPDATE_BYTES}"])
    change(message, args)
    place = {"channel": message.channel, "ts": message.ts}
    return place | {"text": message.text, "message": message.payload()}


def change(message: Message, args: Args) -> None:
    """What chat.update and replace_original do to a message."""
    words = args.get("text") or args.get("markdown_text")
    if words is not None or "blocks" in args:
        message.blocks = args.get("blocks") or []
    message.text = words if words is not None else message.text
    message.metadata = args.get("metadata", message.metadata)
    message.edits += 1


def delete(world: World, workspace: Workspace, args: Args) -> dict[str, Any]:
    """Take a message of one's own back."""
    message = world.find(args["channel"], args["ts"])
    if message.bot != workspace.bot:
        raise SlackError("cant_delete_message")
    world.delete(message.channel, message.ts)
    return {"channel": message.channel, "ts": message.ts}


def permalink(world: World, workspace: Workspace, args: Args) -> dict[str, Any]:
    """A link to a message, which the bot may then show."""
    message = world.find(args["channel"], args["message_ts"])
    link = f"https://footnote.slack.com/archives/{message.channel}/p{message.ts.replace('.', '')}"
    if message.thread_ts and message.thread_ts != message.ts:
        link += f"?thread_ts={message.thread_ts}&cid={message.channel}"
    world.allowed_urls.add(link)
    return {"channel": message.channel, "permalink": link}


def history(world: World, workspace: Workspace, args: Args) -> dict[str, Any]:
    """What stands in a channel, newest first."""
    return _messages(world, world.history(world.readable(args["channel"])), args, 999)


def replies(world: World, workspace: Workspace, args: Args) -> dict[str, Any]:
    """A thread, oldest first."""
    return _messages(world, world.thread(world.readable(args["channel"]), args["ts"]), args, 1000)


def _messages(world: World, found: list[Message], args: Args, most: int) -> dict[str, Any]:
    oldest, latest = args.get("oldest", "0"), args.get("latest", "9" * 12)
    edges = (oldest, latest) if args.get("inclusive") else ()
    between = [m for m in found if float(oldest) < float(m.ts) < float(latest) or m.ts in edges]
    shown, cursor = page(between, args, most)
    metadata = bool(args.get("include_all_metadata"))
    return {
        "messages": [m.payload(metadata=metadata) | world.replies(m) for m in shown],
        "has_more": bool(cursor),
        "response_metadata": {"next_cursor": cursor},
    }


def conversation(world: World, workspace: Workspace, args: Args) -> dict[str, Any]:
    """A conversation's facts."""
    channel = world.known(args["channel"])
    is_open, is_member = world.is_open(channel), channel not in world.absent
    if not is_open and not is_member:
        raise SlackError("channel_not_found")
    kind, shared = channel_type(channel), channel in world.shared_channels
    kinds = {"is_channel": kind == "channel", "is_group": kind == "group", "is_im": kind == "im"}
    open_to = {"is_private": not is_open, "is_ext_shared": shared, "is_shared": shared}
    named = {"id": channel, "name": "general", "is_archived": False, "is_member": is_member}
    return {"channel": named | kinds | open_to}


def members(world: World, workspace: Workspace, args: Args) -> dict[str, Any]:
    """Who is in a conversation."""
    channel = world.readable(args["channel"])
    people = (
        {f"U{channel[1:]}"} if channel[0] == "D" else world.members.get(channel, world.allowed_mentions)
    )
    shown, cursor = page(sorted({workspace.bot_user, *people}), args, 1000 if "limit" in args else 100)
    return {"members": shown, "response_metadata": {"next_cursor": cursor}}


def open_conversation(world: World, workspace: Workspace, args: Args) -> dict[str, Any]:
    """The conversation with one user."""
    user = args.get("users") or args.get("channel")
    if not user:
        raise SlackError("users_list_not_supplied")
    return {"channel": {"id": world.known(str(user))}}


def user_info(world: World, workspace: Workspace, args: Args) -> dict[str, Any]:
    """A person."""
    user = args["user"]
    if user[:1] not in "UW":
        raise SlackError("user_not_found")
    called = world.names.get(user, user.title())
    names = {"name": user.lower(), "real_name": called}
    profile = {"display_name": called, "real_name": called}
    facts = {"id": user, "team_id": workspace.team, "deleted": False, "is_bot": user == workspace.bot_user}
    standing = {"is_restricted": user in world.guests, "is_ultra_restricted": False}
    zone = {"tz": "Europe/Berlin", "tz_offset": 3600}
    return {"user": facts | names | standing | zone | {"profile": profile}}


def team_info(world: World, workspace: Workspace, args: Args) -> dict[str, Any]:
    """The workspace."""
    return {"team": {"id": workspace.team, "name": workspace.name, "domain": "footnote"}}


def react(world: World, workspace: Workspace, args: Args) -> dict[str, Any]:
    """Add or remove a reaction: only the message is looked for."""
    world.find(args["channel"], args["timestamp"])
    return {}


def suggest(world: World, workspace: Workspace, args: Args) -> dict[str, Any]:
    """Up to four prompts; an agent's may name no thread."""
    method, prompts = "assistant.threads.setSuggestedPrompts", args["prompts"]
    fits = isinstance(prompts, list) and 0 < len(prompts) <= limits.PROMPTS
    if not fits or any(set(prompt) != {"title", "message"} for prompt in prompts):
        world.refuse(method, "invalid_arguments", [f"prompts: {prompts!r}"[:200]])
    if "thread_ts" in args:
        world.note(method, ["thread_ts, with which nothing shows for agents"])
    world.prompts[world.known(args["channel_id"])] = prompts
    return {}


def thread_status(world: World, workspace: Workspace, args: Args) -> dict[str, Any]:
    """What the bot is doing, in words."""
    channel, loading = _threaded(world, args), args.get("loading_messages", [])
    long = [text for text in loading if len(text) > limits.LOADING_CHARACTERS]
    world.refuse("assistant.threads.setStatus", "invalid_arguments", [f"too long: {text}" for text in long])
    world.statuses.append(Status(channel, args["thread_ts"], args["status"], tuple(loading)))
    return {}


def session_status(world: World, workspace: Workspace, args: Args) -> dict[str, Any]:
    """A session's state, and perhaps its title."""
    channel = _threaded(world, args)
    _title(world, "agents.sessions.setStatus", channel, args)
    world.statuses.append(Status(channel, args.get("thread_ts"), args["status"]))
    return {}


def rename(world: World, workspace: Workspace, args: Args) -> dict[str, Any]:
    """A thread's or a session's title."""
    _title(world, "agents.sessions.rename", _threaded(world, args), args)
    return {}


def _title(world: World, method: str, channel: str, args: Args) -> None:
    title = args.get("title")
    if title is None:
        return
    if not 0 < len(title) <= limits.TITLE_CHARACTERS:
        world.refuse(method, "invalid_name", [f"title: {len(title)} characters"])
    world.titles[channel, args.get("thread_ts")] = title


def _threaded(world: World, args: Args) -> str:
    channel = world.known(args["channel_id"])
    if world.gone(channel, args.get("thread_ts")):
        raise SlackError("invalid_thread_ts")
    return channel


def validate(world: World, workspace: Workspace, args: Args) -> dict[str, Any]:
    """Whether a message is one that this server would take."""
    message = json.loads(args["message"])
    world.refuse_newer(message)
    world.inspect("blocks.validate", message)
    return {}


METHODS: dict[str, Method] = {
    "agents.sessions.rename": rename,
    "agents.sessions.setStatus": session_status,
    "assistant.threads.setStatus": thread_status,
    "assistant.threads.setSuggestedPrompts": suggest,
    "assistant.threads.setTitle": rename,
    "auth.test": auth_test,
    "blocks.validate": validate,
    "chat.appendStream": streams.append,
    "chat.delete": delete,
    "chat.getPermalink": permalink,
    "chat.postEphemeral": post_ephemeral,
    "chat.postMessage": post_message,
    "chat.startStream": streams.start,
    "chat.stopStream": streams.stop,
    "chat.update": update,
    "conversations.history": history,
    "conversations.info": conversation,
    "conversations.members": members,
    "conversations.open": open_conversation,
    "conversations.replies": replies,
    "reactions.add": react,
    "reactions.remove": react,
    "team.info": team_info,
    "users.info": user_info,
    "views.open": modals.open_view,
    "views.publish": modals.publish,
    "views.push": modals.open_view,
    "views.update": modals.update,
}
