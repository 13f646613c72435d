"""Does the right passage come back? `python tests/benchmarks/retrieval.py [--questions N]`.

Beside stock llama-index (SentenceSplitter, Chroma, its defaults) with the same embedder.
"""

from __future__ import annotations

import argparse
import random
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from data import Asked, Corpus, chunking, squad, xquad
from stock import StockIndex

from index.chunking import encoding
from index.library import Library

_BUDGET = 1000  # tokens


class Found(NamedTuple):
    """A retrieved stretch of a document."""

    document: str
    text: str
    start: int
    end: int


Search = Callable[[str, int], list[Found]]
Copies = Sequence[Sequence[int]]
"""Of each reference the places where it begins, any of which will do."""


def holds_answer(found: Found, asked: Asked) -> bool:
    """Whether a passage overlaps the paragraph that answers, and an answer stands there."""
    return found.document == asked.document and any(
        answer in found.text[max(0, start - found.start) : max(0, end - found.start)]
        for start, end in asked.spans
        for answer in asked.answers
    )


def hits(search: Search, asked: Iterable[Asked]) -> tuple[float, float]:
    """hit@1 and hit@5, in per cent."""
    marks = [
        [holds_answer(found, question) for found in search(question.question, 5)] for question in asked
    ]
    return 100 * float(np.mean([any(m[:1]) for m in marks])), 100 * float(np.mean([any(m) for m in marks]))


class Recall(NamedTuple):
    """In per cent, within the budget and of five passages: by position, and of the same words wherever
    they stand, since a fifth of the chunking set's questions refer to what stands in several copies."""

    in_budget: float
    of_five: float
    words_in_budget: float
    words_of_five: float


def recall(found: Iterable[Found], asked: Asked, copies: Copies) -> float:
    """The share of the referred-to characters that the passages hold, in any of the `copies`."""
    held = {i for f in found if f.document == asked.document for i in range(f.start, f.end)}
    lengths = [end - start for start, end in asked.spans]
    kept = sum(
        any(start + i in held for start in starts)
        for starts, length in zip(copies, lengths, strict=True)
        for i in range(length)
    )
    return kept / sum(lengths)


def copies_of(asked: Asked, text: str) -> Copies:
    """Where the words of each reference begin."""
    references = (re.escape(text[start:end]) for start, end in asked.spans)
    return [[match.start() for match in re.finditer(words, text)] for words in references]


def within_budget(found: Iterable[Found]) -> Iterator[Found]:
    """Passages until the token budget is spent; the last one cut short."""
    left = _BUDGET
    for one in found:
        tokens = encoding().encode_ordinary(one.text)[:left]
        text = encoding().decode(tokens)
        yield Found(one.document, text, one.start, one.start + len(text))
        if (left := left - len(tokens)) <= 0:
            return


def recalls(search: Search, asked: Iterable[Asked], texts: Mapping[str, str]) -> Recall:
    rows = []
    for question in asked:
        itself = [[start] for start, _ in question.spans]
        both = itself, copies_of(question, texts[question.document])
        found = list(within_budget(search(question.question, 10))), search(question.question, 5)
        rows.append([recall(passages, question, copies) for copies in both for passages in found])
    return Recall(*(100 * np.mean(rows, axis=0)))


def ours(library: Library) -> Search:
    return lambda question, k: [
        Found(Path(p.source.uri).stem, p.text, p.start, p.end) for p in library.search(question, k=k)
    ]


def stock(index: StockIndex) -> Search:
    return lambda question, k: [
        Found(document, node.text, node.start_char_idx or 0, node.end_char_idx or 0)
        for document, node in index.search(question, k)
    ]


def compare(corpus: Corpus, most: int) -> None:
    asked = list(corpus.asked)
    random.Random(0).shuffle(asked)
    is_located = not asked[0].answers
    names = "hit@1, hit@5"
    if is_located:
        names = f"recall in {_BUDGET} tokens, of 5; of the words in any copy the same"

    def report(name: str, search: Search) -> None:
        some = asked[:most]
        found = recalls(search, some, corpus.texts) if is_located else hits(search, some)
        print(f"  {name:8}", "  ".join(f"{figure:.1f}" for figure in found), flush=True)

    print(f"{corpus.name}: {names}")
    if is_located:
        several = [any(len(c) > 1 for c in copies_of(one, corpus.texts[one.document])) for one in asked]
        print(f"  {100 * np.mean(several):.0f} % of the questions refer to what stands there several times")
    with corpus.library() as library:
        report("Footnote", ours(library))
    with tempfile.TemporaryDirectory() as folder:
        corpus.write(Path(folder) / "files")
        index = StockIndex(Path(folder) / "stock")
        index.add(Path(folder) / "files")
        report("stock", stock(index))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--questions", type=int, default=2000, help="of each set, at most")
    most = arguments.parse_args().questions
    for corpus in (squad(), xquad("zh"), xquad("es"), chunking()):
        compare(corpus, most)


if __name__ == "__main__":
    main()
