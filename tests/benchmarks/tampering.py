"""What a model might claim falsely: `python tests/benchmarks/tampering.py [--claims N] [--show]`.

Sentences of the SQuAD articles with a number, a name or a negation changed, each claimed twice: on the
true sentence as its quote, and on the changed one. None may stand. The same sentences unchanged have to.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator

from data import DATA, squad
from quotations import TAMPERINGS

from bot.types import DraftClaim, Quote
from bot.verify import Verifier
from index.quotes import normalise
from index.sentences import sentence_spans
from index.types import Passage, Source

_FEWEST, _MOST = 40, 300  # characters of a sentence


def sentences(draw: random.Random) -> Iterator[tuple[Passage, str]]:
    """Endlessly: an article and a sentence of it."""
    passages = []
    for name, text in squad().texts.items():
        source = Source(name, name, name, "default", "0")
        passages.append(Passage(source, text, 0, len(text), (), 1.0, 0.0, 0.0))
    spans = {passage.source.key: list(sentence_spans(passage.text)) for passage in passages}
    while True:
        passage = draw.choice(passages)
        start, end = draw.choice(spans[passage.source.key])
        if _FEWEST < end - start < _MOST:
            yield passage, passage.text[start:end]


def stands(passage: Passage, claim: str, quote: str) -> bool:
    return Verifier([passage]).admit(DraftClaim(claim, (Quote(0, quote),))) is not None


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--claims", type=int, default=900)
    arguments.add_argument("--show", action="store_true", help="print the claims that are judged wrongly")
    chosen = arguments.parse_args()
    if not DATA.is_dir():
        print("The evaluation sets are not here (set FOOTNOTE_DATA).")
        return
    draw = random.Random(6)
    judged: dict[str, list[str]] = {
        "true, lost": [],
        "tampered, accepted": [],
        "quote tampered, accepted": [],
    }
    for tamper in TAMPERINGS:
        tried = 0
        for passage, true in sentences(draw):
            changed = tamper(true, draw)
            if normalise(changed).text in normalise(passage.text).text:
                continue
            tried += 1
            judged["true, lost"] += [] if stands(passage, true, true) else [true]
            judged["tampered, accepted"] += [changed] if stands(passage, changed, true) else []
            judged["quote tampered, accepted"] += [changed] if stands(passage, changed, changed) else []
            if tried == chosen.claims // len(TAMPERINGS):
                break
    for what, wrong in judged.items():
        print(f"{what}: {len(wrong)} of {chosen.claims}")
        for words in wrong if chosen.show else ():
            print(f"  {words}")


if __name__ == "__main__":
    main()
