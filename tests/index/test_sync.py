"""After a sync the library is what one made from scratch would be, whatever went before."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from index.embedders import Embedder
from index.library import Library
from index.sync import Event, Read, Removed, Synced
from index.types import Passage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WORDS = ["harbour", "crew", "tide", "rope", "mast", "hull", "sail", "storm"]


def run(library: Library, *paths: Path, **options: Any) -> list[Event]:
    return list(library.sync(paths, **options))


def outcomes(events: Sequence[Event]) -> dict[str, str]:
    return {Path(event.path).name: event.outcome for event in events if isinstance(event, Read)}


def summary(events: Sequence[Event]) -> tuple[int, int, int, int, int]:
    last = events[-1]
    assert isinstance(last, Synced)
    return last.added, last.changed, last.removed, last.unchanged, len(last.failed)


def facts(passages: Sequence[Passage]) -> set[tuple[str, str, int, int, str, float]]:
    return {(p.source.key, p.source.uri, p.start, p.end, p.text, round(p.cosine, 4)) for p in passages}


def touch(path: Path) -> None:
    stat = path.stat()
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1_000_000_000))


class Walk(RuleBasedStateMachine):
    """Files come, change and go in a folder; now and then it is synced."""

    names = st.sampled_from(["a.txt", "b.md", "sub/c.txt", "sub/deep/d.html", "e.csv"])
    texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(
        lambda words: f"# {words[0]}\n\n{' '.join(words)}."
    )
    new_embedder: Callable[[], Embedder]
    contents: Callable[[Path], object]

    @initialize()
    def open(self) -> None:
        self.place = Path(tempfile.mkdtemp())
        self.folder = self.place / "documents"
        self.folder.mkdir()
        self.library = Library.open(self.place / "library", self.new_embedder())
        self.synced = False

    def teardown(self) -> None:
        if hasattr(self, "library"):
            self.library.close()
            shutil.rmtree(self.place)

    @rule(name=names, text=texts)
    def write(self, name: str, text: str) -> None:
        self.synced = False
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_text(text)
        touch(self.folder / name)

    @rule(name=names)
    def delete(self, name: str) -> None:
        self.synced = False
        (self.folder / name).unlink(missing_ok=True)

    @rule(one=names, other=names)
    def rename(self, one: str, other: str) -> None:
        self.synced = False
        if (self.folder / one).exists() and (self.folder / other).parent.exists():
            (self.folder / one).replace(self.folder / other)

    @rule()
    def touch_all(self) -> None:
        for path in self.folder.rglob("*.*"):
            touch(path)

    @rule(reopen=st.booleans())
    def sync(self, reopen: bool) -> None:
        if reopen:
            self.library.close()
            self.library = Library.open(self.place / "library", self.new_embedder())
        run(self.library, self.folder)
        self.synced = True

    @invariant()
    def equals_a_library_made_from_scratch(self) -> None:
        if not getattr(self, "synced", False):
            return
        self.synced = False
        with (
            tempfile.TemporaryDirectory() as home,
            Library.open(Path(home), self.new_embedder()) as fresh,
        ):
            run(fresh, self.folder)
            for question in ("harbour crew", "storm", "the mast and the hull"):
                theirs = facts(fresh.search(question, k=50))
                assert facts(self.library.search(question, k=50)) == theirs
            assert self.library.counts() == fresh.counts()
            assert self.contents(self.library.home) == self.contents(Path(home))
        assert all(finding.ok for finding in self.library.health())


def test_any_walk_ends_like_a_fresh_start(
    new_embedder: Callable[[], Embedder], contents: Callable[[Path], object]
) -> None:
    from hypothesis.stateful import run_state_machine_as_test

    walk = type(
        "Walk", (Walk,), {"new_embedder": staticmethod(new_embedder), "contents": staticmethod(contents)}
    )
    run_state_machine_as_test(
        walk, settings=settings(max_examples=8, stateful_step_count=12, deadline=None, derandomize=True)
    )


def test_each_change_is_told_of(library: Library, folder: Path) -> None:
    for name in ("a", "b", "c"):
        (folder / f"{name}.txt").write_text(f"The {name} text.")
    assert summary(run(library, folder)) == (3, 0, 0, 0, 0)
    (folder / "a.txt").write_text("Another text altogether.")
    (folder / "b.txt").unlink()
    touch(folder / "c.txt")
    events = run(library, folder)
    assert summary(events) == (0, 1, 1, 1, 0)
    assert outcomes(events) == {"a.txt": "changed", "c.txt": "unchanged"}
    assert [Path(event.path).name for event in events if isinstance(event, Removed)] == ["b.txt"]
    assert summary(run(library, folder)) == (0, 0, 0, 2, 0)


def test_what_is_unchanged_is_neither_read_nor_embedded_again(library: Library, folder: Path) -> None:
    (folder / "a.txt").write_text("The text.")
    run(library, folder)
    embedded = library.embedder.embedded  # type: ignore[attr-defined]  # the test's own embedder
    folders = library._catalog.outbox.folders()
    assert embedded == ["The text."]
    os.truncate(folder / "a.txt", 0)  # so that reading it would fail
    with (folder / "a.txt").open("w") as file:
        file.write(" " * 9)
    stat = library._catalog.stats(1)[str(folder / "a.txt")]
    os.utime(folder / "a.txt", ns=(stat.mtime_ns, stat.mtime_ns))
    assert summary(run(library, folder)) == (0, 0, 0, 1, 0)
    assert embedded == ["The text."]
    assert library._catalog.outbox.folders() == folders  # nor are the indexes made again


def test_a_touched_file_is_hashed_once_and_not_embedded(library: Library, folder: Path) -> None:
    (folder / "a.txt").write_text("The text.")
    run(library, folder)
    touch(folder / "a.txt")
    assert summary(run(library, folder)) == (0, 0, 0, 1, 0)
    assert library.embedder.embedded == ["The text."]  # type: ignore[attr-defined]  # the test's own embedder
    mtime = (folder / "a.txt").stat().st_mtime_ns
    assert library._catalog.stats(1)[str(folder / "a.txt")].mtime_ns == mtime


def test_one_bad_file_is_reported_and_the_rest_go_on(library: Library, folder: Path) -> None:
    (folder / "a.txt").write_text("The first text.")
    (folder / "b.txt").write_bytes(b"")
    (folder / "c.pdf").write_bytes(b"%PDF-1.4 broken")
    (folder / "d.txt").write_text("The last text.")
    events = run(library, folder)
    assert summary(events) == (2, 0, 0, 0, 2)
    last = events[-1]
    assert isinstance(last, Synced)
    assert [Path(failure.path).name for failure in last.failed] == ["b.txt", "c.pdf"]
    assert last.failed[0].reason == "is empty"
    assert library.search("the last text")[0].text == "The last text."


def test_a_file_that_turned_bad_keeps_its_old_version(library: Library, folder: Path) -> None:
    (folder / "a.txt").write_text("The boiler is old.")
    run(library, folder)
    (folder / "a.txt").write_bytes(b"")
    assert summary(run(library, folder)) == (0, 0, 0, 0, 1)
    assert library.search("boiler")[0].text == "The boiler is old."


def test_a_failing_embedder_leaves_the_old_version(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class FailingError(Exception):
        pass

    def fail(texts: Sequence[str]) -> NDArray[np.float32]:
        raise FailingError

    (folder / "a.txt").write_text("The boiler is old.")
    run(library, folder)
    (folder / "a.txt").write_text("The boiler is new.")
    with monkeypatch.context() as patch:
        patch.setattr(library.embedder, "embed_documents", fail)
        with pytest.raises(FailingError):
            run(library, folder)
        assert library.search("boiler")[0].text == "The boiler is old."
    assert summary(run(library, folder)) == (0, 1, 0, 0, 0)
    assert library.search("boiler")[0].text == "The boiler is new."


def test_only_what_lay_under_the_synced_folders_is_removed(library: Library, folder: Path) -> None:
    for name in ("one", "one-more", "two"):
        (folder / name).mkdir()
        (folder / name / "a.txt").write_text(f"The text {name}.")
    run(library, folder)
    shutil.rmtree(folder / "one")
    shutil.rmtree(folder / "two")
    (folder / "one").mkdir()
    assert summary(run(library, folder / "one")) == (0, 0, 1, 0, 0)
    assert {Path(d.source.uri).parent.name for d in library.sources()} == {"one-more", "two"}


def test_a_path_that_is_gone_is_reported_and_its_documents_stay(library: Library, folder: Path) -> None:
    """Its disk may come back."""
    (folder / "sub").mkdir()
    (folder / "sub" / "a.txt").write_text("The text.")
    run(library, folder / "sub")
    shutil.rmtree(folder / "sub")
    events = run(library, folder / "sub", folder / "sub" / "a.txt")
    assert summary(events) == (0, 0, 0, 0, 2)
    assert len(library.sources()) == 1
    assert summary(list(library.remove([folder / "sub"]))) == (0, 0, 1, 0, 0)


def test_documents_are_taken_out_of_one_space_and_their_files_stay(library: Library, folder: Path) -> None:
    for name in ("a.txt", "ab.txt", "in/b.txt"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(f"The rope of {name}.")
    run(library, folder)
    run(library, folder, space="board")
    events = list(library.remove([folder / "a.txt", folder / "in"]))
    assert summary(events) == (0, 0, 2, 0, 0)
    assert [Path(event.path).name for event in events if isinstance(event, Removed)] == ["a.txt", "b.txt"]
    assert {Path(p.source.uri).name for p in library.search("rope", ["default"])} == {"ab.txt"}
    assert len(library.search("rope", ["board"])) == 3
    assert summary(list(library.remove([folder / "a.txt"]))) == (0, 0, 0, 0, 0)
    assert summary(run(library, folder)) == (2, 0, 0, 1, 0)


def test_hidden_files_and_unknown_kinds_in_a_folder_are_passed_over(library: Library, folder: Path) -> None:
    (folder / ".git").mkdir()
    for name in (".git/a.txt", ".b.txt", "c.exe", "d.TXT"):
        (folder / name).write_text("The text.")
    assert outcomes(run(library, folder)) == {"d.TXT": "added"}


def test_a_file_named_by_itself_is_read_and_an_unknown_kind_told_of(library: Library, folder: Path) -> None:
    (folder / "a.txt").write_text("The text.")
    (folder / "c.exe").write_text("The text.")
    events = run(library, folder / "a.txt", folder / "c.exe", folder / "a.txt")
    assert outcomes(events) == {"a.txt": "added", "c.exe": "failed"}


def test_one_file_in_two_spaces_is_two_documents(library: Library, folder: Path) -> None:
    (folder / "a.txt").write_text("The text.")
    run(library, folder)
    assert summary(run(library, folder, space="board")) == (1, 0, 0, 0, 0)
    (folder / "a.txt").unlink()
    assert summary(run(library, folder, space="board")) == (0, 0, 1, 0, 0)
    assert [d.source.space for d in library.sources()] == ["default"]


def test_many_files_are_committed_batch_by_batch(library: Library, folder: Path) -> None:
    """An interrupted sync keeps what it told of."""
    for i in range(6):
        (folder / f"{i}.txt").write_text(
            "\n\n".join(f"{WORDS[i]} {n} " + "tide " * 390 for n in range(110))
        )
    events = library.sync([folder])
    told = [next(event.path for event in events if isinstance(event, Read)) for _ in range(3)]
    cast("Generator[Event]", events).close()
    assert set(told) <= {document.source.uri for document in library.sources()}
    assert 0 < len(library.sources()) < 6


def test_names_that_are_not_utf8_are_indexed(library: Library, folder: Path) -> None:
    (folder / os.fsdecode(b"caf\xe9.txt")).write_text("The text.")
    assert summary(run(library, folder)) == (1, 0, 0, 0, 0)
    assert summary(run(library, folder)) == (0, 0, 0, 1, 0)
    assert library.search("text")[0].source.uri.endswith(r"caf\xe9.txt")
