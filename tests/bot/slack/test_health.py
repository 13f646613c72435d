"""What the doctor says about Slack."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from pydantic import SecretStr
from sqlalchemy.engine import make_url

from bot.slack.health import examine


@pytest.fixture
def found(configured, tmp_path):
    """The findings by name."""

    async def look(**settings):
        url = make_url("sqlite+aiosqlite://").set(database=str(tmp_path / "state"))
        return {finding.name: finding for finding in await examine(configured(**settings), url)}

    return look


async def test_all_is_well(found) -> None:
    findings = await found()
    assert all(finding.ok for finding in findings.values())
    assert set(findings) == {"database", "SLACK_BOT_TOKEN", "scopes", "SLACK_APP_TOKEN"}


async def test_a_missing_scope_is_named_with_what_to_do(slack, found) -> None:
    slack.scopes.discard("im:history")
    finding = (await found())["scopes"]
    assert not finding.ok
    assert finding.detail.startswith("im:history missing")
    assert "footnote manifest" in finding.detail


async def test_a_wrong_token_is_named_with_what_to_do(found) -> None:
    finding = (await found(slack_bot_token=SecretStr("xoxb-wrong")))["SLACK_BOT_TOKEN"]
    assert not finding.ok
    assert "copy the token" in finding.detail
    assert "xoxb-wrong" not in finding.detail
    finding = (await found(slack_app_token=SecretStr("xapp-wrong")))["SLACK_APP_TOKEN"]
    assert not finding.ok


async def test_without_an_app_token_the_signing_secret_is_looked_for(found) -> None:
    assert (await found(slack_app_token=None))["SLACK_SIGNING_SECRET"].ok
    findings = await found(slack_app_token=None, slack_signing_secret=None)
    assert not findings["SLACK_SIGNING_SECRET"].ok


async def test_a_slack_that_does_not_answer_is_told_of(found) -> None:
    finding = (await found(slack_api_url="http://127.0.0.1:9/api/"))["SLACK_BOT_TOKEN"]
    assert not finding.ok
    assert "does not answer" in finding.detail


async def test_where_slack_is_not_set_up_nothing_is_wrong(found) -> None:
    findings = await found(slack_bot_token=None)
    assert [finding.ok for finding in findings.values()] == [True]


async def test_a_database_of_another_version_is_found_at_once(found, tmp_path) -> None:
    with closing(sqlite3.connect(tmp_path / "state")) as state:
        state.execute("CREATE TABLE requests (id TEXT, ended TEXT, lease REAL)")
    finding = (await found())["database"]
    assert not finding.ok
    assert "another version of Footnote: move it away" in finding.detail
