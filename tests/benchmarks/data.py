"""The evaluation sets, read where they lie: `FOOTNOTE_DATA`, or `shared/data` beside the project."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.library import Library

DATA = Path(os.environ.get("FOOTNOTE_DATA", Path(__file__).parents[3] / "shared" / "data"))


@dataclass(frozen=True)
class Asked:
    """A question, the document and the characters of it that answer, and the answer's words."""

    question: str
    document: str
    spans: tuple[tuple[int, int], ...]
    answers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Corpus:
    """Texts by document name, and what is asked of them."""

    name: str
    texts: dict[str, str]
    asked: tuple[Asked, ...]

    @contextmanager
    def library(self) -> Iterator[Library]:
        """A library of the texts, gone when it is left."""
        with tempfile.TemporaryDirectory() as folder:
            self.write(Path(folder) / "files")
            with Library.open(Path(folder) / "home") as library:
                for _ in library.sync([Path(folder) / "files"]):
                    pass
                yield library

    def write(self, folder: Path) -> None:
        """Each text as a file of its own."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in self.texts.items():
            (folder / f"{name}.txt").write_text(text, encoding="utf-8")


def rows(name: str) -> Iterator[dict[str, Any]]:
    with (DATA / name).open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def squad() -> Corpus:
    """24 articles; the span of a question is its paragraph."""
    return _paragraphs("SQuAD", "squad/paragraphs.jsonl", "squad/questions.jsonl")


def halves(corpus: Corpus) -> tuple[list[str], list[str]]:
    """The names of the texts that the model which reads was trained on, and of the others."""
    names = sorted(corpus.texts)
    return names[::2], names[1::2]


def xquad(language: str) -> Corpus:
    return _paragraphs(
        f"XQuAD {language}", f"xquad/{language}.paragraphs.jsonl", f"xquad/{language}.questions.jsonl"
    )


def unanswerable() -> list[str]:
    """Questions on articles that are not in SQuAD's 24."""
    return [row["question"] for row in rows("squad/unanswerable.jsonl")]


def chunking() -> Corpus:
    """Three corpora; the spans of a question are what it refers to."""
    texts = {row["corpus_id"]: row["text"] for row in rows("chunking/corpora.jsonl")}
    asked = tuple(
        Asked(
            row["question"],
            row["corpus_id"],
            tuple((part["start_index"], part["end_index"]) for part in row["references"]),
        )
        for row in rows("chunking/questions.jsonl")
    )
    return Corpus("chunking", texts, asked)


def _paragraphs(name: str, paragraphs: str, questions: str) -> Corpus:
    texts: dict[str, str] = {}
    places: dict[int, tuple[str, int, int]] = {}
    for row in rows(paragraphs):
        before = texts.get(row["title"])
        start = 0 if before is None else len(before) + 2
        texts[row["title"]] = row["text"] if before is None else f"{before}\n\n{row['text']}"
        places[row["pid"]] = (row["title"], start, start + len(row["text"]))
    asked = tuple(
        Asked(row["question"], document, ((start, end),), tuple(row["answers"]))
        for row in rows(questions)
        for document, start, end in [places[row["pid"]]]
    )
    return Corpus(name, texts, asked)
