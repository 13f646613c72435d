"""How Slack fails us.

SlackError
├── RefusedError      Slack says no, and why in a word
│   └── StoppedError  the asker has pressed Stop
└── UnreachableError  no answer: the call may have taken effect or not
"""

from __future__ import annotations

from bot.errors import SlackError


class RefusedError(SlackError):
    """Slack refuses a call; `code` is its word for the reason."""

    def __init__(self, method: str, code: str) -> None:
        super().__init__(f"Slack refuses {method}: {code}.")
        self.code = code


class StoppedError(RefusedError):
    """The asker has stopped the reply."""


class UnreachableError(SlackError):
    """Slack has not answered: nobody knows whether the call took effect."""
