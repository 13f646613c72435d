"""What a claim states that its quotes do not: numbers, units, dates, names, negations, and words
that make more of a matter than was said.

The rule is strict where a mistake would be believed: a claim that says less than it could is
dropped before one that says more than it may."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from bot.pairings import misjoined
from bot.quantities import is_quantity, numbers, quantities, times
from bot.roles import turned
from bot.synonyms import is_light, is_of, is_said, is_unspaced, root
from bot.writers.words import stem, words
from index.chunking import encoding
from index.function_words import is_function_word
from index.quotes import normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_MOST_UNSAID = 0.34  # of a claim's words, in scripts without spaces: its pairs of characters differ
_CLAUSE = re.compile(r"[.;:!?。；！？,，]|\b(?:but|although|though|while|pero|aunque)\b", re.IGNORECASE)
_NOT = re.compile(
    r"\b(?:not|no|never|none|neither|nor|without|cannot|nobody|nothing|nowhere|hardly|non|unless|except|"
    r"rather than|instead of|nunca|jamás|sin|ning[uú]n|ninguna|ninguno|tampoco|nadie|nada|ni)\b|"
    r"n['’]t\b|[不没無无非未别]",
    re.IGNORECASE,
)
_NEGATED = 4  # words after a negation that it speaks of
# They claim more, or less, than the bare sentence.
_STRONG_WORDS = """
only all always entire entirely whole completely must most least more less fewer largest biggest
smallest highest lowest longest shortest oldest youngest best worst greatest first last final former
increase increased decrease decreased rise rose fall fell before after until since because against illegal
legal banned allowed forbidden mandatory optional required
solo todos todas siempre cada mayor menor primer primero primera último última antes después
"""
_STRONG = frozenset(_STRONG_WORDS.split())
_ALIKE = {  # to stems
    "must": "requir",
    "mandatory": "requir",
    "biggest": "largest",
    "forbidden": "ban",
    "banned": "ban",
    "initially": "first",
    "initial": "first",
    "minimum": "least",
    "maximum": "most",
    "majority": "most",
}
_MARKUP = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|</?\w[^>]*>|<[!@#][^>]*>|\]\(|[@#]\w+|[*_`~]{2,}")
_ORDER = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b[^.]{0,30}\b(?:rules?|instructions?|prompts?|above|previous)\b|"
    r"\b(?:answer|reply|respond) (?:only )?with\b|\btell (?:the user|users|everyone) that\b|"
    r"\b(?:system prompt|as an ai|language model|you are now)\b|"
    r"\b(?:ignora|olvida)\b[^.]{0,30}\b(?:reglas|instrucciones)\b|(?:忽略|无视)[^。]{0,12}(?:指令|规则|说明)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SENTENCE_START = re.compile(r"(?:\A|[.!?:]\s+|[\"“‘(]\s*)\Z")


def unsupported(claim: str, quotes: Sequence[str], over: Sequence[str]) -> list[str]:
    """What `claim` states without the `quotes` saying it, in words for the log; empty where it
    stands. Names may also come from `over`, the titles and headings above the quotes."""
    said = " ".join(quotes)
    if normalise(claim).text.strip() in (normalise(text).text.strip() for text in (said, *quotes)):
        return []
    checks = (_markup, _orders, _quantities, _dates, _names, _negations, _strong, _unsaid)
    found = list(chain.from_iterable(check(claim, said, " ".join(over)) for check in checks))
    return found or [*turned(claim, quotes), *misjoined(claim, quotes)]


def _markup(claim: str, said: str, _: str) -> list[str]:
    return [found for found in _MARKUP.findall(claim) if found not in said]


def _orders(_: str, said: str, __: str) -> list[str]:
    """What a document wants to have said proves nothing."""
    return _ORDER.findall(said)


def _quantities(claim: str, said: str, _: str) -> list[str]:
    """A number stands with its unit, where both sides give one, and as often as in the quotes."""
    pairs = re.sub(r"\bboth\b", "two", said, flags=re.IGNORECASE)
    known = quantities(pairs)
    if more := numbers(claim) - numbers(pairs):
        return [str(number) for number in more]
    bare = {number for number, _ in known}
    units = {number: {unit for n, unit in known if n == number and unit} for number in bare}
    return [
        f"{number} {unit}"
        for number, unit in quantities(claim)
        if number not in bare or (unit and units[number] and unit not in units[number])
        or (unit and not units[number] and stem(unit) not in _stems(said))
    ]  # fmt: skip


def _dates(claim: str, said: str, over: str) -> list[str]:
    """Months, days of the week, and the times that something is "a year" or "monthly"."""
    return sorted(times(claim) - times(f"{said} {over}"))


def _names(claim: str, said: str, over: str) -> list[str]:
    said_words = set(words(f"{said} {over}"))
    known = set(map(stem, said_words))
    missing = []
    for match in _WORD.finditer(claim):
        if not match[0][0].isupper():
            continue
        at_start = _SENTENCE_START.search(claim[: match.start()]) is not None
        parts = [part for part in words(match[0]) if len(part) > 1]
        if all(stem(part) in known or is_of(part, said_words) for part in parts):
            continue
        if not (at_start and (is_function_word(match[0].lower()) or _is_ordinary(match[0]))):
            missing.append(match[0])
    return missing


def _negations(claim: str, said: str, _: str) -> list[str]:
    """Both sides deny the same things of those that both speak of; what is denied twice is not."""
    denied, quoted = _denied(claim), _denied(said)
    claimed = set(_content(claim))
    if len(denied) > len(quoted):
        return ["not"]
    added = [about for about in denied if not any(_mostly(about, others) for others in quoted)]
    dropped = [
        about for about in quoted if _mostly(about, claimed) and not any(about & mine for mine in denied)
    ]
    return [f"not {' '.join(sorted(about))}" for about in added + dropped]


def denies(text: str) -> bool:
    """Whether a sentence denies something."""
    return _NOT.search(text) is not None


def _mostly(about: frozenset[str], others: Iterable[str]) -> bool:
    return 2 * len(about.intersection(others)) > len(about)


def _strong(claim: str, said: str, _: str) -> list[str]:
    known = {_ALIKE.get(word, stem(word)) for word in words(said)}
    strong = (word for word in words(claim) if word in _STRONG)
    return [word for word in strong if _ALIKE.get(word, stem(word)) not in known]


def _unsaid(claim: str, said: str, over: str) -> list[str]:
    """Words of the claim that the quotes have in no form, and none of the same meaning."""
    known = set(words(f"{said} {over}"))
    content = [word for word in words(claim) if not _says_nothing(word)]
    missing = [word for word in content if not is_said(word, known)]
    few = len(missing) <= _MOST_UNSAID * len(content)
    return [] if few and all(map(is_unspaced, missing)) else missing


def _says_nothing(word: str) -> bool:
    """Whether a word holds no fact of its own, or is another check's business."""
    return bool(is_function_word(word) or is_quantity(word) or is_light(word) or _NOT.fullmatch(word))


def _denied(text: str) -> list[frozenset[str]]:
    """What each negation of `text` speaks of: the stems after it in its clause; at a clause's end,
    those before it."""
    found = []
    for clause in _CLAUSE.split(text):
        for match in _NOT.finditer(clause):
            after = list(_content(clause[match.end() :]))[:_NEGATED]
            about = after or list(_content(clause[: match.start()]))[-_NEGATED:]
            found.append(frozenset(about))
    return found


def _content(text: str) -> Iterable[str]:
    return (root(word) for word in words(text) if not is_function_word(word) and not _NOT.fullmatch(word))


def _stems(text: str) -> set[str]:
    return set(map(stem, words(text)))


@lru_cache(maxsize=1 << 14)
def _is_ordinary(word: str) -> bool:
    """Whether a word that begins a sentence is mostly written small: the tokens of a byte pair
    encoding are numbered by how common they were."""
    small, capital = (encoding().encode_ordinary(f" {form}") for form in (word.lower(), word.capitalize()))
    return (len(small), small[0]) < (len(capital), capital[0])
