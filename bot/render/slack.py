"""What people read in Slack: messages made of blocks, with the words of a notification beside them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.citing import news, place, version
from bot.render import summaries
from bot.render.blocks import (
    actions,
    button,
    context,
    escaped,
    header,
    mention,
    plain_text,
    quotation,
    rich_text,
    section,
    words,
)
from bot.text import shortened
from bot.types import Answer, Candidates, Citation, CitedPassage, Claim, Lookup, Status, Summary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.render.blocks import Block, Element
    from index.records import StoredDocument

_NOTIFICATION = 300  # characters
_QUOTE = 600  # characters of a quote below an answer; the whole of it is a click away
_CLAIM = 6000
_NOTE = 3000
_PLACE = 300
_NAME = 70
_MESSAGE = 9000  # characters of text in a message, of the 13,200 that Slack takes with all around it
_LISTED = 40  # documents in a message
_BLOCKS = 45


@dataclass(frozen=True, slots=True)
class Message:
    """`text` is what a notification says, already escaped."""

    text: str
    blocks: tuple[Block, ...]

    def after(self, note: str) -> Message:
        """The same message below a sentence of our own."""
        return Message(self.text, (rich_text([section(words(note, italic=True))]), *self.blocks))


def message(text: str, *blocks: Block) -> Message:
    return Message(escaped(shortened(text, _NOTIFICATION)) or "–", blocks)


def sentence(text: str) -> Message:
    """A message that is one sentence of our own."""
    return message(text, rich_text([section(words(text))]))


def claims(given: Answer) -> list[Block]:
    """The sentences of an answer with their markers, a block each: what is streamed first."""
    return list(map(claim, given.claims))


def claim(said: Claim) -> Block:
    return rich_text([section(words(shortened(said.text, _CLAIM)), *map(_marker, said.citations))])


def fits(blocks: Sequence[Block]) -> bool:
    """Whether blocks fit one message."""
    return len(_packed(blocks)) == 1


def answer(given: Answer, request_id: str, *, shareable: bool = False) -> list[Message]:
    """An answer with its sources, as many messages as it needs. The buttons carry `request_id`."""
    if given.status is Status.SMALL_TALK:
        return [sentence(given.text)]
    if given.status is Status.NOT_FOUND:
        return [_not_found(given, request_id)]
    pieces = [*claims(given), *_incomplete(given), *_sources(given)]
    *first, last = _packed(pieces)
    text = " ".join(claim.text for claim in given.claims)
    done = [message(text, *blocks) for blocks in first]
    return [
        *done,
        message(text, *last, *actions(_citation_buttons(given)), *_closing(request_id, shareable)),
    ]


def summary(given: Summary, request_id: str) -> list[Message]:
    """A summary, as many messages as it needs. The last asks, for `request_id`, whether it helped."""
    *first, last = _packed([*summaries.lines(given), *actions(summaries.buttons(given))])
    text = " ".join([f"{given.subject}:", *(claim.text for part in given.parts for claim in part.claims)])
    done = [message(text, *blocks) for blocks in first]
    return [*done, message(text, *last, *_closing(request_id, shareable=False))]


def candidates(given: Candidates) -> list[Message]:
    """The documents that a name may mean, each with a button that asks for its summary."""
    blocks = [*summaries.candidates(given), *actions(summaries.choices(given))]
    return [message("Which document do you mean?", *blocks)]


def shared(given: Answer, asker: str) -> list[Message]:
    """An answer as its asker shows it to a channel: with the question, and who asked."""
    *first, last = _packed([_asked(given, asker), *claims(given), *_incomplete(given), *_sources(given)])
    done = [message(given.question, *blocks) for blocks in first]
    return [*done, message(given.question, *last, *actions(_citation_buttons(given)))]


def cited(found: Lookup) -> list[Message]:
    """The passages that `/cite` found, each with a button that opens it in its place; or that there
    are none, and what comes closest."""
    passages = found.passages or found.closest
    first_found = passages[0].citation if found.passages else None
    text = (place(first_found) or first_found.quote) if first_found else found.note
    intro = [rich_text([section(words(found.note))])] if found.note else []
    if found.closest:
        intro.append(rich_text([section(words("What comes closest; none of it is the source:"))]))
    buttons = [
        button(f"Open {n}", f"cite_{n}", passage.citation.id) for n, passage in enumerate(passages, start=1)
    ]
    *first, last = _packed([*intro, *map(_passage, passages)])
    return [*(message(text, *blocks) for blocks in first), message(text, *last, *actions(buttons))]


def sources(listing: Sequence[StoredDocument]) -> list[Message]:
    """The documents of the library."""
    shown = [
        rich_text(
            [
                section(
                    words(shortened(document.source.title, _NAME), bold=True),
                    words(f"  ({_size(document)})"),
                )
            ]
        )
        for document in listing[:_LISTED]
    ]
    more = len(listing) - len(shown)
    rest = [context(f"and {more:,} more; /sources WORDS narrows the list.")] if more else []
    title = f"{len(listing):,} documents" if len(listing) != 1 else "1 document"
    return [message(title, header(title), *shown, *rest)]


def reply(
    given: Answer | Summary | Candidates | Lookup | Sequence[StoredDocument],
    request_id: str,
    shareable: bool,
) -> list[Message]:
    """Whatever a command gave back."""
    if isinstance(given, Answer):
        return answer(given, request_id, shareable=shareable)
    if isinstance(given, Summary):
        return summary(given, request_id)
    if isinstance(given, Candidates):
        return candidates(given)
    if isinstance(given, Lookup):
        return cited(given)
    if not given:
        return [sentence("Nothing in the documents that you may see matches that.")]
    return sources(given)


def asks_for_help(question: str, asker: str, person: str, note: str) -> Message:
    """Somebody is asked, by name, what the documents do not say."""
    called = section(mention(person), words(" – "), mention(asker), words(" would like to know from you:"))
    noted = section(words(shortened(note, _NOTE)))
    return message(
        f"A question for you: {question}",
        rich_text([called, quotation(words(shortened(question, _CLAIM))), noted]),
    )


def _asked(given: Answer, asker: str) -> Block:
    return rich_text(
        [section(mention(asker), words(" asked: "), words(shortened(given.question, _CLAIM), italic=True))]
    )


def _marker(n: int) -> list[Element]:
    return words(f" [{n}]", bold=True)


def _incomplete(given: Answer) -> list[Block]:
    note = given.incomplete
    return [rich_text([section(words(note, italic=True))])] if note else []


def _sources(given: Answer) -> Iterator[Block]:
    for citation in given.citations:
        line = section(words(f"[{citation.n}] {_place(citation)}", bold=True))
        yield rich_text([line, _quoted(citation.quote)])


def _passage(passage: CitedPassage) -> Block:
    """Where a passage stands, what became of it, its quote, and what stands there now."""
    shown = [section(words(_place(passage.citation), bold=True), words(f"\n{version(passage)}"))]
    if told := news(passage):
        shown.append(section(words(told, italic=True)))
    shown.append(_quoted(passage.citation.quote))
    if passage.now:
        shown += [section(words(f"Now: {_place(passage.now)}", bold=True)), _quoted(passage.now.quote)]
    return rich_text(shown)


def _place(citation: Citation) -> str:
    return shortened(place(citation), _PLACE)


def _quoted(quote: str) -> Element:
    return quotation(words(shortened(quote, _QUOTE)))


def _not_found(given: Answer, request_id: str) -> Message:
    nearest = [
        rich_text([section(words(_place(citation), bold=True)), _quoted(citation.quote)])
        for citation in given.nearest
    ]
    intro = [rich_text([section(words("What comes nearest, without answering it:"))])] if nearest else []
    buttons = [
        button(f"Open {citation.n}", f"cite_{citation.n}", citation.id) for citation in given.nearest
    ]
    ask = button("Ask a person", "ask_person", request_id, style="primary")
    first = rich_text([section(words(given.text))])
    return message(given.text, first, *intro, *nearest, *actions([*buttons, ask]))


def _citation_buttons(given: Answer) -> list[Element]:
    return [
        button(f"[{citation.n}] {citation.title}", f"cite_{citation.n}", citation.id)
        for citation in given.citations
    ]


def _closing(request_id: str, shareable: bool) -> list[Block]:
    """What ends an answer: sharing it, and saying whether it helped."""
    share = actions([button("Share in channel", "share", request_id)]) if shareable else []
    verdicts = {
        "type": "feedback_buttons",
        "action_id": "feedback",
        "positive_button": {"text": plain_text("Helpful", 75), "value": f"helpful {request_id}"},
        "negative_button": {"text": plain_text("Not helpful", 75), "value": f"not_helpful {request_id}"},
    }
    return [*share, {"type": "context_actions", "elements": [verdicts]}]


def _packed(pieces: Iterable[Block]) -> list[list[Block]]:
    """Pieces in as few messages as hold them; none is broken."""
    messages: list[list[Block]] = [[]]
    size = 0
    for piece in pieces:
        length = len(json.dumps(piece, ensure_ascii=False))
        if messages[-1] and (size + length > _MESSAGE or len(messages[-1]) == _BLOCKS):
            messages.append([])
            size = 0
        messages[-1].append(piece)
        size += length
    return messages


def _size(document: StoredDocument) -> str:
    space = shortened(document.source.space, _NAME)
    return f"{document.characters:,} characters, {space}, indexed {document.indexed_at[:10]}"


SAMPLE = message("Footnote", rich_text([section(words("Footnote"))]), *_closing("sample", shareable=False))
"""A message of the newer blocks that we use, to ask a server whether it knows them."""
