"""`make demo`: the documents in `seeds/`, four questions and one citation, in a library of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

SEEDS = Path(__file__).parents[2] / "seeds"
QUESTIONS = (
    "How many Kenyan officers are ready to go?",
    "What is the main task of the mission?",
    "Who did President Ruto speak to by telephone?",
    "What does the mission cost per month?",
)
NO_SUPPORTED_ANSWER = 3


def footnote(home: str, *arguments: str) -> None:
    """Runs a command where the reader sees it."""
    shown = " ".join(f'"{word}"' if " " in word else word for word in arguments)
    print(f"\n$ footnote {shown}", flush=True)
    done = subprocess.run([_command(), *arguments], env=os.environ | {"FOOTNOTE_HOME": home}, check=False)
    if done.returncode not in (0, NO_SUPPORTED_ANSWER):
        sys.exit(done.returncode)


def cited(home: str, question: str) -> str:
    """The id of the first citation in the answer to a question."""
    command = [_command(), "--home", home, "ask", question, "--json"]
    answer = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return str(answer["citations"][0]["id"])


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        footnote(home, "index", os.path.relpath(SEEDS))
        for question in QUESTIONS:
            footnote(home, "ask", question)
        footnote(home, "cite", cited(home, QUESTIONS[0]))
    print(
        "\nNow your own documents:\n\n"
        "  .venv/bin/footnote index path/to/your/folder\n"
        '  .venv/bin/footnote ask "a question they answer"\n'
        "  .venv/bin/footnote chat\n"
    )


def _command() -> str:
    return str(Path(sys.executable).with_name("footnote"))


if __name__ == "__main__":
    main()
