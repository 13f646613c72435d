"""What can go wrong on this side of the library. Every message is for the asker to read.

BotError
├── SettingsError      a setting has a wrong value
├── NothingIndexedError the library holds no document yet
├── UnconfirmedError   nobody agreed to what costs money
├── QuestionError      nothing can be looked up for this question
├── NothingFoundError  the documents say nothing about this
├── ModelError         the language model does not answer
├── StateError         the database of requests does not answer
└── SlackError         Slack refuses, or cannot be reached
"""

from __future__ import annotations


class BotError(Exception):
    """Footnote cannot do this."""


class SettingsError(BotError):
    """A setting has a wrong value."""


class NothingIndexedError(BotError):
    """The library holds no document yet."""


class UnconfirmedError(BotError):
    """Nobody agreed to what costs money."""


class QuestionError(BotError):
    """Nothing can be looked up for this question."""


class NothingFoundError(BotError):
    """The documents say nothing about this."""


class ModelError(BotError):
    """The language model does not answer."""


class StateError(BotError):
    """The database of requests does not answer."""


class SlackError(BotError):
    """Slack refuses, or cannot be reached."""
