"""Text made safe to show: whatever a document holds, it steers no terminal and hides nothing."""

from __future__ import annotations

import re

# Controls (escape sequences begin with them), marks that turn the writing direction, invisible
# characters and tags. Joiners stay: Persian, Indic scripts and emoji are spelt with them.
UNSAFE = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0001\U000e0020-\U000e007f]"
)
LINE_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
SURROGATES = re.compile("[\ud800-\udfff]")


def plain(text: str) -> str:
    """`text` without the characters that steer a display; every kind of line break is "\\n"."""
    return SURROGATES.sub("\ufffd", UNSAFE.sub("", LINE_BREAKS.sub("\n", text)))


def one_line(text: str) -> str:
    """`text`, made plain, with single spaces for its white space."""
    return " ".join(plain(text).split())


def shortened(text: str, limit: int) -> str:
    """`text` on one line of at most `limit` characters; "…" stands for what is cut off."""
    line = one_line(text)
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
