"""Models that fastembed runs on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from platformdirs import user_cache_path

if TYPE_CHECKING:
    from numpy.typing import NDArray


class FastEmbedModel:
    """One of fastembed's models, from `folder` where its files lie there, else downloaded
    once into the user's cache: fastembed's own place is a temporary one."""

    def __init__(self, model: str, folder: str | None) -> None:
        from fastembed import TextEmbedding

        if folder is None:
            self._model = TextEmbedding(model, cache_dir=str(model_cache()))
        else:
            self._model = TextEmbedding(model, specific_model_path=folder)

    def get_query_embedding(self, query: str) -> NDArray[np.float32]:
        [vector] = self._model.query_embed(query)
        return np.asarray(vector, np.float32)

    def get_text_embedding_batch(self, texts: list[str]) -> list[NDArray[np.float32]]:
        return [np.asarray(vector, np.float32) for vector in self._model.passage_embed(texts)]


def model_cache() -> str:
    """Where models are kept once they were downloaded."""
    return str(user_cache_path("footnote", appauthor=False) / "models")
