"""Which chunker? `python tests/benchmarks/chunkers.py`: each one's chunks, searched in the same way.

Recall of the chunking set's references in 1,000 tokens and of five chunks, of their positions and then
of their words in any copy; how many chunks are exact spans of their text, and speed.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import TypeAlias
from unittest.mock import patch

import numpy as np
from data import Corpus, chunking
from llama_index.core.node_parser import SentenceSplitter
from retrieval import ours, recalls
from semantic_text_splitter import TextSplitter

from index.chunking import MAX_TOKENS, OVERLAP_TOKENS, chunk, encoding
from index.types import Chunk, Document

Chunker: TypeAlias = Callable[[str], list[tuple[int, int, str]]]


def footnote(text: str) -> list[tuple[int, int, str]]:
    return [(c.start, c.end, c.text) for c in chunk(Document("text", "text", text))]


def semantic(text: str) -> list[tuple[int, int, str]]:
    splitter = TextSplitter.from_callback(
        lambda piece: len(encoding().encode_ordinary(piece)), MAX_TOKENS, overlap=OVERLAP_TOKENS
    )
    return [(start, start + len(piece), piece) for start, piece in splitter.chunk_indices(text)]


def llama(text: str, size: int = MAX_TOKENS, overlap: int = OVERLAP_TOKENS) -> list[tuple[int, int, str]]:
    """Found again by searching from the last one on, since the splitter gives no offsets."""
    pieces, last = [], 0
    for piece in SentenceSplitter(chunk_size=size, chunk_overlap=overlap).split_text(text):
        start = text.find(piece, last)
        pieces.append((start, start + len(piece), piece))
        last = max(start, last)
    return pieces


CHUNKERS: dict[str, Chunker] = {
    "index/chunking.py": footnote,
    "semantic-text-splitter": semantic,
    "llama-index SentenceSplitter": llama,
    "the same, its defaults 1024/200": lambda text: llama(text, 1024, 200),
}


def measure(name: str, chunker: Chunker, corpus: Corpus) -> None:
    """Each chunker's chunks in a library of its own, searched in the same way."""
    began = time.perf_counter()
    pieces = [(document, *piece) for document, text in corpus.texts.items() for piece in chunker(text)]
    rate = sum(map(len, corpus.texts.values())) / 1e6 / (time.perf_counter() - began)
    exact = np.mean([start >= 0 and corpus.texts[d][start:end] == text for d, start, end, text in pieces])
    with patch("index.sync.chunk", partial(_chunks, chunker)), corpus.library() as library:
        found = recalls(ours(library), corpus.asked, corpus.texts)
    figures = "".join(f"{figure:6.1f}" for figure in found)
    print(f"{name:34} {figures}   exact {100 * exact:5.1f} %   {rate:6.1f} MB/s", flush=True)


def _chunks(chunker: Chunker, document: Document) -> list[Chunk]:
    return [Chunk(text, start, end, "", 0) for start, end, text in chunker(document.text)]


def main() -> None:
    footnote("warm " * 100)
    for name, chunker in CHUNKERS.items():
        measure(name, chunker, chunking())


if __name__ == "__main__":
    main()
