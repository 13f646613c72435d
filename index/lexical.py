"""Words: a Tantivy index a space, over the text and headings of its chunks.

BM25 over stemmed words. Scripts that write no spaces are cut into overlapping pairs of
characters, on both sides.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, pairwise
from pathlib import Path

import tantivy

from index.types import Entry

_ANALYZER = "footnote"
_HEAP_BYTES = 64_000_000
_HEADING_BOOST = 0.5
_MAX_TERMS = 256  # of a question: more cost time and say nothing new
_MAX_WORDS = 1 << 16
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
)


class Lexical:
    """The indexes in one folder, one a space."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writers: dict[int, tantivy.IndexWriter] = {}
        self._searchers: dict[int, tantivy.Searcher | None] = {}

    def update(self, space: int, add: Sequence[Entry], remove: Sequence[int]) -> None:
        """Removes, then adds; `close` commits."""
        with _tantivy_errors():
            writer = self._writers.get(space)
            if writer is None:
                writer = self._writers[space] = self._index(space).writer(_HEAP_BYTES, num_threads=1)
            for chunk in remove:
                writer.delete_documents_by_term("id", chunk)
            for entry in add:
                heading, text = spaced(entry.heading), spaced(entry.text)
                writer.add_document(tantivy.Document(id=entry.id, heading=heading, text=text))

    def search(self, space: int, question: Sequence[str], n: int) -> list[tuple[int, float]]:
        """The best `n` chunks of a space for the words of a question (as `terms` gives
        them), as (id, BM25 score), best first."""
        searcher = self._searcher(space)
        if searcher is None or not question:
            return []
        return _hits(searcher, _query(searcher, question), n)

    def holding(
        self, space: int, runs: Sequence[Sequence[str]], least: int, n: int
    ) -> list[tuple[int, float]]:
        """At most `n` chunks of a space whose text holds `least` of `runs`, each of them words (as
        `terms` gives them) in a row, as (id, score), best first."""
        searcher = self._searcher(space)
        if searcher is None or not runs:
            return []
        clauses = [(tantivy.Occur.Should, _row(run)) for run in runs]
        query = tantivy.Query.boolean_query(clauses, minimum_number_should_match=least)
        return _hits(searcher, query, n)

    def frequencies(self, space: int, words: Sequence[str]) -> list[int]:
        """In how many chunks of a space each of `words` (as `terms` gives them) occurs; at
        most in all, though Tantivy counts removed ones until it merges their segment."""
        searcher = self._searcher(space)
        return [
            min(searcher.doc_freq("text", word), searcher.num_docs) if searcher else 0 for word in words
        ]

    def size(self, space: int) -> int:
        """How many chunks of a space are indexed."""
        searcher = self._searcher(space)
        return searcher.num_docs if searcher else 0

    def close(self) -> None:
        with _tantivy_errors():
            for writer in self._writers.values():
                writer.commit()
                writer.wait_merging_threads()
        self._writers.clear()
        self._searchers.clear()

    def _searcher(self, space: int) -> tantivy.Searcher | None:
        if space not in self._searchers:
            exists = (self._folder / str(space)).is_dir()
            self._searchers[space] = self._index(space).searcher() if exists else None
        return self._searchers[space]

    def _index(self, space: int) -> tantivy.Index:
        folder = self._folder / str(space)
        folder.mkdir(parents=True, exist_ok=True)
        index = tantivy.Index(_SCHEMA, path=str(folder))
        index.register_tokenizer(_ANALYZER, _ANALYSIS)
        return index


@contextmanager
def _tantivy_errors() -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        raise OSError(f"Tantivy: {error}") from error


def _hits(searcher: tantivy.Searcher, query: tantivy.Query, n: int) -> list[tuple[int, float]]:
    hits = searcher.search(query, n, count=False).hits
    ids = searcher.fast_field_values("id", [address for _, address in hits])
    return [(int(str(i)), score) for i, (score, _) in zip(ids, hits, strict=True)]


def _row(words: Sequence[str]) -> tantivy.Query:
    if len(words) == 1:
        return tantivy.Query.term_query(_SCHEMA, "text", words[0])
    return tantivy.Query.phrase_query(_SCHEMA, "text", list(words))


def _query(searcher: tantivy.Searcher, words: Sequence[str]) -> tantivy.Query:
    """A word that is asked twice counts twice. One clause with twice the weight says the same as
    two, and a clause that nothing matches as none, in two thirds of the time."""
    clauses = []
    for word, times in Counter(words).items():
        for field, boost in (("text", 1.0), ("heading", _HEADING_BOOST)):
            if searcher.doc_freq(field, word):
                term = tantivy.Query.term_query(_SCHEMA, field, word)
                clauses.append(tantivy.Query.boost_query(term, boost * times))
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, clause) for clause in clauses])


def terms(text: str) -> list[str]:
    """The words of `text` as they are indexed: lower case, without accents, stemmed; pairs
    of characters where the script has no spaces. At most 256."""
    return list(chain.from_iterable(map(TERMS.__getitem__, spaced(encodable(text)).split())))[:_MAX_TERMS]


def encodable(text: str) -> str:
    """`text` with `?` for lone surrogates: what a shell passes that is not UTF-8."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def spaced(text: str) -> str:
    """`text` with every run of a script without spaces cut into overlapping pairs."""
    if text.isascii():
        return text
    return _UNSPACED.sub(lambda run: f" {_pairs(run[0])} ", text)


def _pairs(run: str) -> str:
    return " ".join(map("".join, pairwise(run))) or run


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", indexed=True, fast=True)
    builder.add_text_field("heading", tokenizer_name=_ANALYZER)
    builder.add_text_field("text", tokenizer_name=_ANALYZER)
    return builder.build()


def _analysis() -> tantivy.TextAnalyzer:
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(60))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )


class _Terms(dict[str, list[str]]):
    """The terms of what stands between two spaces. No term crosses a space, and most words
    are looked up here, which is twice as fast as analysing each sentence anew. It begins
    again when it is full: keeping count of what is used costs as much as it saves."""

    def __missing__(self, word: str) -> list[str]:
        if len(self) >= _MAX_WORDS:
            self.clear()
        found = self[word] = _ANALYSIS.analyze(word)
        return found


_SCHEMA = _schema()
_ANALYSIS = _analysis()
TERMS = _Terms()
