"""The Bolt app: what it verifies, who takes requests in, who listens."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from pydantic import BaseModel, Field, ValidationError
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.installation_store.sqlalchemy import AsyncSQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import AsyncSQLAlchemyOAuthStateStore

from bot.slack.manifest import BOT_SCOPES
from bot.text import SURROGATES

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from slack_bolt.request.async_request import AsyncBoltRequest
    from sqlalchemy.ext.asyncio import AsyncEngine

    from bot.settings import Settings
    from bot.slack.intake import Intake
    from bot.slack.listeners import Listeners
    from bot.slack.posters import Posters

log = logging.getLogger(__name__)
_STATE_SECONDS = 600  # that somebody may take to install


class _Event(BaseModel, strict=True):
    type: str = ""


class _Action(BaseModel, strict=True):
    action_id: str


class _View(BaseModel, strict=True):
    type: str
    callback_id: str


class _Body(BaseModel, strict=True):
    """What Bolt takes on trust of a body."""

    event: _Event = _Event()
    actions: list[_Action] = Field([_Action(action_id="")], min_length=1)
    view: _View = _View(type="", callback_id="")
    callback_id: str = ""
    command: str = ""


class _App(AsyncApp):
    """Keeps from Bolt what it would fail at."""

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        req.body.update(_mended(req.body))
        try:
            _Body.model_validate(req.body)
        except ValidationError as error:
            places = (".".join(map(str, problem["loc"])) for problem in error.errors())
            log.warning("A body that cannot be read at %s", ", ".join(places))
            return BoltResponse(status=400)
        return await super().async_dispatch(req)


def _mended(content: Any) -> Any:
    """The same without halves of characters, which no database takes."""
    if isinstance(content, str):
        return SURROGATES.sub("\ufffd", content)
    if isinstance(content, list):
        return [_mended(item) for item in content]
    return {name: _mended(item) for name, item in content.items()} if isinstance(content, dict) else content


def slack_app(
    settings: Settings,
    posters: Posters,
    intake: Intake,
    listeners: Listeners,
    installing: AsyncOAuthSettings | None = None,
) -> AsyncApp:
    """The app that both transports drive. Without a signing secret it is good for Socket Mode."""
    secret = settings.slack_signing_secret
    logger = logging.getLogger("slack_bolt")
    app = _App(
        client=posters.client,
        signing_secret=secret.get_secret_value() if secret else "",
        request_verification_enabled=secret is not None,
        oauth_settings=installing,
        logger=logger,
    )

    @app.middleware
    async def take_in(body: dict[str, Any], context: Any, next: Callable[[], Awaitable[None]]) -> None:  # noqa: A002 - Bolt's name
        await intake.receive(body, context.bot_user_id)
        await next()

    listeners.register(app)
    return app


async def oauth(settings: Settings, engine: AsyncEngine) -> AsyncOAuthSettings | None:
    """How workspaces install Footnote by themselves; None without a client id and secret."""
    if settings.slack_client_id is None or settings.slack_client_secret is None:
        return None
    installations = AsyncSQLAlchemyInstallationStore(client_id=settings.slack_client_id, engine=engine)
    states = AsyncSQLAlchemyOAuthStateStore(expiration_seconds=_STATE_SECONDS, engine=engine)
    async with engine.begin() as connection:
        await connection.run_sync(installations.metadata.create_all)
        await connection.run_sync(states.metadata.create_all)
    return AsyncOAuthSettings(
        client_id=settings.slack_client_id,
        client_secret=settings.slack_client_secret.get_secret_value(),
        scopes=list(BOT_SCOPES),
        authorization_url=urljoin(settings.slack_api_url, "../oauth/v2/authorize"),
        installation_store=installations,
        state_store=states,
    )
