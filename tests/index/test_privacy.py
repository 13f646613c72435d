"""A library is its owner's: others on the machine cannot look into it."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from index.library import Library

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX's permissions")


def modes(home: Path) -> dict[str, int]:
    """Of the home, its database and its indexes."""
    files = {path.name: path for path in home.iterdir() if path.name != "lock"}
    return {name: stat.S_IMODE(path.stat().st_mode) for name, path in files.items()}


def fill(home: Path, folder: Path) -> dict[str, int]:
    (folder / "pay.md").write_text("# Pay\n\nThe director earns 90,000 francs.\n")
    with Library.open(home) as library:
        for _ in library.sync([folder]):
            pass
        assert library.search("What does the director earn?")
        return modes(home)


def test_a_home_that_is_made_is_closed_to_others(tmp_path: Path, folder: Path) -> None:
    home = tmp_path / "deep" / "home"
    found = fill(home, folder)
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert found["catalog.db"] == 0o600


def test_what_is_kept_in_an_open_home_is_closed_to_others_and_the_home_stays(
    tmp_path: Path, folder: Path
) -> None:
    (home := tmp_path / "home").mkdir(0o755)
    fill(home, folder)
    for path in (home / "catalog.db", home / "lexical", home / "vectors"):  # as they once were
        path.chmod(0o755 if path.is_dir() else 0o644)
    assert fill(home, folder) == {
        "catalog.db": 0o600,
        "catalog.db-shm": 0o600,
        "catalog.db-wal": 0o600,
        "lexical": 0o700,
        "vectors": 0o700,
    }
    assert stat.S_IMODE(home.stat().st_mode) == 0o755
