"""The one use-case layer: every surface asks, and looks citations up, here."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from itertools import islice
from time import perf_counter
from typing import TYPE_CHECKING

from bot.composing import Found
from bot.conversation import recent, small_talk, standalone
from bot.errors import NothingFoundError, QuestionError
from bot.looking_up import NO_WORDS, look_up
from bot.suggesting import candidates
from bot.summarizing.dates import OPENING, date_of
from bot.summarizing.document import summarize_document
from bot.summarizing.overview import BEGINNING, MOST_DOCUMENTS, summarize_library
from bot.summarizing.subjects import named, space_named, topic_named
from bot.summarizing.talk import summarize_talk
from bot.summarizing.topic import summarize_topic
from bot.text import one_line
from bot.types import Answer, Candidates, Length, Question, Status
from bot.verify import summarized, verify
from index.embedders import BundledEmbedder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.composing import Composer, Heard
    from bot.types import DraftSummary, Lookup, Remark, Summary
    from bot.writers import Writer
    from index.library import Library
    from index.records import StoredDocument

MAX_QUESTION = 10_000  # characters
_LINES = {Length.SHORT: 3, Length.NORMAL: 7, Length.LONG: 15}
_READ = 20  # passages about a topic
_MATERIAL = 4  # sentences that a language model is given for each line it is to write
_TRIED = 24  # suggestions, before there are enough
log = logging.getLogger(__name__)


class Assistant:
    """Answers from a library in the words of a writer, or of a language model through `composer`.
    Library and writer block, so they run in a thread."""

    def __init__(self, library: Library, writer: Writer, composer: Composer | None = None) -> None:
        self._library = library
        self._writer = writer
        self._composer = composer
        self._sentences = BundledEmbedder()  # a summary compares thousands of them

    async def close(self) -> None:
        """Lets go of the language model's connections; in the event loop that they were made in."""
        if self._composer is not None:
            await self._composer.close()

    async def ask(self, question: Question, k: int = 5, heard: Heard | None = None) -> Answer:
        """The answer found in the `k` best passages. A language model's claims are told to `heard`
        as they stand; the answer begins with them. Raises QuestionError and LibraryError."""
        text = _checked(question.text)
        if reply := small_talk(text):
            return Answer(text, Status.SMALL_TALK, reply, confidence=1.0)
        if self._composer is None:
            return (await asyncio.to_thread(self._found, text, None, question, k)).answer
        meter, began = self._composer.meter(), perf_counter()
        looked_up = await self._composer.standalone(text, recent(question.history), meter)
        found = await asyncio.to_thread(self._found, text, looked_up, question, k)
        answer = await self._composer.compose(looked_up, found, meter, heard)
        total = {"total": round(1000 * (perf_counter() - began), 2)}
        return replace(answer, looked_up=looked_up, timings_ms=found.answer.timings_ms | total)

    async def cite(self, reference: str, spaces: frozenset[str] | None, context: int = 2) -> Lookup:
        """The passages that `reference`, a citation's id or quoted words, names, out of those the
        asker may see: each with the `context` sentences before and after it. Raises QuestionError."""
        return await asyncio.to_thread(self._cite, reference, spaces, context)

    async def sources(self, spaces: frozenset[str] | None) -> list[StoredDocument]:
        """The documents the asker may see."""
        return await asyncio.to_thread(self._library.sources, spaces)

    async def suggestions(self, spaces: frozenset[str] | None, most: int = 4) -> list[str]:
        """Questions that the documents answer, for somebody who does not know yet what to ask."""
        return await asyncio.to_thread(self._suggestions, spaces, most)

    async def summarize(
        self,
        subject: str,
        spaces: frozenset[str] | None,
        length: Length = Length.NORMAL,
        sentences: int | None = None,
    ) -> Summary | Candidates:
        """What the documents say that `subject` names, or about it: a document's title or path,
        a space, "" for all of them, or else a topic. `sentences` lines, or as many as `length`
        gives: of a space a line a document, fewer or more in the same measure. A language model
        sums up documents and topics out of the sentences that would be chosen without it, several
        for each line. Raises NothingFoundError, QuestionError and LibraryError."""
        lines = sentences or _LINES[length]
        if overview := await asyncio.to_thread(self._overview, subject, spaces, length, sentences):
            return overview
        draft = await asyncio.to_thread(self._draft, subject, spaces, lines)
        if isinstance(draft, Candidates):
            return draft
        summary = await asyncio.to_thread(_standing, draft)
        if self._composer is None:
            return summary
        material = await asyncio.to_thread(self._draft, subject, spaces, _MATERIAL * lines)
        if isinstance(material, Candidates):  # the library changed in between
            return material
        return await self._composer.summarize(summary, material, lines)

    async def summarize_talk(
        self,
        remarks: Sequence[Remark],
        subject: str,
        length: Length = Length.NORMAL,
        sentences: int | None = None,
    ) -> Summary:
        """A conversation: who said what, decisions and open questions, each line cited by its
        message's url. Raises NothingFoundError where nobody said anything in a sentence."""
        lines = sentences or _LINES[length]
        return await asyncio.to_thread(
            lambda: _standing(summarize_talk(remarks, subject, self._sentences, lines))
        )

    def _suggestions(self, spaces: frozenset[str] | None, most: int) -> list[str]:
        tried = islice(candidates(self._library.sources(spaces)), _TRIED)
        found = ((text, self._found(text, text, Question(text, spaces), 5)) for text in tried)
        return list(islice((text for text, f in found if f.answer.status is Status.ANSWERED), most))

    def _found(self, text: str, looked_up: str | None, question: Question, k: int) -> Found:
        """What the library holds for `looked_up`, by default the question as it stands alone."""
        laps = [perf_counter()]
        looked_up = looked_up or standalone(text, question.history)
        log.debug("Looking up: %s", looked_up)
        passages = self._library.search(looked_up, question.spaces, k)
        laps.append(perf_counter())
        draft = self._writer.write(looked_up, passages)
        laps.append(perf_counter())
        answer = verify(text, draft, passages)
        laps.append(perf_counter())
        return Found(passages, replace(answer, looked_up=looked_up, timings_ms=_timings(laps)))

    def _overview(
        self, subject: str, spaces: frozenset[str] | None, length: Length, sentences: int | None
    ) -> Summary | None:
        """Of the library or of a space, where `subject` names either."""
        documents = self._library.sources(spaces)
        in_spaces = space_named(subject, {document.source.space for document in documents})
        if in_spaces is None:
            return None
        shown = [d for d in documents if d.source.space in in_spaces]
        most = max(MOST_DOCUMENTS, sentences or 0)
        read = [self._library.read(d.source.key, spaces, BEGINNING) for d in shown[:most]]
        lines = sentences or max(1, len(read) * _LINES[length] // _LINES[Length.NORMAL])
        draft = summarize_library(subject or "The library", read, self._sentences, len(shown), lines)
        return _standing(_worded(draft))

    def _draft(self, subject: str, spaces: frozenset[str] | None, lines: int) -> DraftSummary | Candidates:
        """Of a document or a topic."""
        documents = self._library.sources(spaces)
        topic = topic_named(subject)
        match [] if topic else named(subject, documents):
            case [document]:
                span = self._library.read(document.source.key, spaces)
                return _worded(summarize_document(span, self._sentences, lines))
            case [_, *_] as several:
                return Candidates(subject, tuple(several), lines)
        passages = self._library.search(topic or subject, spaces, _READ)
        about = {passage.source.key for passage in passages}
        dates = {
            d.source.key: date_of(self._library.read(d.source.key, spaces, OPENING), d.indexed_at)
            for d in documents
            if d.source.key in about
        }
        rarity = self._library.rarity(topic or subject, spaces)
        return summarize_topic(topic or subject, passages, self._sentences, rarity, dates, lines)

    def _cite(self, reference: str, spaces: frozenset[str] | None, context: int) -> Lookup:
        if len(reference) > MAX_QUESTION:
            raise QuestionError(f"These are too many words: at most {MAX_QUESTION:,} characters, please.")
        if not any(map(str.isalnum, reference)):
            raise QuestionError(NO_WORDS)
        return look_up(self._library, reference, spaces, context)


def _worded(draft: DraftSummary) -> DraftSummary:
    if not draft.parts:
        raise NothingFoundError(f"There is nothing to sum up in “{draft.subject}”: it holds no words.")
    return draft


def _standing(draft: DraftSummary) -> Summary:
    summary = summarized(draft)
    if not summary.parts:
        raise NothingFoundError(f"The documents don't say anything about {draft.subject}.")
    return summary


def _checked(text: str) -> str:
    """The question on one line, without characters nobody sees. Raises QuestionError."""
    if len(text) > MAX_QUESTION:
        raise QuestionError(f"The question is too long: at most {MAX_QUESTION:,} characters, please.")
    question = one_line(text)
    if not any(character.isalnum() for character in question):
        raise QuestionError("Ask a question in words.")
    return question


def _timings(laps: list[float]) -> dict[str, float]:
    """Milliseconds from the four readings of a clock (in seconds) around the three steps."""
    steps = zip(("retrieve", "write", "verify"), laps, laps[1:], strict=False)
    timings = {name: round(1000 * (end - start), 2) for name, start, end in steps}
    return timings | {"total": round(1000 * (laps[-1] - laps[0]), 2)}
