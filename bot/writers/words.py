"""Words as the writer compares them: what is written, and its stem."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from index.lexical import spaced, terms

_WORD = re.compile(r"[^\W_]+")


def words(text: str) -> list[str]:
    """The words of `text` in lower case, in order; pairs of characters where the script
    has no spaces."""
    return _WORD.findall(spaced(unicodedata.normalize("NFKC", text)).lower())


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """The form under which the library indexes a word; "" for one it leaves out."""
    return next(iter(terms(word)), "")
