"""A model of random weights, loaded and run by llama.cpp on this machine: whatever it babbles, what is
shown is what the documents say."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tiny_models

SERVER = Path(tiny_models.__file__).with_name("llama_server.py")
SEEDS = Path(__file__).parents[2] / "seeds"
QUESTION = "How many Kenyan officers are ready to go?"
pytest.importorskip("xllamacpp", reason="llama.cpp has no wheel for this machine")
pytestmark = pytest.mark.e2e


@pytest.fixture(params=["", "claims"], ids=["bytes", "claims"])
def model(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The settings that name the model."""
    file = tiny_models.language_model(tmp_path / "tiny.gguf")
    words = [sys.executable, str(SERVER), str(file), request.param]
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        try:
            assert server.stdout is not None
            address = server.stdout.readline().strip()
            yield {"FOOTNOTE_MODEL": "openai-like:tiny", "FOOTNOTE_MODEL_URL": f"{address}/v1"}
        finally:
            server.kill()


@pytest.fixture
def indexed(footnote: Any) -> Any:
    assert footnote("index", str(SEEDS)).returncode == 0
    return footnote


def told(process: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """What was said as JSON, without what differs from run to run."""
    given: dict[str, Any] = json.loads(process.stdout)
    return {name: value for name, value in given.items() if name not in {"timings_ms", "usage"}}


def tokens(process: subprocess.CompletedProcess[str]) -> int:
    return int((json.loads(process.stdout)["usage"] or {}).get("output_tokens", 0))


@pytest.mark.parametrize(
    "words",
    [("ask", QUESTION), ("summarize", "haiti-mission-briefing.md"), ("summarize", "about officers")],
    ids=["ask", "document", "topic"],
)
def test_what_a_model_babbles_is_not_shown(indexed, model, words) -> None:
    asked = indexed(*words, "--json", **model)
    assert "broke off" in asked.stderr or tokens(asked), "it was asked and wrote something"
    assert told(asked) == told(indexed(*words, "--json"))
