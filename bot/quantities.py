"""Numbers as they are written, in figures and words: "1,400", "four hundred", "1.5 million", 四百."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from decimal import Decimal
from itertools import takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def _table(lines: str) -> dict[str, str]:
    """ "name: other forms", a line each -> every form to its name."""
    rows = (line.split(":") for line in lines.strip().splitlines())
    return {form: name.strip() for name, forms in rows for form in (name.strip(), *forms.split())}


_SMALL = {
    word: value
    for value, names in enumerate((
        "zero cero", "one", "two dos", "three tres", "four cuatro", "five cinco", "six seis", "seven siete",
        "eight ocho", "nine nueve", "ten diez", "eleven once", "twelve doce dozen", "thirteen trece",
        "fourteen catorce", "fifteen quince", "sixteen dieciséis", "seventeen diecisiete",
        "eighteen dieciocho", "nineteen diecinueve", "twenty veinte",
    ))
    for word in names.split()
}  # fmt: skip
_TENS = {
    word: value
    for value, names in (
        (30, "thirty treinta"), (40, "forty cuarenta"), (50, "fifty cincuenta"), (60, "sixty sesenta"),
        (70, "seventy setenta"), (80, "eighty ochenta"), (90, "ninety noventa"),
    )
    for word in names.split()
}  # fmt: skip
_SCALES = {
    word: value
    for value, names in (
        (100, "hundred cien ciento"), (10**3, "thousand mil"), (10**6, "million millón millones"),
        (10**9, "billion"),
    )
    for word in names.split()
}  # fmt: skip
_ORDINALS = {
    word: value
    for value, word in enumerate(
        ["second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"],
        start=2,
    )
}
_FRACTIONS = {"half": Decimal("0.5"), "mitad": Decimal("0.5")}
_WORDS = _SMALL | _TENS | _ORDINALS | _FRACTIONS
_UNITS = _table(
    """
    day: days día días 天 日
    week: weeks semana semanas 周 星期
    fortnight: fortnights
    month: months mes meses 月 个月
    year: years año años yr yrs 年
    decade: decades década décadas
    century: centuries siglo siglos 世纪
    hour: hours hora horas hr hrs h 小时
    minute: minutes minuto minutos min mins 分钟
    second: seconds segundo segundos 秒
    kilometre: kilometres kilometer kilometers km kilómetros 公里
    metre: metres meter meters m metros 米
    mile: miles milla millas
    foot: feet ft
    inch: inches
    kilogram: kilograms kg kilos
    tonne: tonnes tons ton
    percent: % ％ percentage
    dollar: dollars $ usd dólares 美元
    euro: euros € eur
    pound: pounds £ gbp libras
    franc: francs chf francos
    yen: ¥ jpy
    degree: degrees ° grados
    """
)
_CALENDAR = _table(
    """
    january: jan enero
    february: feb febrero
    march: mar marzo
    april: apr abril
    may: mayo
    june: jun junio
    july: jul julio
    august: aug agosto
    september: sep sept septiembre
    october: oct octubre
    november: nov noviembre
    december: dec diciembre
    monday: lunes
    tuesday: martes
    wednesday: miércoles
    thursday: jueves
    friday: viernes
    saturday: sábado
    sunday: domingo
    """
)
_HAN = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_HAN_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_STRETCHES = ("day", "week", "fortnight", "month", "year", "decade", "century", "hour", "minute")
_TIMES = (
    _CALENDAR
    | {form: name for form, name in _UNITS.items() if name in _STRETCHES}
    | {"daily": "day", "weekly": "week", "monthly": "month", "yearly": "year", "annual": "year"}
    | {"annually": "year", "hourly": "hour"}
)
_SELDOM = (["one"], ["一"])  # they mean a number
_LETTERS = re.compile(r"[^\W\d_]+")
_TOKEN = re.compile(
    r"[$€£¥](?=\s?\d)|(?:(?<!\w)-)?\d+(?:[.,]\d+)*|[一二三四五六七八九十百千万亿两零〇]+|"
    r"个月|小时|分钟|公里|星期|世纪|美元|[\u3040-\u9fff]|[^\W\d_\u3040-\u9fff]+|[%％°$€£¥]"
)
_DIGIT = re.compile("[\u1369-\u1371\u2460-\u249b\u24ea-\u24ff\u2776-\u2793]")  # ፩ ① ⑴ ⒈ ⓪ ⓵ ❶ ➀ ➊
_AND_A_HALF = re.compile(r"\b(?:one|an?) (?:and a half (\w+illion)|(\w+illion) and a half)\b")
_THOUSANDS = re.compile(r"-?\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*")
_AMBIGUOUS = {"may", "march", "mar", "min", "h"}  # words as well, unless capitalised


def quantities(text: str) -> set[tuple[Decimal, str]]:
    """The numbers of `text`, each with its unit's name, "" for none."""
    found = set()
    for number, before, after in _numbers(_tokens(text)):
        unit = _UNITS.get(before, "") if before in "$€£¥" else ""
        found.add((number, unit or _unit(after)))
    return found


