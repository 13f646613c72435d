"""The settings in force. Nothing else reads the environment."""

from pathlib import Path
from typing import Annotated, Literal

from platformdirs import user_data_path
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import SettingsError
from index.redaction import redacted

_PREFIX = "FOOTNOTE_"


def _absolute(path: Path) -> Path:
    try:
        return path.expanduser().absolute()
    except RuntimeError as error:  # "~nobody", which pydantic would let through as it is
        raise ValueError("should not begin with the name of an unknown user") from error


def _clean(secret: SecretStr) -> SecretStr:
    """Without what a shell or an editor puts after it."""
    text = secret.get_secret_value().strip()
    if not text.isprintable():
        raise ValueError("should be one line, without characters that nobody sees")
    return SecretStr(text)


Secret = Annotated[SecretStr, AfterValidator(_clean)]


class Settings(BaseSettings):
    """Read from `FOOTNOTE_...` variables, then from `.env` in the current folder."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX,
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        populate_by_name=True,
        validate_default=True,
    )

    home: Annotated[Path, AfterValidator(_absolute)] = Field(
        default_factory=lambda: user_data_path("footnote", appauthor=False),
        description="The folder the library lives in.",
    )
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(str.lower)] = Field(
        default="warning",
        description="How much is logged on stderr. A question's text is logged at debug only.",
    )

    embedder: str = Field(
        default="bundled",
        description="What turns texts into vectors, provider:model; a change needs `index --rebuild`.",
    )
    embedder_url: str | None = Field(
        default=None, description="Its server, or the folder of a model that runs here."
    )
    embedder_key: Secret | None = Field(default=None, description="Its key.")
    confirm_tokens: int = Field(
        default=1_000_000, ge=0, description="A paid embedder gets more tokens only when somebody agrees."
    )
    reranker: str | None = Field(
        default=None, description="What orders the best passages again, provider:model."
    )
    reranker_url: str | None = Field(
        default=None, description="Its whole address, or the folder of a model that runs here."
    )
    reranker_key: Secret | None = Field(default=None, description="Its key.")

    slack_bot_token: Secret | None = Field(
        default=None, validation_alias="SLACK_BOT_TOKEN", description="The bot's token, xoxb-…."
    )
    slack_app_token: Secret | None = Field(
        default=None,
        validation_alias="SLACK_APP_TOKEN",
        description="For Socket Mode: the app's token, xapp-….",
    )
    slack_signing_secret: Secret | None = Field(
        default=None,
        validation_alias="SLACK_SIGNING_SECRET",
        description="For --http: what Slack signs with.",
    )
    slack_client_id: str | None = Field(
        default=None,
        validation_alias="SLACK_CLIENT_ID",
        description="For several workspaces, with --http: the app's client id.",
    )
    slack_client_secret: Secret | None = Field(
        default=None, validation_alias="SLACK_CLIENT_SECRET", description="The secret that belongs to it."
    )
    slack_api_url: str = Field(
        default="https://slack.com/api/",
        validation_alias="SLACK_API_URL",
        description="Where Slack's Web API is.",
    )
    database_url: Secret | None = Field(
        default=None,
        validation_alias="DATABASE_URL",
        description="PostgreSQL for what outlives a restart; unset, a SQLite file in the home.",
    )
    model: str | None = Field(
        default=None,
        description="A language model as provider:model: openai, openai-like, anthropic, ollama, google.",
    )
    model_url: str | None = Field(default=None, description="The address of the model's server.")
    model_key: Secret | None = Field(
        default=None, description="The model's key; unset, the provider's own variable."
    )
    openai_api_key: Secret | None = Field(
        default=None, validation_alias="OPENAI_API_KEY", description="The key for openai."
    )
    anthropic_api_key: Secret | None = Field(
        default=None, validation_alias="ANTHROPIC_API_KEY", description="The key for anthropic."
    )
    google_api_key: Secret | None = Field(
        default=None, validation_alias="GOOGLE_API_KEY", description="The key for google."
    )
    model_context: int = Field(
        default=6000, ge=500, description="Tokens of passages that a model is given at most."
    )
    model_price_in: float | None = Field(
        default=None, ge=0, description="What a million tokens cost that the model reads."
    )
    model_price_out: float | None = Field(
        default=None, ge=0, description="What a million tokens cost that the model writes."
    )
    shared_channels: bool = Field(
        default=False, description="Whether to answer in channels shared with other organisations."
    )
    at_once: int = Field(default=4, ge=1, le=64, description="How many questions are worked on at once.")
    waiting: int = Field(default=500, ge=1, description="How many may wait before more are refused.")
    per_user: int = Field(default=20, ge=1, description="Questions a minute from one person.")
    per_channel: int = Field(default=60, ge=1, description="Questions a minute in one channel.")
    deadline: float = Field(default=60.0, gt=0, description="Seconds that one question may take.")
    version_days: int = Field(
        default=90,
        ge=0,
        le=36_500,
        description="Days that a document's text is kept after it changed or went, for old citations.",
    )
    retention_days: int = Field(default=90, ge=1, description="Days that questions and answers are kept.")


def variable(name: str, of: type[BaseSettings] = Settings) -> str:
    """The environment's name for a setting."""
    alias = of.model_fields[name].validation_alias
    return alias if isinstance(alias, str) else f"{_PREFIX}{name.upper()}"


def load(home: Path | None = None) -> Settings:
    """The settings in force; `home` comes before the environment's. Raises SettingsError."""
    try:
        return Settings() if home is None else Settings(home=home)
    except ValidationError as error:
        raise SettingsError(" ".join(_sentence(e["loc"], e["msg"]) for e in error.errors())) from error
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"The file .env in this folder cannot be read: {error}.") from error


def listed(settings: BaseSettings) -> list[str]:
    """The settings as lines of an `.env` file; secrets show as stars."""
    shown = ((name, getattr(settings, name)) for name in type(settings).model_fields)
    return [
        f"{variable(name, type(settings))}={'' if value is None else redacted(str(value))}"
        for name, value in shown
    ]


def _sentence(location: tuple[int | str, ...], message: str) -> str:
    """ "FOOTNOTE_LOG_LEVEL should be ..." from pydantic's report, without the value: it may be secret."""
    reason = message.removeprefix("Value error, ").removeprefix("Input ")
    name = str(location[0])
    return f"{variable(name) if name in Settings.model_fields else name} {reason}."
