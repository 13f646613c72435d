import re
from pathlib import Path

import pytest
from pydantic import SecretStr
from pydantic_settings import BaseSettings

from bot.errors import SettingsError
from bot.settings import Settings, listed, load, variable

EXAMPLE = Path(__file__).parents[2] / ".env.example"


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(variable(name), raising=False)


def test_without_any_settings_the_library_lives_in_the_users_data_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    settings = load()
    assert settings.home.name == "footnote"
    assert settings.home.is_absolute()
    assert settings.log_level == "warning"


def test_a_flag_comes_before_the_environment_and_the_environment_before_the_file(monkeypatch, tmp_path):
    Path(".env").write_text("FOOTNOTE_HOME=from-file\nFOOTNOTE_LOG_LEVEL=info\nSLACK_BOT_TOKEN=other\n")
    assert load().home == tmp_path / "from-file"
    monkeypatch.setenv("FOOTNOTE_HOME", "from-environment")
    assert load().home == tmp_path / "from-environment"
    assert load(Path("from-flag")).home == tmp_path / "from-flag"
    assert load().log_level == "info"


def test_a_home_may_begin_with_a_tilde_and_an_empty_value_counts_as_none(monkeypatch):
    monkeypatch.setenv("FOOTNOTE_HOME", "~/library")
    assert load().home == Path.home() / "library"
    monkeypatch.setenv("FOOTNOTE_LOG_LEVEL", "")
    assert load().log_level == "warning"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("FOOTNOTE_LOG_LEVEL", "loud", "'debug', 'info', 'warning' or 'error'"),
        ("FOOTNOTE_HOME", "~nobody-of-this-name/x", "unknown user"),
    ],
)
def test_a_wrong_value_is_named_in_one_sentence(monkeypatch, name, value, said):
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as raised:
        load()
    message = str(raised.value)
    assert message.startswith(f"{name} should ")
    assert said in message
    assert "\n" not in message


def test_a_secret_loses_what_a_file_puts_after_it_and_is_refused_with_more(monkeypatch):
    monkeypatch.setenv("FOOTNOTE_RERANKER_KEY", " sk-very-secret\r\n")
    assert load().reranker_key == SecretStr("sk-very-secret")
    for odd in ("sk-very\nsecret", "sk-very-\u200bsecret", "sk-very\tsecret"):
        monkeypatch.setenv("FOOTNOTE_RERANKER_KEY", odd)
        with pytest.raises(SettingsError, match="FOOTNOTE_RERANKER_KEY should be one line") as raised:
            load()
        assert "sk-very" not in str(raised.value)


def test_an_address_is_listed_without_what_it_says_of_its_user(monkeypatch):
    monkeypatch.setenv("FOOTNOTE_EMBEDDER_URL", "https://user:open-sesame@host/v1")
    assert "FOOTNOTE_EMBEDDER_URL=https://…@host/v1" in listed(load())


def test_an_env_file_that_is_no_text_is_refused_in_one_sentence():
    Path(".env").write_bytes(b"FOOTNOTE_HOME=\xff\xfe")
    with pytest.raises(SettingsError, match=r"\.env in this folder cannot be read"):
        load()


def test_settings_are_listed_as_an_env_file_with_secrets_hidden():
    class WithSecret(BaseSettings):
        token: SecretStr = SecretStr("xoxb-1")
        level: str = "info"

    assert listed(WithSecret()) == ["FOOTNOTE_TOKEN=**********", "FOOTNOTE_LEVEL=info"]


def test_the_example_names_every_setting_and_no_other():
    lines = EXAMPLE.read_text().splitlines()
    named = {line.removeprefix("# ").partition("=")[0] for line in lines if re.match(r"# [A-Z_]+=", line)}
    assert named == {variable(name) for name in Settings.model_fields}


def test_slacks_settings_have_the_names_that_slacks_own_pages_use(monkeypatch):
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1-secret")
    settings = load()
    assert settings.slack_bot_token == SecretStr("xoxb-1-secret")
    assert not any("xoxb-1-secret" in line for line in listed(settings))
