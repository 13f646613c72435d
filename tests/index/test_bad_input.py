"""Whatever is given, there is one sentence or an answer, and nothing is lost."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.catalog import CATALOG
from index.embedders import Embedder
from index.errors import HomeError, NewerLibraryError
from index.library import Library
from index.sync import Read, Synced

ROOT = Path(__file__).parents[2]
NewEmbedder = Callable[..., Embedder]
TEXT = "The boiler in the annex was replaced in 2019."


def reasons(library: Library, *paths: Path) -> dict[str, str]:
    """What is wrong with each file that cannot be read, by name."""
    last = list(library.sync(paths))[-1]
    assert isinstance(last, Synced)
    return {Path(failure.path).name: failure.reason for failure in last.failed}


@pytest.fixture
def good(folder: Path) -> Path:
    """A document that must come through whatever lies beside it."""
    (folder / "good.txt").write_text(TEXT)
    return folder / "good.txt"


@pytest.fixture
def nobody() -> Iterator[Path]:
    """An open folder, and permissions that count: root gives up its powers meanwhile."""
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o777)
        root = os.geteuid() == 0
        if root:
            os.seteuid(65534)
        try:
            yield Path(place)
        finally:
            if root:
                os.seteuid(0)


class TestFiles:
    @pytest.mark.parametrize(
        ("name", "data", "reason"),
        [
            ("empty.txt", b"", "is empty"),
            ("space.txt", b" \n\n ", "has no text in it"),
            ("binary.txt", bytes(range(256)) * 40, "looks binary, not text"),
            ("broken.pdf", b"%PDF-1.7 and nothing more", None),
            ("broken.docx", b"PK\x03\x04 and nothing more", None),
        ],
    )
    def test_a_file_without_text_is_told_of(
        self, library: Library, good: Path, name: str, data: bytes, reason: str | None
    ) -> None:
        (good.parent / name).write_bytes(data)
        told = reasons(library, good.parent)
        assert list(told) == [name]
        assert reason in {None, told[name]}
        assert library.search("boiler")[0].text == TEXT

    def test_a_page_with_an_impossible_charset_is_read_beside_the_others(
        self, library: Library, good: Path
    ) -> None:
        (good.parent / "a.html").write_bytes(b'<meta charset="a\0b"><p>The valve is new.')
        assert reasons(library, good.parent) == {}
        assert {document.source.title for document in library.sources()} == {"A", TEXT}

    def test_a_file_of_100_mb_is_not_read(self, library: Library, good: Path) -> None:
        with (good.parent / "huge.txt").open("wb") as file:
            file.truncate(100 * 10**6)
        began = time.monotonic()
        assert reasons(library, good.parent) == {"huge.txt": "is larger than 64 MB; split it"}
        assert time.monotonic() - began < 5

    def test_loops_and_dangling_links_are_told_of(self, library: Library, good: Path) -> None:
        (good.parent / "loop.txt").symlink_to("loop.txt")
        (good.parent / "dangling.txt").symlink_to("nowhere.txt")
        (good.parent / "up").symlink_to(good.parent)
        told = reasons(library, good.parent)
        assert told == {
            "loop.txt": "cannot be read: Too many levels of symbolic links",
            "dangling.txt": "cannot be read: No such file or directory",
        }
        assert len(library.sources()) == 1
        assert reasons(library, good.parent / "loop.txt") == {"loop.txt": told["loop.txt"]}

    def test_a_pipe_and_a_socket_are_not_waited_for(self, library: Library, good: Path) -> None:
        os.mkfifo(good.parent / "pipe.txt")
        with socket.socket(socket.AF_UNIX) as listener, tempfile.TemporaryDirectory() as short:
            listener.bind(f"{short}/socket.txt")
            told = reasons(library, good.parent, Path(short))
        assert told == {"pipe.txt": "is not a file", "socket.txt": "is not a file"}

    def test_a_file_that_vanishes_meanwhile_is_told_of(self, library: Library, good: Path) -> None:
        (good.parent / "gone.txt").write_text("Soon gone.")
        events = library.sync([good.parent])
        next(events)
        (good.parent / "gone.txt").unlink()
        failed = [event for event in events if isinstance(event, Read) and event.outcome == "failed"]
        assert [event.reason for event in failed] == ["cannot be read: No such file or directory"]
        assert library.search("boiler")[0].text == TEXT

    def test_a_file_that_may_not_be_read_is_told_of_and_its_version_stays(
        self, nobody: Path, new_embedder: NewEmbedder
    ) -> None:
        (nobody / "documents").mkdir()
        path = nobody / "documents" / "closed.txt"
        path.write_text(TEXT)
        with Library.open(nobody / "library", new_embedder()) as library:
            assert reasons(library, path.parent) == {}
            path.write_text("It has changed.")
            path.chmod(0)
            assert reasons(library, path.parent) == {"closed.txt": "cannot be read: Permission denied"}
            assert library.search("boiler")[0].text == TEXT

    def test_a_folder_that_may_not_be_read_takes_nothing_away(
        self, nobody: Path, new_embedder: NewEmbedder
    ) -> None:
        closed = nobody / "documents" / "closed"
        (closed / "sub").mkdir(parents=True)
        (closed / "sub" / "a.txt").write_text(TEXT)
        with Library.open(nobody / "library", new_embedder()) as library:
            assert reasons(library, closed.parent) == {}
            closed.chmod(0)
            for path in (closed.parent, closed, closed / "sub"):
                assert list(reasons(library, path).values()) == ["cannot be read: Permission denied"]
            assert library.search("boiler")[0].text == TEXT
            closed.chmod(0o700)


QUESTIONS = {
    "empty": "",
    "space": " \n\t ",
    "10,000 characters": "Which boiler was replaced in the annex? " * 250,
    "10,000 characters of one word": "b" * 10_000,
    "10,000 different words": " ".join(f"w{i}" for i in range(10_000)),
    "punctuation": "?!… — (“”) * \" ' \\ : ^ ~ [ ] { } + - && || /",
    "query syntax": 'text:boiler AND NOT (heading:"x" OR *) ^2 ~1 [a TO z]',
    "stopwords": "the of and is it to a",
    "chinese": "锅炉是什么时候更换的？",
    "control": "boi\x00ler \x1b[31m \x07\x08 boiler",
    "bidi": "\u202eboiler\u202c \u2066annex\u2069 \u200fشلّال",
    "surrogate": "boiler \ud83d",
    "emoji": "👩\u200d👩\u200d👧 🇭🇹 boiler",
    "not composed": "boile\u0301r",
}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """With the embedder that people use, which must bear all this too."""
    folder = tmp_path_factory.mktemp("documents")
    (folder / "a.txt").write_text(TEXT)
    (folder / "b.txt").write_text("锅炉于2019年更换。\n" * 50)
    with Library.open(tmp_path_factory.mktemp("library")) as library:
        list(library.sync([folder]))
        library.search("warm")
        yield library


class TestQuestions:
    @pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
    def test_any_question_has_a_list_of_passages_within_a_second(
        self, filled: Library, question: str
    ) -> None:
        began = time.monotonic()
        passages = filled.search(question)
        assert time.monotonic() - began < 1
        assert isinstance(passages, list)
        assert isinstance(filled.find(question), list)
        assert isinstance(filled.rarity(question), dict)

    def test_what_is_no_word_finds_no_words(self, filled: Library) -> None:
        assert [p.lexical for p in filled.search(QUESTIONS["punctuation"])] in ([], [0.0], [0.0, 0.0])
        assert filled.search("") == []


class TestHome:
    def test_a_home_that_is_a_file_is_told_of(self, tmp_path: Path) -> None:
        (tmp_path / "home").write_text("not a folder")
        with pytest.raises(HomeError, match=r"home: .*exists"):
            Library.open(tmp_path / "home")

    @pytest.mark.parametrize("home", ["/proc/nope", "/dev/null/nope"])
    def test_a_home_that_cannot_be_made_is_told_of(self, home: str) -> None:
        with pytest.raises(HomeError, match=f"cannot be used. {home}: "):
            Library.open(Path(home))

    def test_a_home_that_may_not_be_written_is_told_of(
        self, nobody: Path, new_embedder: NewEmbedder
    ) -> None:
        (nobody / "home").mkdir(mode=0o500)
        with pytest.raises(HomeError):
            Library.open(nobody / "home", new_embedder())

    def test_a_library_that_may_only_be_read_answers_and_takes_no_documents(
        self, nobody: Path, new_embedder: NewEmbedder
    ) -> None:
        (nobody / "documents").mkdir()
        (nobody / "documents" / "a.txt").write_text(TEXT)
        home = nobody / "home"
        with Library.open(home, new_embedder()) as library:
            list(library.sync([nobody / "documents"]))
        places = [home, *home.rglob("*")]
        for place in places:
            place.chmod(0o500 if place.is_dir() else 0o400)
        try:
            with Library.open(home, new_embedder()) as library:
                assert library.search("boiler")[0].text == TEXT
                with pytest.raises(HomeError, match="may be written"):
                    list(library.sync([nobody / "documents"]))
        finally:
            for place in places:
                place.chmod(0o700)
        with Library.open(home, new_embedder()) as library:
            assert library.search("boiler")[0].text == TEXT

    def test_a_newer_library_is_left_alone(self, library: Library, good: Path) -> None:
        list(library.sync([good]))
        library.close()
        connection = sqlite3.connect(library.home / CATALOG)
        connection.execute("PRAGMA user_version = 99")
        connection.close()
        before = (library.home / CATALOG).read_bytes()
        with pytest.raises(NewerLibraryError, match=r"written by a newer version.*Update Footnote"):
            Library.open(library.home)
        assert (library.home / CATALOG).read_bytes() == before

    @pytest.mark.parametrize("keep", [0.5, 0.1])
    def test_a_damaged_catalog_is_told_of(
        self, library: Library, good: Path, keep: float, new_embedder: NewEmbedder
    ) -> None:
        list(library.sync([good]))
        library.close()
        path = library.home / CATALOG
        os.truncate(path, int(path.stat().st_size * keep))
        with pytest.raises(HomeError, match=r"catalog\.db: database disk image is malformed"):
            _use(library.home, new_embedder())


def _use(home: Path, embedder: Embedder) -> None:
    with Library.open(home, embedder) as library:
        library.search("boiler")
        library.sources()
        list(library.sync([]))


# In a process that may write files of so many bytes and no larger; Python ignores SIGXFSZ.
LIMITED = """
import json, resource, sys
from pathlib import Path
from index.errors import LibraryError
from index.library import Library

