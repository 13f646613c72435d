"""What the settings make of the parts."""

from __future__ import annotations

import sys

import pytest
from postgres import installed, postgres
from pydantic import SecretStr

from bot import wiring
from bot.errors import SettingsError, StateError
from bot.settings import Settings
from bot.state import State


def configured(url: str) -> Settings:
    return Settings(database_url=SecretStr(url), _env_file=None)


@pytest.mark.skipif(not installed(), reason="no PostgreSQL here")
async def test_postgresql_is_reached_by_the_addresses_that_hosters_hand_out() -> None:
    with postgres() as url:
        plain = url.replace("+asyncpg", "")
        for address in (plain, f"{plain}?sslmode=prefer&application_name=footnote", f"{plain}?ssl=disable"):
            state = await State.open(wiring.database(configured(address)))
            assert await state.waiting() == 0
            await state.close()
        with pytest.raises(StateError, match="SSL"):  # which the server was made without
            await State.open(wiring.database(configured(f"{plain}?sslmode=require")))
        with pytest.raises(StateError, match="channel_binding"):
            await State.open(wiring.database(configured(f"{plain}?channel_binding=require")))


def test_postgresql_without_its_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "asyncpg", None)
    with pytest.raises(SettingsError, match=r'pip install "footnote\[postgres\]"'):
        wiring.database(configured("postgresql://user:secret@host/db"))


def test_another_database_is_refused_without_naming_its_password() -> None:
    with pytest.raises(SettingsError, match="should read postgresql://") as raised:
        wiring.database(configured("mysql://user:secret@host/db"))
    assert "secret" not in str(raised.value)
