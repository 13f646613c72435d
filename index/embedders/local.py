"""Models that fastembed runs on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
from platformdirs import user_cache_path

if TYPE_CHECKING:
    from numpy.typing import NDArray


class FastEmbedModel:
    """One of fastembed's models, from `folder` where its files lie there, else downloaded
    once into the user's cache: fastembed's own place is a temporary one."""

    def __init__(self, model: str, folder: str | None) -> None:
        from fastembed import TextEmbedding

        with onnx_errors():
            self._model = TextEmbedding(model, **files(folder))

    def get_query_embedding(self, query: str) -> NDArray[np.float32]:
        with onnx_errors():
            [vector] = self._model.query_embed(query)
            return np.asarray(vector, np.float32)

    def get_text_embedding_batch(self, texts: list[str]) -> list[NDArray[np.float32]]:
        with onnx_errors():
            return [np.asarray(vector, np.float32) for vector in self._model.passage_embed(texts)]


def files(folder: str | None) -> dict[str, Any]:
    """Where fastembed finds a model's files, as it wants to be told."""
    if folder is not None:
        return {"specific_model_path": folder}
    return {"cache_dir": str(user_cache_path("footnote", appauthor=False) / "models")}


@contextmanager
def onnx_errors() -> Iterator[None]:
    """Raises RuntimeError for ONNX's own errors, which have no base class but Exception."""
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    kinds = tuple(k for k in vars(state).values() if isinstance(k, type) and issubclass(k, Exception))
    try:
        yield
    except kinds as error:
        raise RuntimeError(str(error)) from error
