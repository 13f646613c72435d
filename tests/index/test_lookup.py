"""An old citation still resolves: from the version that was kept, and told of what became of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from index.catalog import CATALOG, Catalog
from index.citation import citation_id
from index.embedders import Embedder
from index.errors import RemovedError, UnknownCitationError
from index.library import Library, Span
from index.types import Standing

TEXT = "The pier is old. Ruth lit the lantern on the pier at dusk. The harbour froze in May."
QUOTE = "Ruth lit the lantern on the pier at dusk."


class Shelf:
    """One document, which is cited and then changes."""

    def __init__(self, library: Library, folder: Path) -> None:
        self.library = library
        self.folder = folder
        self.path = folder / "log.txt"
        self.write(TEXT)
        (document,) = library.sources()
        start = TEXT.index(QUOTE)
        self.id = citation_id(document.source.key, start, start + len(QUOTE))

    def write(self, text: str) -> None:
        self.path.write_text(text)
        self.sync()

    def sync(self) -> None:
        list(self.library.sync([self.folder]))

    def cited(self) -> Span:
        return self.library.locate(self.id)


def words(span: Span | None) -> str:
    assert span is not None
    return span.text[span.start : span.end]


@pytest.fixture
def shelf(library: Library, folder: Path) -> Shelf:
    return Shelf(library, folder)


def age(home: Path, days: int) -> None:
    """All that is gone went so many days earlier."""
    catalog = Catalog(home / CATALOG)
    catalog._rows(
        "UPDATE documents SET gone_at = strftime('%Y-%m-%dT%H:%M:%S+00:00', gone_at, ?) WHERE gone",
        f"-{days} days",
    )
    catalog.close()


class TestChanged:
    def test_the_words_cited_are_kept_beside_what_stands_there_now(self, shelf: Shelf) -> None:
        shelf.write(TEXT.replace("lit the lantern", "lit the new lamp"))
        span = shelf.cited()
        assert (words(span), span.text, span.standing) == (QUOTE, TEXT, Standing.CHANGED)
        assert words(span.now) == "Ruth lit the new lamp on the pier at dusk."

    def test_words_that_only_moved_within_it_are_found_exactly(self, shelf: Shelf) -> None:
        shelf.write(f"{QUOTE} A new day began. The harbour froze in May. The pier is old.")
        span = shelf.cited()
        assert span.standing is Standing.CHANGED
        assert words(span.now) == QUOTE
        assert span.now is not None
        assert span.now.start == 0

    def test_where_nothing_corresponds_nothing_is_shown(self, shelf: Shelf) -> None:
        shelf.write("The pier is old. The harbour froze in May.")
        assert (shelf.cited().standing, shelf.cited().now) == (Standing.CHANGED, None)
        shelf.write("Prices of cheese rose by four per cent, which nobody had expected.")
        assert (shelf.cited().standing, shelf.cited().now) == (Standing.CHANGED, None)

    def test_changed_and_changed_back_it_is_current(self, shelf: Shelf) -> None:
        shelf.write("All is new.")
        shelf.write(TEXT)
        span = shelf.cited()
        assert (words(span), span.standing, span.now) == (QUOTE, Standing.CURRENT, None)

    def test_a_version_says_when_it_was_read(self, shelf: Shelf) -> None:
        (document,) = shelf.library.sources()
        shelf.write("All is new.")
        assert shelf.cited().date == document.indexed_at


class TestMoved:
    def test_the_same_text_is_shown_under_its_new_name(self, shelf: Shelf) -> None:
        shelf.path.rename(shelf.folder / "diary.txt")
        shelf.sync()
        span = shelf.cited()
        assert (words(span), span.standing) == (QUOTE, Standing.MOVED)
        assert span.source.uri == str(shelf.folder / "diary.txt")
        (document,) = shelf.library.sources()
        assert span.source == document.source

    def test_it_is_followed_also_where_another_document_took_its_name(self, shelf: Shelf) -> None:
        shelf.path.rename(shelf.folder / "diary.txt")
        shelf.write("Prices of cheese rose by four per cent, which nobody had expected.")
        assert shelf.cited().standing is Standing.MOVED

    def test_moved_and_then_changed_the_words_cited_are_kept(self, shelf: Shelf) -> None:
        shelf.path.rename(shelf.folder / "diary.txt")
        shelf.sync()
        (shelf.folder / "diary.txt").write_text(TEXT.replace("dusk", "nine"))
        shelf.sync()
        span = shelf.cited()
        assert (words(span), span.standing) == (QUOTE, Standing.CHANGED)
        assert words(span.now) == "Ruth lit the lantern on the pier at nine."

    def test_into_a_space_the_asker_may_not_see_it_was_removed(self, shelf: Shelf, tmp_path: Path) -> None:
        hidden = tmp_path / "hidden"
        hidden.mkdir()
        shelf.path.rename(hidden / "log.txt")
        list(shelf.library.sync([hidden], "board"))
        shelf.sync()
        assert shelf.cited().standing is Standing.MOVED
        with pytest.raises(RemovedError):
            shelf.library.locate(shelf.id, ["default"])


class TestRemoved:
    def test_the_document_is_named_with_the_day_and_its_words_are_not_shown(self, shelf: Shelf) -> None:
        shelf.path.unlink()
        shelf.sync()
        with pytest.raises(RemovedError, match=r"^The document “.+” was removed on \d{4}-\d\d-\d\d\.$"):
            shelf.cited()

    def test_so_it_is_of_a_version_that_had_changed_before(self, shelf: Shelf) -> None:
        shelf.write("All is new.")
        shelf.path.unlink()
        shelf.sync()
        with pytest.raises(RemovedError):
            shelf.cited()


class TestKept:
    def test_a_kept_version_of_another_space_is_as_unknown_as_any(self, shelf: Shelf) -> None:
        shelf.write("All is new.")
        with pytest.raises(UnknownCitationError) as hidden:
            shelf.library.locate(shelf.id, ["board"])
        with pytest.raises(UnknownCitationError) as missing:
            shelf.library.locate(citation_id("zzzzzz", 0, 10), ["board"])
        assert str(hidden.value) == str(missing.value)

    def test_no_index_and_no_chunk_leads_to_it(
        self, shelf: Shelf, contents: Callable[[Path], object]
    ) -> None:
        for text in ("All is new.", "All is newer."):
            shelf.write(text)
        assert [p.text for p in shelf.library.search("Who lit the lantern?")] == ["All is newer."]
        assert shelf.library.find("lit the lantern") == shelf.library.closest("lit the lantern") == []
        assert shelf.library.counts() == (1, 1)
        catalog = shelf.library._catalog
        assert catalog._rows("SELECT count(*) FROM chunks") == [(1,)]
        assert catalog._rows("SELECT count(*) FROM documents WHERE gone") == [(2,)]
        contents(shelf.library.home)  # which finds every entry of the indexes in a standing document

    def test_a_rebuild_keeps_it(self, shelf: Shelf) -> None:
        shelf.write("All is new.")
        list(shelf.library.sync([], rebuild=True))
        assert words(shelf.cited()) == QUOTE

    def test_when_its_days_are_over_it_is_unknown_and_the_next_sync_deletes_it(self, shelf: Shelf) -> None:
        shelf.write("All is new.")
        age(shelf.library.home, 89)
        assert words(shelf.cited()) == QUOTE
        age(shelf.library.home, 2)
        with pytest.raises(UnknownCitationError, match="changed or is gone"):
            shelf.cited()
        shelf.sync()
        parts = shelf.library._catalog._rows("SELECT DISTINCT document FROM parts")
        assert len(parts) == 1

    def test_for_0_days_none_is(
        self, tmp_path: Path, folder: Path, new_embedder: Callable[..., Embedder]
    ) -> None:
        with Library.open(tmp_path / "forgetful", new_embedder(), version_days=0) as library:
            shelf = Shelf(library, folder)
            shelf.write("All is new.")
            with pytest.raises(UnknownCitationError, match="changed or is gone"):
                shelf.cited()
            assert library._catalog._rows("SELECT count(*) FROM documents") == [(1,)]
