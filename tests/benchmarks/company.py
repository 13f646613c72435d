"""Questions on small companies' documents: `python tests/benchmarks/company.py [--show]`.

Policies, FAQs, minutes, price lists, manuals, mails. A line of `company/NAME.txt` is a question, and what
the right answer holds, "-" where the documents of `company/NAME` do not answer.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bot.types import Answer
from bot.verify import verify
from bot.writers.extractive import ExtractiveWriter
from index.library import Library

HERE = Path(__file__).parent / "company"


@dataclass(frozen=True)
class Asked:
    """A question, what its answer holds, "" for nothing, and what was answered."""

    question: str
    expected: str
    answer: Answer

    @property
    def is_right(self) -> bool:
        if not self.expected:
            return not self.answer.claims
        return any(self.expected in citation.quote for citation in self.answer.citations)

    @property
    def is_right_at_once(self) -> bool:
        return self.is_right and self.expected in self.answer.citations[0].quote


def companies() -> list[str]:
    return sorted(path.stem for path in HERE.glob("*.txt"))


def ask(company: str) -> list[Asked]:
    """All that is asked of a company's documents."""
    lines = (HERE / f"{company}.txt").read_text(encoding="utf-8").splitlines()
    asked = []
    with tempfile.TemporaryDirectory() as home, Library.open(Path(home)) as library:
        for _ in library.sync([HERE / company]):
            pass
        writer = ExtractiveWriter(library.embedder)
        for question, _, expected in (line.partition("|") for line in lines):
            passages = library.search(question)
            answer = verify(question, writer.write(question, passages), passages)
            asked.append(Asked(question, expected if expected != "-" else "", answer))
    return asked


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--show", action="store_true", help="print the questions answered wrongly")
    show = arguments.parse_args().show
    for company in companies():
        asked = ask(company)
        answered = [one for one in asked if one.expected]
        others = [one for one in asked if not one.expected]
        print(
            f"{company}: of {len(answered)} questions {sum(a.is_right for a in answered)} are answered"
            f" rightly, {sum(a.is_right_at_once for a in answered)} in the first sentence;"
            f" of {len(others)} others {sum(a.is_right for a in others)} are declined"
        )
        for one in asked:
            if show and not one.is_right:
                print(f"  {one.question} -> {one.answer.text}")


if __name__ == "__main__":
    main()
