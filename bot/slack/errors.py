"""How Slack fails us.

SlackError
├── TalkError         a conversation cannot be read for whoever asks
├── RefusedError      Slack says no, and why in a word
│   └── StoppedError  the asker has pressed Stop
└── UnreachableError  no answer: the call may have taken effect or not
"""

from __future__ import annotations

from bot.errors import SlackError


class TalkError(SlackError):
    """A conversation cannot be read for whoever asks."""


class RefusedError(SlackError):
    """Slack refuses a call; `code` is its word for the reason, `needed` the scope that is missing."""

    def __init__(self, method: str, code: str, needed: str = "") -> None:
        super().__init__(f"Slack refuses {method}: {code}.")
        self.code = code
        self.needed = needed


class StoppedError(RefusedError):
    """The asker has stopped the reply."""


class UnreachableError(SlackError):
    """Slack has not answered: nobody knows whether the call took effect."""
