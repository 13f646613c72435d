"""The flow by which a workspace installs the bot, as Bolt and emulate walk it."""

from __future__ import annotations

import html
import re
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from emulate import APP, CLIENT_ID, CLIENT_SECRET, emulate
from node import PeerError
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.installation_store import FileInstallationStore
from slack_sdk.oauth.state_store import FileOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

pytestmark = pytest.mark.e2e

REDIRECT = "https://bot.test/slack/oauth_redirect"
SCOPES = ("app_mentions:read", "chat:write")


@pytest.fixture
def url():
    try:
        with emulate(REDIRECT, SCOPES) as url:
            yield url
    except PeerError as reason:
        pytest.skip(str(reason))


@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")  # by slack_sdk
async def test_a_workspace_installs_a_bot(url, tmp_path):
    store = FileInstallationStore(base_dir=str(tmp_path), client_id=CLIENT_ID)
    settings = AsyncOAuthSettings(
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        scopes=SCOPES,
        redirect_uri=REDIRECT,
        authorization_url=f"{url}/oauth/v2/authorize",
        installation_store=store,
        state_store=FileOAuthStateStore(expiration_seconds=60, base_dir=str(tmp_path)),
    )
    client = AsyncWebClient(base_url=f"{url}/api/")
    transport = httpx.ASGITransport(
        AsyncSlackRequestHandler(AsyncApp(signing_secret="s", client=client, oauth_settings=settings))
    )
    async with (
        httpx.AsyncClient(transport=transport, base_url="https://bot.test") as ours,
        httpx.AsyncClient(trust_env=False) as theirs,
    ):
        install = await ours.get("/slack/install")
        link = html.unescape(re.findall(r'href="([^"]*/oauth/v2/authorize[^"]*)"', install.text)[0])
        users = re.findall(r'name="user_id" value="(\w+)"', (await theirs.get(link)).text)
        form = dict(parse_qsl(urlsplit(link).query)) | {"user_id": users[-1]}
        allowed = await theirs.post(f"{url}/oauth/v2/authorize/callback", data=form)
        redirected = await ours.get(allowed.headers["location"])
    assert redirected.status_code == 200
    (team,) = {path.name.removeprefix("none-") for path in tmp_path.glob(f"{CLIENT_ID}/*")}
    bot = await store.async_find_bot(enterprise_id=None, team_id=team)
    assert bot is not None
    assert (bot.app_id, bot.bot_scopes) == (APP, list(SCOPES))
    assert (await client.auth_test(token=bot.bot_token))["team_id"] == team
