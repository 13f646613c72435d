"""The response_urls of commands and buttons: five uses within half an hour."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from fake_slack.methods import change, loud
from fake_slack.payloads import new_id
from fake_slack.world import Args, Message, SlackError, Workspace, World

SECONDS = 1800.0
USES = 5
ARGUMENTS = {
    "attachments",
    "blocks",
    "delete_original",
    "metadata",
    "replace_original",
    "response_type",
    "text",
    "thread_ts",
    "unfurl_links",
    "unfurl_media",
}


@dataclass
class ResponseUrl:
    """Where the answers to one command or one press of a button go."""

    workspace: Workspace
    channel: str
    user: str
    born: float
    original: Message | None = None
    uses: int = 0


class ResponseUrls:
    """All that were given out."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._urls: dict[str, ResponseUrl] = {}

    def give(self, channel: str, user: str, age: float, original_ts: str | None) -> str:
        """A fresh one, made `age` seconds ago; returns its key."""
        workspace = next(iter(self._world.workspaces.values()))
        known = {message.ts: message for message in self._world.ephemerals + self._world.messages(channel)}
        original = known[original_ts] if original_ts else None
        key = new_id("")
        self._urls[key] = ResponseUrl(workspace, channel, user, time.monotonic() - age, original)
        return key

    def answer(self, key: str, args: Args) -> None:
        """Take one use; raises SlackError as Slack would refuse."""
        url = self._urls.get(key)
        if url is None or time.monotonic() - url.born > SECONDS:
            raise SlackError("expired_url")
        if url.uses >= USES:
            raise SlackError("used_url")
        url.uses += 1
        self._world.note("response_url", [f"no argument {name}" for name in args if name not in ARGUMENTS])
        if args.get("delete_original"):
            self._forget(url.original)
            return
        self._write(url, args)

    def _write(self, url: ResponseUrl, args: Args) -> None:
        aloud = args.get("response_type") == "in_channel"
        self._world.note("response_url", loud(args) if aloud else [])
        self._world.inspect("response_url", args)
        if args.get("replace_original") and url.original:
            change(url.original, args)
            return
        to: dict[str, Any] = {} if aloud else {"ephemeral_to": url.user}
        url.original = self._world.post(url.workspace, url.channel, args, **to)

    def _forget(self, message: Message | None) -> None:
        if message in self._world.ephemerals:
            self._world.ephemerals.remove(message)
        elif message:
            self._world.delete(message.channel, message.ts)
