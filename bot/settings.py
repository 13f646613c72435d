"""The settings in force. Nothing else reads the environment."""

from pathlib import Path
from typing import Annotated, Literal

from platformdirs import user_data_path
from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import SettingsError

_PREFIX = "FOOTNOTE_"


def _absolute(path: Path) -> Path:
    try:
        return path.expanduser().absolute()
    except RuntimeError as error:  # "~nobody", which pydantic would let through as it is
        raise ValueError("should not begin with the name of an unknown user") from error


class Settings(BaseSettings):
    """Read from `FOOTNOTE_...` variables, then from `.env` in the current folder."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX,
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
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
    return [f"{_PREFIX}{name.upper()}={getattr(settings, name)}" for name in type(settings).model_fields]


def _sentence(location: tuple[int | str, ...], message: str) -> str:
    """ "FOOTNOTE_LOG_LEVEL should be ..." from pydantic's report, without the value: it may be secret."""
    reason = message.removeprefix("Value error, ").removeprefix("Input ")
    return f"{_PREFIX}{str(location[0]).upper()} {reason}."
