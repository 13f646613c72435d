"""Bytes to text, whatever the encoding."""

from __future__ import annotations

import codecs

from charset_normalizer import from_bytes

from index.errors import ReadError

# The longer marks first: UTF-32's begins with UTF-16's.
_MARKED = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# What was in use before Unicode, the commonest first. The DOS and Macintosh pages are left out:
# in short texts they win by chance over the right one.
_LEGACY = [f"cp125{n}" for n in (2, 0, 1, 3, 4, 5, 6, 7, 8)]
_LEGACY += ["cp874", "koi8_r", "koi8_u", "cp932", "euc_jp", "gb18030", "big5", "cp949"]
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b"))
_SAMPLE_BYTES = 100_000


def decode(data: bytes, declared: str | None = None) -> str:
    """The text in the bytes: by its byte order mark, else as declared, else UTF-8, else by its look.
    Raises ReadError for what is no text."""
    for mark, encoding in _MARKED.items():
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    if len(data.translate(None, _CONTROLS)) < 0.95 * len(data):
        raise ReadError("looks binary, not text")
    for encoding in filter(None, (declared, "utf-8")):
        text = _exactly(data, encoding)
        if text is not None:
            return text
    return _nearly_utf8(data) or data.decode(_guess(data), errors="replace")


def _exactly(data: bytes, encoding: str) -> str | None:
    try:
        found = codecs.lookup(encoding).name
        if found.startswith(("utf-16", "utf-32")):  # a declaration that could be read proves it wrong
            return None
        # As browsers do: who declares ISO 8859-1 means Windows' superset of it.
        return data.decode("cp1252" if found in {"iso8859-1", "ascii"} else found)
    except (LookupError, ValueError):  # a name with a NUL in it is no name
        return None


def _nearly_utf8(data: bytes) -> str | None:
    """UTF-8 with a few broken characters, as when it was cut short or a foreign line pasted in."""
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    whole = len(text) - len(text.encode("ascii", errors="ignore")) - broken
    return text if broken * 10 <= whole else None


def _guess(data: bytes) -> str:
    """The encoding that gives the least mess; of several the commonest, else the most like a language."""
    matches = from_bytes(data[:_SAMPLE_BYTES], cp_isolation=_LEGACY)
    if not matches:
        raise ReadError("is in an encoding that is not recognised; save it as UTF-8")
    best = min(matches, key=lambda match: (match.chaos, match.encoding != _LEGACY[0], -match.coherence))
    return best.encoding
