"""What people do gets to a listener, and what goes wrong gets back to them."""

from __future__ import annotations

import logging
import uuid
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from bot.errors import BotError, SlackError
from bot.render import slack as render
from bot.slack.apologies import apology
from bot.slack.interactions import Heard
from bot.slack.marks import Mark

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from slack_bolt.async_app import AsyncAck

    from bot.render.slack import Message
    from bot.slack.posters import Posters
    from bot.slack.posting import Poster

H = TypeVar("H", bound=Heard)
FOREIGN = "I only answer people of the organisation that I was installed for."
log = logging.getLogger(__name__)


class Teller:
    """Speaks with whoever did something; `shared` says that they may be of another organisation.
    Only `poster` raises: SlackError."""

    def __init__(self, posters: Posters, shared: bool) -> None:
        self._posters = posters
        self._shared = shared

    def listening(
        self, kind: type[H], listener: Callable[[AsyncAck, H], Awaitable[None]]
    ) -> Callable[..., Awaitable[None]]:
        """A listener for Bolt. What cannot be read is acknowledged and left alone; what goes wrong
        is told to whoever did it: raising would lose the acknowledgement."""

        async def listen(ack: AsyncAck, body: dict[str, Any]) -> None:
            try:
                heard = kind.model_validate(body)
            except ValidationError as error:
                places = (".".join(map(str, problem["loc"])) for problem in error.errors())
                log.warning("Not understood: %s without %s", kind.__name__, ", ".join(places))
                await ack()
                return
            if heard.foreign and not self._shared:
                await ack()
                await self.tell(heard, render.sentence(FOREIGN))
                return
            try:
                await listener(ack, heard)
            except Exception as error:  # noqa: BLE001 - nobody does something in vain, and it is logged
                log.warning("%s: %s", kind.__name__, error)
                if ack.response is None:
                    await ack()
                told = apology(error, uuid.uuid4().hex[:12])
                again = " Please try again." if isinstance(error, BotError) else ""
                await self.tell(heard, render.sentence(f"{told}{again}"))

        return listen

    async def poster(self, heard: Heard) -> Poster:
        return await self._posters.of(heard.team, heard.enterprise)

    async def open(self, heard: Heard, view: dict[str, Any]) -> bool:
        """Opens a modal; False where Slack does not, most often since three seconds have passed."""
        try:
            await (await self.poster(heard)).view("views.open", view, trigger_id=heard.trigger)
        except SlackError as error:
            log.info("Doing without a modal: %s", error)
            return False
        return True

    async def tell(self, heard: Heard, *messages: Message) -> None:
        """Says something to them alone, where they did it, or in their direct messages."""
        try:
            poster = await self.poster(heard)
            for message in messages:
                await _say(poster, heard, message)
        except SlackError as error:
            log.warning("Nobody can be told: %s", error)


async def _say(poster: Poster, heard: Heard, message: Message) -> None:
    if heard.response_url:
        try:
            await poster.respond(heard.response_url, message)
        except SlackError as error:
            log.info("The response_url is closed: %s", error)
        else:
            return
    await poster.post(heard.user, None, message, Mark(uuid.uuid4().hex[:12]))
