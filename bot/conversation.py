"""What people say around their questions: greetings, thanks, and questions that lean on earlier ones."""

from __future__ import annotations

import re
from functools import reduce
from typing import TYPE_CHECKING

from index.function_words import is_function_word

if TYPE_CHECKING:
    from collections.abc import Sequence

_HELP = "Ask me anything your documents may say; every sentence of my answers cites its place in them."
_HELLO = (
    r"h(?:i+|ello+|ey+|owdy)(?: there| all| everyone| again)*|good (?:morning|afternoon|evening|day)|"
    r"greetings|yo|hola|buenos días|buenas tardes|bonjour|salut|hallo|guten tag|你好|您好|嗨"
)
_THANKS = (
    r"(?:ok(?:ay)? |great |many |perfect )*(?:thanks?(?: you| a lot| so much| very much| again)*|thx|ty)|"
    r"cheers|(?:muchas )?gracias|merci(?: beaucoup)?|danke(?: schön)?|谢谢你?|多谢"
)
_WHO = (
    r"who are you|what are you|what(?: i|')s your name|are you (?:a bot|human|real|there)|quién eres|你是谁"
)
_WHAT = (
    r"help(?: me)?|what (?:can|do) you do|what can i ask(?: you)?|how do you work|how does this work|"
    r"ayuda|qué puedes hacer|你能做什么|帮助"
)
_HOW = r"how are you(?: doing| today)*|how is it going|what's up|sup"
_BYE = r"(?:good ?)?bye(?: bye)?|see you(?: later| soon)?|good night|adiós|hasta luego|再见"
_PRAISE = r"ok(?:ay)?|great|nice|cool|perfect|awesome|well done|good (?:job|bot)|got it|i see"
_TALK = (
    (_HELLO, f"Hello! {_HELP}"),
    (_THANKS, "You are welcome. Ask on whenever you like."),
    (_WHO, f"I am Footnote, a bot that answers from your documents. {_HELP}"),
    (_WHAT, f"{_HELP} For instance: who, when, how many, where, why."),
    (_HOW, f"All is well, thank you. {_HELP}"),
    (_BYE, "Goodbye!"),
    (_PRAISE, "Glad to hear it. Ask on whenever you like."),
)
_REPLIES = tuple((re.compile(pattern), reply) for pattern, reply in _TALK)
_NOT_WORDS = re.compile(r"[^\w']+|_+")
_MY_NAME = re.compile(r"\b(?:footnote|bot)$")
_LONGEST_TALK = 60  # characters

_LINK = r"(?:and|but|so|then|ok(?:ay)?|y|pero|et|und)\b[\s,]*"
_ABOUT = re.compile(
    rf"^\W*(?:{_LINK})?(?:what|how) about\s+(.+?)\W*$|^\W*qué hay de\s+(.+?)\W*$|^那(.+?)呢?\W*$",
    re.IGNORECASE,
)
_LINKED = re.compile(rf"^\W*{_LINK}", re.IGNORECASE)
_LEANING = re.compile(
    r"\b(?:it|its|he|him|his|she|her|hers|they|them|their|theirs|there|él|ella|ellos|ellas|eso)\b|[他她它]|"
    r"\b(?:did|does|do|was|is|were|are|about|after|before|like|since|of)\s+(?:that|this|those|these)\b(?!\s+\w+ing)",
    re.IGNORECASE,
)
_THE = r"(?:the|an?|el|la|los|las|una?|les?|une|der|die|das|dem|den|eine?)"
_BE = r"(?:is|are|was|were)"
_ASKING = (
    rf"(?:what|which|who|whom|whose|when|where|why|how|{_BE}|do|does|did|has|have|had|can|could|will|would|"
    r"should|qué|quién|cuándo|dónde|cómo|cuánt[oa]s?|qui|quand|où|comment|combien|wer|wann|wo|wie|warum)"
)
# "the total cost" in "what was the total cost?" is what is asked for, not what it is asked of.
_ASKED_FOR = rf"(?:what|which|who)\s+{_BE}\s+{_THE}\b"
_WITH_SUBJECT = re.compile(
    rf"(?:(?:at|by|for|from|in|of|on|to|until|with)\s+)?(?:{_ASKED_FOR}|(?!{_ASKED_FOR}){_ASKING}\b)"
    rf".*\b{_THE}\s+\w",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_NAME = re.compile(r"(?<=\w )(?:[^\W\d_a-z][\w'’-]*)(?: [^\W\d_a-z][\w'’-]*)*(?<!['’]s)")
_MOST_CARRIED = 20  # words
MOST_TURNS = 5


def small_talk(text: str) -> str | None:
    """The reply to a greeting, thanks and the like; None for everything else."""
    if len(text) > _LONGEST_TALK:
        return None
    plain = _NOT_WORDS.sub(" ", text.replace("’", "'").casefold()).strip()
    plain = _MY_NAME.sub("", plain).strip() or plain
    return next((reply for pattern, reply in _REPLIES if pattern.fullmatch(plain)), None)


def recent(history: Sequence[str]) -> list[str]:
    """The last questions among earlier turns (oldest first), which the next one may lean on."""
    return [turn for turn in history if small_talk(turn) is None][-MOST_TURNS:]


def standalone(question: str, history: Sequence[str]) -> str:
    """`question` with the words it takes from earlier ones (oldest first); untouched where
    it stands alone."""
    return reduce(lambda previous, turn: _joined(turn, previous), [*recent(history), question])


def _joined(question: str, previous: str) -> str:
    if about := _ABOUT.match(question):
        return _instead(previous, next(filter(None, about.groups())))
    if not _leans(question):
        return question
    missing = [word for word in _content(previous) if word not in _content(question)]
    return " ".join([_LINKED.sub("", question), *missing[:_MOST_CARRIED]])


def _instead(previous: str, new: str) -> str:
    """The previous question about something else: "How big is Peru?", "Chile" -> "How big is Chile?"."""
    if _NAME.match(f"x {new}", 2) and len(_NAME.findall(previous)) == 1:
        return _NAME.sub(lambda _: new, previous)
    return f"{previous} {new}"


def _leans(question: str) -> bool:
    content = _content(question)
    if not content:
        return any(map(str.isalnum, question))
    if _NAME.search(question):
        return False
    linked = _LINKED.match(question)
    return bool(_LEANING.search(question)) or (
        linked is not None and not (len(content) > 1 and _WITH_SUBJECT.match(question, linked.end()))
    )


def _content(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if not is_function_word(word.casefold())]
