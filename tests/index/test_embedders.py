"""The bundled embedder is WordLlama's arithmetic."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np

from index.embedders import BundledEmbedder

TEXTS = [
    "The mission to Haiti is led by Kenya.",
    "naïve café: 3.5 % — “quoted”",
    "多国支援任务",
    "😀 emoji 👩\u200d👧",
]


def test_vectors_are_those_of_the_package_itself() -> None:
    """In a process of its own: importing `wordllama` configures the root logger."""
    script = (
        "import sys, json, wordllama, pathlib\n"
        "home = pathlib.Path(wordllama.__file__).parent\n"
        "model = wordllama.WordLlama.load(cache_dir=home, disable_download=True)\n"
        "print(json.dumps(model.embed(json.loads(sys.argv[1]), norm=True).tolist()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, json.dumps(TEXTS)],
        capture_output=True,
        check=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    theirs = np.array(json.loads(done.stdout.splitlines()[-1]), np.float32)
    ours = BundledEmbedder().embed_documents(TEXTS)
    assert np.sum(ours * theirs, axis=1).min() > 0.999


def test_kinds_of_space_make_no_difference() -> None:
    one, other = BundledEmbedder().embed_documents(["sick leave ends", "  sick\n\nleave\tends "])
    assert np.array_equal(one, other)


def test_the_package_is_not_imported() -> None:
    script = (
        "import sys; from index.embedders import BundledEmbedder; BundledEmbedder().embed_query('leave');"
        "sys.exit('wordllama' in sys.modules)"
    )
    assert (
        subprocess.run(
            [sys.executable, "-c", script], cwd=Path(__file__).parents[2], check=False
        ).returncode
        == 0
    )
