"""Who people are: what they are called, what time it is where they are, whether they are guests."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta, timezone
from typing import TYPE_CHECKING, Any

from bot.slack.errors import RefusedError
from bot.text import shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.slack.posting import Poster

AT_ONCE = 8  # calls for one conversation
_REMEMBERED = 5000  # names
_NAMED = 200  # people in one conversation; others go by their ids
_NAME = 70  # characters
_STRANGERS = {"user_not_found", "user_not_visible"}


@dataclass(frozen=True, slots=True)
class Person:
    """A member of a workspace; `handle` is the name that nobody else there has. Who is a `guest` sees
    only the channels that they are in."""

    id: str
    name: str
    handle: str
    zone: timezone
    guest: bool


class People:
    """Looks people up. Names are remembered, as many as fit. Methods raise SlackError."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Person] = {}

    async def look_up(self, poster: Poster, team: str, user: str) -> Person:
        """As Slack has it now; whom it does not show is a guest without a name."""
        try:
            found = (await poster.call("users.info", user=user)).get("user") or {}
        except RefusedError as error:
            if error.code not in _STRANGERS:
                raise
            found = {}
        person = _person(user, team, found)
        while len(self._known) >= _REMEMBERED:
            self._known.pop(next(iter(self._known)))
        self._known[team, user] = person
        return person

    async def names(self, poster: Poster, team: str, users: Iterable[str]) -> dict[str, str]:
        """What each is called, no two of them alike."""
        unique = list(dict.fromkeys(users))
        gate = asyncio.Semaphore(AT_ONCE)

        async def known(user: str) -> Person:
            async with gate:
                return self._known.get((team, user)) or await self.look_up(poster, team, user)

        people = await asyncio.gather(*map(known, unique[:_NAMED]))
        return distinct(people) | {user: _stranger(user) for user in unique[_NAMED:]}


def is_foreign(home: str | None, team: str, enterprise: str | None) -> bool:
    """Whether somebody is of another organisation than the workspace `team`. Of the members of an
    Enterprise organisation Slack names that as their `home`, whichever workspace they are in."""
    return bool(home) and home not in {team, enterprise}


def distinct(people: Sequence[Person]) -> dict[str, str]:
    """Names by id; namesakes carry their handles as well."""
    shared = Counter(person.name.casefold() for person in people)
    called: dict[str, str] = {}
    for person in people:
        alone = [person.name] if shared[person.name.casefold()] == 1 else []
        choices = [*alone, f"{person.name} ({person.handle})", f"{person.name} ({person.id})"]
        taken = {name.casefold() for name in called.values()}
        called[person.id] = next((c for c in choices if c.casefold() not in taken), _stranger(person.id))
    return called


def _person(user: str, team: str, found: dict[str, Any]) -> Person:
    profile = found.get("profile") or {}
    names = (
        profile.get("display_name"),
        profile.get("real_name"),
        found.get("real_name"),
        found.get("name"),
    )
    readable = (shortened(name, _NAME) for name in names if isinstance(name, str))
    restricted = found.get("is_restricted") or found.get("is_ultra_restricted")
    return Person(
        id=user,
        name=next(filter(None, readable), _stranger(user)),
        handle=shortened(str(found.get("name") or user), _NAME),
        zone=timezone(timedelta(seconds=found.get("tz_offset") or 0)),
        guest=bool(restricted) or found.get("team_id") != team,
    )


def _stranger(user: str) -> str:
    return f"somebody ({user})"
