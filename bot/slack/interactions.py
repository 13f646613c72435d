"""What people press, choose and fill in, as far as we read it. A body that lacks any of it, or holds
something of another kind, raises pydantic's ValidationError."""

from __future__ import annotations

from pydantic import AliasChoices, AliasPath, BaseModel, Field, Json


def _at(*path: str | int) -> AliasPath:
    first, *rest = path
    return AliasPath(str(first), *rest)


def _entered(name: str) -> AliasPath:
    """Where a modal's input has its text."""
    return _at("view", "state", "values", name, "value", "value")


class Heard(BaseModel, strict=True):
    """Somebody did something: `user` in `team`. The answer may go to `response_url`, a modal needs
    the `trigger`."""

    user: str = Field(validation_alias=AliasChoices(_at("user", "id"), _at("event", "user")))
    team: str = Field(validation_alias=AliasChoices("team_id", _at("team", "id")))
    enterprise: str | None = Field(
        None, validation_alias=AliasChoices("enterprise_id", _at("enterprise", "id"))
    )
    response_url: str | None = None
    trigger: str | None = Field(None, validation_alias="trigger_id")


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


class Place(BaseModel, strict=True):
    """Where a shortcut was chosen, as its modal carries it."""

    channel: str
    thread: str | None
    response_url: str | None


class Asked(Heard):
    """A question out of the modal of a shortcut."""

    view: str = Field(validation_alias=_at("view", "id"))
    place: Json[Place] = Field(validation_alias=_at("view", "private_metadata"))
    question: str | None = Field(None, validation_alias=_entered("question"))


class Opened(Heard):
    """The Home or the messages of the app."""

    tab: str = Field(validation_alias=_at("event", "tab"))
    channel: str = Field(validation_alias=_at("event", "channel"))


class Stopped(Heard):
    """Slack's Stop button."""

    channel: str = Field(validation_alias=_at("event", "channel"))
    thread: str | None = Field(None, validation_alias=_at("event", "thread_ts"))
