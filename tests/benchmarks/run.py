"""All the figures of the README: `make bench`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from data import DATA

HERE = Path(__file__).parent
ON_OUR_OWN = ("company.py", "speed.py", "slack.py")
ON_THE_EVALUATION_SETS = (
    "retrieval.py",
    "answers.py",
    "chunkers.py",
    "quotations.py",
    "summaries.py",
    "tampering.py",
    "claims.py",
)


def main() -> None:
    scripts = ON_OUR_OWN
    if DATA.is_dir():
        scripts = ON_THE_EVALUATION_SETS + ON_OUR_OWN
    else:
        print("The evaluation sets are not here (set FOOTNOTE_DATA): only what needs none.")
    for script in scripts:
        print(f"\n# {script}", flush=True)
        subprocess.run([sys.executable, str(HERE / script)], check=True)


if __name__ == "__main__":
    main()
