"""What providers do wrong: each is one sentence, and never a vector."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import tiny_models
from vector_server import DIMENSIONS, Fault, VectorServer

from index.embedders import Embedder
from index.embedders.patience import INDEXING, Patience, patiently, retry_after
from index.embedders.providers import open_embedder
from index.errors import EmbedderError, ProviderError

ROOT = Path(__file__).parents[2]
AT_ONCE = {"retry-after": "0"}
KEY = "sk-very-secret"


def opened(kind: str, server: VectorServer) -> Embedder:
    return open_embedder(f"{kind}:m", server.url + ("" if kind == "ollama" else "/v1"), KEY)


def openai_reply(*vectors: object) -> str:
    data = [{"object": "embedding", "index": i, "embedding": v} for i, v in enumerate(vectors)]
    usage = {"prompt_tokens": 1, "total_tokens": 1}
    return json.dumps({"object": "list", "model": "m", "data": data, "usage": usage})


def ollama_reply(*vectors: object) -> str:
    return json.dumps({"model": "m", "embeddings": vectors})


REPLIES = {"openai": openai_reply, "openai-like": openai_reply, "ollama": ollama_reply}


@pytest.mark.parametrize("kind", REPLIES)
@pytest.mark.parametrize(
    "fault",
    [
        Fault(429, headers=AT_ONCE),
        Fault(500, headers=AT_ONCE),
        Fault(503, "<html>busy</html>", {"content-type": "text/html", **AT_ONCE}),
    ],
    ids=["429", "500", "503"],
)
def test_what_may_pass_is_asked_again_once(kind: str, fault: Fault) -> None:
    with VectorServer(fault) as server:
        embedder = opened(kind, server)
        rows = patiently(lambda: embedder.embed_documents(["a boat", "a lake"]), INDEXING)
    assert rows.shape == (2, DIMENSIONS)
    assert len(server.requests) == 2


@pytest.mark.parametrize("kind", REPLIES)
@pytest.mark.parametrize("body", [None, '{"data": [', '"words"', "[]", "{}"])
def test_broken_connections_and_replies_are_asked_again(kind: str, body: str | None) -> None:
    with VectorServer(Fault(body=body)) as server:
        embedder = opened(kind, server)
        with pytest.raises(EmbedderError) as raised:
            embedder.embed_documents(["a boat"])
        assert raised.value.may_pass
        assert len(server.requests) == 1  # neither the SDK nor llama-index asked by themselves
        assert embedder.embed_documents(["a boat"]).any()


@pytest.mark.parametrize("status", [400, 401, 403, 404])
@pytest.mark.parametrize("kind", REPLIES)
def test_what_will_not_pass_is_not_asked_again_and_shows_no_key(kind: str, status: int) -> None:
    error = json.dumps({"error": {"message": f"bad key {KEY}"}} if kind != "ollama" else {"error": KEY})
    with VectorServer(*[Fault(status, error)] * 3) as server:
        with pytest.raises(EmbedderError) as raised:
            patiently(lambda: opened(kind, server).embed_documents(["a boat"]), INDEXING)
        assert len(server.requests) == 1
    message = str(raised.value)
    assert f"{kind}:m" in message
    assert KEY not in message
    assert "\n" not in message


def test_a_spent_quota_is_not_asked_again() -> None:
    error = json.dumps({"error": {"message": "no money", "code": "insufficient_quota"}})
    with VectorServer(Fault(429, error, AT_ONCE)) as server:
        with pytest.raises(EmbedderError, match="no money"):
            patiently(lambda: opened("openai", server).embed_query("a boat"), INDEXING)
        assert len(server.requests) == 1


@pytest.mark.parametrize("kind", REPLIES)
@pytest.mark.parametrize(
    ("vectors", "said"),
    [
        ([[1.0, 2.0]], "gave 1 vectors for 2 texts"),
        ([[1.0] * DIMENSIONS] * 3, "gave 3 vectors for 2 texts"),
        ([[1.0, 2.0], [1.0, 2.0]], f"vectors of 2 numbers where {DIMENSIONS} are due"),
        ([[1.0] * DIMENSIONS, [1.0] * (DIMENSIONS - 1)], "different lengths"),
        ([[float("nan")] * DIMENSIONS] * 2, "no number"),
        ([[float("inf")] * DIMENSIONS] * 2, "no number"),
    ],
    ids=["fewer", "more", "short", "uneven", "nan", "infinite"],
)
def test_odd_vectors_are_refused(kind: str, vectors: list[list[float]], said: str) -> None:
    with VectorServer() as server:
        embedder = opened(kind, server)
        embedder.embed_query("to know the length")
        server.faults.append(Fault(body=REPLIES[kind](*vectors)))
        with pytest.raises(EmbedderError, match=said):
            embedder.embed_documents(["a boat", "a lake"])


def test_a_wait_that_is_asked_for_is_kept_to() -> None:
    with VectorServer(Fault(429, headers={"retry-after": "1"})) as server:
        patiently(lambda: opened("openai", server).embed_query("a boat"), INDEXING)
    first, second = server.times
    assert 1.0 <= second - first < 2.0


def test_a_wait_beyond_all_patience_is_an_error_at_once() -> None:
    with VectorServer(Fault(429, headers={"retry-after": "3600"})) as server:
        with pytest.raises(EmbedderError) as raised:
            patiently(lambda: opened("ollama", server).embed_query("a boat"), INDEXING)
        assert raised.value.after == 3600
        assert len(server.requests) == 1


def test_patience_ends() -> None:
    with VectorServer(*[Fault(500, headers=AT_ONCE)] * 9) as server:
        with pytest.raises(EmbedderError):
            patiently(lambda: opened("openai", server).embed_query("a boat"), Patience(3, 1.0))
        assert len(server.requests) == 3


def test_a_wait_may_be_a_date() -> None:
    assert retry_after({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}) == 0
    assert retry_after({"retry-after": "soon"}) is None
    assert retry_after({}) is None


def test_a_key_goes_to_the_server() -> None:
    for kind in REPLIES:
        with VectorServer() as server:
            opened(kind, server).embed_query("a boat")
        assert server.requests[0]["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("huggingface:BAAI/bge-small-en-v1.5", 'run `pip install "footnote[huggingface]"`'),
        ("openai:text-embedding-3-small", "OPENAI_API_KEY"),
        ("openai-like:m", "FOOTNOTE_EMBEDDER_URL"),
        ("nobody:m", "bundled or one of fastembed:MODEL"),
        ("openai", "bundled or one of fastembed:MODEL"),
        ("bundled:other", "one bundled model"),
    ],
)
def test_an_embedder_that_cannot_be_is_one_sentence(name: str, said: str) -> None:
    with pytest.raises(ProviderError, match=said.replace("[", r"\[")):
        open_embedder(name)


def test_a_model_that_is_not_in_its_folder_is_one_sentence(tmp_path: Path) -> None:
    embedder = open_embedder(f"fastembed:{tiny_models.EMBEDDER}", str(tmp_path))
    with pytest.raises(ProviderError, match="cannot be loaded"):
        embedder.embed_query("a boat")
    with pytest.raises(ProviderError, match="not supported"):
        open_embedder("fastembed:no-such-model", str(tmp_path)).embed_query("a boat")


def test_nothing_of_the_providers_is_imported_before_it_is_used() -> None:
    script = (
        "import sys; from bot import wiring; from index.embedders.providers import open_embedder;"
        "open_embedder('openai:m', None, 'k'); open_embedder('bundled').embed_query('leave');"
        "heavy = {'llama_index.core', 'openai', 'ollama', 'fastembed', 'tenacity'};"
        "sys.exit(bool(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False)
    assert done.returncode == 0
