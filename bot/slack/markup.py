"""Slack's markup, read: people, channels, links to messages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.requests import Talk
from bot.text import SURROGATES

if TYPE_CHECKING:
    from collections.abc import Mapping

MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|([^>]*))?>")
_CHANNEL = re.compile(r"<#([A-Z0-9]+)(?:\|([^>]*))?>")
# <https://a.b|a.b>
_LINK = re.compile(r"<(?:(?:https?|mailto):[^|>]*\|)?([^|>@#!]+)>")
# <!here>, <!subteam^S1|@team>, <!date^1^{date}|today>
_CALL = re.compile(r"<!(\w+)(?:\^[^|>]*)?(?:\|@?([^>]*))?>")
_MESSAGE = re.compile(
    r"https?://[^\s/|<>]+/archives/([A-Z0-9]+)/p(\d{10})(\d{6})(?:[^\s|>]*?[?&;]thread_ts=(\d{10}\.\d{6}))?"
)


def readable(text: str) -> str:
    """What a person typed: without mentions, channels by their names, links as they read."""
    text = _CHANNEL.sub(lambda channel: f"#{channel[2] or channel[1]}", MENTION.sub(" ", text))
    text = _LINK.sub(r"\1", text)
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return SURROGATES.sub("\ufffd", text).strip()


def spoken(text: str, names: Mapping[str, str]) -> str:
    """The same, with whoever is called in it by their `names`, as the words that they are."""
    text = MENTION.sub(lambda called: f"@{names[called[1]]}" if called[1] in names else " ", text)
    return readable(_CALL.sub(lambda call: f"@{call[2] or call[1]}", text))


def labels(text: str) -> dict[str, str]:
    """What the people in a command are called: there, Slack says it."""
    return {called[1]: called[2] for called in MENTION.finditer(text) if called[2]}


def linked(text: str) -> Talk | None:
    """The thread that a link leads to: that of its message."""
    link = _MESSAGE.search(text)
    return link and Talk(link[1], link[4] or f"{link[2]}.{link[3]}")


def channel(text: str) -> Talk | None:
    """The channel that is named first."""
    named = _CHANNEL.search(text)
    return named and Talk(named[1])
