"""What is told of errors and settings, without what is secret in them."""

from __future__ import annotations

import re

# What an address says of its user, and its parameters: either may be a key.
_IN_ADDRESS = re.compile(r"""(?<=://)[^\s/?#'"]+(?=@)|(?<=\w\?|/\?)[^\s?'"]*=[^\s'"]*""")


def redacted(text: str, secret: str | None = None) -> str:
    """`text` with "…" for `secret`, and for what addresses should not give away."""
    if secret and secret.strip():
        text = text.replace(secret.strip(), "…")
    return _IN_ADDRESS.sub("…", text)


def told(error: BaseException, secret: str | None = None) -> str:
    """What an error says on one line, or what it is called where it says nothing."""
    return redacted(" ".join(str(error).split()), secret) or type(error).__name__
