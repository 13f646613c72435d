"""What a message of ours is known by, so that it can be found again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.render.blocks import Block

EVENT_TYPE = "footnote_reply"


@dataclass(frozen=True, slots=True)
class Mark:
    """What a message of ours is known by: part `part` of `of` of the reply to a request."""

    request: str
    part: int = 0
    of: int = 1
    done: bool = True

    @property
    def block_id(self) -> str:
        return f"footnote-{self.request}-{self.part}"

    def metadata(self) -> dict[str, Any]:
        state = "done" if self.done else "working"
        payload = {"request": self.request, "part": self.part, "of": self.of, "state": state}
        return {"event_type": EVENT_TYPE, "event_payload": payload}

    def on(self, blocks: Sequence[Block]) -> list[Block]:
        """The blocks of a message, the first of them named after the mark."""
        first, *rest = blocks
        return [first | {"block_id": self.block_id}, *rest]


@dataclass(frozen=True, slots=True)
class Found:
    """A message of ours that stands in a thread."""

    ts: str
    mark: Mark


def mark_of(message: dict[str, Any], request: str) -> Mark | None:
    """The mark of a reply to the request. A stream that was cut off has no metadata yet."""
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    if metadata.get("event_type") == EVENT_TYPE and payload.get("request") == request:
        return Mark(request, int(payload["part"]), int(payload["of"]), payload["state"] == "done")
    named = (str(block.get("block_id")) for block in message.get("blocks") or [])
    parts = (re.fullmatch(f"footnote-{re.escape(request)}-([0-9]+)", name) for name in named)
    return next((Mark(request, int(part[1]), done=False) for part in parts if part), None)
