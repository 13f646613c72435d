"""What people press, open and fill in: buttons, modals, the Home, the pane. A listener
acknowledges first, since Slack waits three seconds; what can fail is told to whoever pressed."""

from __future__ import annotations

import logging
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from bot.commands import COMMANDS
from bot.errors import BotError, SlackError
from bot.render import slack as render
from bot.render import views
from bot.requests import Surface
from bot.slack.errors import RefusedError
from bot.slack.intake import commanded
from bot.slack.interactions import (
    Asked,
    Chosen,
    Explained,
    Listed,
    Marked,
    Opened,
    Pressed,
    Referred,
    Shared,
    Stopped,
    Turned,
)
from bot.slack.marks import Mark
from bot.slack.markup import readable
from bot.slack.teller import Teller
from index.errors import LibraryError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from slack_bolt.async_app import AsyncAck, AsyncApp

    from bot.assistant import Assistant
    from bot.settings import Settings
    from bot.slack.desk import Desk
    from bot.slack.posters import Posters
    from bot.state import Answered, State
    from bot.types import CitedPassage

log = logging.getLogger(__name__)
_RECENT = 5
_PROMPTS = 4
GONE = "That answer is too old: I don't remember it any more."
UNREADABLE = "I could not read that. Please try again."
FOREIGN = "This channel is shared with another organisation, so I don't post answers in it."
UNKNOWN_CHANNEL = "I cannot see who reads this channel. Invite me to it, then share again."
SHARED = "It has been shared already."
THANKS = "Thank you, that helps."
AGAIN = "That took too long for Slack. Do it again, please."
LATE = "That took too long for Slack to open it here. This is what it says:"


