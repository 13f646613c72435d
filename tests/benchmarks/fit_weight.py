"""Which share of the fused score an embedder's cosine should have:
`python tests/benchmarks/fit_weight.py [provider:model] [--url URL] [--questions N]`.

Prints hit@1 and hit@5 on SQuAD by weight, of half of the articles and of the other half: a weight
is to be trusted where both have their best near it. It goes into `_DENSE_WEIGHTS` of
`index/embedders/providers.py`. A key is read from FOOTNOTE_EMBEDDER_KEY, or the provider's own variable.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from data import Asked, squad
from numpy.typing import NDArray
from retrieval import hits, ours

from bot import settings, wiring
from index.embedders import Embedder
from index.library import Library

WEIGHTS = np.linspace(0, 1, 11)


class Weighed:
    """An embedder whose weight may be set, and which is asked for each question once."""

    def __init__(self, embedder: Embedder) -> None:
        self.name = embedder.name
        self.dimensions = embedder.dimensions
        self.dense_weight = embedder.dense_weight
        self.batch_size = embedder.batch_size
        self.at_once = embedder.at_once
        self.is_kept = embedder.is_kept
        self.is_paid = embedder.is_paid
        self.embed_query = lru_cache(maxsize=None)(embedder.embed_query)
        self._embedder = embedder

    def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self._embedder.embed_documents(texts)


def measure(embedder: Embedder, questions: int) -> None:
    corpus, weighed = squad(), Weighed(embedder)
    asked = list(corpus.asked)
    random.Random(0).shuffle(asked)
    first = set(sorted(corpus.texts)[::2])
    halves: list[list[Asked]] = [[], []]
    for question in asked[:questions]:
        halves[question.document not in first].append(question)
    with tempfile.TemporaryDirectory() as folder:
        corpus.write(Path(folder) / "files")
        with Library.open(Path(folder) / "home", weighed) as library:
            for _ in library.sync([Path(folder) / "files"]):
                pass
            print(f"{embedder.name}, now {embedder.dense_weight}; hit@1, hit@5 of either half")
            for weight in WEIGHTS:
                weighed.dense_weight = float(weight)
                found = [hits(ours(library), half) for half in halves]
                print(f"{weight:.1f}  " + "   ".join(f"{one:.1f} {five:.1f}" for one, five in found))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("name", nargs="?", default="bundled", help="provider:model")
    arguments.add_argument("--url", help="its server, or the folder of a model that runs here")
    arguments.add_argument("--questions", type=int, default=2000, help="at most")
    given = arguments.parse_args()
    wanted = settings.load().model_copy(update={"embedder": given.name, "embedder_url": given.url})
    measure(wiring.embedder(wanted), given.questions)


if __name__ == "__main__":
    main()
