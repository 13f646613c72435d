"""A workspace installs Footnote by itself, as emulate's OAuth pages and Slack's walk it."""

from __future__ import annotations

import html
import re
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from emulate import CLIENT_ID, CLIENT_SECRET, emulate
from node import PeerError
from pydantic import SecretStr
from slack_sdk.oauth.installation_store.sqlalchemy import AsyncSQLAlchemyInstallationStore
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from bot.assistant import Assistant
from bot.settings import Settings
from bot.slack.manifest import BOT_SCOPES
from bot.slack.serve import asgi, opened
from bot.writers.extractive import ExtractiveWriter
from index.library import Library

pytestmark = pytest.mark.e2e

REDIRECT = "https://bot.test/slack/oauth_redirect"


@pytest.fixture
def url():
    try:
        with emulate(REDIRECT, BOT_SCOPES) as url:
            yield url
    except PeerError as reason:
        pytest.skip(str(reason))


@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")  # by slack_sdk
async def test_a_workspace_installs_footnote(url: str, tmp_path: Path) -> None:
    settings = Settings(
        home=tmp_path,
        slack_api_url=f"{url}/api/",
        slack_signing_secret=SecretStr("signed"),
        slack_client_id=CLIENT_ID,
        slack_client_secret=SecretStr(CLIENT_SECRET),
    )
    database = make_url("sqlite+aiosqlite://").set(database=str(tmp_path / "state"))
    with Library.open(tmp_path) as library:
        assistant = Assistant(library, ExtractiveWriter(library.embedder))
        async with (
            opened(assistant, settings, database, http=True) as app,
            httpx.AsyncClient(
                transport=httpx.ASGITransport(asgi(app)), base_url="https://bot.test"
            ) as ours,
            httpx.AsyncClient(trust_env=False) as theirs,
        ):
            install = await ours.get("/slack/install")
            link = html.unescape(re.findall(r'href="([^"]*/oauth/v2/authorize[^"]*)"', install.text)[0])
            users = re.findall(r'name="user_id" value="(\w+)"', (await theirs.get(link)).text)
            form = dict(parse_qsl(urlsplit(link).query)) | {"user_id": users[-1], "redirect_uri": REDIRECT}
            allowed = await theirs.post(f"{url}/oauth/v2/authorize/callback", data=form)
            redirected = await ours.get(allowed.headers["location"])
            assert redirected.status_code == 200
            stolen = await ours.get(allowed.headers["location"])  # a state is good for once
            assert stolen.status_code == 400
    engine = create_async_engine(database)
    store = AsyncSQLAlchemyInstallationStore(client_id=CLIENT_ID, engine=engine)
    async with engine.connect() as connection:
        team = (await connection.exec_driver_sql("SELECT team_id FROM slack_bots")).scalar_one()
    bot = await store.async_find_bot(enterprise_id=None, team_id=team)
    await engine.dispose()
    assert bot is not None
    assert bot.bot_scopes == list(BOT_SCOPES)
    assert bot.bot_token
