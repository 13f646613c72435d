"""A text into chunks of about 400 tokens with about 100 of overlap, at exact spans.

The text is tokenised once. Sentence ends, blank lines and headings are places where a
chunk may end; their token positions come from cumulative sums, so that packing costs a
few binary searches a chunk.
"""

from __future__ import annotations

import importlib.util
import os
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.sentences import sentence_ends
from index.types import Chunk, Document, MarkKind, headings_at

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tiktoken import Encoding

MAX_TOKENS = 400
OVERLAP_TOKENS = 100
_EARLIEST_END = 0.7  # of MAX_TOKENS: a chunk may be this short to end with a paragraph or section
_PIECE = 1 << 15  # characters; tokenising a longer run without a space takes quadratic time
_THREADS = 2
_BLANK_LINE = re.compile(r"\n\s*\n")
_ANYWHERE, _SENTENCE, _PARAGRAPH, _SECTION = range(4)


def chunk(document: Document) -> list[Chunk]:
    """The chunks of a document in order, each with the path of headings over its start."""
    text = document.text
    tokenised = _tokenise(text)
    breaks = _breaks(document)
    offsets = _token_offsets(text, tokenised)
    breaks = dict.fromkeys(_breaks_within_sentences(text, sorted(breaks), offsets), _ANYWHERE) | breaks
    places = sorted(breaks)
    tokens: list[int] = np.searchsorted(offsets, places).tolist()
    spans = []
    covered = 0
    for first, last in _pack(tokens, [breaks[place] for place in places]):
        stretch = text[places[first] : places[last]]
        start = places[first] + len(stretch) - len(stretch.lstrip())
        end = places[first] + len(stretch.rstrip())
        if max(start, covered) < end:  # else it is blank, or blank behind the last one
            spans.append((start, end, tokens[last] - tokens[first]))
            covered = end
    headings = headings_at(document.marks, (start for start, _, _ in spans))
    return [
        Chunk(text[start:end], start, end, heading, size)
        for (start, end, size), heading in zip(spans, headings, strict=True)
    ]


def _breaks(document: Document) -> dict[int, int]:
    """Where a chunk may begin and end -> how good a place it is."""
    text = document.text
    breaks = dict.fromkeys(sentence_ends(text), _SENTENCE)
    breaks |= dict.fromkeys((match.end() for match in _BLANK_LINE.finditer(text)), _PARAGRAPH)
    breaks |= {mark.start: _SECTION for mark in document.marks if mark.kind is MarkKind.HEADING}
    return breaks | {0: _SECTION, len(text): _SECTION}


def _breaks_within_sentences(text: str, places: list[int], offsets: NDArray[np.int64]) -> Iterator[int]:
    """Places, after a space where there is one, that cut a sentence too long for a chunk."""
    step = MAX_TOKENS // 4
    tokens = np.searchsorted(offsets, places)
    for i in np.flatnonzero(np.diff(tokens) > OVERLAP_TOKENS):
        for token in range(tokens[i] + step, tokens[i + 1], step):
            place = int(offsets[token])
            yield text.rfind(" ", int(offsets[token - step // 4]), place) + 1 or place


def _pack(tokens: Sequence[int], levels: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Pairs of indexes into `tokens`: as many breaks as fit, back to the best one near the
    limit; the next chunk begins OVERLAP_TOKENS before that, except at a new section."""
    first, end = 0, len(tokens) - 1
    while first < end:
        limit = tokens[first] + MAX_TOKENS
        last = max(bisect_right(tokens, limit) - 1, first + 1)
        if last < end:
            earliest = bisect_left(tokens, tokens[first] + MAX_TOKENS * _EARLIEST_END, first + 1, last)
            last = max(range(earliest, last + 1), key=lambda i: (levels[i], i))
        yield first, last
        if last == end:
            return
        overlap = bisect_left(tokens, tokens[last] - OVERLAP_TOKENS, first + 1, last)
        first = last if levels[last] == _SECTION else overlap


def _tokenise(text: str) -> Iterator[NDArray[np.uint32]]:
    """Tokens of `text`, piece by piece. The pool works while the caller looks for breaks:
    tiktoken lets go of the interpreter's lock."""
    encode = partial(encoding().encode_to_numpy, disallowed_special=())
    if len(text) <= _PIECE:
        return iter([encode(text)])
    return _pool().map(encode, (text[i : i + _PIECE] for i in range(0, len(text), _PIECE)))


def _token_offsets(text: str, tokenised: Iterable[NDArray[np.uint32]]) -> NDArray[np.int64]:
    """Where each token of `text` ends, in characters; a character of several tokens ends
    with its last."""
    ends: NDArray[np.int64] = _token_lengths()[np.concatenate(list(tokenised))].cumsum()
    if text.isascii():
        return ends
    data = np.frombuffer(text.encode("utf-8", "replace"), np.uint8)
    characters: NDArray[np.int64] = np.concatenate(([0], ((data & 0xC0) != 0x80).cumsum()))
    return characters[ends]


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_THREADS, thread_name_prefix="tokenise")


@cache
def encoding(name: str = "o200k_base") -> Encoding:
    """It or `cl100k_base`: llama-index-core carries both, so nothing is downloaded."""
    import tiktoken

    spec = importlib.util.find_spec("llama_index.core")
    if spec is not None and spec.origin is not None:
        os.environ.setdefault(
            "TIKTOKEN_CACHE_DIR", str(Path(spec.origin).parent / "_static" / "tiktoken_cache")
        )
    return tiktoken.get_encoding(name)


@cache
def _token_lengths() -> NDArray[np.int64]:
    """The length in bytes of every token."""
    ordinary = range(len(encoding().token_byte_values()))
    return np.array([len(token) for token in encoding().decode_tokens_bytes(ordinary)])
