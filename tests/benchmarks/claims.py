"""Which claims stand? `python tests/benchmarks/claims.py [--show]`.

`claims.tsv` holds claims over SQuAD paragraphs, labelled by hand: what their quote (characters `start`
to `end` of the paragraph) supports, does not, or supports by half. Only the first ought to stand.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from pathlib import Path

from data import DATA, rows

from bot.types import DraftClaim, Quote
from bot.verify import Verifier
from index.types import Passage, Source

CLAIMS = Path(__file__).with_name("claims.tsv")


def passage(row: dict[str, str]) -> Passage:
    """A paragraph as it would be retrieved, under its article's title."""
    title = row["title"].replace("_", " ")
    source = Source("a1", title, title, "default", "0")
    return Passage(source, row["text"], 0, len(row["text"]), (), 1.0, 0.0, 0.0)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--show", action="store_true", help="print the claims that are judged wrongly")
    show = arguments.parse_args().show
    if not DATA.is_dir():
        print("The evaluation sets are not here (set FOOTNOTE_DATA).")
        return
    paragraphs = {str(row["pid"]): passage(row) for row in rows("squad/paragraphs.jsonl")}
    written, standing = Counter[str](), Counter[str]()
    with CLAIMS.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            over = paragraphs[row["paragraph"]]
            quote = Quote(0, over.text[int(row["start"]) : int(row["end"])])
            stands = Verifier([over]).admit(DraftClaim(row["claim"], (quote,))) is not None
            written[row["label"]] += 1
            standing[row["label"]] += stands
            if show and stands != (row["label"] == "supported"):
                print(f"{row['label']}, {'stands' if stands else 'lost'}: {row['claim']}")
    right = standing["supported"]
    print(
        f"{written.total()} claims, {', '.join(f'{n} {label}' for label, n in written.items())}: "
        f"precision {right / standing.total():.3f}, recall {right / written['supported']:.3f}"
    )


if __name__ == "__main__":
    main()
