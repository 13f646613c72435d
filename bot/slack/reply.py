"""How a reply gets to its asker: streamed, posted and updated, or shown to them alone."""

from __future__ import annotations

import asyncio
import logging
from time import monotonic
from typing import TYPE_CHECKING, Protocol

from bot.render.blocks import rich_text, section, words
from bot.render.slack import Message, sentence
from bot.requests import Surface
from bot.slack.errors import RefusedError, StoppedError, UnreachableError
from bot.slack.marks import Found, Mark
from bot.text import shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.errors import SlackError
    from bot.render.blocks import Block
    from bot.requests import Ticket
    from bot.slack.posting import Poster

log = logging.getLogger(__name__)
_THROTTLE = 1.0  # seconds between two updates of a message
_ELSEWHERE = "I could not reply where you asked. This is what I found:"
_WORKING = "Reading the documents …"
_LOADING = ["Looking through the documents …", "Reading what was found …", "Checking every quote …"]
_RESPONSES = 4  # of the five that a response_url is good for
_TITLE = 200


class Reply(Protocol):
    """A reply to one request. `patience` is how long, in seconds, it may show nothing before it
    says that somebody is at work."""

    patience: float

    async def recover(self) -> bool:
        """Whether the whole reply got out before a crash; remembers the parts that did."""

    async def working(self) -> None:
        """Shows that the question is being worked on."""

    async def show(self, block: Block) -> None:
        """Shows one more block of the first message that `finish` puts there."""

    async def finish(self, messages: Sequence[Message]) -> None:
        """Puts the whole reply there. Raises SlackError when it cannot."""

    async def cut(self, note: str) -> None:
        """Ends what is shown so far with a note that it is not all."""


class PostReply:
    """A message in the thread; while its parts arrive it is updated, not too often. Where Slack takes
    no reply any more, its asker finds it in their own messages."""

    patience = 1.0

    def __init__(self, poster: Poster, ticket: Ticket) -> None:
        self._poster = poster
        self._ticket = ticket
        self._where: tuple[str, str | None] = (ticket.request.channel, ticket.request.thread)
        self._found: dict[int, Found] = {}
        self.shown: list[Block] = []
        self._last = monotonic()

    async def recover(self) -> bool:
        request = self._ticket.request
        try:
            self._found = await self._poster.find(
                request.channel, request.thread or request.ts, self._ticket.id
            )
        except RefusedError as error:  # nothing can be read there: then nothing was posted that counts
            log.warning("Cannot look for an earlier reply: %s", error)
        done = [found.mark for found in self._found.values() if found.mark.done]
        return bool(done) and len(done) == done[0].of

    async def working(self) -> None:
        if not self._found:
            await self._put(0, 1, sentence(_WORKING), done=False)

    async def show(self, block: Block) -> None:
        self.shown.append(block)
        if monotonic() - self._last >= _THROTTLE:
            shown = tuple(self.shown)
            try:
                await self._put(0, 1, Message(_WORKING, shown), done=False)
            except RefusedError as error:  # the whole of it may still be taken
                log.info("Not shown yet: %s", error)

    async def finish(self, messages: Sequence[Message]) -> None:
        for part, message in enumerate(messages):
            found = self._found.get(part)
            if found is None or not found.mark.done:
                try:
                    await self._put(part, len(messages), message, done=True)
                except RefusedError as error:
                    await self._put_elsewhere(part, len(messages), message, error)

    async def cut(self, note: str) -> None:
        blocks = (*self.shown, rich_text([section(words(note, italic=True))]))
        await self.finish([Message(note, blocks)])

    async def _put(self, part: int, of: int, message: Message, *, done: bool) -> None:
        mark = Mark(self._ticket.id, part, of, done)
        channel, thread = self._where
        self._last = monotonic()
        if (found := self._found.get(part)) is not None:
            try:
                await self._poster.update(channel, found.ts, message, mark)
            except RefusedError as error:  # deleted, or too old to be changed
                log.info("Posting anew: %s", error)
            else:
                self._found[part] = Found(found.ts, mark)
                return
        ts = await self._poster.post(channel, thread, message, mark)
        self._found[part] = Found(ts, mark)

    async def _put_elsewhere(self, part: int, of: int, message: Message, error: RefusedError) -> None:
        own = (self._ticket.request.asker, None)
        if self._where == own:
            raise error
        log.info("Writing to the asker alone: %s", error)
        self._where = own
        self._found.pop(part, None)
        await self._put(part, of, message.after(_ELSEWHERE), done=True)

    def adopt(self, ts: str, mark: Mark) -> None:
        """A part of the reply stands there already."""
        self._found[mark.part] = Found(ts, mark)


