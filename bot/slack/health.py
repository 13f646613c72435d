"""Is Slack set up, does it know the tokens, and may Footnote do what it must?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import SlackError, StateError
from bot.slack.errors import RefusedError
from bot.slack.manifest import BOT_SCOPES
from bot.slack.posters import Posters
from bot.slack.posting import Poster
from bot.state import State
from index.library import Finding

if TYPE_CHECKING:
    from sqlalchemy import URL

    from bot.settings import Settings

_REMEDY = {
    "invalid_auth": "copy the token from the app's settings again",
    "token_revoked": "install the app again, and copy its new token",
    "account_inactive": "the app was removed from the workspace: install it again",
    "not_allowed_token_type": "that is another kind of token: xoxb- is the bot's, xapp- the app's",
}


async def examine(settings: Settings, database: URL) -> list[Finding]:
    """What an examination of Slack and of the database of requests finds."""
    if settings.slack_bot_token is None and settings.slack_client_id is None:
        return [Finding("slack", True, "not set up; the README says how, in ten minutes")]
    found = [await _state(database)]
    if settings.slack_bot_token is None:
        return [*found, Finding("slack", True, "workspaces install it themselves, over HTTP")]
    posters = Posters(settings.slack_api_url, settings.slack_bot_token.get_secret_value())
    try:
        poster = Poster(posters.client)
        found += [*await _bot(poster), await _transport(poster, settings)]
    finally:
        await posters.close()
    return found


async def _bot(poster: Poster) -> list[Finding]:
    try:
        known = await poster.call("auth.test")
    except SlackError as error:
        return [Finding("SLACK_BOT_TOKEN", False, _advice(error))]
    who = Finding("SLACK_BOT_TOKEN", True, f"{known.get('user')} in {known.get('team')}")
    granted = {scope.strip() for scope in known.headers.get("x-oauth-scopes", "").split(",")} - {""}
    missing = sorted(set(BOT_SCOPES) - granted)
    if not granted or not missing:
        return [who, Finding("scopes", True, "all there" if granted else "Slack does not name them")]
    advice = "take over what `footnote manifest` prints, then install the app again"
    return [who, Finding("scopes", False, f"{', '.join(missing)} missing; {advice}")]


async def _transport(poster: Poster, settings: Settings) -> Finding:
    if settings.slack_app_token is None:
        ready = settings.slack_signing_secret is not None
        told = "set, for --http" if ready else "set it for --http, or SLACK_APP_TOKEN for Socket Mode"
        return Finding("SLACK_SIGNING_SECRET", ready, told)
    try:
        await poster.call("apps.connections.open", app_token=settings.slack_app_token.get_secret_value())
    except SlackError as error:
        return Finding("SLACK_APP_TOKEN", False, _advice(error))
    return Finding("SLACK_APP_TOKEN", True, "opens Socket Mode")


async def _state(database: URL) -> Finding:
    try:
        state = await State.open(database)
        waiting = await state.waiting()
        await state.close()
    except StateError as error:
        return Finding("database", False, str(error))
    return Finding("database", True, f"{database.get_backend_name()}, {waiting} requests open")


def _advice(error: SlackError) -> str:
    code = error.code if isinstance(error, RefusedError) else ""
    return f"{error} {_REMEDY[code]}." if code in _REMEDY else str(error)
