"""What costs money is agreed to first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import Result
from vector_server import VectorServer

Run = Callable[..., Result]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, run: Run) -> Iterator[VectorServer]:
    with VectorServer() as server:
        monkeypatch.setenv("FOOTNOTE_EMBEDDER", "openai:text-embedding-3-small")
        monkeypatch.setenv("FOOTNOTE_EMBEDDER_URL", f"{server.url}/v1")
        monkeypatch.setenv("OPENAI_API_KEY", "sk-from-its-own-variable")
        monkeypatch.setenv("FOOTNOTE_CONFIRM_TOKENS", "10")
        yield server


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "leave.md"
    path.write_text("# Leave\n\nStaff may take 26 days of leave a year. Unused days lapse in March.\n")
    return path


def test_without_a_terminal_it_stops_and_says_what_to_do(
    run: Run, tmp_path: Path, server: VectorServer, document: Path
) -> None:
    done = run("index", str(document), home=tmp_path / "home")
    assert done.exit_code == 2
    assert "tokens would go to openai:text-embedding-3-small, which charges for them" in done.stderr
    assert "--yes" in done.stderr
    assert not server.requests


def test_yes_is_an_agreement_and_a_small_run_needs_none(
    run: Run, tmp_path: Path, server: VectorServer, document: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("index", "--yes", str(document), home=tmp_path / "home").exit_code == 0
    assert server.requests[0]["authorization"] == "Bearer sk-from-its-own-variable"
    assert run("index", str(document), home=tmp_path / "home").exit_code == 0  # nothing is left to send
    monkeypatch.setenv("FOOTNOTE_CONFIRM_TOKENS", "1000")
    document.with_name("more.md").write_text("Boats sail at seven.")
    assert run("index", str(document.with_name("more.md")), home=tmp_path / "home").exit_code == 0
    answer = run("ask", "How many days of leave may staff take?", home=tmp_path / "home")
    assert "26 days" in answer.stdout


def test_a_person_is_asked(
    run: Run, tmp_path: Path, server: VectorServer, document: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.terminal._is_person", lambda: True)
    refused = run("index", str(document), given="n\n", home=tmp_path / "home")
    assert refused.exit_code == 2
    assert "Nothing was sent." in refused.stderr
    assert not server.requests
    assert run("index", str(document), given="y\n", home=tmp_path / "home").exit_code == 0


def test_a_wrong_name_is_one_sentence(
    run: Run, tmp_path: Path, document: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_EMBEDDER", "nobody:m")
    done = run("index", str(document), home=tmp_path / "home")
    assert done.exit_code == 4
    assert "bundled or one of" in done.stderr
