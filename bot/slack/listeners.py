"""What people press, open and fill in: buttons, modals, the Home, the pane. A listener
acknowledges first, since Slack waits three seconds; what can fail is told to whoever pressed."""

from __future__ import annotations

import json
import logging
import re
import time
from typing import TYPE_CHECKING, Any

from bot.commands import COMMANDS
from bot.errors import BotError, SlackError
from bot.render import slack as render
from bot.render import views
from bot.requests import Request, Surface
from bot.slack.errors import RefusedError
from bot.slack.intake import commanded, readable
from bot.slack.posting import Mark
from index.errors import LibraryError

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncAck, AsyncApp

    from bot.assistant import Assistant
    from bot.render.slack import Message
    from bot.settings import Settings
    from bot.slack.desk import Desk
    from bot.slack.posters import Posters
    from bot.slack.posting import Poster
    from bot.state import Answered, State

    Body = dict[str, Any]

log = logging.getLogger(__name__)
_RECENT = 5
_PROMPTS = 4
_LONGEST_PROMPT = 300
GONE = "That answer is too old: I don't remember it any more."
UNREADABLE = "I could not read that. Please try again."
FOREIGN = "This channel is shared with another organisation, so I don't post answers in it."
UNKNOWN_CHANNEL = "I cannot see who reads this channel. Invite me to it, then share again."
SHARED = "It has been shared already."
THANKS = "Thank you, that helps."
LATE = "That took too long for Slack to open it here. This is what it says:"
_GONE_CITATION = (
    "That passage is not in the documents any more: they have changed since. Ask again for a new one."
)


