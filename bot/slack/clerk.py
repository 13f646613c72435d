"""Works on a ticket until its asker sees an end: an answer, or why there is none."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Any

from bot import logs
from bot.commands import COMMANDS, ask
from bot.conversation import MOST_TURNS
from bot.errors import SlackError
from bot.render import slack as render
from bot.requests import Surface
from bot.slack.apologies import apology
from bot.slack.desk import STOPPED
from bot.slack.errors import RefusedError, StoppedError, UnreachableError
from bot.slack.reply import reply_to
from bot.slack.showing import Showing
from bot.slack.talk import Talks
from bot.types import Answer, Status

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence

    from bot.assistant import Assistant
    from bot.commands import Reply as Given
    from bot.render.slack import Message
    from bot.requests import Ticket
    from bot.settings import Settings
    from bot.slack.posters import Posters
    from bot.slack.reply import Reply
    from bot.state import State

OLD = 600.0  # seconds after which a question is not answered any more
INTERRUPTED = "I was interrupted before I could answer. Please ask again."
MAYBE_INTERRUPTED = "I was interrupted while answering. If you see no answer above, please ask again."
LATE = "That took longer than {seconds:.0f} seconds, so I stopped. Please ask again, or ask for less."
_CONVERSATION = 1800.0  # seconds that a first message may lean on what its asker asked before
log = logging.getLogger(__name__)


class Clerk:
    """Holds what every ticket needs. Methods raise StateError alone."""

    def __init__(self, assistant: Assistant, state: State, posters: Posters, settings: Settings) -> None:
        self._assistant = assistant
        self._state = state
        self._posters = posters
        self._settings = settings
        self._talks = Talks(assistant, posters)

    async def work(self, ticket: Ticket) -> None:
        """Brings a ticket to its end. Where Slack cannot be reached it stays open, and is taken
        up again when its lease has run out."""
        with logs.about(event=ticket.request.event, reference=ticket.id):
            began = time.perf_counter()
            try:
                how, answer = await self._replied(ticket)
            except UnreachableError as error:
                log.warning("Trying again later: %s", error)
                return
            except RefusedError as error:
                log.warning("Nobody can be told: %s", error)
                how, answer = "untold", None
            await self._state.end(ticket, how, answer)
            log.info("Ended: %s in %.0f ms", how, 1000 * (time.perf_counter() - began))

    async def refuse(self, ticket: Ticket, sentence: str) -> None:
        """Ends a ticket with a sentence."""
        with logs.about(event=ticket.request.event, reference=ticket.id):
            try:
                reply = await self._reply(ticket)
                if not (ticket.again and await reply.recover()):
                    await reply.finish([render.sentence(sentence)])
            except UnreachableError as error:
                log.warning("Trying again later: %s", error)
                return
            except SlackError as error:
                log.warning("Nobody can be told: %s", error)
            await self._state.end(ticket, "refused")

    async def _replied(self, ticket: Ticket) -> tuple[str, Answer | None]:
        """How the ticket ended, in a word, and the answer that was given."""
        reply = await self._reply(ticket)
        if ticket.again and await reply.recover():
            return "recovered", None
        try:
            showing = Showing(reply)
            how, given, messages = await self._messages(ticket, showing)
            if ticket.request.surface is Surface.EPHEMERAL:
                await self._state.begin(ticket)
            await _sent(_told(reply, showing, given, messages))
        except StoppedError:
            return "stopped", None
        except asyncio.CancelledError as error:
            if error.args != (STOPPED,):
                raise
            await _sent(reply.cut(STOPPED))
            return "stopped", None
        return how, given

    async def _reply(self, ticket: Ticket) -> Reply:
        request = ticket.request
        return reply_to(ticket, await self._posters.of(request.team, request.enterprise))

    async def _messages(
        self, ticket: Ticket, showing: Showing
    ) -> tuple[str, Answer | None, Sequence[Message]]:
        """What is said, whatever happens."""
        if ticket.request.declined:
            return "declined", None, [render.sentence(ticket.request.declined)]
        if ticket.again and ticket.begun:
            return "interrupted", None, [render.sentence(MAYBE_INTERRUPTED)]
        if ticket.again and time.time() - ticket.request.received > OLD:
            return "interrupted", None, [render.sentence(INTERRUPTED)]
        try:
            async with asyncio.timeout(self._settings.deadline), showing:
                given = await self._run(ticket, showing)
        except Exception as error:  # the last resort, so that no asker is left waiting
            if error is showing.failure:
                raise
            return "failed", None, [render.sentence(self._apology(error, ticket))]
        answer = given if isinstance(given, Answer) and given.status is not Status.SMALL_TALK else None
        shareable = ticket.request.surface is Surface.EPHEMERAL
        return "answered", answer, render.reply(given, ticket.id, shareable)

    def _apology(self, error: Exception, ticket: Ticket) -> str:
        if isinstance(error, TimeoutError):
            return LATE.format(seconds=self._settings.deadline)
        return apology(error, ticket.id)

    async def _run(self, ticket: Ticket, showing: Showing) -> Given:
        request = ticket.request
        if request.talk is not None:
            return await self._talks.summary(request, request.talk)
        if request.surface is Surface.EPHEMERAL or request.command != "ask":
            return await COMMANDS[request.command].run(self._assistant, request.text, None)
        in_thread = request.thread != request.ts
        since = 0.0 if in_thread else request.received - _CONVERSATION
        history = await self._state.history(ticket, since, MOST_TURNS)
        return await ask(self._assistant, request.text, None, history, heard=showing.hear)


async def _told(reply: Reply, showing: Showing, given: Answer | None, messages: Sequence[Message]) -> None:
    """Tells all of it, after what has been shown already."""
    if showing.begun and given is None:
        await reply.cut(messages[0].text)
        return
    if given is not None and given.status is Status.ANSWERED:
        await showing.rest(given, messages[0])
    await reply.finish(messages)


async def _sent(reply: Coroutine[Any, Any, None]) -> None:
    """Waits for what is on its way: whoever says Stop now comes too late, as it cannot be called back."""
    sending = asyncio.create_task(reply)
    while not sending.done():
        try:
            await asyncio.shield(sending)
        except asyncio.CancelledError as error:
            if error.args != (STOPPED,):
                sending.cancel()
                raise
    await sending