class Listeners:
    """Every listener of the app, and what they need."""

    def __init__(
        self, assistant: Assistant, state: State, posters: Posters, desk: Desk, settings: Settings
    ) -> None:
        self._assistant = assistant
        self._state = state
        self._teller = Teller(posters, settings.shared_channels)
        self._desk = desk
        self._settings = settings
        self._prompts: tuple[object, list[str]] = (None, [])

    def register(self, app: AsyncApp) -> None:
        """Every subscribed event, every command and everything that our messages hold."""
        hears = self._teller.listening
        app.event("app_home_opened")(hears(Opened, self.on_app_home_opened))
        app.event("agent_session_stopped")(hears(Stopped, self.on_agent_session_stopped))
        for event in TAKEN_IN:
            app.event(event)(self.on_taken_in)
        for name in COMMANDS:
            app.command(f"/{name}")(self.on_command)
        app.action(re.compile(r"cite_\d+"))(hears(Pressed, self.open_passage))
        app.action(re.compile(r"passage_\w+"))(hears(Turned, self.turn_passage))
        app.action("quotation")(hears(Turned, self.quote_passage))
        app.action("open_original")(self.on_link)
        app.action("share")(hears(Shared, self.share))
        app.action(re.compile("feedback.*"))(hears(Pressed, self.judge))
        app.action("ask_person")(hears(Pressed, self.open_ask_person))
        app.view("ask_person")(hears(Referred, self.ask_person))
        app.view("not_helpful")(hears(Explained, self.say_why))
        app.view("ask_about")(hears(Asked, self.ask_about))
        app.shortcut("ask_about")(hears(Chosen, self.open_ask_about))
        app.shortcut("summarize_thread")(hears(Marked, self.summarize_thread))
        app.action(re.compile(r"summarize_\d+"))(hears(Listed, self.summarize_document))

    async def on_taken_in(self) -> None:
        """Taken in by the intake, before it was acknowledged."""

    async def on_agent_session_stopped(self, _: AsyncAck, heard: Stopped) -> None:
        self._desk.stop(heard.team, heard.channel, heard.thread)

    async def on_app_home_opened(self, _: AsyncAck, heard: Opened) -> None:
        poster = await self._teller.poster(heard)
        if heard.tab == "messages":
            prompts = [{"title": text, "message": text} for text in await self._suggestions()]
            if prompts:
                await poster.kindly(
                    "assistant.threads.setSuggestedPrompts", channel_id=heard.channel, prompts=prompts
                )
            return
        recent = await self._state.recent(heard.team, heard.user, _RECENT)
        usage = [f"/{command.name} {command.usage}" for command in COMMANDS.values()]
        view = views.home(await self._assistant.sources(None), recent, usage)
        await poster.view("views.publish", view, user_id=heard.user)

    async def on_command(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Taken in by the intake, unless it could not be read."""
        await (ack() if commanded(body) else ack(UNREADABLE))

    async def open_passage(self, ack: AsyncAck, heard: Pressed) -> None:
        await ack()
        if not await self._teller.open(heard, await self._passage(heard.value, heard.value)):
            found = await self._assistant.cite(heard.value, None)
            await self._teller.tell(heard, render.sentence(LATE), *render.cited(found))

    async def turn_passage(self, ack: AsyncAck, heard: Turned) -> None:
        await ack()
        await self._turn(heard, await self._passage(heard.value, heard.quoted))

    async def quote_passage(self, ack: AsyncAck, heard: Turned) -> None:
        await ack()
        await self._turn(heard, await self._passage(heard.value, heard.quoted, views.quotation))

    async def on_link(self, ack: AsyncAck) -> None:
        """Slack has opened it, and only tells."""
        await ack()

    async def _turn(self, heard: Turned, view: dict[str, Any]) -> None:
        poster = await self._teller.poster(heard)
        try:
            await poster.view("views.update", view, view_id=heard.view, hash=heard.hash)
        except RefusedError as error:  # closed, or turned already
            log.info("Not turned: %s", error)

    async def share(self, ack: AsyncAck, heard: Shared) -> None:
        await ack()
        answered = await self._state.answered(heard.value)
        if answered is None or answered.request.asker != heard.user:
            return await self._teller.tell(heard, render.sentence(GONE))
        if reason := await self._why_not_share(heard):
            return await self._teller.tell(heard, render.sentence(reason))
        if not await self._state.share(heard.value):
            return await self._teller.tell(heard, render.sentence(SHARED))
        try:
            await self._put(heard, answered)
        except SlackError:
            await self._state.share(heard.value, shared=False)
            raise

    async def judge(self, ack: AsyncAck, heard: Pressed) -> None:
        await ack()
        verdict, _, request_id = heard.value.partition(" ")
        await self._state.judge(request_id, heard.user, verdict)
        asked_why = verdict == "not_helpful" and await self._teller.open(
            heard, views.not_helpful(request_id)
        )
        if not asked_why:
            await self._teller.tell(heard, render.sentence(THANKS))

    async def say_why(self, ack: AsyncAck, heard: Explained) -> None:
        await self._state.judge(heard.request, heard.user, "not_helpful", readable(heard.reason or ""))
        await ack(response_action="update", view=views.sorry(THANKS))

    async def open_ask_person(self, ack: AsyncAck, heard: Pressed) -> None:
        await ack()
        if not await self._teller.open(heard, views.ask_person(heard.value)):
            await self._teller.tell(heard, render.sentence(AGAIN))

    async def ask_person(self, ack: AsyncAck, heard: Referred) -> None:
        answered = await self._state.answered(heard.request)
        if answered is None:
            await ack(response_action="update", view=views.sorry(GONE))
            return
        await ack(response_action="update", view=views.sorry("I am asking them."))
        request = answered.request
        message = render.asks_for_help(
            answered.answer.question, heard.user, heard.person, readable(heard.note or "")
        )
        in_thread = request.surface is Surface.CHANNEL
        channel, thread = (request.channel, request.thread) if in_thread else (heard.person, None)
        poster = await self._teller.poster(heard)
        await poster.post(channel, thread, message, Mark(f"{answered.id}-{heard.person}"))

    async def open_ask_about(self, ack: AsyncAck, heard: Chosen) -> None:
        await ack()
        carried = {"channel": heard.channel, "thread": heard.thread, "response_url": heard.response_url}
        if not await self._teller.open(heard, views.ask_about(readable(heard.text or ""), carried)):
            await self._teller.tell(heard, render.sentence(AGAIN))

    async def ask_about(self, ack: AsyncAck, heard: Asked) -> None:
        """A question out of a modal: acknowledged when it stands in the inbox."""
        try:
            await self._desk.take(heard.asks)
        except BotError as error:
            await ack(response_action="errors", errors={"question": str(error)})
        else:
            await ack()

    async def summarize_thread(self, ack: AsyncAck, heard: Marked) -> None:
        """Acknowledged when it stands in the inbox, as is every request."""
        await self._desk.take(heard.asks)
        await ack()

    async def summarize_document(self, ack: AsyncAck, heard: Listed) -> None:
        """One of several documents that a name may mean."""
        await self._desk.take(heard.asks)
        await ack()

    async def _passage(
        self,
        citation: str,
        quoted: str,
        view: Callable[[CitedPassage, str], dict[str, Any]] = views.passage,
    ) -> dict[str, Any]:
        found = await self._assistant.cite(citation, None)
        if not found.passages:
            return views.sorry(found.note)
        shown = found.passages[0]  # under another id than it was opened by, where it was moved
        return view(shown, shown.citation.id if citation == quoted else quoted)

    async def _why_not_share(self, heard: Shared) -> str | None:
        if self._settings.shared_channels:
            return None
        poster = await self._teller.poster(heard)
        try:
            known = await poster.call("conversations.info", channel=heard.channel)
        except RefusedError:
            return UNKNOWN_CHANNEL
        return FOREIGN if (known.get("channel") or {}).get("is_ext_shared") else None

    async def _put(self, heard: Shared, answered: Answered) -> None:
        """Into the channel; by the response_url where the bot is no member of it. What stands there
        already, since only a later part failed, is not said twice."""
        poster = await self._teller.poster(heard)
        messages = render.shared(answered.answer, heard.user)
        there: Collection[int] = ()
        if len(messages) > 1:
            with suppress(RefusedError):
                there = await poster.find(heard.channel, None, answered.id)
        for part, message in enumerate(messages):
            if part in there:
                continue
            try:
                await poster.post(heard.channel, None, message, Mark(answered.id, part, len(messages)))
            except RefusedError:
                if heard.response_url is None:
                    raise
                await poster.respond(heard.response_url, message, in_channel=True)

    async def warm_up(self) -> None:
        """Opens what the first question would wait for. Nobody waits for this, so it raises nothing."""
        try:
            await self._suggestions()
        except LibraryError as error:
            log.warning("Not warmed up: %s", error)
        except Exception:
            log.exception("Not warmed up")

    async def _suggestions(self) -> list[str]:
        """Made once for each state of the library."""
        documents = await self._assistant.sources(None)
        key = tuple(document.source.key for document in documents)
        if self._prompts[0] != key:
            self._prompts = (key, await self._assistant.suggestions(None, _PROMPTS))
        return self._prompts[1]


TAKEN_IN = ("app_mention", "message", "app_context_changed")
EVENTS = (*TAKEN_IN, "app_home_opened", "agent_session_stopped")
