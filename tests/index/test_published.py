"""What is searched is what is published, also while another process moves on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from index.catalog import CATALOG, Catalog
from index.errors import HomeError
from index.library import Library
from index.published import Indexes, Published

TEXT = "The boiler in the annex was replaced in 2019."


def overtaken(home: Path, move_on: Callable[[], object]) -> Path:
    """A home of which others make something new as soon as one of its folders is looked for."""
    moves = [move_on]

    class Overtaken(type(home)):  # type: ignore[misc]
        def __truediv__(self, name: str) -> Path:
            if moves:
                moves.pop()()
            return Path(self, name)

    return Overtaken(home)


def test_folders_that_are_swept_while_they_are_opened_are_looked_up_again(
    library: Library, folder: Path
) -> None:
    def change_twice() -> None:
        for number in range(2):  # the second change sweeps what was published before the first
            (folder / f"{number}.txt").write_text(f"Sentence {number} is new.")
            list(library.sync([folder]))

    (folder / "a.txt").write_text(TEXT)
    list(library.sync([folder]))
    catalog = Catalog(library.home / CATALOG)
    published = Published(catalog, overtaken(library.home, change_twice))
    with published.searching() as indexes:
        assert indexes.lexical.size(1) == 3
        assert len(indexes.lexical.search(1, ["boiler"], 5)) == 1
        assert len(indexes.vectors.search(1, library.embedder.embed_query(TEXT), 5)) == 3
    published.close()
    catalog.close()


def test_an_index_whose_folder_is_gone_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    with pytest.raises(HomeError, match="is gone"):
        Indexes(tmp_path, {"lexical": "lexical/1", "vectors": "vectors/1"})
