"""A second look at the best passages. Optional: whatever goes wrong, the order there was stands."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Protocol

from index.deadline import Deadline
from index.embedders.local import files, onnx_errors
from index.embedders.providers import require
from index.errors import ProviderError, RerankError
from index.redaction import told
from index.types import Passage

if TYPE_CHECKING:
    from fastembed.rerank.cross_encoder import TextCrossEncoder

LOOKED_AT = 20  # passages
_SECONDS = 5.0  # for one question
log = logging.getLogger(__name__)


class Reranker(Protocol):
    """Says how well texts answer a question."""

    @property
    def name(self) -> str: ...

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """A number for each text, the higher the better. Raises RerankError."""


class FastEmbedReranker:
    """A cross-encoder on this machine, from `folder` where its files lie there."""

    def __init__(self, model: str, folder: str | None = None, _: str | None = None) -> None:
        require("fastembed", "fastembed", "fastembed")
        self.name = f"fastembed:{model}"
        self._model_name = model
        self._folder = folder

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        try:
            with onnx_errors():
                return [float(score) for score in self._model.rerank(question, texts)]
        except (OSError, RuntimeError, ValueError) as error:
            raise RerankError(str(error)) from error

    @cached_property
    def _model(self) -> TextCrossEncoder:
        from fastembed.rerank.cross_encoder import TextCrossEncoder

        return TextCrossEncoder(self._model_name, **files(self._folder))


class CohereLikeReranker:
    """A server with Cohere's rerank, at `url`: .../v2/rerank or .../v1/rerank."""

    def __init__(self, model: str, url: str | None, key: str | None = None) -> None:
        if not url:
            raise ProviderError("cohere-like needs its whole address: set FOOTNOTE_RERANKER_URL.")
        self.name = f"cohere-like:{model}"
        self._model = model
        self._url = url
        self._key = key
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        import httpx

        asked = {"model": self._model, "query": question, "documents": list(texts), "top_n": len(texts)}
        try:
            reply = httpx.post(self._url, json=asked, headers=self._headers, timeout=_SECONDS)
            reply.raise_for_status()
            scores: dict[int, Any] = {r["index"]: r["relevance_score"] for r in reply.json()["results"]}
            return [float(scores[i]) for i in range(len(texts))]
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, TypeError, LookupError) as error:
            raise RerankError(f"{type(error).__name__}: {told(error, self._key)}") from error


RERANKERS: dict[str, Callable[[str, str | None, str | None], Reranker]] = {
    "cohere-like": CohereLikeReranker,
    "fastembed": FastEmbedReranker,
}


def open_reranker(name: str, url: str | None = None, key: str | None = None) -> Reranker:
    """The reranker that `name`, written provider:model, stands for. Raises ProviderError."""
    kind, _, model = name.partition(":")
    if kind not in RERANKERS or not model:
        known = " or ".join(f"{kind}:MODEL" for kind in RERANKERS)
        raise ProviderError(f"FOOTNOTE_RERANKER is “{name}”, and should be {known}.")
    return RERANKERS[kind](model, url, key)


class Reordering:
    """Passages in the order of a reranker, or as they came where it fails or takes too long."""

    def __init__(self, reranker: Reranker, seconds: float = _SECONDS) -> None:
        self._reranker = reranker
        self._deadline = Deadline(seconds)

    def reorder(self, question: str, passages: list[Passage]) -> list[Passage]:
        """The best passage gets the best score, and so on: who reads scores sees the scale they know."""
        if len(passages) < 2:
            return passages
        call = partial(self._reranker.score, question, [passage.text for passage in passages])
        try:
            scores = self._deadline.call(call)
        except (RerankError, TimeoutError) as error:
            log.warning("%s gave no order: %s", self._reranker.name, error)
            return passages
        if len(scores) != len(passages) or not all(map(math.isfinite, scores)):
            log.warning("%s gave no order: it did not score every passage", self._reranker.name)
            return passages
        order = sorted(range(len(passages)), key=lambda i: -scores[i])
        best = sorted((passage.score for passage in passages), reverse=True)
        return [replace(passages[i], score=score) for i, score in zip(order, best, strict=True)]
