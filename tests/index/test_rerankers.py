"""A reranker reorders; whatever goes wrong with it, the order there was stands."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import pytest
import tiny_models
from vector_server import Fault, VectorServer

from index.errors import ProviderError
from index.library import Library
from index.rerankers import Reordering, open_reranker
from index.types import Passage, Source

QUESTION = "zebra zoo"
NAN = '{"index": %d, "relevance_score": NaN}'
TEXTS = ("a boat", "a zebra", "a zebra in a zoo")


def passages(texts: Sequence[str] = TEXTS) -> list[Passage]:
    source = Source("k", "u", "t", "s", "v")
    return [Passage(source, text, 0, len(text), (), 3.0 - n, 1.0, 0.5) for n, text in enumerate(texts)]


def texts(found: Sequence[Passage]) -> list[str]:
    return [passage.text for passage in found]


def test_a_server_reorders_and_the_scale_of_scores_stays() -> None:
    with VectorServer() as server:
        reranker = open_reranker("cohere-like:m", f"{server.url}/v2/rerank", "a-key")
        found = Reordering(reranker).reorder(QUESTION, passages())
    assert texts(found) == ["a zebra in a zoo", "a zebra", "a boat"]
    assert [passage.score for passage in found] == [3.0, 2.0, 1.0]
    [request] = server.requests
    assert request["authorization"] == "Bearer a-key"
    assert request["documents"] == list(TEXTS)
    assert request["model"] == "m"


def test_a_cross_encoder_reorders(tmp_path: Path) -> None:
    folder = tiny_models.cross_encoder(tmp_path / "tiny")
    reranker = open_reranker(f"fastembed:{tiny_models.CROSS_ENCODER}", str(folder))
    assert texts(Reordering(reranker).reorder("?", passages()))[0] == "a zebra in a zoo"


@pytest.mark.parametrize(
    "fault",
    [
        Fault(500),
        Fault(401),
        Fault(body=None),
        Fault(body="words"),
        Fault(body='{"results": [{"index": 0, "relevance_score": 1.0}]}'),
        Fault(body='{"results": [{"index": 0}, {"index": 1}, {"index": 2}]}'),
        Fault(
            body='{"results": ['
            + ",".join(f'{{"index": {n}, "relevance_score": NaN}}' for n in range(3))
            + "]}"
        ),
    ],
    ids=["500", "401", "broken", "words", "fewer", "scoreless", "nan"],
)
def test_a_reranker_that_fails_changes_nothing(fault: Fault, caplog: pytest.LogCaptureFixture) -> None:
    with VectorServer(fault) as server:
        reranker = open_reranker("cohere-like:m", f"{server.url}/v1/rerank")
        assert Reordering(reranker).reorder(QUESTION, passages()) == passages()
    assert "cohere-like:m gave no order" in caplog.text


def test_a_slow_reranker_is_not_waited_for(caplog: pytest.LogCaptureFixture) -> None:
    with VectorServer(pause=1.0) as server:
        reranker = open_reranker("cohere-like:m", f"{server.url}/v1/rerank")
        began = time.monotonic()
        assert Reordering(reranker, seconds=0.1).reorder(QUESTION, passages()) == passages()
        assert time.monotonic() - began < 0.9
    assert "took too long" in caplog.text


def test_what_its_failure_says_holds_no_secret(caplog: pytest.LogCaptureFixture) -> None:
    with VectorServer(Fault(401)) as server:
        address = server.url.replace("://", "://user:open-sesame@")
        for url in (f"{address}/v1/rerank?key=open-sesame", f"{server.url}/v1/rerank"):
            Reordering(open_reranker("cohere-like:m", url, "sk-open-sesame\n")).reorder(
                QUESTION, passages()
            )
    assert "401" in caplog.text
    assert "Illegal header" in caplog.text
    assert "sesame" not in caplog.text


def test_a_silent_reranker_holds_up_few_calls_and_none_for_ever(caplog: pytest.LogCaptureFixture) -> None:
    with VectorServer(pause=1.0) as server:
        reordering = Reordering(open_reranker("cohere-like:m", f"{server.url}/v1/rerank"), seconds=0.01)
        for _ in range(40):
            assert reordering.reorder(QUESTION, passages()) == passages()
        assert len(server.requests) <= 16
    assert "too many calls before it" in caplog.text


def test_a_model_that_is_not_there_changes_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (folder := tiny_models.cross_encoder(tmp_path / "tiny")).joinpath("onnx/model.onnx").write_bytes(b"no")
    reranker = open_reranker(f"fastembed:{tiny_models.CROSS_ENCODER}", str(folder))
    assert Reordering(reranker).reorder("?", passages()) == passages()
    assert "gave no order" in caplog.text


@pytest.mark.parametrize("name", ["nobody:m", "fastembed", "cohere-like:"])
def test_a_name_that_says_nothing_is_one_sentence(name: str) -> None:
    with pytest.raises(ProviderError, match="should be cohere-like:MODEL or fastembed:MODEL"):
        open_reranker(name)


def test_a_server_needs_an_address() -> None:
    with pytest.raises(ProviderError, match="FOOTNOTE_RERANKER_URL"):
        open_reranker("cohere-like:m")


def test_the_library_asks_it_about_more_than_it_returns(folder: Path, tmp_path: Path) -> None:
    for number in range(12):
        (folder / f"{number}.txt").write_text(f"The zebra of pen {number} sleeps.")
    (folder / "last.txt").write_text(
        "Where does the zebra of the zoo sleep? " + "In its pen, as all do. " * 40
    )
    with VectorServer() as server:
        reranker = open_reranker("cohere-like:m", f"{server.url}/v2/rerank")
        with Library.open(tmp_path / "home", reranker=reranker) as library:
            for _ in library.sync([folder]):
                pass
            found = library.search("where does the zebra of the zoo sleep?", k=2)
    assert len(found) == 2
    assert len(server.requests[0]["documents"]) == 13
    assert found[0].source.uri.endswith("last.txt")
    assert found[0].score >= found[1].score
