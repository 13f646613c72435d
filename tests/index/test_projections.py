"""A damaged index is noticed before it is opened, and made again."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from index.building import Children, Job
from index.embedders import BundledEmbedder, Embedder
from index.library import Library
from index.projections import intact
from index.records import Place

ROOT = Path(__file__).parents[2]
QUESTION = "When was the boiler replaced?"
FILES = {
    "vectors": [
        *("chroma.sqlite3", "index_metadata.pickle", "data_level0.bin", "header.bin", "length.bin"),
        "link_lists.bin",
    ],
    "lexical": [".managed.json", "meta.json", ".term", ".idx", ".pos", ".store", ".fast", ".fieldnorm"],
}
CASES = [
    *(("vectors", name, how) for name in FILES["vectors"] for how in ("halve", "garbage")),
    *(("lexical", name, "garbage") for name in FILES["lexical"]),
    *(("vectors", name, "delete") for name in ("chroma.sqlite3", "data_level0.bin", "header.bin")),
    ("lexical", "meta.json", "delete"),
    ("lexical", ".term", "halve"),
    ("vectors", "chroma.sqlite3", "empty"),  # SQLite finds an empty file in order
]

# One process for all cases: if opening a damaged index ended it, the answers after are missing.
SCRIPT = """
import json, sys
from pathlib import Path
from index.library import Library

for line in sys.stdin:
    with Library.open(Path(line.strip())) as library:
        answers = [(p.text, round(p.score, 4)) for p in library.search(sys.argv[1])]
        with library._published.searching() as indexes:
            meant = indexes.vectors.search(1, library.embedder.embed_query(sys.argv[1]), 5)
        print(json.dumps([answers, meant, [f.ok for f in library.health()]]), flush=True)
"""


def damage(path: Path, how: str) -> None:
    size = path.stat().st_size
    match how:
        case "delete":
            path.unlink()
        case "empty":
            os.truncate(path, 0)
        case "halve":
            os.truncate(path, size // 2)
        case "garbage":
            path.write_bytes(os.urandom(size or 10))


def file_of(home: Path, kind: str, name: str) -> Path:
    (path,) = [p for p in (home / kind).rglob("*") if p.is_file() and p.name.endswith(name)]
    return path


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a library with two documents."""
    folder = tmp_path_factory.mktemp("documents")
    (folder / "a.txt").write_text(
        "The boiler in the annex was replaced in 2019, and the pump in 2021.\n" * 20
    )
    (folder / "b.txt").write_text(
        "The harbour is closed in winter. Boats lie on the shore until spring.\n" * 20
    )
    with Library.open(tmp_path_factory.mktemp("library"), BundledEmbedder()) as library:
        for _ in library.sync([folder]):
            pass
        return library.home


@pytest.fixture(scope="module")
def answers(
    whole: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[tuple[str, str, str] | None, object]:
    """What each damaged copy answered when it was opened; None: the copy that is whole."""
    place = tmp_path_factory.mktemp("damaged")
    homes = {}
    for i, case in enumerate([None, *CASES]):
        homes[case] = place / str(i)
        shutil.copytree(whole, homes[case])
        if case is not None:
            kind, name, how = case
            damage(file_of(homes[case], kind, name), how)
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, QUESTION],
        input="\n".join(map(str, homes.values())),
        capture_output=True,
        check=False,
        cwd=ROOT,
        text=True,
    )
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) == len(homes), f"{list(homes)[len(found)]}: {done.returncode}\n{done.stderr[-2000:]}"
    return dict(zip(homes, found, strict=True))


@pytest.mark.parametrize("case", CASES, ids=" ".join)
def test_a_damaged_file_is_noticed_and_the_index_answers_as_before(
    answers: dict[tuple[str, str, str] | None, object], case: tuple[str, str, str]
) -> None:
    assert answers[case] == answers[None]


@pytest.mark.parametrize("kind", FILES)
def test_a_missing_folder_is_made_again(
    library: Library, folder: Path, kind: str, new_embedder: Callable[[], Embedder]
) -> None:
    (folder / "a.txt").write_text("The boiler was replaced.")
    list(library.sync([folder]))
    expected = library.search("boiler")
    library.close()
    shutil.rmtree(library.home / kind)
    with Library.open(library.home, new_embedder()) as again:
        assert again.search("boiler") == expected


def test_damage_is_told_of_by_health(library: Library, folder: Path) -> None:
    (folder / "a.txt").write_text("The boiler was replaced.")
    list(library.sync([folder]))
    assert all(finding.ok for finding in library.health())
    damage(file_of(library.home, "lexical", ".term"), "halve")
    (finding,) = [finding for finding in library.health() if not finding.ok]
    assert finding.name == "indexes"
    assert "lexical" in finding.detail


def test_an_index_that_was_only_read_is_intact(library: Library, folder: Path) -> None:
    (folder / "a.txt").write_text("The boiler was replaced.")
    list(library.sync([folder]))
    for _ in range(3):
        library.search("boiler")
        assert all(
            intact(library.home, projection)
            for projection in library._catalog.outbox.projections().values()
        )


def test_a_copied_library_is_intact(
    library: Library, folder: Path, tmp_path: Path, new_embedder: Callable[[], Embedder]
) -> None:
    """Times of files change with a copy; their contents do not."""
    (folder / "a.txt").write_text("The boiler was replaced.")
    list(library.sync([folder]))
    library.close()
    shutil.copytree(library.home, tmp_path / "copy", copy_function=shutil.copyfile)
    with Library.open(tmp_path / "copy", new_embedder()) as copy:
        assert (
            copy._catalog.outbox.folders().items()
            <= {k: f"{k}/{f.name}" for k in FILES for f in (library.home / k).iterdir()}.items()
        )
        assert copy.search("boiler")


@pytest.mark.parametrize("beside", [True, False])
def test_only_what_is_built_beside_questions_gives_way_to_them(tmp_path: Path, beside: bool) -> None:
    own = os.getpriority(os.PRIO_PROCESS, 0)
    children = Children(tmp_path, [Job("vectors", "vectors-new", Place(0, 0))], beside=beside)
    try:
        [process] = children._processes
        assert os.getpriority(os.PRIO_PROCESS, process.pid) == (max(own, 10) if beside else own)
    finally:
        children.close()
