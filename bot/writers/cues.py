"""What kind of answer a question wants, told by its words, and whether a sentence has one."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection

_NUMBER_WORD = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|twenty|thirty|forty|fifty|sixty|"
    r"seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?|half|once|twice|several|no|none|un|una|dos|"
    r"tres|cuatro|cinco|seis|siete|ocho|nueve|diez|cien|ciento|mil|millones)"
)
_NUMBER = rf"\d[\d.,]*|\b(?i:{_NUMBER_WORD})\b|[一二三四五六七八九十百千万亿两]+"
_UNIT = (
    r"(?:years?|months?|weeks?|fortnights?|days?|hours?|minutes?|seconds?|decades?|centur(?:y|ies)|miles?|km|"
    r"kilomet\w+|met(?:er|re)s?|feet|foot|ft|inch\w*|años?|meses|mes|semanas?|días?|horas?|minutos?|siglos?)"
)
_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|"
    r"jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
    r"enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)"
)
_TIME = (
    rf"\b1\d{{3}}|\b20\d\d|\d+\s*[年月日]|\b{_MONTH}\b|\b{_UNIT} (?:ago|later|earlier)|\b{_UNIT}\b|"
    r"\b\d{3,4}s?\b|\b\d+ (?:AD|BC|BCE|CE)\b|\b\d{1,2}(?::\d\d)? ?[ap]\.?m\b|\d:\d\d|世纪|"
    r"\b(?:yesterday|today|tomorrow)\b"
)
_NAME = r"(?<![.!?\n] )(?<!^)\b[A-ZÀ-ÞА-Я][\w'’.-]+|[\u3040-\u30ff\u3400-\u9fff]{2}"
_REASON = (
    r"\b(?:because|due to|since|as a result|result(?:s|ed|ing)? (?:in|of|from)|in order to|to avoid|"
    r"to prevent|so that|causes?|caused|causing|reasons?|therefore|led to|owing|aims?|aimed|"
    r"objective|purpose|goal|porque|debido|para|causas?|razón)\b|因为|由于|因此|以便|为了"
)


class Cue(NamedTuple):
    """A kind of answer: questions that want it, and what in a sentence can be it."""

    asked: re.Pattern[str]
    answer: re.Pattern[str]


def _cue(asked: str, answer: str, flags: int = re.IGNORECASE) -> Cue:
    return Cue(re.compile(asked, re.IGNORECASE), re.compile(answer, flags))


_WHICH = r"\b(?:what|which) (?:\w+ )?"
_MONEY = (
    r"[$€£¥]\s*\d|\d[\d.,]*\s*(?:(?:million|billion|thousand|mil|millones)\s+)?(?:de\s+)?(?:dollars?|euros?|"
    r"pounds?|francs?|shillings?|cents?|pesos?|dólares|usd|eur|gbp|chf|kes|元|美元|million|billion)"
)

_OF_SOMEBODY = re.compile(
    r"\W*[Ww]ho(?: is| was| are| were|['’]s)(?: [A-ZÀ-ÞА-Я][\w.'’-]*)*? ([A-ZÀ-ÞА-Я][\w'’-]*)\W*"
)
_POLAR = re.compile(
    r"\W*(?:is|are|am|was|were|do|does|did|has|have|had|can|could|may|might|must|shall|should|will|would|need)"
    r"(?:n['’]t)?\b",
    re.IGNORECASE,
)

# The first one whose words a question has is its kind.
_CUES = (
    _cue(
        r"\bpercent|\bproportion|porcentaje|百分",
        r"\d\s*[%％]|\d[\d.,]* (?:percent|per cent|por ciento)|百分之",
    ),
    _cue(
        rf"{_WHICH}(?:is |was |are |were )?(?:the |a |an )?(?:cost|price|salary|budget|revenue|fee)\b|"
        r"\bhow much\b.*\b(?:costs?|pay|paid|earns?|spen[dt]|worth|money)\b|多少钱|"
        r"cuánto (?:cuesta|costó|gana)",
        _MONEY,
    ),
    _cue(
        r"\bhow (?:long|far|tall|high|deep|wide|old|often|large|big|fast|heavy)\b|"
        r"cuánto tiempo|多[长久高远深大]",
        rf"\d|(?:{_NUMBER})[\s-]*(?:\w+[\s-])?{_UNIT}|\ba {_UNIT}\b",
    ),
    _cue(
        rf"\bhow (?:many|much)\b|\bcuánt[oa]s?\b|多少|几|{_WHICH}(?:is |was |are |were )?(?:the )?"
        r"(?:number|amount|population|size|length|area|score|total)\b",
        _NUMBER,
    ),
    _cue(
        rf"\bwhen\b|{_WHICH}(?:year|date|day|month|decade|century|time)\b|\bcuándo\b|"
        r"qué (?:año|fecha|día|mes)|什么时候|何时|哪一?年|哪天|什么时间",
        _TIME,
    ),
    _cue(
        rf"\bwho(?:m|se)?\b|\bquién(?:es)?\b|谁|"
        rf"{_WHICH}(?:person|name|people|group|team|company|organi[sz]ation)\b",
        _NAME,
        0,
    ),
    _cue(
        rf"\bwhere\b|{_WHICH}(?:city|country|state|place|region|location|town|area|river|street|continent)\b|"
        r"\bdónde\b|哪里|哪儿|何处|哪个(?:国家|城市)",
        _NAME,
        0,
    ),
    _cue(rf"\bwhy\b|{_WHICH}(?:reason|cause|purpose|aim|goal)\b|por qué|为什么|为何", _REASON),
)


def cue_of(question: str) -> Cue | None:
    """The kind of answer `question` wants; None where its words do not tell. "Who is Ida Berg?" wants
    what begins with her name."""
    plain = unicodedata.normalize("NFKC", question)
    if named := _OF_SOMEBODY.fullmatch(plain):
        return Cue(_OF_SOMEBODY, re.compile(rf"^\W*(?:\w+\W+){{0,3}}?{re.escape(named[1])}\b.*", re.DOTALL))
    return next((cue for cue in _CUES if cue.asked.search(plain)), None)


def is_polar(question: str) -> bool:
    """Whether `question` wants a yes or no, which a sentence may give that says no more than is asked."""
    return _POLAR.match(question) is not None


def has_answer(cue: Cue | None, sentence: str, asked: Collection[str]) -> bool:
    """Whether `sentence` holds such an answer that is not itself among the words `asked`."""
    if cue is None:
        return False
    return any(match[0].lower().strip(".'’-") not in asked for match in cue.answer.finditer(sentence))
