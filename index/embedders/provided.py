"""An embedder over somebody else's model, whose calls are those of llama-index's classes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from index.deadline import Deadline
from index.embedders.base import unit_rows
from index.embedders.patience import reply_of, retry_after
from index.errors import EmbedderError
from index.redaction import told

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LONGEST_REASON = 300  # characters of what a provider says
_SECONDS = 4.0  # for a question, whose asker waits
_PASSING = {408, 409, 425, 429}  # HTTP statuses that may be another the next time; so may all from 500


class Model(Protocol):
    """A model, asked in the provider's own ways for questions and for documents."""

    def get_query_embedding(self, query: str) -> Sequence[float]: ...

    def get_text_embedding_batch(self, texts: list[str]) -> Sequence[Sequence[float]]: ...


@dataclass(frozen=True, slots=True)
class Traits:
    """What the library has to know of an embedder; see `Embedder`."""

    name: str
    dense_weight: float
    batch_size: int
    at_once: int
    is_paid: bool


class ProvidedEmbedder:
    """Loads its model with the first call; what `secret` holds never stands in an error."""

    is_kept = True

    def __init__(
        self,
        traits: Traits,
        load: Callable[[], tuple[Model, tuple[type[Exception], ...]]],
        secret: str | None = None,
    ) -> None:
        """`load` gives the model and what it raises. It is called once."""
        self.name = traits.name
        self.dense_weight = traits.dense_weight
        self.batch_size = traits.batch_size
        self.at_once = traits.at_once
        self.is_paid = traits.is_paid
        self._load = load
        self._secret = secret
        self._deadline = Deadline(_SECONDS)
        self._loaded: tuple[Model, tuple[type[Exception], ...]] | None = None
        self._loading = threading.Lock()
        self._dimensions: int | None = None

    @property
    def dimensions(self) -> int:
        """As the provider's replies have them; one is asked for where there was none yet."""
        if self._dimensions is None:
            self.embed_query("length")
        assert self._dimensions is not None
        return self._dimensions

    def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        full = [i for i, text in enumerate(texts) if text.strip()]  # providers refuse empty ones
        if not full:
            return np.zeros((len(texts), self.dimensions), np.float32)
        with self._model() as model:
            reply = model.get_text_embedding_batch([texts[i] for i in full])
        found = self._rows(reply, len(full))
        rows = np.zeros((len(texts), found.shape[1]), np.float32)
        rows[full] = found
        return rows

    def embed_query(self, text: str) -> NDArray[np.float32]:
        if not text.strip():
            return np.zeros(self.dimensions, np.float32)
        with self._model() as model:
            reply = self._asked(partial(model.get_query_embedding, text))
        vector: NDArray[np.float32] = self._rows([reply], 1)[0]
        return vector

    def _asked(self, call: Callable[[], Sequence[float]]) -> Sequence[float]:
        """A server's reply, while somebody waits for it; a model that runs here takes its time."""
        if self.at_once == 1:
            return call()
        try:
            return self._deadline.call(call)
        except TimeoutError as error:
            raise EmbedderError(f"{self.name}: {error}.") from error

    def _rows(self, reply: Any, texts: int) -> NDArray[np.float32]:
        rows = unit_rows(self.name, reply, texts, self._dimensions)
        self._dimensions = rows.shape[1]
        return rows

    @contextmanager
    def _model(self) -> Iterator[Model]:
        with self._loading:
            if self._loaded is None:
                self._loaded = self._load()
        model, failures = self._loaded
        try:
            yield model
        except failures as error:
            raise self._failed(error) from error

    def _failed(self, error: Exception) -> EmbedderError:
        response = reply_of(error)
        status = getattr(response, "status_code", None)
        spent = getattr(error, "code", None) == "insufficient_quota"  # OpenAI says it with a 429
        may_pass = (
            self.at_once > 1 and not spent and (status is None or status in _PASSING or status >= 500)
        )
        reason = told(error, self._secret)
        after = None if response is None else retry_after(response.headers)
        detail = f"{self.name}: {reason[:_LONGEST_REASON].rstrip('.')}."
        return EmbedderError(detail, may_pass=may_pass, after=after)
