"""Where sentences come from: `python tests/benchmarks/quotations.py [--chunks N] [--quotations N]`.

Quotations are cut from the chunking corpora, among generated text, and typed another way: in
other case, with other quotes, dashes, ligatures, line breaks and hyphenation. Each has to be
found at its exact span. Others have a number, a name or a negation changed, and may not be.
"""

from __future__ import annotations

import argparse
import random
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from data import DATA, chunking
from speed import index, write_files

from bot.looking_up import look_up
from index.citation import citation_id
from index.library import Library
from index.quotes import normalise

ROUNDS = 3
_WORD = re.compile(r"\S+")
_INNER = re.compile(r"-?[^\W_].*[^\W_]", re.DOTALL)
_LONG_WORD = re.compile(r"\b[a-z]{4}(?=[a-z]{3,}\b)")
_LIGATURES = {"ffi": "ﬃ", "ffl": "ﬄ", "ff": "ﬀ", "fi": "ﬁ", "fl": "ﬂ"}
_NUMBER = re.compile(r"\d+")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}")
_VERB = re.compile(r"\b(?:is|are|was|were|has|have|had|will|would|can|could|may|must|should|did)\b")
_NOT = re.compile(r"(?:\bnot |n['’]t\b)")


@dataclass(frozen=True)
class Quotation:
    """Words cut out of a document of the library."""

    uri: str
    start: int
    end: int
    text: str


def cut(texts: dict[str, str], draw: random.Random) -> Iterator[Quotation]:
    """Endlessly: 6 to 60 words in a row, from a letter or digit to another."""
    words = {uri: list(_WORD.finditer(text)) for uri, text in texts.items()}
    while True:
        uri = draw.choice(list(texts))
        length = draw.randint(6, 60)
        first = draw.randrange(len(words[uri]) - length)
        start, end = words[uri][first].start(), words[uri][first + length - 1].end()
        if inner := _INNER.search(texts[uri][start:end]):
            yield Quotation(uri, start + inner.start(), start + inner.end(), inner[0])


def cased(text: str, draw: random.Random) -> str:
    return draw.choice([text.upper(), text.lower(), text.swapcase(), text.title()])


def quoted(text: str, draw: random.Random) -> str:
    text = re.sub("['’‘]", draw.choice("'’‘"), text)
    return "“" + re.sub("[“”]", draw.choice('"“”«»„'), text) + "”"


def dashed(text: str, draw: random.Random) -> str:
    return re.sub("[-–—]", lambda _: draw.choice("-‐–—−"), text)


def broken(text: str, draw: random.Random) -> str:
    """Lines of about 40 characters, as a mail or a PDF has them."""
    return re.sub(r"(.{30,50}?)\s", lambda line: line[1] + draw.choice(["\n", "\r\n", " \n  "]), text)


def hyphenated(text: str, draw: random.Random) -> str:
    breaks = ["-\n", "\u00ad\n", "\u00ad", "- "]
    return _LONG_WORD.sub(lambda word: word[0] + (draw.choice(breaks) if draw.random() < 0.3 else ""), text)


def ligated(text: str, draw: random.Random) -> str:
    return re.sub("ffi|ffl|ff|fi|fl", lambda letters: _LIGATURES[letters[0]], text)


DISTURBANCES: tuple[Callable[[str, random.Random], str], ...] = (
    cased, quoted, dashed, broken, hyphenated, ligated
)  # fmt: skip


def disturbed(text: str, draw: random.Random) -> str:
    """One to all of the disturbances; case last but one, since it knows no ligatures."""
    chosen = draw.sample(range(len(DISTURBANCES)), draw.randint(1, len(DISTURBANCES)))
    for n in sorted(chosen, reverse=True):
        text = DISTURBANCES[n](text, draw)
    return text


