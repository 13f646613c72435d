"""A server of vectors and of ranks in three dialects: OpenAI's and Ollama's embeddings, Cohere's
rerank. It fails the way a test says and keeps what it was asked."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import numpy as np

DIMENSIONS = 24


@dataclass
class Fault:
    """What comes in place of one reply. `body` is sent as it is; None breaks the connection."""

    status: int = 200
    body: str | None = '{"error": {"message": "not now"}}'
    headers: dict[str, str] = field(default_factory=dict)


class VectorServer:
    """Gives each of `faults` once, then answers. A context manager."""

    def __init__(self, *faults: Fault, pause: float = 0.0) -> None:
        self.faults = list(faults)
        self.pause = pause
        self.requests: list[dict[str, Any]] = []
        self.times: list[float] = []
        self.answered: Counter[str] = Counter()
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                request = json.loads(self.rfile.read(int(self.headers["content-length"])))
                request["path"], request["authorization"] = self.path, self.headers.get("authorization")
                fault = server.take(request)
                if fault is not None and fault.body is None:
                    self.close_connection = True
                    return
                status, headers, body = 200, {}, ""
                if fault is None:
                    body = json.dumps(server.reply(request))
                else:
                    status, headers, body = fault.status, fault.headers, fault.body or ""
                self.send_response(status)
                for name, value in {"content-type": "application/json", **headers}.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(body.encode())))
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_: object) -> None: ...

        return Handler

    def take(self, request: dict[str, Any]) -> Fault | None:
        with self._lock:
            self.requests.append(request)
            self.times.append(time.monotonic())
            fault = self.faults.pop(0) if self.faults else None
        time.sleep(self.pause)
        return fault

    def reply(self, request: dict[str, Any]) -> dict[str, Any]:
        if request["path"].endswith("/rerank"):
            scores = [_overlap(request["query"], text) for text in request["documents"]]
            order = sorted(range(len(scores)), key=lambda i: -scores[i])
            return {"results": [{"index": i, "relevance_score": scores[i]} for i in order]}
        texts = request["input"] if isinstance(request["input"], list) else [request["input"]]
        with self._lock:
            self.answered.update(texts)
        vectors = [vector(text) for text in texts]
        if request["path"] == "/api/embed":
            return {"model": request["model"], "embeddings": vectors}
        data = [{"object": "embedding", "index": i, "embedding": v} for i, v in enumerate(vectors)]
        usage = {"prompt_tokens": 1, "total_tokens": 1}
        return {"object": "list", "model": request["model"], "data": data, "usage": usage}


def vector(text: str) -> list[float]:
    """The sum of a direction for each word: texts that share words lie near each other."""
    total = np.zeros(DIMENSIONS)
    for word in text.lower().split() or [text]:
        seed = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "big")
        total += np.random.default_rng(seed).normal(size=DIMENSIONS)
    return [float(number) for number in total]


def _overlap(query: str, text: str) -> float:
    asked = set(query.lower().split())
    return len(asked & set(text.lower().split())) / len(asked)