class Listeners:
    """Every listener of the app, and what they need."""

    def __init__(
        self, assistant: Assistant, state: State, posters: Posters, desk: Desk, settings: Settings
    ) -> None:
        self._assistant = assistant
        self._state = state
        self._posters = posters
        self._desk = desk
        self._settings = settings
        self._prompts: tuple[object, list[str]] = (None, [])

    def register(self, app: AsyncApp) -> None:
        """Every subscribed event, every command and everything that our messages hold."""
        for event in EVENTS:
            app.event(event)(getattr(self, f"on_{event}"))
        for name in COMMANDS:
            app.command(f"/{name}")(self.on_command)
        app.action(re.compile(r"cite_\d+"))(self.open_passage)
        app.action(re.compile(r"passage_\w+"))(self.turn_passage)
        app.action("share")(self.share)
        app.action(re.compile("feedback.*"))(self.judge)
        app.action("ask_person")(self.open_ask_person)
        app.view("ask_person")(self.ask_person)
        app.view("not_helpful")(self.say_why)
        app.view("ask_about")(self.ask_about)
        app.shortcut("ask_about")(self.open_ask_about)

    async def on_app_mention(self) -> None:
        """Taken in by the intake, before it was acknowledged."""

    on_message = on_app_mention
    on_app_context_changed = on_app_mention

    async def on_agent_session_stopped(self, body: Body) -> None:
        event = body["event"]
        self._desk.stop(body["team_id"], event["channel"], event.get("thread_ts"))

    async def on_app_home_opened(self, body: Body) -> None:
        event, poster = body["event"], await self._poster(body)
        if event.get("tab") == "messages":
            prompts = [{"title": text, "message": text} for text in await self._suggestions()]
            if prompts:
                channel = event["channel"]
                await poster.kindly(
                    "assistant.threads.setSuggestedPrompts", channel_id=channel, prompts=prompts
                )
            return
        recent = await self._state.recent(body["team_id"], event["user"], _RECENT)
        usage = [f"/{command.name} {command.usage}\\n" for command in COMMANDS.values()]
        view = views.home(await self._assistant.sources(None), recent, usage)
        await poster.kindly("views.publish", user_id=event["user"], view=view)

    async def on_command(self, ack: AsyncAck, body: Body) -> None:
        """Taken in by the intake, unless it could not be read."""
        await (ack() if commanded(body) else ack(UNREADABLE))

    async def open_passage(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        citation, poster = body["actions"][0]["value"], await self._poster(body)
        view = await self._passage(citation, citation)
        try:
            await poster.call("views.open", trigger_id=body["trigger_id"], view=view)
        except RefusedError as error:
            log.info("Answering without a modal: %s", error)
            passages = await self._assistant.cite(citation, None)
            await self._tell(body, render.sentence(LATE), *render.cited(passages))

    async def turn_passage(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        view, target = body["view"], body["actions"][0]["value"]
        shown = await self._passage(target, json.loads(view["private_metadata"]))
        poster = await self._poster(body)
        await poster.call("views.update", view_id=view["id"], hash=view.get("hash"), view=shown)

    async def share(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        request_id, channel = body["actions"][0]["value"], body["channel"]["id"]
        answered = await self._state.answered(request_id)
        if answered is None or answered.request.asker != body["user"]["id"]:
            reason: str | None = GONE
        elif not (reason := await self._why_not_share(body, channel)):
            reason = None if await self._state.share(request_id) else SHARED
        if reason or answered is None:
            await self._tell(body, render.sentence(reason or GONE))
            return
        try:
            await self._put(body, channel, answered)
        except SlackError as error:
            await self._state.share(request_id, shared=False)
            await self._tell(body, render.sentence(str(error)))

    async def judge(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        verdict, _, request_id = body["actions"][0]["value"].partition(" ")
        await self._state.judge(request_id, body["user"]["id"], verdict)
        if verdict == "not_helpful":
            poster = await self._poster(body)
            view = views.not_helpful(request_id)
            await poster.kindly("views.open", trigger_id=body["trigger_id"], view=view)
        else:
            await self._tell(body, render.sentence(THANKS))

    async def say_why(self, ack: AsyncAck, body: Body) -> None:
        view = body["view"]
        reason = readable(_value(view, "reason").get("value") or "")
        await self._state.judge(
            json.loads(view["private_metadata"]), body["user"]["id"], "not_helpful", reason
        )
        await ack(response_action="update", view=views.sorry(THANKS))

    async def open_ask_person(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        poster = await self._poster(body)
        view = views.ask_person({"request": body["actions"][0]["value"]})
        try:
            await poster.call("views.open", trigger_id=body["trigger_id"], view=view)
        except RefusedError as error:
            await self._tell(body, render.sentence(f"{error} Press the button again, please."))

    async def ask_person(self, ack: AsyncAck, body: Body) -> None:
        view = body["view"]
        person, note = _value(view, "person")["selected_user"], _value(view, "note").get("value") or ""
        answered = await self._state.answered(json.loads(view["private_metadata"])["request"])
        if answered is None:
            await ack(response_action="update", view=views.sorry(GONE))
            return
        await ack(response_action="update", view=views.sorry("I am asking them."))
        request, asker = answered.request, body["user"]["id"]
        message = render.asks_for_help(answered.answer.question, asker, person, readable(note))
        in_thread = request.surface is Surface.CHANNEL
        channel, thread = (request.channel, request.thread) if in_thread else (person, None)
        poster = await self._poster(body)
        try:
            await poster.post(channel, thread, message, Mark(f"{answered.id}-{person}"))
        except SlackError as error:
            await self._tell(body, render.sentence(f"I could not ask them: {error}"))

    async def open_ask_about(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        carried = {
            "channel": body["channel"]["id"],
            "response_url": body.get("response_url") or "",
            "thread": body["message"].get("thread_ts") or "",
        }
        view = views.ask_about(readable(body["message"].get("text") or ""), carried)
        poster = await self._poster(body)
        try:
            await poster.call("views.open", trigger_id=body["trigger_id"], view=view)
        except RefusedError as error:
            await self._tell(body, render.sentence(f"{error} Choose the shortcut again, please."))

    async def ask_about(self, ack: AsyncAck, body: Body) -> None:
        """A question out of a modal: acknowledged when it stands in the inbox."""
        view = body["view"]
        carried = json.loads(view["private_metadata"])
        request = Request(
            event=f"view:{view['id']}",
            team=body["team"]["id"],
            enterprise=(body.get("enterprise") or {}).get("id"),
            channel=carried["channel"],
            ts=f"view:{view['id']}",
            thread=carried["thread"] or None,
            asker=body["user"]["id"],
            surface=Surface.EPHEMERAL,
            command="ask",
            text=readable(_value(view, "question").get("value") or ""),
            received=time.time(),
            response_url=carried["response_url"] or None,
        )
        try:
            await self._desk.take(request)
        except BotError as error:
            await ack(response_action="errors", errors={"question": str(error)})
        else:
            await ack()

    async def _passage(self, citation: str, quoted: str) -> dict[str, Any]:
        try:
            passages = await self._assistant.cite(citation, None)
        except (BotError, LibraryError) as error:
            return views.sorry(str(error))
        return views.passage(passages[0], quoted) if passages else views.sorry(_GONE_CITATION)

    async def _why_not_share(self, body: Body, channel: str) -> str | None:
        if self._settings.shared_channels:
            return None
        poster = await self._poster(body)
        try:
            known = await poster.call("conversations.info", channel=channel)
        except RefusedError:
            return UNKNOWN_CHANNEL
        return FOREIGN if (known.get("channel") or {}).get("is_ext_shared") else None

    async def _put(self, body: Body, channel: str, answered: Answered) -> None:
        """Into the channel; by the response_url where the bot is no member of it."""
        poster = await self._poster(body)
        messages = render.shared(answered.answer, body["user"]["id"])
        for part, message in enumerate(messages):
            try:
                await poster.post(channel, None, message, Mark(answered.id, part, len(messages)))
            except RefusedError:
                await poster.respond(body["response_url"], message, in_channel=True)

    async def _tell(self, body: Body, *messages: Message) -> None:
        """Something for the person who pressed, where they pressed it, or in their messages."""
        poster, user = await self._poster(body), body["user"]["id"]
        for message in messages:
            try:
                await poster.respond(body["response_url"], message)
            except (KeyError, RefusedError):
                await poster.post(user, None, message, Mark("told"))

    async def _poster(self, body: Body) -> Poster:
        team = body.get("team_id") or (body.get("team") or {}).get("id") or ""
        enterprise = body.get("enterprise_id") or (body.get("enterprise") or {}).get("id")
        return await self._posters.of(team, enterprise)

    async def _suggestions(self) -> list[str]:
        """Made once for each state of the library."""
        documents = await self._assistant.sources(None)
        key = tuple(document.source.key for document in documents)
        if self._prompts[0] != key:
            self._prompts = (key, await self._assistant.suggestions(None, _PROMPTS))
        return self._prompts[1]


EVENTS = ("app_mention", "message", "app_home_opened", "agent_session_stopped", "app_context_changed")


def _value(view: dict[str, Any], block: str) -> dict[str, Any]:
    """What was entered in an input."""
    entered: dict[str, Any] = view["state"]["values"][block]["value"]
    return entered
