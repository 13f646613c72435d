"""What somebody wants summarised, read from the line they typed."""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.errors import QuestionError
from bot.text import one_line
from bot.types import Length

MOST_SENTENCES = 50
_OPTION = re.compile(r"(?:^|\s)[-–—]{1,2}sentences?(?:[\s=:]+(?P<number>\S+))?", re.IGNORECASE)
_LENGTH = re.compile(rf"(?:^|\s)(?:[-–—]{{2}}length[\s=]+)?(?P<length>{'|'.join(Length)})$", re.IGNORECASE)
_QUOTED = re.compile(r"[\"“”„«](?P<name>[^\"“”„«»]+)[\"“”»]")

_VERB = r"summari[sz]e|sum up|resume|resumir|resum[ií](?:r|me)?|总结(?:一下)?|概括(?:一下)?|摘要"
_NOUN = r"(?:(?:a|the|short|brief|quick|long)\s+)*summary|(?:un\s+)?resumen|tl;?dr"
_POLITE = (
    r"(?:(?:please|kindly|can you|could you|would you|will you|por favor|puedes|podrías|"
    r"请|请你|帮我)[\s,]*)*"
)
_GIVE = (
    r"(?:(?:give|show|write|make|get|send)\s+(?:me|us)?\s*|i (?:need|want|would like)\s+|"
    r"(?:dame|hazme|haz)\s+)?"
)
_ABOUT = (
    r"(?:what (?:we|you|they|the documents|our documents) (?:know|have|say)\s+(?:about|on)\s+|"
    r"everything (?:we know |you know )?(?:about|on)\s+|lo que sabemos (?:de|sobre)\s+|"
    r"(?:我们)?(?:知道的)?关于)?"
)
_ASKED = re.compile(
    rf"^\W*{_POLITE}(?:(?:{_VERB})(?:\s+|(?=[^\x00-\u2fff])|$|:)|{_GIVE}(?:{_NOUN})"
    rf"(?:\s+(?:of|on|about|for|de|del|sobre)\b|:)?\s*)"
    rf"{_ABOUT}(?P<subject>.*)$",
    re.IGNORECASE,
)
_THREAD = re.compile(
    r"^(?:(?:all of )?(?:this|the|our|that)(?: whole| entire| slack)? "
    r"(?:thread|conversation|discussion|chat)|"
    r"(?:est[ea]|el|la) (?:hilo|conversación|discusión)|(?:这个|本|此|该)?(?:讨论串|对话|讨论|话题串|帖子)|"
    r"this|it|above|the above|esto|)$",
    re.IGNORECASE,
)


class Wanted(NamedTuple):
    """What is to be summarised, and how long: `sentences` lines, or what `length` says."""

    subject: str
    length: Length
    sentences: int | None


def wanted(text: str, length: Length = Length.NORMAL, sentences: int | None = None) -> Wanted:
    """`handbook short` and `"the handbook" --sentences 5`, read; what the text does not say is
    as given. A subject in quotation marks is taken as it is. Raises QuestionError."""
    line = one_line(text)
    if option := _OPTION.search(line):
        sentences = _number(option["number"])
        line = f"{line[: option.start()]} {line[option.end() :]}".strip()
    if (named := _LENGTH.search(line)) and not _QUOTED.fullmatch(line):
        length = Length(named["length"].lower())
        line = line[: named.start()].strip()
    _number(str(sentences or 1))
    quoted = _QUOTED.fullmatch(line)
    return Wanted(quoted["name"].strip() if quoted else line, length, sentences)


def what_to_summarize(text: str) -> str | None:
    """The subject of a request in a sentence's words, "" where it names none; None where no
    summary is asked for."""
    asked = _ASKED.match(one_line(text))
    return asked["subject"].strip(" ?!.。？！") if asked else None


def is_about_this_thread(text: str) -> bool:
    """Whether a request in a sentence's words is for the conversation that it stands in."""
    subject = what_to_summarize(text)
    return subject is not None and bool(_THREAD.match(wanted(subject).subject))


def _number(text: str | None) -> int:
    if text is not None and text.isdecimal() and 1 <= int(text[:9]) <= MOST_SENTENCES:
        return int(text)
    raise QuestionError(
        f"Say how many sentences as a number from 1 to {MOST_SENTENCES}, as in --sentences 5."
    )
