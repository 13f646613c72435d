"""What an asker sees while their answer is being made: that somebody is at work, then its sentences."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from bot.errors import SlackError
from bot.render import slack as render

if TYPE_CHECKING:
    from bot.render.blocks import Block
    from bot.render.slack import Message
    from bot.slack.reply import Reply
    from bot.types import Answer, Claim

log = logging.getLogger(__name__)


class Showing:
    """Shows what an answer begins with. Within it, `working` is said when that takes a while; what
    has begun to be shown is waited for: a message that is on its way cannot be called back."""

    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self._blocks: list[Block] = []
        self._full = False
        self._there = asyncio.Event()
        self._on_its_way: asyncio.Task[None] | None = None
        self.failure: SlackError | None = None  # what was shown on the way was not taken

    @property
    def begun(self) -> bool:
        """Whether a part of the answer stands there."""
        return bool(self._blocks)

    async def __aenter__(self) -> Self:
        self._saying = asyncio.create_task(self._say())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._said()
        if self._on_its_way:
            await asyncio.wait([self._on_its_way])

    async def hear(self, claim: Claim) -> None:
        """Shows a claim, as long as all of them fit the first message."""
        await self._said()
        await self._show(render.claim(claim))

    async def rest(self, given: Answer, first: Message) -> None:
        """Shows the claims of the first message that were not heard."""
        for block in render.claims(given)[len(self._blocks) :]:
            if block in first.blocks:
                await self._show(block)

    async def _show(self, block: Block) -> None:
        self._full = self._full or not render.fits([*self._blocks, block])
        if not self._full:
            self._blocks.append(block)
            self._on_its_way = asyncio.create_task(self._reply.show(block))
            try:
                await asyncio.shield(self._on_its_way)
            except SlackError as error:
                self.failure = error
                raise

    async def _said(self) -> None:
        self._there.set()
        await self._saying

    async def _say(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._there.wait(), self._reply.patience)
        if self._there.is_set():
            return
        try:
            await self._reply.working()
        except SlackError as error:
            log.info("Cannot say that I am at work: %s", error)
