"""What stands in a text where other words stood in an earlier version of it.

Words that still stand are found exactly. Otherwise the two versions are aligned by the
sentences around that are in both, once each; between those, the sentences most alike are
taken, or all there is where one short stretch took the place of another. Likeness only
chooses a stretch to show: it never says that two are the same.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from index.lexical import terms
from index.quotes import find, normalise
from index.sentences import sentence_spans

if TYPE_CHECKING:
    from collections.abc import Sequence

_LONG = 20  # characters of a quote that mean the same wherever they stand
_AROUND = 200  # characters that tell one place of the same words from another
_ALIKE = 0.4  # of a sentence at the place that corresponds
_ALIKE_ELSEWHERE = 0.7
_SHORT = 3  # sentences that may replace each other, however unlike they are
_MOST = 5000  # sentences looked through elsewhere

Stretch = tuple[int, int]


class _Text(NamedTuple):
    text: str
    sentences: Sequence[Stretch]

    @classmethod
    def of(cls, text: str) -> _Text:
        return cls(text, sentence_spans(text))

    def keys(self) -> list[str]:
        return [normalise(self.text[start:end]).text for start, end in self.sentences]

    def stretch(self, first: int, last: int) -> Stretch:
        """From the beginning of one sentence to the end of another."""
        return self.sentences[first][0], self.sentences[last][1]


class _Gap(NamedTuple):
    """Sentences first to last (exclusive) of the old text and the new between two that both have."""

    old: Stretch
    new: Stretch
    anchored: bool


def corresponding(old: str, start: int, end: int, new: str) -> Stretch | None:
    """The characters of `new` that stand where `old[start:end]` did; None for nothing. They are
    the same words where those still stand, else whole sentences."""
    quote, before = old[start:end], _Text.of(old)
    first = bisect_right(before.sentences, start, key=lambda sentence: sentence[1])
    last = max(bisect_left(before.sentences, end, key=lambda sentence: sentence[0]) - 1, first)
    if first == len(before.sentences):
        return None
    whole = before.stretch(first, last)
    if place := _likeliest(old, whole, new):
        return _within(quote, start - whole[0], place, new)
    if sum(map(str.isalnum, quote)) >= _LONG and (place := _likeliest(old, (start, end), new)):
        return place
    place = _aligned(before, first, last, _Text.of(new))
    return place and _within(quote, start - whole[0], place, new)


def likeness(some: Counter[str], others: Counter[str]) -> float:
    """How many of their terms two texts share, 0 to 1 (Dice's coefficient)."""
    both = some.total() + others.total()
    return 2 * (some & others).total() / both if both else 0.0


def _likeliest(old: str, stretch: Stretch, new: str) -> Stretch | None:
    """Where the words of `stretch` stand in `new`, with most of the same around them."""
    start, end = stretch
    around = _around(old, start, end)

    def same(place: Stretch) -> tuple[bool, int]:
        pairs = zip(around, _around(new, *place), strict=True)
        return new[slice(*place)] == old[start:end], sum(_shared(*pair) for pair in pairs)

    return max(find(old[start:end], new), key=same, default=None)


def _around(text: str, start: int, end: int) -> tuple[str, str]:
    """What precedes a stretch, backwards, and what follows it."""
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    return normalise(before).text[::-1], normalise(after).text


def _shared(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def _within(quote: str, offset: int, place: Stretch, new: str) -> Stretch:
    """The quote's own words in `place`, where they stand there about `offset` characters in."""
    found = find(quote, new[slice(*place)])
    if not found:
        return place
    there = new[slice(*place)]
    start, end = min(found, key=lambda span: (there[slice(*span)] != quote, abs(span[0] - offset)))
    return place[0] + start, place[0] + end


def _aligned(old: _Text, first: int, last: int, new: _Text) -> Stretch | None:
    gap = _gap(old.keys(), first, last, new.keys())
    wanted = Counter(terms(old.text[slice(*old.stretch(first, last))]))
    most = last - first + 1
    best = partial(_most_alike, wanted, new, most)
    if place := best(gap.new, _ALIKE) or best((0, min(len(new.sentences), _MOST)), _ALIKE_ELSEWHERE):
        return place
    sizes = gap.old[1] - gap.old[0], gap.new[1] - gap.new[0]
    if gap.anchored and sizes[1] and max(sizes) <= most - 1 + _SHORT:
        return new.stretch(gap.new[0], gap.new[1] - 1)
    return None


def _gap(old: Sequence[str], first: int, last: int, new: Sequence[str]) -> _Gap:
    """What lies between the nearest sentences around `first` to `last` that both texts have once."""
    counts, places = Counter(old), {key: n for n, key in enumerate(new)}
    twice = {key for key, n in Counter(new).items() if n > 1}
    anchors = [
        (n, places[key])
        for n, key in enumerate(old)
        if counts[key] == 1 and key in places and key not in twice
    ]
    before = max((anchor for anchor in anchors if anchor[0] < first), default=(-1, -1))
    after = min(
        (anchor for anchor in anchors if anchor[0] > last and anchor[1] > before[1]),
        default=(len(old), len(new)),
    )
    anchored = before != (-1, -1) or after != (len(old), len(new))
    return _Gap((before[0] + 1, after[0]), (before[1] + 1, after[1]), anchored)


def _most_alike(
    wanted: Counter[str], new: _Text, most: int, among: Stretch, least: float
) -> Stretch | None:
    """The sentences, one to `most` in a row, that are most like `wanted`, if more than `least`."""
    said = [Counter(terms(new.text[start:end])) for start, end in new.sentences[slice(*among)]]
    best, place = least, None
    for width in range(1, min(most, len(said)) + 1):
        for n in range(len(said) - width + 1):
            alike = likeness(wanted, sum(said[n : n + width], Counter()))
            if alike > best:
                best, place = alike, new.stretch(among[0] + n, among[0] + n + width - 1)
    return place
