"""Texts that say word for word what others say: documents repeat themselves, and folders hold copies.

Of copies within a document the first is kept, and is cited; of copies in several documents, the best.
What a copy says beyond is kept as well, by itself, so that no sentence is lost and few come twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from index.sentences import sentence_spans

_COPY = 0.5  # of a text: as much of it stands in another one
_LEAST = 200  # characters: a shorter stretch may mean something else in another place
_PHRASE = 30  # characters: of shorter ones many texts share some


class Part(NamedTuple):
    """What is kept of a text: `texts[number].text[start:end]`."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, eq=False)
class Cut:
    """A text, the document that it is cut from, and where it begins there."""

    document: int
    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @cached_property
    def phrases(self) -> frozenset[str]:
        """What a copy has at least one of."""
        pieces = self.text.replace("\n", ".").replace("。", ".").split(".")
        return frozenset([self.text, *(piece for piece in pieces if len(piece) >= _PHRASE)])

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        return sentence_spans(self.text)

    @cached_property
    def sentences(self) -> list[str]:
        return [" ".join(self.text[start:end].split()) for start, end in self.spans]

    def beyond(self, others: Sequence[Cut]) -> tuple[int, int]:
        """From the first sentence to the last that none of `others` has, start and end: the whole text
        where that is more than half of it, 0 and 0 where there is none."""
        whole = 0, len(self.text)
        if not others:
            return whole
        sentences, shown = self.sentences, [other.sentences for other in others]
        first = _repeated(sentences, shown)
        last = len(sentences) - _repeated(sentences[::-1], [other[::-1] for other in shown])
        if first >= last:
            return 0, 0
        start, end = self.spans[first][0], self.spans[last - 1][1]
        return (start, end) if end - start <= (1 - _COPY) * len(self.text) else whole

    def repeats(self, other: Cut) -> bool:
        """Whether half of it or more stands in `other`."""
        return self.beyond([other]) != (0, len(self.text))


def without_copies(texts: Sequence[Cut]) -> list[Part]:
    """What is kept of `texts`, which come best first."""
    alike = [_alike(texts, number) for number in range(len(texts))]
    firsts = (_first_place(texts, number, others) for number, others in enumerate(alike))
    kept, before = [], set[int]()
    for number in dict.fromkeys(chain.from_iterable(zip(firsts, range(len(texts)), strict=True))):
        start, end = texts[number].beyond([texts[n] for n in alike[number] if n in before])
        if start < end:
            kept.append(Part(number, start, end))
        before.add(number)
    return kept


def _alike(texts: Sequence[Cut], number: int) -> list[int]:
    """The texts that one may be a copy of: they share a phrase with it, and those of its own document
    come before it there."""
    text = texts[number]
    return [
        n
        for n, other in enumerate(texts)
        if (other.document != text.document or other.end <= text.start)
        and not text.phrases.isdisjoint(other.phrases)
    ]


def _first_place(texts: Sequence[Cut], number: int, alike: Iterable[int]) -> int:
    """The earliest text of its document that one repeats, or itself."""
    text = texts[number]
    earlier = (n for n in alike if texts[n].document == text.document and text.repeats(texts[n]))
    return min(earlier, key=lambda n: texts[n].start, default=number)


def _repeated(sentences: Sequence[str], others: Iterable[Sequence[str]]) -> int:
    """How many of the sentences, from the first on, one of the `others` has in a row; none where they
    are few and not all."""
    shown = [_lines(other) for other in others]
    many = 0
    while many < len(sentences) and any(_lines(sentences[: many + 1]) in lines for lines in shown):
        many += 1
    return many if many == len(sentences) or len(_lines(sentences[:many])) >= _LEAST else 0


def _lines(sentences: Sequence[str]) -> str:
    """One a line, so that none is found within another."""
    return "\n" + "".join(f"{sentence}\n" for sentence in sentences)
