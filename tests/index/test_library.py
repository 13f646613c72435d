"""One library, many readers, one writer; spaces kept apart; another embedder refused."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import cast

import pytest

from index.catalog import CATALOG, Catalog
from index.citation import citation_id
from index.embedders import Embedder
from index.errors import EmbedderMismatchError, LockedError, UnfinishedError, UnknownCitationError
from index.library import Library
from index.sync import Event, Synced
from index.types import Passage, Standing

ROOT = Path(__file__).parents[2]
NewEmbedder = Callable[..., Embedder]
SECRET = "The director earns 90,000 francs. The boiler is hidden behind his desk. Nobody may say so."
OPEN = "The boiler in the annex was replaced in 2019. It is checked every autumn by the caretaker."


def fill(library: Library, *paths: Path, space: str = "default") -> None:
    for _ in library.sync(paths, space):
        pass


@pytest.fixture
def two_spaces(library: Library, folder: Path) -> Library:
    for name, text in (("open", OPEN), ("secret", SECRET)):
        (folder / name).mkdir()
        (folder / name / f"{name}.txt").write_text(text)
    fill(library, folder / "open")
    fill(library, folder / "secret", space="board")
    return library


class TestSpaces:
    def test_only_the_asked_spaces_are_searched(self, two_spaces: Library) -> None:
        def found(spaces: list[str] | None) -> set[str]:
            return {p.source.space for p in two_spaces.search("boiler francs director", spaces, k=20)}

        assert found(None) == {"default", "board"}
        assert found(["default"]) == {"default"}
        assert found(["board"]) == {"board"}
        assert found([]) == found(["nowhere"]) == set()

    def test_another_space_changes_neither_scores_nor_rarities(
        self, two_spaces: Library, folder: Path, tmp_path: Path, new_embedder: NewEmbedder
    ) -> None:
        with Library.open(tmp_path / "alone", new_embedder()) as alone:
            fill(alone, folder / "open")
            for question in ("boiler", "director francs", "When was the boiler replaced?"):
                assert alone.search(question) == two_spaces.search(question, ["default"])
                assert alone.rarity(question) == two_spaces.rarity(question, ["default"])

    def test_citations_and_quotes_of_other_spaces_are_unknown(self, two_spaces: Library) -> None:
        (secret,) = two_spaces.sources(["board"])
        name = citation_id(secret.source.key, 0, 10)
        assert two_spaces.locate(name).text == SECRET
        assert two_spaces.locate(name, ["board"]).text == SECRET
        with pytest.raises(UnknownCitationError) as hidden:
            two_spaces.locate(name, ["default"])
        with pytest.raises(UnknownCitationError) as missing:
            two_spaces.locate(citation_id("zzzzzz", 0, 10), ["default"])
        assert str(hidden.value) == str(missing.value)
        assert len(two_spaces.find("the director earns")) == 1
        assert two_spaces.find("the director earns", ["default"]) == []

    def test_sources_are_those_of_the_asked_spaces(self, two_spaces: Library) -> None:
        assert [d.source.space for d in two_spaces.sources(["default"])] == ["default"]
        assert two_spaces.spaces() == ["board", "default"]
        assert two_spaces.counts() == (2, 2)


class TestLookingUp:
    def test_a_citation_leads_to_its_span(self, two_spaces: Library) -> None:
        passage = two_spaces.search("annex boiler", ["default"])[0]
        span = two_spaces.locate(citation_id(passage.source.key, passage.start + 4, passage.start + 10))
        assert span.text[span.start : span.end] == "boiler"
        assert span.source == passage.source

    def test_a_span_beyond_the_text_is_unknown(self, two_spaces: Library) -> None:
        key = two_spaces.sources(["default"])[0].source.key
        assert two_spaces.locate(citation_id(key, 0, len(OPEN))).end == len(OPEN)
        with pytest.raises(UnknownCitationError):
            two_spaces.locate(citation_id(key, 0, len(OPEN) + 1))

    def test_a_quote_is_found_in_other_case_and_spacing(self, two_spaces: Library) -> None:
        (span,) = two_spaces.find("WAS   replaced\nin 2019")
        assert span.text[span.start : span.end] == "was replaced in 2019"
        assert two_spaces.find("was replaced in 2018") == []


class TestAnotherEmbedder:
    def test_is_refused_with_the_remedy_and_accepted_after_a_rebuild(
        self, two_spaces: Library, folder: Path, new_embedder: NewEmbedder
    ) -> None:
        two_spaces.close()
        other = new_embedder("test:other", dimensions=20)
        with Library.open(two_spaces.home, other) as library:
            with pytest.raises(EmbedderMismatchError, match="footnote index --rebuild"):
                library.search("boiler")
            with pytest.raises(EmbedderMismatchError, match="test:letters"):
                fill(library, folder / "open")
            assert not next(f for f in library.health() if f.name == "embedder").ok
            for _ in library.sync([folder / "open"], rebuild=True):
                pass
            assert library.search("boiler annex")[0].text == OPEN
            assert library.search("francs", ["board"])[0].text == SECRET
            assert all(finding.ok for finding in library.health())
        with Library.open(two_spaces.home, new_embedder()) as library, pytest.raises(EmbedderMismatchError):
            library.search("boiler")

    def test_a_rebuild_leaves_no_old_vector(
        self,
        two_spaces: Library,
        folder: Path,
        new_embedder: NewEmbedder,
        contents: Callable[[Path], object],
        tmp_path: Path,
    ) -> None:
        two_spaces.close()
        with Library.open(two_spaces.home, new_embedder("test:other", dimensions=20)) as library:
            for _ in library.sync([folder / "open"], rebuild=True):
                pass
        with Library.open(tmp_path / "fresh", new_embedder("test:other", dimensions=20)) as fresh:
            fill(fresh, folder / "open")
            fill(fresh, folder / "secret", space="board")
        assert contents(two_spaces.home) == contents(tmp_path / "fresh")

    def test_a_failed_rebuild_leaves_the_old_index(
        self, two_spaces: Library, new_embedder: NewEmbedder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class FailingError(Exception):
            pass

        def fail(texts: object) -> None:
            raise FailingError

        two_spaces.close()
        other = new_embedder("test:other")
        monkeypatch.setattr(other, "embed_documents", fail)
        with Library.open(two_spaces.home, other) as library, pytest.raises(FailingError):
            list(library.sync([], rebuild=True))
        with Library.open(two_spaces.home, new_embedder()) as library:
            assert library.search("annex")[0].text == OPEN


class TestOneWriter:
    def test_a_second_writer_is_refused_while_reading_goes_on(
        self, two_spaces: Library, folder: Path, new_embedder: NewEmbedder
    ) -> None:
        writing = two_spaces.sync([folder / "open"])
        next(writing)
        with Library.open(two_spaces.home, new_embedder()) as other:
            with pytest.raises(LockedError, match="Wait until it is done"):
                fill(other, folder / "open")
            assert other.search("annex")[0].text == OPEN
        assert two_spaces.search("annex")[0].text == OPEN
        list(writing)
        fill(two_spaces, folder / "open")

    def test_another_process_is_refused_too_and_reads(self, two_spaces: Library, folder: Path) -> None:
        script = (
            "import sys; from pathlib import Path; from index.library import Library;"
            "from index.errors import LockedError\n"
            "library = Library.open(Path(sys.argv[1]))\n"
            "print([d.characters for d in library.sources(['default'])])\n"
            "try: list(library.sync([Path(sys.argv[2])]))\n"
            "except LockedError as error: print(error)"
        )
        command = [sys.executable, "-c", script, str(two_spaces.home), str(folder)]
        writing = two_spaces.sync([folder / "open"])
        next(writing)
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
        cast("Generator[Event]", writing).close()
        assert done.stdout.splitlines() == [
            f"[{len(OPEN)}]",
            "Another process is writing to this library. Wait until it is done, then try again.",
        ]

    def test_a_reader_in_another_process_sees_the_new_version(
        self, two_spaces: Library, folder: Path, new_embedder: NewEmbedder
    ) -> None:
        with Library.open(two_spaces.home, new_embedder()) as reader:
            assert reader.search("annex", ["default"])[0].text == OPEN
            for text in ("The annex is gone.", "The annex is back.", "The annex stands."):
                (folder / "open" / "open.txt").write_text(text)
                fill(two_spaces, folder / "open")
                assert [p.text for p in reader.search("annex", ["default"])] == [text]


def versions(number: int) -> dict[str, str]:
    """Three documents whose every sentence says which version it is of."""
    return {
        f"{name}.txt": " ".join(f"The {name} of version {number} is sentence {i}." for i in range(40))
        for name in ("boiler", "harbour", "lantern")
    }


@pytest.fixture
def searched_while_synced(
    library: Library, folder: Path
) -> tuple[list[list[Passage]], dict[str, set[str]]]:
    """What eight threads found, search by search, while three documents changed five times;
    and all the texts that the documents had."""
    texts: dict[str, set[str]] = {}

    def write(number: int) -> None:
        for name, text in versions(number).items():
            (folder / name).write_text(text)
            texts.setdefault(str(folder / name), set()).add(text)

    write(0)
    fill(library, folder)
    done = threading.Event()

    def search() -> list[list[Passage]]:
        found = []
        while not done.is_set():
            found.append(library.search("Which version is the boiler, the harbour, the lantern?", k=10))
            library.rarity("boiler version")
            library.find("of version 3 is sentence 5")
            library.sources()
        return found

    with ThreadPoolExecutor(8) as pool:
        searches = [pool.submit(search) for _ in range(8)]
        try:
            for number in range(1, 6):
                write(number)
                fill(library, folder)
        finally:
            done.set()
        return [found for search in searches for found in search.result()], texts


def test_threads_that_search_during_syncs_see_each_document_in_its_old_or_new_version(
    searched_while_synced: tuple[list[list[Passage]], dict[str, set[str]]],
) -> None:
    searches, texts = searched_while_synced
    assert len({passage.source.version for found in searches for passage in found}) > 3
    for found in searches:
        assert {passage.source.uri for passage in found} == texts.keys()
        assert len({passage.source.version for passage in found}) == 3
        for p in found:
            assert any(p.text == text[p.start : p.end] for text in texts[p.source.uri])


def test_a_document_is_found_until_its_next_version_is(library: Library, folder: Path) -> None:
    """Also after the catalog has taken up the change, and no longer than that."""
    (folder / "open.txt").write_text(OPEN)
    (folder / "secret.txt").write_text(SECRET)
    fill(library, folder)
    name = citation_id(library.search("annex")[0].source.key, 0, 10)
    (folder / "open.txt").write_text("The annex is gone.")
    (folder / "secret.txt").unlink()
    for event in library.sync([folder]):
        if not isinstance(event, Synced):
            assert library.search("annex")[0].text == OPEN
            assert library.search("francs")[0].text == SECRET
            assert library.locate(name).text == OPEN
            assert library.find("the director earns")
    assert [passage.text for passage in library.search("annex francs")] == ["The annex is gone."]
    assert library.find("the director earns") == []
    assert library.locate(name).standing is Standing.CHANGED


def test_syncing_on_and_on_keeps_no_earlier_state_open(library: Library, folder: Path) -> None:
    for number in range(5):
        (folder / "a.txt").write_text(f"Text number {number}.")
        fill(library, folder)
        library.search("number")
    deadline = time.monotonic() + 10
    while len(states_open(library.home)) > 4 and time.monotonic() < deadline:
        time.sleep(0.05)  # Chroma closes in threads of its own
    assert len(states_open(library.home)) <= 4  # of two indexes, the last two


def states_open(home: Path) -> set[str]:
    """The folders of indexes in which this process holds a file open."""
    states = set()
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            path = descriptor.readlink()
        except FileNotFoundError:  # closed meanwhile
            continue
        if path.is_relative_to(home) and len(parts := path.relative_to(home).parts) > 2:
            states.add("/".join(parts[:2]))
    return states


def test_at_most_one_earlier_state_is_kept(library: Library, folder: Path) -> None:
    for number in range(4):
        (folder / "a.txt").write_text(f"Text number {number}.")
        fill(library, folder)
    assert all(len(list((library.home / kind).iterdir())) <= 2 for kind in ("lexical", "vectors"))


class TestRecovery:
    """What a process that was killed leaves: see test_crash.py for the kills themselves."""

    @pytest.fixture
    def behind(self, two_spaces: Library, folder: Path) -> Path:
        """A library whose catalog holds a document that its indexes do not."""
        (folder / "open" / "new.txt").write_text("The lantern was lit at dusk, as it is every evening.")
        events = two_spaces.sync([folder / "open"])
        while "new.txt" not in getattr(next(events), "path", ""):
            pass
        cast("Generator[Event]", events).close()
        two_spaces.close()
        return two_spaces.home

    def test_opening_brings_the_indexes_up_to_the_catalog(
        self, behind: Path, new_embedder: NewEmbedder
    ) -> None:
        with Library.open(behind, new_embedder()) as library:
            assert library.search("lantern")[0].text.startswith("The lantern was lit")
            assert all(finding.ok for finding in library.health())

    def test_opening_leaves_it_to_another_process_that_is_at_work(
        self, behind: Path, folder: Path, new_embedder: NewEmbedder
    ) -> None:
        with Library.open(behind, new_embedder()) as first:
            (folder / "open" / "more.txt").write_text("The rope was mended at dawn, as it is every day.")
            events = first.sync([folder / "open"])
            while "more.txt" not in getattr(next(events), "path", ""):
                pass
            with Library.open(behind, new_embedder()) as second:
                assert second.search("lantern")[0].text.startswith("The lantern was lit")
                assert "rope" not in second.search("rope")[0].text
                list(events)
                assert "rope" in second.search("rope")[0].text

    def test_litter_of_cut_short_changes_is_swept(self, behind: Path, new_embedder: NewEmbedder) -> None:
        litter = behind / "vectors" / "0badf00d"
        litter.mkdir()
        (litter / "chroma.sqlite3").write_text("half")
        Library.open(behind, new_embedder()).close()
        assert not litter.exists()

    def test_a_whole_library_is_opened_without_being_written(
        self, two_spaces: Library, new_embedder: NewEmbedder
    ) -> None:
        folders = two_spaces._catalog.outbox.folders()
        two_spaces.close()
        with Library.open(two_spaces.home, new_embedder()) as library:
            assert library._catalog.outbox.folders() == folders

    def test_an_index_that_is_being_made_is_told_of(self, behind: Path, new_embedder: NewEmbedder) -> None:
        """Another process is making it for the first time, or anew; there is none to search yet."""
        with Library.open(behind, new_embedder()) as library:
            catalog = Catalog(behind / CATALOG)
            with catalog.writing():
                catalog._rows("DELETE FROM projections")
            catalog.close()
            with pytest.raises(UnfinishedError, match=r"being made\. Ask again"):
                library.search("lantern")
