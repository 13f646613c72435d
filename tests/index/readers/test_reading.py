"""Choosing a reader, and the limits all of them share."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import index
from index.errors import ReadError
from index.readers import MAX_FILE_BYTES, READERS, Extract, read
from index.readers.base import MAX_TEXT_CHARS, clean, metadata_title, name_as_title


def test_an_unknown_kind_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ReadError, match=r"not read; supported are \.csv \.docx"):
        read(b"x", Path("a.exe"))


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(ReadError, match="is empty"):
        read(b"", Path("a.txt"))


def test_a_huge_file_is_refused() -> None:
    with pytest.raises(ReadError, match="larger than 64 MB; split it"):
        read(bytes(MAX_FILE_BYTES + 1), Path("a.txt"))


def test_too_much_text_is_refused() -> None:
    with pytest.raises(ReadError, match="more than 20 MB of text; split it"):
        read(b"word " * (MAX_TEXT_CHARS // 4), Path("a.txt"))


@pytest.mark.parametrize("error", [MemoryError(), RecursionError(), ValueError("embedded null character")])
def test_whatever_a_reader_fails_with_is_said_in_a_sentence(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(data: bytes, name: str) -> Extract:
        raise error

    monkeypatch.setitem(READERS, ".txt", fail)
    reason = rf"cannot be read \({type(error).__name__}\); save it in a simpler form"
    with pytest.raises(ReadError, match=reason) as told:
        read(b"x", Path("a.txt"))
    assert told.value.__cause__ is error


def test_what_no_text_may_hold_is_dropped() -> None:
    assert clean("a\ud800b\x00c\x9bd\xade\ufffef\u2028g\u202eh") == "abcdef\ng\u202eh"


def test_a_title_is_short_wherever_it_comes_from() -> None:
    page = Path("page.html")
    assert len(read(f"<title>{'x' * 1000}</title>a".encode(), page).title) == 200
    assert len(read(f"<h1>{'x' * 300}</h1>a".encode(), page).title) == 200
    assert len(read(b"a,b", Path(f"{'x' * 250}.csv")).title) == 200


def test_importing_the_readers_loads_none_of_their_libraries() -> None:
    heavy = {"bs4", "lxml", "docx", "markdown_it", "charset_normalizer", "pypdfium2", "pypdf"}
    code = f"import sys, index.readers; print(sorted({heavy!r} & set(sys.modules)))"
    root = Path(index.__file__).parents[1]
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert run.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("leave_policy-v1.2_2024-05-01.txt", "Leave policy v1.2 2024-05-01"),
        ("kenya-haiti.original.md", "Kenya haiti original"),
        ("---.txt", "---.txt"),
    ],
)
def test_a_file_name_becomes_a_readable_title(name: str, title: str) -> None:
    assert name_as_title(name) == title


@pytest.mark.parametrize(
    "title", ["untitled", "(anonymous)", "Microsoft Word - a", "report.DOC", "Document1", " ", None]
)
def test_a_title_no_person_wrote_is_none(title: str | None) -> None:
    assert metadata_title(title) == ""


@pytest.mark.parametrize("title", ["Documents of the council", "Slide rules", "2024 report on leave"])
def test_a_title_a_person_wrote_stays(title: str) -> None:
    assert metadata_title(title) == title
