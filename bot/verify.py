"""A draft becomes an answer: what its quotes do not carry is left out.

Every quote must stand in the passage it names, exactly but for its typing (see
`index.quotes`), and must hold every fact that its claim states (see `bot.facts`). What is
cited is then cut out of the passage, so that no reader ever sees a writer's version of the
source.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

from bot.citing import citation, over, with_markers
from bot.facts import unsupported
from bot.types import (
    Answer,
    Citation,
    Claim,
    Draft,
    DraftClaim,
    DraftSummary,
    Part,
    Quote,
    Status,
    Summary,
)
from index.quotes import find
from index.types import Passage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

log = logging.getLogger(__name__)
NOT_FOUND = "The documents don't say."
_NEAREST = 3
_BRACKETED_NUMBER = re.compile(r"\[(\d+)\]")


def verify(question: str, draft: Draft, passages: Sequence[Passage]) -> Answer:
    """The answer that stands: claims with quotes, each of them found in its passage.

    Where a source writes "[1]" itself, the claim shows "(1)" and its citation's quote keeps
    the source's brackets: every [n] in the answer's text is a citation's."""
    verifier = Verifier(passages)
    for claim in draft.claims:
        verifier.admit(claim)
    if not verifier.claims:
        return _not_found(question, draft, passages)
    return verifier.answer(question, draft.confidence)


class Verifier:
    """Lets claims in one by one; what has been let in stays as it was shown."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._citations = _Citations(passages)
        self.claims: list[Claim] = []

    @property
    def citations(self) -> tuple[Citation, ...]:
        return tuple(self._citations.all)

    def admit(self, draft: DraftClaim) -> Claim | None:
        """The claim, if it stands: every quote is found in its passage, and all the facts it states
        are in its quotes."""
        claim = _claim(draft, self._citations)
        if claim is not None:
            self.claims.append(claim)
        return claim

    def answer(self, question: str, confidence: float) -> Answer:
        """The claims let in so far."""
        return Answer(
            question=question,
            status=Status.ANSWERED,
            text=" ".join(map(with_markers, self.claims)),
            claims=tuple(self.claims),
            citations=self.citations,
            confidence=confidence,
        )


def summarized(draft: DraftSummary) -> Summary:
    """The summary that stands, by the same rule; without parts where no claim does."""
    citations = _Citations(draft.passages)
    parts = [Part(part.heading, tuple(_standing(part.claims, citations))) for part in draft.parts]
    return Summary(
        subject=draft.subject,
        parts=tuple(part for part in parts if part.claims),
        citations=tuple(citations.all),
        note=draft.note,
    )


def _standing(claims: Iterable[DraftClaim], citations: _Citations) -> Iterator[Claim]:
    for draft in claims:
        if (claim := _claim(draft, citations)) is not None:
            yield claim


def _claim(draft: DraftClaim, citations: _Citations) -> Claim | None:
    """The claim that stands, with its citations numbered."""
    spans = [_locate(quote, citations.passages) for quote in draft.quotes]
    located = [span for span in spans if span is not None]
    text = _shown(draft)
    if not text or not located or len(located) < len(spans):
        return None
    quotes = [citations.passages[passage].text[start:end] for passage, start, end in located]
    around = {citations.passages[passage] for passage, *_ in located}
    if missing := unsupported(draft.text, quotes, [over(passage) for passage in around]):
        log.debug("Left out for %s", missing)
        return None
    return Claim(text, citations.numbers(located))


class _Citations:
    """Numbers spans from 1 in order of first use."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.passages = passages
        self._numbers: dict[str, int] = {}
        self.all: list[Citation] = []

    def numbers(self, spans: Iterable[tuple[int, int, int]]) -> tuple[int, ...]:
        """The distinct numbers of (place in passages, start, end) spans, as they come."""
        return tuple(dict.fromkeys(self._number(*span) for span in spans))

    def _number(self, passage: int, start: int, end: int) -> int:
        citation = _citation(self.passages[passage], start, end, len(self.all) + 1)
        name = citation.id or f"{passage} {start} {end}"  # what is not kept has no id
        number = self._numbers.setdefault(name, citation.n)
        if number == citation.n:
            self.all.append(citation)
        return number


def _not_found(question: str, draft: Draft, passages: Sequence[Passage]) -> Answer:
    nearest = _Citations(passages)
    spans = (_locate(quote, passages) for quote in draft.nearest)
    nearest.numbers([span for span in spans if span is not None][:_NEAREST])
    return Answer(
        question=question,
        status=Status.NOT_FOUND,
        text=NOT_FOUND,
        nearest=tuple(nearest.all),
        confidence=draft.confidence,
    )


def _locate(quote: Quote, passages: Sequence[Passage]) -> tuple[int, int, int] | None:
    """(place in passages, start, end in its text); the place typed exactly alike first."""
    if not 0 <= quote.passage < len(passages):
        return None
    text = passages[quote.passage].text
    spans = find(quote.text, text)
    span = next((s for s in spans if text[slice(*s)] == quote.text), spans[0] if spans else None)
    return span and (quote.passage, *span)


def _citation(passage: Passage, start: int, end: int, n: int) -> Citation:
    return citation(passage.source, passage.marks, passage.start + start, passage.text[start:end], n)


def _shown(claim: DraftClaim) -> str:
    return _BRACKETED_NUMBER.sub(r"(\1)", " ".join(claim.text.split()))
