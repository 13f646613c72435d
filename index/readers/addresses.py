"""The web address that a document names as its own."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_MOST = 2000  # characters
_PLAIN = re.compile(r"[!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]+")


def own_address(*named: str | None) -> str:
    """The first of `named` that is an absolute address on the web, in plain ASCII, of at most
    2,000 characters and without a user's name or password; "" for none."""
    return next((url for url in map(str.strip, filter(None, named)) if _is_address(url)), "")


def _is_address(url: str) -> bool:
    if len(url) > _MOST or not _PLAIN.fullmatch(url):
        return False
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:  # brackets or a port that make no host
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc
