"""What people press, choose and fill in, as far as we read it. A body that lacks any of it, or holds
something of another kind, raises pydantic's ValidationError."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass

from pydantic import AliasChoices, AliasPath, BaseModel, Field, Json

from bot.requests import Request, Surface, Talk
from bot.slack.markup import readable
from bot.slack.people import is_foreign


def _at(*path: str | int) -> AliasPath:
    first, *rest = path
    return AliasPath(str(first), *rest)


def _entered(name: str) -> AliasPath:
    """Where a modal's input has its text."""
    return _at("view", "state", "values", name, "value", "value")


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody did something, and a modal that is opened then carries it."""

    channel: str
    thread: str | None
    response_url: str | None


class Heard(BaseModel, strict=True):
    """Somebody did something: `user` in `team`. The answer may go to `response_url`, a modal needs
    the `trigger`."""

    user: str = Field(validation_alias=AliasChoices(_at("user", "id"), _at("event", "user")))
    team: str = Field(validation_alias=AliasChoices("team_id", _at("team", "id")))
    home: str | None = Field(None, validation_alias=_at("user", "team_id"))
    enterprise: str | None = Field(
        None,
        validation_alias=AliasChoices(
            "enterprise_id", _at("enterprise", "id"), _at("team", "enterprise_id")
        ),
    )
    response_url: str | None = None
    trigger: str | None = Field(None, validation_alias="trigger_id")

    @property
    def foreign(self) -> bool:
        """Whether they are of another organisation, in a channel that it shares with ours."""
        return is_foreign(self.home, self.team, self.enterprise)

    def ask(
        self, command: str, text: str, place: Place, event: str | None = None, talk: Talk | None = None
    ) -> Request:
        """What they ask by it, to be answered to them alone. `event` is unique to what they did."""
        event = event or self.trigger or uuid.uuid4().hex
        return Request(
            event=event,
            team=self.team,
            enterprise=self.enterprise,
            channel=place.channel,
            ts=event,
            thread=place.thread,
            asker=self.user,
            surface=Surface.EPHEMERAL,
            command=command,
            text=text,
            received=time.time(),
            response_url=place.response_url,
            talk=talk,
        )


class Pressed(Heard):
    """A button, with its value."""

    value: str = Field(validation_alias=_at("actions", 0, "value"))


class Shared(Pressed):
    """The button that shows an answer to a channel."""

    channel: str = Field(validation_alias=_at("channel", "id"))


class Listed(Pressed):
    """The button of a document in a list."""

    channel: str = Field(validation_alias=_at("channel", "id"))
    thread: str | None = Field(None, validation_alias=_at("message", "thread_ts"))

    @property
    def asks(self) -> Request:
        """For its summary."""
        return self.ask("summarize", self.value, Place(self.channel, self.thread, self.response_url))


class Turned(Pressed):
    """A button in an open passage; `quoted` is the citation that was opened first."""

    view: str = Field(validation_alias=_at("view", "id"))
    hash: str | None = Field(None, validation_alias=_at("view", "hash"))
    quoted: Json[str] = Field(validation_alias=_at("view", "private_metadata"))


class Explained(Heard):
    """Why an answer did not help."""

    request: Json[str] = Field(validation_alias=_at("view", "private_metadata"))
    reason: str | None = Field(None, validation_alias=_entered("reason"))


class Referred(Heard):
    """A question that the documents do not answer, for a person."""

    request: Json[str] = Field(validation_alias=_at("view", "private_metadata"))
    person: str = Field(validation_alias=_at("view", "state", "values", "person", "value", "selected_user"))
    note: str | None = Field(None, validation_alias=_entered("note"))


class Chosen(Heard):
    """A shortcut in the menu of a message, whose words are `text`."""

    channel: str = Field(validation_alias=_at("channel", "id"))
    text: str | None = Field(None, validation_alias=_at("message", "text"))
    thread: str | None = Field(None, validation_alias=_at("message", "thread_ts"))


class Marked(Chosen):
    """The same, and which message it is."""

    ts: str = Field(validation_alias=_at("message", "ts"))

    @property
    def asks(self) -> Request:
        """For a summary of its thread."""
        thread = self.thread or self.ts
        place = Place(self.channel, thread, self.response_url)
        return self.ask("summarize", "", place, talk=Talk(self.channel, thread))


class Asked(Heard):
    """A question out of the modal of a shortcut."""

    view: str = Field(validation_alias=_at("view", "id"))
    place: Json[Place] = Field(validation_alias=_at("view", "private_metadata"))
    question: str | None = Field(None, validation_alias=_entered("question"))

    @property
    def asks(self) -> Request:
        """The question itself."""
        return self.ask("ask", readable(self.question or ""), self.place, f"view:{self.view}")


class Opened(Heard):
    """The Home or the messages of the app."""

    tab: str = Field(validation_alias=_at("event", "tab"))
    channel: str = Field(validation_alias=_at("event", "channel"))


class Stopped(Heard):
    """Slack's Stop button."""

    channel: str = Field(validation_alias=_at("event", "channel"))
    thread: str | None = Field(None, validation_alias=_at("event", "thread_ts"))
