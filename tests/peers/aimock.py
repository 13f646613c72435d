"""aimock (npm, MIT): a model provider's server on this machine, which keeps a journal and fails at
the rates a test sets. Its Ollama embeddings are those of an old version, one text a call."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator
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
    """Runs the server until the block ends. Raises PeerError."""
    with listener() as free:
        port = str(free.getsockname()[1])
    script = installed("@copilotkit/aimock") / "dist" / "cli.js"
    with tempfile.TemporaryDirectory() as folder:
        fixtures, log = Path(folder, "none.json"), Path(folder, "log")
        fixtures.write_text(json.dumps({"fixtures": []}))
        command = [program("node"), str(script), "--host", "127.0.0.1", "--port", port]
        with log.open("wb") as output:
            process = subprocess.Popen(
                [*command, "--journal-max", "0", "--log-level", "silent", "--fixtures", str(fixtures)],
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            try:
                answers(f"http://127.0.0.1:{port}/health", log)
                yield Aimock(f"http://127.0.0.1:{port}")
            finally:
                process.kill()
                process.wait()
