"""The one way out to Slack: every message goes through here, so that none unfurls, none is parsed
for links, and each can be found again."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import TYPE_CHECKING, Any, TypeVar

import aiohttp
from slack_sdk.web.async_chat_stream import AsyncChatStream
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.render.classic import classic
from bot.render.slack import SAMPLE
from bot.slack.calls import INVALID, LACKING, UNKNOWN, guarded
from bot.slack.errors import RefusedError, UnreachableError
from bot.slack.marks import Found, Mark, mark_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

    from slack_sdk.web.async_client import AsyncWebClient
    from slack_sdk.web.async_slack_response import AsyncSlackResponse

    from bot.render.blocks import Block
    from bot.render.slack import Message

T = TypeVar("T")
log = logging.getLogger(__name__)
_QUIET = {"unfurl_links": False, "unfurl_media": False}  # where there is anything to unfurl
_LITERAL = {"parse": "none", "link_names": False}
_ATTEMPTS = 3
_PAUSE = 0.5  # seconds before the second attempt, twice that before the third
_CONFLICT = "streaming_state_conflict"


class Poster:
    """Posts for one team. Methods raise RefusedError and UnreachableError."""

    def __init__(self, client: AsyncWebClient) -> None:
        self.client = client
        self._newer: bool | None = None  # whether the server knows the newer blocks, once it has said
        self._unknown: set[str] = set()  # methods that this server or workspace does not have

    async def post(self, channel: str, thread: str | None, message: Message, mark: Mark) -> str:
        """Posts once, also where Slack's answer is lost. Returns the message's ts."""
        for pause in (*(_PAUSE * 2**n for n in range(_ATTEMPTS - 1)), None):
            try:
                response = await self._send(
                    "chat.postMessage", message, mark, channel=channel, thread_ts=thread, **_QUIET
                )
                return str(response["ts"])
            except UnreachableError:
                if pause is None:
                    raise
                await asyncio.sleep(pause)
                if ts := await self._lost(channel, thread, mark):
                    return ts
        raise AssertionError("unreachable")

    async def update(self, channel: str, ts: str, message: Message, mark: Mark) -> None:
        """Puts a message in the place of one of ours, also where that one is still streaming."""
        try:
            await self._again("chat.update", message, mark, channel=channel, ts=ts)
        except RefusedError as error:
            if error.code != _CONFLICT:
                raise
            await self.call("chat.stopStream", channel=channel, ts=ts)
            await self._again("chat.update", message, mark, channel=channel, ts=ts)

    async def whisper(self, channel: str, thread: str | None, user: str, message: Message) -> None:
        """Shows a message to one person in a channel."""
        await self._send("chat.postEphemeral", message, None, channel=channel, user=user, thread_ts=thread)

    async def respond(self, url: str, message: Message, *, in_channel: bool = False) -> None:
        """Answers through a response_url, which is good for five times in half an hour."""
        webhook = AsyncWebhookClient(
            url, session=self.client.session, retry_handlers=self.client.retry_handlers
        )
        kind = "in_channel" if in_channel else "ephemeral"

        async def send(blocks: list[Block]) -> None:
            try:
                response = await webhook.send(
                    text=message.text,
                    blocks=blocks,
                    response_type=kind,
                    replace_original=False,
                    unfurl_links=False,
                    unfurl_media=False,
                )
            except (aiohttp.ClientError, TimeoutError) as error:
                raise UnreachableError(f"Slack's response_url does not answer ({error}).") from error
            if response.status_code >= 500:
                raise UnreachableError(f"Slack's response_url fails ({response.status_code}).")
            if response.status_code != 200 or '"ok":false' in response.body.replace(" ", ""):
                known = next((word for word in INVALID if word in response.body), None)
                raise RefusedError("the response_url", known or response.body[:80])

        await self._settle(message.blocks, send)

    def stream(self, channel: str, thread: str, team: str, asker: str) -> AsyncChatStream:
        return AsyncChatStream(
            self.client,
            channel=channel,
            thread_ts=thread,
            recipient_team_id=team,
            recipient_user_id=asker,
            buffer_size=1,
            logger=log,
        )

    async def append(self, stream: AsyncChatStream, blocks: Sequence[Block]) -> None:
        chunk = {"type": "blocks", "blocks": list(blocks)}
        await guarded("chat.appendStream", lambda: stream.append(chunks=[chunk]))

    async def stop(self, stream: AsyncChatStream, message: Message, told: int, mark: Mark) -> None:
        """Ends a stream that has shown the first `told` blocks of the message."""
        await self._settle(
            message.blocks[told:],
            lambda blocks: guarded(
                "chat.stopStream", lambda: stream.stop(blocks=blocks, metadata=mark.metadata())
            ),
        )

    async def view(self, method: str, view: dict[str, Any], **where: Any) -> None:
        """Opens, updates or publishes a view."""
        await self._settle(
            view["blocks"], lambda blocks: self.call(method, view=view | {"blocks": blocks}, **where)
        )

    async def find(self, channel: str, thread: str | None, request: str) -> dict[int, Found]:
        """The messages of ours in a thread, or the latest in the channel, that reply to a request,
        by part."""
        found = {}
        async for message in self._standing(channel, thread):
            if (mark := mark_of(message, request)) is not None:
                found[mark.part] = Found(str(message["ts"]), mark)
        return found

    async def call(self, method: str, **arguments: Any) -> AsyncSlackResponse:
        """Any call that may be made twice without harm; it is, where Slack does not answer."""
        for pause in (*(_PAUSE * 2**n for n in range(_ATTEMPTS - 1)), None):
            try:
                return await self._once(method, arguments)
            except UnreachableError:
                if pause is None:
                    raise
                await asyncio.sleep(pause)
        raise AssertionError("unreachable")

    async def pages(self, method: str, key: str, **arguments: Any) -> AsyncIterator[Any]:
        """The items under `key` of all pages of a listing."""
        cursor = None
        while True:
            page = await self.call(method, **arguments, cursor=cursor)
            for item in page.get(key) or []:
                yield item
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return

    async def kindly(self, method: str, **arguments: Any) -> None:
        """A call that may fail: what it shows is a comfort, not an answer."""
        if method in self._unknown:
            return
        try:
            await self._once(method, arguments)
        except RefusedError as error:
            self._unknown |= {method} if error.code in LACKING else set()
            log.debug("Doing without: %s", error)
        except UnreachableError as error:
            log.debug("Doing without: %s", error)

    async def _lost(self, channel: str, thread: str | None, mark: Mark) -> str | None:
        """The ts of a message that got out although Slack's answer did not come."""
        try:
            found = (await self.find(channel, thread, mark.request)).get(mark.part)
        except RefusedError as error:
            raise UnreachableError(f"Slack does not say whether the message got out ({error}).") from error
        return found.ts if found else None

    async def _standing(self, channel: str, thread: str | None) -> AsyncIterator[dict[str, Any]]:
        """All of a thread, or the latest that stands in the channel itself."""
        where = {"channel": channel, "include_all_metadata": True, "limit": 200}
        if thread:
            async for message in self.pages("conversations.replies", "messages", ts=thread, **where):
                yield message
        else:
            for message in (await self.call("conversations.history", **where)).get("messages") or []:
                yield message

    async def _send(
        self, method: str, message: Message, mark: Mark | None, **where: Any
    ) -> AsyncSlackResponse:
        return await self._settle(
            message.blocks, lambda blocks: self._once(method, where | _content(message, blocks, mark))
        )

    async def _again(self, method: str, message: Message, mark: Mark, **where: Any) -> AsyncSlackResponse:
        return await self._settle(
            message.blocks, lambda blocks: self.call(method, **where, **_content(message, blocks, mark))
        )

    async def _settle(self, blocks: Sequence[Block], send: Callable[[list[Block]], Awaitable[T]]) -> T:
        """Sends with the newer blocks, or with classic ones where the server does not know them."""
        if not await self._is_newer():
            return await send(classic(blocks))
        try:
            return await send(list(blocks))
        except RefusedError as error:
            if error.code not in INVALID:
                raise
            sent = await send(classic(blocks))
            self._newer = False
            return sent

    async def _is_newer(self) -> bool:
        """Whether the server says that it knows the newer blocks; asked once."""
        if self._newer is None:
            try:
                sample = {"text": SAMPLE.text, "blocks": SAMPLE.blocks}
                await self._once("blocks.validate", {"message": json.dumps(sample)})
                self._newer = True
            except RefusedError as error:
                self._newer = error.code not in INVALID | UNKNOWN
            except UnreachableError as error:
                log.debug("Newer blocks until proven otherwise: %s", error)
                return True
        return self._newer

    async def _once(self, method: str, arguments: dict[str, Any]) -> AsyncSlackResponse:
        send = getattr(self.client, method.replace(".", "_"))
        response: AsyncSlackResponse = await guarded(method, lambda: send(**arguments))
        return response


def _content(message: Message, blocks: Sequence[Block], mark: Mark | None) -> dict[str, Any]:
    content = {"text": message.text, **_LITERAL}
    if mark is None:
        return content | {"blocks": list(blocks)}
    return content | {"blocks": mark.on(blocks), "metadata": mark.metadata()}