def other_number(text: str, draw: random.Random) -> str:
    numbers = list(_NUMBER.finditer(text))
    if not numbers:
        return text
    chosen = draw.choice(numbers)
    changed = str(int(chosen[0]) + draw.choice([1, 10, 100]))
    return text[: chosen.start()] + changed + text[chosen.end() :]


def other_name(text: str, draw: random.Random) -> str:
    return _NAME.sub(draw.choice(["Quentin", "Wilhelmina", "Zacharias"]), text, count=1)


def negated(text: str, draw: random.Random) -> str:
    without = _NOT.sub("", text, count=1)
    return without if without != text else _VERB.sub(lambda verb: f"{verb[0]} not", text, count=1)


TAMPERINGS = (other_number, other_name, negated)


def texts_of(library: Library, wanted: set[str]) -> dict[str, str]:
    """The texts of the documents with these names, as the library reads them, by uri."""
    stored = [d for d in library.sources() if Path(d.source.uri).stem in wanted]
    return {d.source.uri: library.locate(citation_id(d.source.key, 0, d.characters)).text for d in stored}


def exact(library: Library, texts: dict[str, str], count: int) -> list[str]:
    """Those of `count` disturbed quotations that are not found where they were cut; prints how
    many are, and how long it took."""
    draw = random.Random(4)
    quotations = [q for q, _ in zip(cut(texts, draw), range(count), strict=False)]
    typed = [disturbed(quotation.text, draw) for quotation in quotations]
    missed: list[str] = []
    p95s = []
    for n in range(ROUNDS):
        took = []
        for quotation, words in zip(quotations, typed, strict=True):
            began = time.perf_counter()
            spans = library.find(words)
            took.append(1000 * (time.perf_counter() - began))
            places = [(span.source.uri, span.start, span.end) for span in spans]
            if n == 0 and (quotation.uri, quotation.start, quotation.end) not in places:
                missed.append(words)
        p95s.append(float(np.percentile(took, 95)))
        print(f"  round {n + 1}: p50 {np.median(took):.1f} ms, p95 {p95s[-1]:.1f} ms", flush=True)
    print(f"found at the exact span: {count - len(missed)} of {count}; p95 {np.median(p95s):.1f} ms")
    return missed


def accepted(library: Library, texts: dict[str, str], count: int) -> list[str]:
    """Those of `count` tampered quotations that are found all the same, though they stand nowhere;
    prints how many."""
    draw = random.Random(5)
    folded = [normalise(text).text for text in texts.values()]
    wrong: list[str] = []
    tried = 0
    for tamper in TAMPERINGS:
        changed = ((q.text, tamper(q.text, draw)) for q in cut(texts, draw))
        told = (
            after
            for before, after in changed
            if after != before and not any(normalise(after).text in text for text in folded)
        )
        for words, _ in zip(told, range(count // len(TAMPERINGS)), strict=False):
            tried += 1
            wrong += [words] if look_up(library, disturbed(words, draw), None, 1).passages else []
    print(f"tampered ones accepted: {len(wrong)} of {tried}", flush=True)
    return wrong


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--chunks", type=int, default=65_000, help="about; short words make more")
    arguments.add_argument("--quotations", type=int, default=1000)
    arguments.add_argument("--tampered", type=int, default=900)
    chosen = arguments.parse_args()
    if not DATA.is_dir():
        print("The evaluation sets are not here (set FOOTNOTE_DATA).")
        return
    corpus = chunking()
    with tempfile.TemporaryDirectory() as folder:
        corpus.write(Path(folder) / "files")
        write_files(Path(folder) / "files", chosen.chunks)
        with Library.open(Path(folder) / "home") as library:
            index(library, Path(folder) / "files")
            print(f"{library.counts()[1]:,} chunks", flush=True)
            texts = texts_of(library, set(corpus.texts))
            for words in exact(library, texts, chosen.quotations):
                print(f"  missed: {words!r}")
            for words in accepted(library, texts, chosen.tampered):
                print(f"  accepted: {words!r}")


if __name__ == "__main__":
    main()
