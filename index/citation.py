"""Citation ids: short, typeable names of exact spans, such as `k7f3qm-9s4-3z7k`.

An id spells out what it cites (a version's key, the start, the length, two check digits)
in Crockford's base 32, so that it needs no table and a mistyped one is noticed.
"""

from __future__ import annotations

import hashlib
import re

from index.errors import UnknownCitationError

_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
_VALUES = {digit: value for value, digit in enumerate(_DIGITS)} | {"o": 0, "i": 1, "l": 1}
_KEY_DIGITS = 6
_CHECK_DIGITS = 2
_PASTED = re.compile(r"\(?(?:(?:id|footnote)\s+)?([^\s()]+)\)?", re.IGNORECASE)
_FORM = re.compile(r"\w{5,7}-\w+-\w{2,}")


def source_key(uri: str, version: str, attempt: int = 0) -> str:
    """Six digits (30 bits) that name a version of a document. `attempt` gives another key
    where one is taken."""
    return _digest(f"{uri}\0{version}\0{attempt}", _KEY_DIGITS)


def citation_id(key: str, start: int, end: int) -> str:
    """The id of characters `start` to `end` of the version that `key` names."""
    check = _digest(f"{key}\0{start}\0{end}", _CHECK_DIGITS)
    return f"{key}-{_encode(start)}-{_encode(end - start)}{check}"


def parse_citation_id(text: str) -> tuple[str, int, int]:
    """The key, start and end that an id spells out, pasted as "(id k7f3qm-9s4-3z7k)" or bare; case
    and look-alike letters forgiven.

    Raises UnknownCitationError where `text` is not an id or is mistyped."""
    match _bare(text).lower().split("-"):
        case [key, start, tail] if _is_number(key + start + tail) and len(tail) > _CHECK_DIGITS:
            first = _decode(start)
            found = (_canonical(key), first, first + _decode(tail[:-_CHECK_DIGITS]))
            if citation_id(*found) == "-".join(map(_canonical, (key, start, tail))):
                return found
    raise UnknownCitationError(f"{text.strip()[:40]!r} is not one; check it for a mistyped character.")


def is_like_citation_id(text: str) -> bool:
    """Whether `text` has the form of an id, be it mistyped. Words may have it too: "mother-in-law"."""
    return _FORM.fullmatch(_bare(text)) is not None


def is_citation_id(text: str) -> bool:
    """Whether `text` is an id, of a document that is there or not."""
    try:
        parse_citation_id(text)
    except UnknownCitationError:
        return False
    return True


def _bare(text: str) -> str:
    pasted = _PASTED.fullmatch(text.strip())
    return pasted[1] if pasted else text.strip()


def _digest(text: str, digits: int) -> str:
    number = int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8])
    return "".join(_DIGITS[number >> 5 * i & 31] for i in range(digits))


def _encode(number: int) -> str:
    digits = _DIGITS[number & 31]
    while number := number >> 5:
        digits = _DIGITS[number & 31] + digits
    return digits


def _decode(text: str) -> int:
    number = 0
    for digit in text:
        number = number << 5 | _VALUES[digit]
    return number


def _canonical(text: str) -> str:
    return "".join(_DIGITS[_VALUES[digit]] for digit in text)


def _is_number(text: str) -> bool:
    return all(digit in _VALUES for digit in text)