def numbers(text: str) -> Counter[Decimal]:
    """How often `text` names each number."""
    return Counter(number for number, *_ in _numbers(_tokens(text)))


def times(text: str) -> set[str]:
    """The months, days of the week and stretches of time that `text` names, in English."""
    return {
        name
        for word in _LETTERS.findall(text)
        if (name := _TIMES.get(word.lower())) and (word[0].isupper() or word.lower() not in _AMBIGUOUS)
    }


def is_number(word: str) -> bool:
    """Whether a word is a number, in figures or letters."""
    return word[0].isdigit() or word in _WORDS or word in _SCALES


def is_quantity(word: str) -> bool:
    """Whether a word is a number or a unit, which `quantities` compares."""
    return is_number(word) or word in _UNITS


def _tokens(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", _DIGIT.sub(_apart, text)).lower().replace("per cent", "percent")
    return _TOKEN.findall(_AND_A_HALF.sub(r"1.5 \1\2", plain))


def _apart(digit: re.Match[str]) -> str:
    """A digit in a ring stands apart from the number or the word beside it."""
    return f" {unicodedata.digit(digit[0], digit[0])} "


def _unit(after: list[str]) -> str:
    """The unit among the two words that follow a number: "26 days", "26 working days"."""
    of_this = takewhile(lambda word: _value(word) is None, after)
    return next((_UNITS[word] for word in of_this if word in _UNITS), "")


def _numbers(tokens: list[str]) -> Iterator[tuple[Decimal, str, list[str]]]:
    """Each number, the token before it and those after it; "one" alone is seldom a number."""
    i = 0
    while i < len(tokens):
        end = _end(tokens, i)
        if end > i and tokens[i:end] not in _SELDOM:
            yield _total(tokens[i:end]), tokens[i - 1] if i else "", tokens[end : end + 2]
        i = max(end, i + 1)


def _end(tokens: list[str], start: int) -> int:
    """Where the number that begins at `start` ends; `start` where there is none."""
    if _value(tokens[start]) is None:
        return start
    end = start + 1
    while end < len(tokens) and _goes_on(tokens[end - 1], tokens[end], tokens[end + 1 : end + 2]):
        end += 1
    return end


def _total(tokens: list[str]) -> Decimal:
    total, section = Decimal(0), Decimal(0)
    for token in tokens:
        if scale := _SCALES.get(token):
            section = (section or Decimal(1)) * scale
        else:
            section += _value(token) or Decimal(0)
        if scale and scale >= 1000:
            total, section = total + section, Decimal(0)
    return total + section


def _goes_on(before: str, after: str, next_one: list[str]) -> bool:
    """Whether two neighbours write one number: "four hundred", "1.5 million", "twenty six"."""
    if after == "and":
        return before in _SCALES and bool(next_one) and next_one[0] in _WORDS
    if after in _SCALES:
        return True
    if before in _SCALES or before == "and":
        return after in _WORDS
    return (before in _TENS or before == "twenty") and after in _SMALL


def _value(token: str) -> Decimal | None:
    if token[-1].isdecimal():
        return _figures(token)
    if token in _WORDS or token in _SCALES:
        return Decimal(_WORDS.get(token, 1))
    return _han(token) if all(c in _HAN or c in _HAN_SCALES for c in token) else None


def _figures(token: str) -> Decimal:
    if _THOUSANDS.fullmatch(token) or token.count(",") > 1 or token.count(".") > 1:
        return Decimal(re.sub("[.,]", "", token))
    whole, _, rest = token.replace(",", ".").rpartition(".")
    return Decimal(f"{whole.replace('.', '')}.{rest}" if whole else rest)


def _han(token: str) -> Decimal:
    total = section = digit = 0
    for character in token:
        if (scale := _HAN_SCALES.get(character)) is None:
            digit = _HAN[character]
        elif scale >= 10**4:
            total, section, digit = (total + section + digit) * scale, 0, 0
        else:
            section, digit = section + (digit or 1) * scale, 0
    return Decimal(total + section + digit)
