"""Does the right passage come back? `python tests/benchmarks/retrieval.py [--questions N]`.

Beside stock llama-index (SentenceSplitter, Chroma, its defaults) with the same embedder.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Callable, Iterable, Iterator
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


def recall(found: Iterable[Found], asked: Asked) -> float:
    """The share of the referred-to characters that the passages hold."""
    wanted = {i for start, end in asked.spans for i in range(start, end)}
    held = {i for f in found if f.document == asked.document for i in range(f.start, f.end)}
    return len(wanted & held) / len(wanted)


def within_budget(found: Iterable[Found]) -> Iterator[Found]:
    """Passages until the token budget is spent; the last one cut short."""
    left = _BUDGET
    for one in found:
        tokens = encoding().encode_ordinary(one.text)[:left]
        text = encoding().decode(tokens)
        yield Found(one.document, text, one.start, one.start + len(text))
        if (left := left - len(tokens)) <= 0:
            return


def recalls(search: Search, asked: Iterable[Asked]) -> tuple[float, float]:
    """Recall within the budget and of five passages, in per cent."""
    rows = [
        (
            recall(within_budget(search(question.question, 10)), question),
            recall(search(question.question, 5), question),
        )
        for question in asked
    ]
    in_budget, of_five = np.mean(rows, axis=0) * 100
    return float(in_budget), float(of_five)


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
    measure, names = (
        (hits, "hit@1, hit@5") if asked[0].answers else (recalls, f"recall in {_BUDGET} tokens, of 5")
    )
    with corpus.library() as library:
        a = measure(ours(library), asked[:most])
    with tempfile.TemporaryDirectory() as folder:
        corpus.write(Path(folder) / "files")
        index = StockIndex(Path(folder) / "stock")
        index.add(Path(folder) / "files")
        b = measure(stock(index), asked[:most])
    print(f"{corpus.name:10} {names}: {a[0]:.1f}, {a[1]:.1f} (stock {b[0]:.1f}, {b[1]:.1f})", flush=True)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--questions", type=int, default=2000, help="of each set, at most")
    most = arguments.parse_args().questions
    for corpus in (squad(), xquad("zh"), xquad("es"), chunking()):
        compare(corpus, most)


if __name__ == "__main__":
    main()
