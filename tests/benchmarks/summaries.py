"""How good summaries are: `python tests/benchmarks/summaries.py`.

A summary of an article without its beginning is compared with that beginning, which its
authors wrote to sum it up: 24 SQuAD articles, the Wikipedia articles of the chunking set, and
XQuAD's Spanish and Chinese ones. Of those with sections, also with their headings. Lead takes
the first sentences, centroid those nearest to the mean of all vectors; all three choose among
the same sentences, as many.
F1 of ROUGE-1, ROUGE-2 and ROUGE-L (Lin 2004), in percent; of headings, the recall of their words.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import TypeAlias

import numpy as np
from data import rows

from bot.summarizing.choosing import content
from bot.summarizing.document import summarize_document
from bot.summarizing.sentences import sentences
from bot.writers.words import words
from index.embedders import BundledEmbedder
from index.records import Span
from index.types import Mark, MarkKind, Source

Summarizer: TypeAlias = Callable[[Span, int], list[str]]
EMBEDDER = BundledEmbedder()
LINES = {"SQuAD": 7, "wikitexts": 7, "XQuAD es": 3, "XQuAD zh": 3}
_FEWEST = 8  # sentences of an article: of fewer there is nothing to choose


@dataclass(frozen=True)
class Article:
    """A text, the words that sum it up, and its sections."""

    title: str
    abstract: str
    text: str
    marks: tuple[Mark, ...] = ()

    @property
    def span(self) -> Span:
        return Span(Source("k", "u", self.title, "s", "v"), self.text, self.marks, 0, len(self.text))


def paragraphs(name: str, beginning: int) -> Iterator[Article]:
    """Articles of a set of paragraphs, of which the first `beginning` are the abstract."""
    texts: dict[str, list[str]] = {}
    for row in rows(name):
        texts.setdefault(row["title"], []).append(row["text"])
    for title, parts in texts.items():
        yield Article(title, " ".join(parts[:beginning]), "\n\n".join(parts[beginning:]))


def wikitexts() -> Iterator[Article]:
    """Whole articles: what stands before the first section is the abstract."""
    [text] = [row["text"] for row in rows("chunking/corpora.jsonl") if row["corpus_id"] == "wikitexts"]
    text = re.sub(r" @([-,.])@ ", r"\1", text).replace(" .", ".").replace(" ,", ",")
    titled = re.split(r"\n = ([^=\n]+) = \n", f"\n{text}")
    for title, body in zip(titled[1::2], titled[2::2], strict=True):
        abstract, *sections = re.split(r"\n (?:= ){2,}([^=\n]+?) (?:= )+(?:=)?\s*\n", body)
        written, marks = "", []
        for heading, section in zip(sections[::2], sections[1::2], strict=True):
            start = len(written)
            written += f"{heading}\n\n" + section.strip().replace("\n", "\n\n") + "\n\n"
            marks.append(Mark(MarkKind.HEADING, heading, start, len(written)))
        if len(abstract.split()) > 60 and marks:
            yield Article(title, abstract, written, tuple(marks))


def lead(span: Span, lines: int) -> list[str]:
    return [sentence.text for sentence in sentences(span)[:lines]]


def centroid(span: Span, lines: int) -> list[str]:
    texts = [sentence.text for sentence in sentences(span)]
    vectors = EMBEDDER.embed_documents(texts)
    nearest = (vectors @ vectors.mean(axis=0)).argsort()[::-1][:lines]
    return [texts[i] for i in sorted(nearest)]


def ours(span: Span, lines: int) -> list[str]:
    parts = summarize_document(span, EMBEDDER, lines).parts
    return [claim.text for part in parts for claim in part.claims]


SUMMARIZERS: dict[str, Summarizer] = {"lead": lead, "centroid": centroid, "footnote": ours}


def f1(shared: int, one: int, other: int) -> float:
    return 2 * shared / (one + other) if shared else 0.0


def rouge_n(n: int, reference: Sequence[str], given: Sequence[str]) -> float:
    wanted, got = (Counter(zip(*(text[i:] for i in range(n)), strict=False)) for text in (reference, given))
    return f1((wanted & got).total(), wanted.total(), got.total())


def rouge_l(reference: Sequence[str], given: Sequence[str]) -> float:
    row = [0] * (len(given) + 1)  # the longest common subsequence, a word of the reference at a time
    for word in reference:
        before = 0
        for n, its in enumerate(given, start=1):
            before, row[n] = row[n], before + 1 if word == its else max(row[n], row[n - 1])
    return f1(row[-1], len(reference), len(given))


@dataclass
class Figures:
    scores: list[tuple[float, float, float]] = field(default_factory=list)
    headings: list[float] = field(default_factory=list)
    alike: float = 0.0
    milliseconds: list[float] = field(default_factory=list)

    def add(self, article: Article, lines: int, summarize: Summarizer) -> None:
        start = time.perf_counter()
        chosen = summarize(article.span, lines)
        self.milliseconds.append(1000 * (time.perf_counter() - start))
        given, reference = words(" ".join(chosen)), words(article.abstract)
        self.scores.append(
            (rouge_n(1, reference, given), rouge_n(2, reference, given), rouge_l(reference, given))
        )
        if topics := content(" ".join(mark.label for mark in article.marks)):
            said = content(" ".join(chosen))
            self.headings.append(len(topics & said) / len(topics))
        pairs = combinations(map(words, chosen), 2)
        self.alike = max([self.alike, *(rouge_l(one, other) for one, other in pairs)])

    def __str__(self) -> str:
        scores = "  ".join(f"{100 * score:5.1f}" for score in np.mean(self.scores, axis=0))
        headings = f"  headings {100 * np.mean(self.headings):5.1f}" if self.headings else " " * 16
        return f"{scores}{headings}  lines alike {self.alike:.2f}  {np.mean(self.milliseconds):6.1f} ms"


def main() -> None:
    sets = {
        "SQuAD": [*paragraphs("squad/paragraphs.jsonl", 2)],
        "wikitexts": [*wikitexts()],
        "XQuAD es": [*paragraphs("xquad/es.paragraphs.jsonl", 1)],
        "XQuAD zh": [*paragraphs("xquad/zh.paragraphs.jsonl", 1)],
    }
    print("ROUGE-1, -2, -L; lines alike: the highest ROUGE-L of two lines")
    for name, all_of_them in sets.items():
        articles = [article for article in all_of_them if len(sentences(article.span)) >= _FEWEST]
        print(f"{name}: {len(articles)} articles in {LINES[name]} sentences")
        for kind, summarize in SUMMARIZERS.items():
            figures = Figures()
            for article in articles:
                figures.add(article, LINES[name], summarize)
            print(f"  {kind:9} {figures}", flush=True)


if __name__ == "__main__":
    main()
