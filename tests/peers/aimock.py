"""aimock (npm, MIT): a model provider's server on this machine, which keeps a journal and fails at
the rates a test sets. Its Ollama embeddings are those of an old version, one text a call."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from node import installed, program
from room import answers, listener


class Aimock:
    """What a test asks of the server beside its models."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._control = f"{url}/__aimock"

    def fail(self, **rates: float) -> None:
        """Faults from now on: dropRate (500), malformedRate, rateLimitRate (429 with Retry-After: 1),
        disconnectRate, each 0 to 1, and latencyMs."""
        httpx.post(f"{self._control}/chaos", json=rates, trust_env=False).raise_for_status()

    def journal(self) -> list[dict[str, Any]]:
        """Every request, oldest first; `body.embeddingInput` holds its texts with a space between."""
        reply = httpx.get(f"{self._control}/journal", trust_env=False, timeout=30).raise_for_status()
        entries: list[dict[str, Any]] = reply.json()
        return entries

    def answered(self) -> list[str]:
        """The texts of the requests that got vectors."""
        return [
            entry["body"]["embeddingInput"]
            for entry in self.journal()
            if entry["response"]["status"] == 200 and "chaosAction" not in entry["response"]
        ]


@contextmanager
def aimock() -> Iterator[Aimock]:
    """Runs the server, which embeds, until the block ends. Raises PeerError."""
    with tempfile.TemporaryDirectory() as folder:
        fixtures = Path(folder, "none.json")
        fixtures.write_text(json.dumps({"fixtures": []}))
        given = ["--host", "127.0.0.1", "--journal-max", "0", "--log-level", "silent"]
        with _running(
            "cli.js", lambda port: [*given, "--port", port, "--fixtures", str(fixtures)]
        ) as server:
            yield server


@contextmanager
def models() -> Iterator[Aimock]:
    """Runs the server with the models of `aimock_models.mjs` until the block ends. Raises PeerError."""
    aimock = installed("@copilotkit/aimock") / "dist" / "index.js"
    with _running(
        Path(__file__).with_name("aimock_models.mjs"), lambda port: [str(aimock), port]
    ) as server:
        yield server


@contextmanager
def _running(script: str | Path, arguments: Callable[[str], list[str]]) -> Iterator[Aimock]:
    """Runs a script, one of aimock's own by its name, with the `arguments` for a port."""
    with listener() as free:
        port = str(free.getsockname()[1])
    path = installed("@copilotkit/aimock") / "dist" / script
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log")
        with log.open("wb") as output:
            process = subprocess.Popen(
                [program("node"), str(path), *arguments(port)], stdout=output, stderr=subprocess.STDOUT
            )
            try:
                answers(f"http://127.0.0.1:{port}/health", log)
                yield Aimock(f"http://127.0.0.1:{port}")
            finally:
                process.kill()
                process.wait()
