"""Speed, disk and memory: `python tests/benchmarks/speed.py [--chunks N] [--stock-chunks N]`.

Both sides index the same generated text with the same embedder and chunk size, in one run.
"""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import takewhile
from pathlib import Path
from pydoc_data.topics import topics

import numpy as np
from stock import StockIndex

from index.chunking import MAX_TOKENS, OVERLAP_TOKENS, chunk
from index.library import Library
from index.sync import Synced
from index.types import Document

_CHUNKS_A_FILE = 250
_CHARACTERS_A_CHUNK = 855  # what a chunk adds to a text of these words, overlap taken off


def words(count: int = 30_000) -> list[str]:
    """Made-up words of two to four syllables."""
    draw = random.Random(7)
    syllables = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"] + ["ing", "er", "tion", "al", "ed", "st"]
    return ["".join(draw.choices(syllables, k=draw.randint(2, 4))) for _ in range(count)]


def text(characters: int, seed: int) -> str:
    """Paragraphs of sentences whose words follow Zipf's law."""
    draw, vocabulary = np.random.default_rng(seed), words()
    pieces: list[str] = []
    size = 0
    while size < characters:
        ranks = np.minimum(draw.zipf(1.25, draw.integers(8, 24)), len(vocabulary)) - 1
        sentence = " ".join(vocabulary[rank] for rank in ranks).capitalize() + "."
        pieces.append(sentence + ("\n\n" if draw.random() < 0.15 else " "))
        size += len(pieces[-1])
    return "".join(pieces)


def write_files(folder: Path, chunks: int, seed: int = 0) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(max(1, chunks // _CHUNKS_A_FILE)):
        body = text(_CHUNKS_A_FILE * _CHARACTERS_A_CHUNK, seed + number)
        (folder / f"file-{number:05}.txt").write_text(body, encoding="utf-8")


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def index(library: Library, folder: Path) -> Synced:
    *_, last = library.sync([folder])
    assert isinstance(last, Synced)
    return last


def chunking() -> None:
    """On prose: the reference manual that Python carries, a few times over."""
    body = "\n\n".join(topics.values()) * 10
    chunk(Document("warm", "warm", body[:100_000]))
    rates = [len(body) / 1e6 / timed(lambda: chunk(Document("a", "a", body))) for _ in range(5)]
    print(f"chunking {np.median(rates):.1f} MB/s (median of 5)", flush=True)


def against_stock(home: Path, chunks: int) -> None:
    write_files(home / "files", chunks)
    stock = StockIndex(home / "stock", MAX_TOKENS, OVERLAP_TOKENS)
    with Library.open(home / "ours") as library:
        ours = timed(lambda: index(library, home / "files"))
        _, count = library.counts()
    theirs = timed(lambda: stock.add(home / "files"))
    print(
        f"indexing {count:,} chunks: ours {ours:.1f} s, stock llama-index {theirs:.1f} s, "
        f"{theirs / ours * count / stock.count():.1f} times as fast a chunk ({stock.count():,} of theirs)"
    )
    a, b = size(home / "ours") / count, size(home / "stock") / stock.count()
    print(f"disk a chunk: ours {a:,.0f} bytes, stock {b:,.0f} bytes ({a / b:.2f} of it)")


def questions(count: int) -> Iterator[str]:
    draw, vocabulary = np.random.default_rng(99), words()
    for _ in range(count):
        yield " ".join(vocabulary[rank] for rank in np.minimum(draw.zipf(1.25, 8), len(vocabulary)) - 1)


def latencies(library: Library, asked: Iterable[str], pause: float = 0.0) -> tuple[float, float]:
    """The median and 95th percentile of a search, in milliseconds."""
    took = []
    for question in asked:
        took.append(timed(lambda question=question: library.search(question)) * 1e3)  # type: ignore[misc]
        time.sleep(pause)
    return float(np.percentile(took, 50)), float(np.percentile(took, 95))


def peak(who: int = resource.RUSAGE_SELF) -> float:
    """The most memory taken so far, in MB."""
    return resource.getrusage(who).ru_maxrss / 1024


def at_scale(home: Path, chunks: int) -> None:
    write_files(home / "files" / "first", chunks // 5, seed=10_000)
    write_files(home / "files" / "rest", chunks - chunks // 5, seed=20_000)
    with Library.open(home / "library") as library:
        first = index(library, home / "files" / "first")
        early = peak()
        last = index(library, home / "files" / "rest")
        children = peak(resource.RUSAGE_CHILDREN)
        seconds, disk = first.seconds + last.seconds, size(home / "library") / 1e6
        print(
            f"indexing {last.chunks:,} chunks: {seconds:.1f} s, {disk:,.0f} MB with the superseded indexes"
        )
        print(
            f"memory: {early:.0f} MB after {first.chunks:,} chunks, {peak():.0f} MB after all; "
            f"a child {children:.0f} MB"
        )
        latencies(library, questions(20))
        print("search p50 {:.1f} ms, p95 {:.1f} ms".format(*latencies(library, questions(500))), flush=True)
        write_files(home / "more", chunks // 5, seed=50_000)
        writer = threading.Thread(target=index, args=(library, home / "more"))
        writer.start()
        asked = takewhile(lambda _: writer.is_alive(), questions(10_000))  # not one more
        meanwhile = latencies(library, asked, pause=0.005)
        writer.join()
        print("search while another thread indexes p50 {:.1f} ms, p95 {:.1f} ms".format(*meanwhile))


def among_copies(home: Path, copies: int = 60) -> None:
    """A long file that lies in many folders: questions of six words from one of its sentences."""
    body, draw = text(100 * _CHARACTERS_A_CHUNK, seed=777), random.Random(7)
    write_files(home, 5_000)
    for number in range(copies):
        (home / f"copy-{number}.txt").write_text(body, encoding="utf-8")
    asked = [" ".join(draw.sample(said.split(), 6)) for said in body.split(". ") if len(said.split()) > 7]
    with Library.open(home / "library") as library:
        chunks = index(library, home).chunks
        passages = np.mean([len(library.search(question)) for question in asked[:200]])
        p50, p95 = latencies(library, asked[:200])
    print(
        f"search among {chunks:,} chunks, for what stands in {copies} copies: p50 {p50:.1f} ms, "
        f"p95 {p95:.1f} ms, {passages:.1f} passages of 5"
    )


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--chunks", type=int, default=100_000)
    arguments.add_argument("--stock-chunks", type=int, default=10_000)
    chosen = arguments.parse_args()
    chunking()
    with tempfile.TemporaryDirectory() as folder:
        at_scale(Path(folder), chosen.chunks)
    with tempfile.TemporaryDirectory() as folder:
        among_copies(Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        against_stock(Path(folder), chosen.stock_chunks)


if __name__ == "__main__":
    main()
