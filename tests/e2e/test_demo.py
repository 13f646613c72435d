"""`make demo` shows a newcomer what Footnote does, also with no network."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.e2e

DEMO = Path(__file__).with_name("demo.py")
# What the answers must hold, in the order of the questions; None for the one that has none.
ANSWERS = ("400", "elections", "Blinken", None)


def demo(folder: Path, *under: str) -> list[str]:
    """What the demo shows: an introduction, then a part for each command."""
    done = subprocess.run(
        [*under, sys.executable, str(DEMO)],
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(folder)},
        capture_output=True,
        check=False,
        text=True,
        timeout=110,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.split("\n$ footnote ")


def check(parts: list[str]) -> None:
    _, index, *asked, cite = parts
    assert index.startswith("index seeds\n4 added")
    assert len(asked) == len(ANSWERS)
    for shown, expected in zip(asked, ANSWERS, strict=True):
        question, said = shown.split("\n", 1)
        assert question.startswith('ask "')
        answer, _, sources = said.partition("\n\n")
        if expected is None:
            assert answer == "The documents don't say."
        else:
            assert expected in answer
            assert answer.endswith("]")
            assert sources.startswith("[1] ")
    place, next_steps = cite.split("\nNow your own documents:\n")
    assert "characters" in place.splitlines()[2]
    assert "400" in place
    assert ".venv/bin/footnote index path/to/your/folder" in next_steps
    assert ".venv/bin/footnote ask" in next_steps


def test_answers_three_questions_and_declines_one(tmp_path: Path) -> None:
    check(demo(tmp_path))


def test_needs_no_network(tmp_path: Path, cut_off: list[str]) -> None:
    check(demo(tmp_path, *cut_off))
