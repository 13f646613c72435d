"""How old what a document says is: the date it gives itself, or else when it was read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.library import Span

OPENING = 600  # characters of a document in which it may be dated
_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december|"
    "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
)
_YEAR = r"(?<!\d)(?:19|20)\d\d(?!\d)"
_DATE = (
    rf"{_YEAR}(?:[-/.]\d{{1,2}}){{1,2}}|\d{{1,2}}\.?\s+(?:de\s+)?(?:{_MONTHS}),?\s+(?:de\s+)?{_YEAR}|"
    rf"(?:{_MONTHS})\s+(?:\d{{1,2}},?\s+)?{_YEAR}|{_YEAR}\s*年(?:\s*\d{{1,2}}\s*月(?:\s*\d{{1,2}}\s*日)?)?"
)
_DATED = re.compile(rf"{_DATE}|{_YEAR}", re.IGNORECASE)
_STATED = re.compile(
    r"\b(?:dated?|updated|revised|published|issued|effective|modified|as of|valid (?:from|since)|"
    rf"fecha|actualizado|vigente)\b[^.\n\d]{{0,30}}(?P<date>{_DATE})|"
    rf"(?:更新|发布|日期)[^。\n\d]{{0,10}}(?P<chinese>{_DATE})",
    re.IGNORECASE,
)


def date_of(opening: Span, indexed: str) -> str:
    """The date that the `opening` of a document says it has; "" where its title says so already;
    else the day it was `indexed`, an ISO time."""
    if _DATED.search(opening.source.title):
        return ""
    if stated := _STATED.search(opening.text[:OPENING]):
        return " ".join((stated["date"] or stated["chinese"]).split())
    return f"indexed {indexed[:10]}"