home, folder, *limits = sys.argv[1:]
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
for limit in map(int, limits):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        with Library.open(Path(home)) as library:
            list(library.sync([Path(folder)]))
        told = ""
    except LibraryError as error:
        told = f"{type(error).__name__}: {error}"
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    with Library.open(Path(home)) as library:
        found = [passage.text for passage in library.search("boiler annex")]
        print(json.dumps([limit, told, found, [finding.ok for finding in library.health()]]), flush=True)
"""


def test_a_full_disk_is_told_of_in_one_sentence_and_loses_nothing(tmp_path: Path, good: Path) -> None:
    """Each write fails in its turn: the catalog, the copies of the indexes, Chroma, Tantivy."""
    home = tmp_path / "library"
    with Library.open(home) as library:
        list(library.sync([good]))
    for number in range(10):
        lines = (f"Item {number} {i} of the inventory stands on shelf {i * 7}." for i in range(300))
        (good.parent / f"{number}.txt").write_text("\n".join(lines))
    limits = [4_000, 130_000, 190_000, 60_000_000]
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, home, good.parent, *map(str, limits)],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert [result[0] for result in results] == limits
    for limit, told, found, healthy in results:
        assert TEXT in found, limit
        assert all(healthy), limit
        assert "\n" not in told
        assert told.startswith("HomeError: The library's folder cannot be used.") or not told, limit
    sentences = [result[1] for result in results]
    assert "catalog.db" in sentences[0]
    assert "see that the disk has room" in sentences[2]
    assert sentences[-1] == ""
