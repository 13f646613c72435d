"""A poster for every workspace Footnote is installed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import ClientSession, ClientTimeout
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.errors import RefusedError
from bot.slack.posting import Poster

if TYPE_CHECKING:
    from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore

_TIMEOUT = 20  # seconds for one call


class Posters:
    """One HTTP session for all of them. With `installations` every workspace has its own token."""

    def __init__(
        self, api_url: str, token: str | None, installations: AsyncInstallationStore | None = None
    ) -> None:
        """Needs a running event loop."""
        self._session = ClientSession(timeout=ClientTimeout(total=_TIMEOUT))
        self._api_url = api_url
        self._installations = installations
        self._by_token: dict[str, Poster] = {}
        self.client = self._client(token)

    async def close(self) -> None:
        await self._session.close()

    async def of(self, team: str, enterprise: str | None) -> Poster:
        """The poster for a workspace. Raises RefusedError where Footnote is not installed (any more)."""
        token = self.client.token or await self._installed(team, enterprise)
        if token not in self._by_token:
            self._by_token[token] = Poster(self._client(token))
        return self._by_token[token]

    async def _installed(self, team: str, enterprise: str | None) -> str:
        assert self._installations is not None
        bot = await self._installations.async_find_bot(enterprise_id=enterprise, team_id=team)
        if bot is None or not bot.bot_token:
            raise RefusedError("every call", "not_installed")
        return bot.bot_token

    def _client(self, token: str | None) -> AsyncWebClient:
        """Repeats a call where Slack says when to; a call whose answer was lost is not repeated
        here, as it may have taken effect."""
        patient = AsyncRateLimitErrorRetryHandler(max_retry_count=3)
        return AsyncWebClient(
            token=token,
            base_url=self._api_url,
            session=self._session,
            timeout=_TIMEOUT,
            retry_handlers=[patient],
        )
