"""What a bot may not show, although Slack would take it: pings, foreign links, images."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

from fake_slack.limits import parts, strings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_MENTION = re.compile(r"<([!@#])([^>]*)>?")
_BARE = re.compile(r"\b(?:https?://|mailto:|slack://)[^\s<>|)\]]+", re.IGNORECASE)
_BRACKETED = re.compile(r"<([a-z][a-z0-9+.-]*:[^>|\s]+)", re.IGNORECASE)
_MARKDOWN = re.compile(r"\]\(\s*<?([^)\s>]+)")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ALWAYS = {"broadcast", "usergroup", "team", "channel"}  # elements of a rich_text
_MARKDOWNS = {"markdown", "markdown_text"}


def unsafe(content: dict[str, Any], urls: Collection[str] = (), users: Collection[str] = ()) -> list[str]:
    """What pings someone but `users`, links elsewhere than to `urls`, or is an image."""
    problems = [
        f"half a surrogate in {text[:40]!r}" for text in strings(content) if _SURROGATE.search(text)
    ]
    for kind, part in parts(content):
        if kind in _ALWAYS and "elements" not in part:
            problems.append(f"a {kind} mention")
        elif kind == "user" and part.get("user_id") not in users:
            problems.append(f"a mention of {part.get('user_id')}")
        elif kind == "image" or "image_url" in part:
            problems.append("an image")
        if isinstance(url := part.get("url"), str) and url not in urls:
            problems.append(f"a link to {url}")
    for text, links in _formatted(content):
        problems += _mentions(text, users) + [
            f"a link to {url}" for url in links if not _allowed(url, urls)
        ]
    return problems


def _formatted(content: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Every text that Slack formats, with what it makes links of."""
    plain = content.get("text")
    if isinstance(plain, str) and "type" not in content:
        alone = not content.get("blocks") and content.get("parse") != "none"
        yield plain, _links(plain, bare=alone)
    if isinstance(text := content.get("markdown_text"), str):
        yield text, _links(text, bare=True) + _MARKDOWN.findall(text)
    for kind, part in parts(content):
        text = part.get("text")
        if isinstance(text, str) and kind == "mrkdwn":
            yield text, _links(text, bare=not part.get("verbatim"))
        elif isinstance(text, str) and kind in _MARKDOWNS:
            yield text, _links(text, bare=True) + _MARKDOWN.findall(text)


def _links(text: str, *, bare: bool) -> list[str]:
    return _BRACKETED.findall(text) + (_BARE.findall(text) if bare else [])


def _allowed(url: str, urls: Collection[str]) -> bool:
    return any(form in urls for form in (url, html.unescape(url), url.rstrip(".,;:!?")))


def _mentions(text: str, users: Collection[str]) -> list[str]:
    known = {f"@{user}" for user in users}
    found = [match.group(1) + match.group(2) for match in _MENTION.finditer(text)]
    return [f"a mention: <{name}>" for name in found if name not in known and not name.startswith("!date^")]
