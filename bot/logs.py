"""Logging to stderr."""

from __future__ import annotations

import logging

from bot.text import plain


class _Plain(logging.Formatter):
    """A record may quote a file's name, which must not steer the terminal."""

    def format(self, record: logging.LogRecord) -> str:
        return plain(super().format(record))


def configure(level: str) -> None:
    """Log our packages from `level` up; what we build on speaks up only when it fails."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Plain("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(handlers=[handler], level=logging.ERROR, force=True)
    logging.captureWarnings(capture=True)
    for package in ("bot", "index"):
        logging.getLogger(package).setLevel(level.upper())