class StreamReply:
    """Sentences that appear one by one; where that does not work, the same as a posted message."""

    patience = 0.0

    def __init__(self, poster: Poster, ticket: Ticket) -> None:
        self._poster = poster
        self._ticket = ticket
        request = ticket.request
        self._thread = request.thread or request.ts
        self._stream = poster.stream(request.channel, self._thread, request.team, request.asker)
        self._post = PostReply(poster, ticket)
        self._streaming = True

    async def recover(self) -> bool:
        """What a stream left behind is finished as a message."""
        self._streaming = False
        return await self._post.recover()

    async def working(self) -> None:
        request = self._ticket.request
        where = {"channel_id": request.channel, "thread_ts": self._thread}
        title = shortened(request.text, _TITLE) or request.command
        await asyncio.gather(
            self._poster.kindly(
                "assistant.threads.setStatus", status=_WORKING, loading_messages=_LOADING, **where
            ),
            self._poster.kindly("agents.sessions.setStatus", status="processing", title=title, **where),
        )

    async def show(self, block: Block) -> None:
        if not self._streaming:
            return await self._post.show(block)
        first = not self._post.shown
        self._post.shown.append(block)
        try:
            await self._poster.append(self._stream, Mark(self._ticket.id).on([block]) if first else [block])
        except StoppedError:
            await self._rest()
            raise
        except (RefusedError, UnreachableError) as error:
            await self._fall_back(error)

    async def finish(self, messages: Sequence[Message]) -> None:
        told = len(self._post.shown)
        if self._streaming and told:
            mark = Mark(self._ticket.id, 0, len(messages))
            try:
                await self._poster.stop(self._stream, messages[0], told, mark)
                self._post.adopt(str(self._stream.ts), mark)
            except StoppedError:
                await self._rest()
                raise
            except (RefusedError, UnreachableError) as error:
                await self._fall_back(error)
        await self._post.finish(messages)
        await self._rest()

    async def cut(self, note: str) -> None:
        if self._streaming and self._stream.ts:
            self._post.adopt(self._stream.ts, Mark(self._ticket.id, done=False))
        await self._post.cut(note)
        await self._rest()

    async def _fall_back(self, error: SlackError) -> None:
        """From here on the reply is a message: the one that has been streamed, where there is one."""
        log.info("Not streaming any more: %s", error)
        self._streaming = False
        if self._stream.ts:
            self._post.adopt(self._stream.ts, Mark(self._ticket.id, done=False))
        elif isinstance(error, UnreachableError):
            await self._post.recover()

    async def _rest(self) -> None:
        """The asker's turn again: the Stop button goes."""
        channel = self._ticket.request.channel
        await self._poster.kindly(
            "agents.sessions.setStatus", channel_id=channel, thread_ts=self._thread, status="active"
        )


class EphemeralReply:
    """A reply that only its asker sees, and that Slack does not keep: it cannot be found again."""

    patience = 3.0

    def __init__(self, poster: Poster, ticket: Ticket) -> None:
        self._poster = poster
        self._ticket = ticket
        self._uses = 0

    async def recover(self) -> bool:
        return False

    async def working(self) -> None:
        await self._send(sentence(_WORKING))

    async def show(self, block: Block) -> None:
        """Nothing: what is shown to one person alone cannot grow."""

    async def finish(self, messages: Sequence[Message]) -> None:
        for message in messages:
            await self._send(message)

    async def cut(self, note: str) -> None:
        await self._send(sentence(note))

    async def _send(self, message: Message) -> None:
        """By the response_url; where that is used up, in the channel; where the bot is no member
        of it, in the asker's own messages."""
        request = self._ticket.request
        self._uses += 1
        if request.response_url and self._uses <= _RESPONSES:
            try:
                return await self._poster.respond(request.response_url, message)
            except RefusedError as error:
                log.info("The response_url is closed: %s", error)
                self._uses = _RESPONSES
        try:
            await self._poster.whisper(request.channel, request.thread, request.asker, message)
        except RefusedError as error:
            log.info("Writing to the asker alone: %s", error)
            await self._poster.post(request.asker, None, message, Mark(self._ticket.id))


_DRIVERS: dict[Surface, Callable[[Poster, Ticket], Reply]] = {
    Surface.CHANNEL: PostReply,
    Surface.DIRECT: StreamReply,
    Surface.EPHEMERAL: EphemeralReply,
}


def reply_to(ticket: Ticket, poster: Poster) -> Reply:
    """The reply that fits the surface of a request."""
    return _DRIVERS[ticket.request.surface](poster, ticket)
