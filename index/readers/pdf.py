"""PDF: each page's text with its lines joined, read by a child process that may fail."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from index.errors import ReadError
from index.readers.base import Builder, Extract, metadata_title
from index.readers.pdf_child import CPU_SECONDS, ENGINES
from index.readers.reflow import reflow

_ROOT = Path(__file__).parents[2]  # where `index` is found
_WALL_SECONDS = 6 * CPU_SECONDS  # the processor may be busy with others
_TOO_SLOW = f"takes more than {CPU_SECONDS} seconds to read; split it"


def extract(data: bytes, name: str) -> Extract:
    """Pages are labelled as the file labels them. The title is the file's own, if a person wrote it."""
    if b"%PDF-" not in data[:1024]:
        raise ReadError("is not a readable PDF")
    answer = _answer(data)
    if "refusal" in answer:
        raise ReadError(answer["refusal"])
    builder = Builder()
    for number, (label, text) in enumerate(answer["pages"], 1):
        builder.page(number, reflow(text), label)
    if builder.empty:
        raise ReadError("has no text (a scan?); run OCR first")
    return builder.finish(name, metadata_title(answer["title"]))


def _answer(data: bytes) -> dict[str, Any]:
    for engine in ENGINES:
        answer = _ask(engine, data)
        if answer is not None:
            return answer
    raise ReadError("is not a readable PDF")


def _ask(engine: str, data: bytes) -> dict[str, Any] | None:
    """What the child says, or None when it died."""
    command = [sys.executable, "-m", "index.readers.pdf_child", engine]
    try:
        child = subprocess.run(  # noqa: S603  # our own module, named in full
            command, input=data, capture_output=True, timeout=_WALL_SECONDS, cwd=_ROOT, check=False
        )
    except subprocess.TimeoutExpired as e:
        raise ReadError(_TOO_SLOW) from e
    if child.returncode == 0:
        answer: dict[str, Any] = json.loads(child.stdout)
        return answer
    if sys.platform != "win32" and child.returncode == -signal.SIGXCPU:
        raise ReadError(_TOO_SLOW)
    return None
