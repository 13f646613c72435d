"""What is asked and what is answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from index.types import Passage, Standing

if TYPE_CHECKING:
    from index.records import StoredDocument


class Status(StrEnum):
    """How a question ended."""

    ANSWERED = "answered"
    NOT_FOUND = "not_found"
    SMALL_TALK = "small_talk"


@dataclass(frozen=True, slots=True)
class Question:
    """A question with what its asker may see. `spaces` None means all of them; `history`
    holds the conversation's earlier questions, oldest first."""

    text: str
    spaces: frozenset[str] | None = None
    history: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quote:
    """Words a claim rests on: `passages[passage]` holds them somewhere. `text` is what the
    writer says it read; `verify` finds it there or drops the claim."""

    passage: int
    text: str


@dataclass(frozen=True, slots=True)
class DraftClaim:
    """A sentence a writer wants to say and what it rests on; not yet believed."""

    text: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """What a writer proposes. No claims means it abstains; `confidence` is the probability
    (0 to 1) that the passages answer the question. `nearest` are the sentences that come
    closest, best first, for a reader whose question is not answered."""

    claims: tuple[DraftClaim, ...]
    confidence: float
    nearest: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence that stands, and the numbers of its citations."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Citation:
    """An exact span of a version of a document: `quote == document.text[start:end]`. `url` is
    where the original opens, "" where it cannot; so is `id` for what is read once and not kept,
    such as a message in Slack."""

    n: int
    id: str
    document: str
    title: str
    version: str
    page: str | None
    heading: str
    start: int
    end: int
    quote: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class CitedPassage:
    """A citation in its place: `before + citation.quote + after` is one stretch of the version
    cited, which was read at `date`, an ISO time. `earlier` and `later` are the citation ids of
    the stretches next to it, "" at an end. `standing` says what has become of it since; where
    its document has changed, `now` is what stands there today, None for nothing."""

    citation: Citation
    before: str
    after: str
    earlier: str = ""
    later: str = ""
    date: str = ""
    standing: Standing = Standing.CURRENT
    now: Citation | None = None


@dataclass(frozen=True, slots=True)
class Lookup:
    """What a citation's id or quoted words lead to. `note` says in a sentence why `passages` is
    empty, or that there are more. Where it is empty, `closest` are the passages most like the words:
    never their source."""

    passages: tuple[CitedPassage, ...]
    closest: tuple[CitedPassage, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Usage:
    """What an answer cost of a language model. `cost` is in the currency of the prices that are
    set, None where none are."""

    requests: int
    input_tokens: int
    output_tokens: int
    cost: float | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished answer. Markers [n] in `text` and `citations` are the same set, numbered
    from 1 in order of first use. `nearest` is what came closest when nothing was found.
    `looked_up` is the question as it stands alone; `incomplete` says why more was to come, ""
    for a whole answer; `usage` is None where no language model was asked."""

    question: str
    status: Status
    text: str
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    nearest: tuple[Citation, ...] = ()
    confidence: float = 0.0
    timings_ms: dict[str, float] = field(default_factory=dict)
    looked_up: str = ""
    incomplete: str = ""
    usage: Usage | None = None


class Length(StrEnum):
    """How long a summary is."""

    SHORT = "short"
    NORMAL = "normal"
    LONG = "long"


@dataclass(frozen=True, slots=True)
class Part:
    """The lines of a summary under one heading, "" for none."""

    heading: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """What a document, a topic, a space or a conversation says, every line cited. As in an
    answer, the numbers of its claims and `citations` are the same set, numbered from 1 in order
    of first use. `subject` names what was summarised; `note` says what was left out, "" for
    nothing; `usage` is None where no language model was asked."""

    subject: str
    parts: tuple[Part, ...]
    citations: tuple[Citation, ...]
    note: str = ""
    timings_ms: dict[str, float] = field(default_factory=dict)
    usage: Usage | None = None


@dataclass(frozen=True, slots=True)
class DraftPart:
    """The claims proposed under one heading, "" for none."""

    heading: str
    claims: tuple[DraftClaim, ...]


@dataclass(frozen=True, slots=True)
class DraftSummary:
    """A summary that is proposed and not yet believed; its quotes name `passages` by place."""

    subject: str
    parts: tuple[DraftPart, ...]
    passages: tuple[Passage, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Candidates:
    """The documents that `name`, which is none's alone, may mean, to be summed up in `lines`."""

    name: str
    documents: tuple[StoredDocument, ...]
    lines: int


@dataclass(frozen=True, slots=True)
class Remark:
    """Something a person wrote in a conversation: `speaker` is their name, `at` an ISO time,
    `url` leads to it."""

    speaker: str
    at: str
    text: str
    url: str


__all__ = [
    "Answer",
    "Candidates",
    "Citation",
    "CitedPassage",
    "Claim",
    "Draft",
    "DraftClaim",
    "DraftPart",
    "DraftSummary",
    "Length",
    "Lookup",
    "Part",
    "Passage",
    "Question",
    "Quote",
    "Remark",
    "Standing",
    "Status",
    "Summary",
    "Usage",
]
