"""What every embedder keeps to."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator

import numpy as np
import pytest
import tiny_models
from vector_server import VectorServer

from index.embedders import BundledEmbedder, Embedder
from index.embedders.providers import open_embedder

SERVED = {"ollama": "", "openai": "/v1", "openai-like": "/v1"}
EMBEDDERS = ["bundled", "fastembed", "huggingface", *SERVED]
TEXTS = [
    "Staff may take 26 days of leave a year.",
    "The boiler in the annex was replaced in 2019.",
    "海地需要帮助。",
    "ok",
    "Boats " * 2000,
]


@pytest.fixture(scope="module")
def server() -> Iterator[VectorServer]:
    with VectorServer() as server:
        yield server


@pytest.fixture(params=EMBEDDERS, scope="module")
def embedder(
    request: pytest.FixtureRequest, server: VectorServer, tmp_path_factory: pytest.TempPathFactory
) -> Embedder:
    kind: str = request.param
    if kind == "bundled":
        return open_embedder()
    if kind == "fastembed":
        folder = tiny_models.embedder(tmp_path_factory.mktemp("models") / "tiny")
        return open_embedder(f"fastembed:{tiny_models.EMBEDDER}", str(folder))
    if kind == "huggingface":
        pytest.importorskip("llama_index.embeddings.huggingface", reason="needs the extra, and PyTorch")
        folder = tiny_models.sentence_model(tmp_path_factory.mktemp("models") / "tiny")
        return open_embedder("huggingface:tiny", str(folder))
    return open_embedder(f"{kind}:some-model:latest", f"{server.url}{SERVED[kind]}", "a-key")


def test_its_name_says_provider_and_model(embedder: Embedder) -> None:
    provider, _, model = embedder.name.partition(":")
    assert provider
    assert model
    assert 0 <= embedder.dense_weight <= 1


def test_it_says_how_it_wants_to_be_asked(embedder: Embedder) -> None:
    assert embedder.batch_size >= 1
    assert embedder.at_once >= 1
    assert embedder.is_paid == embedder.name.startswith("openai:")
    assert embedder.is_kept != embedder.name.startswith("bundled:")


def test_rows_are_unit_vectors_of_single_floats(embedder: Embedder) -> None:
    rows = embedder.embed_documents(TEXTS)
    assert rows.shape == (len(TEXTS), embedder.dimensions)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_a_question_is_one_unit_vector(embedder: Embedder) -> None:
    vector = embedder.embed_query("How many days of leave? A boat.")
    assert vector.shape == (embedder.dimensions,)
    assert vector.dtype == np.float32
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("text", ["", " \n ", "\u200b"])
def test_nothing_known_is_zeros_or_a_unit_vector_but_never_nan(embedder: Embedder, text: str) -> None:
    for vector in (embedder.embed_documents([text])[0], embedder.embed_query(text)):
        assert np.isfinite(vector).all()
        length = np.linalg.norm(vector)
        assert length == 0 or length == pytest.approx(1, abs=1e-5)


def test_an_empty_text_is_a_row_of_zeros(embedder: Embedder) -> None:
    rows = embedder.embed_documents(["Leave.", "", "Boats."])
    assert not rows[1].any()
    assert rows[0].any()
    assert rows[2].any()


def test_no_texts_are_no_rows(embedder: Embedder) -> None:
    assert embedder.embed_documents([]).shape == (0, embedder.dimensions)


def test_a_row_is_the_same_alone_and_among_others(embedder: Embedder) -> None:
    rows = embedder.embed_documents(TEXTS)
    assert np.allclose(
        np.concatenate([embedder.embed_documents([text]) for text in TEXTS]), rows, atol=1e-5
    )


def test_like_meanings_lie_nearer_than_others() -> None:
    embedder = BundledEmbedder()
    question = embedder.embed_query("When was the heating renewed?")
    leave, boiler = embedder.embed_documents(TEXTS[:2]) @ question
    assert boiler > leave


def test_threads_get_the_same_vectors(embedder: Embedder) -> None:
    expected = embedder.embed_documents(TEXTS)
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(embedder.embed_documents(TEXTS))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert all(np.array_equal(rows, expected) for rows in found)


def test_it_leaves_the_root_logger_alone(embedder: Embedder) -> None:
    before = list(logging.getLogger().handlers)
    embedder.embed_query("leave")
    assert logging.getLogger().handlers == before
