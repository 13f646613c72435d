"""Logging to stderr: lines for a person, JSON for a machine; never a secret."""

from __future__ import annotations

import json
import logging
import re
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from bot.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(r"\b(?:xox[a-z]|xapp|xoxe\.xox[a-z])-[\w-]+")
_about: ContextVar[dict[str, str] | None] = ContextVar("about", default=None)
_FIELDS = ("event", "reference")


@contextmanager
def about(**fields: str) -> Iterator[None]:
    """What is logged within belongs to these fields, of `event` and `reference`."""
    token = _about.set(fields)
    try:
        yield
    finally:
        _about.reset(token)


class _Plain(logging.Formatter):
    """A record may quote a file's name, which must not steer the terminal."""

    def format(self, record: logging.LogRecord) -> str:
        return _TOKEN.sub("(a token)", plain(super().format(record)))


class _Json(logging.Formatter):
    """One object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, str] = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        given = {name: getattr(record, name) for name in _FIELDS if hasattr(record, name)}
        line |= (_about.get() or {}) | given
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return _TOKEN.sub("(a token)", json.dumps(line, ensure_ascii=False))


def configure(level: str, *, as_json: bool = False) -> None:
    """Log our packages from `level` up; what we build on speaks up only when it fails."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Json() if as_json else _Plain("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(handlers=[handler], level=logging.ERROR, force=True)
    logging.captureWarnings(capture=True)
    for package in ("bot", "index"):
        logging.getLogger(package).setLevel(level.upper())
