from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from index.errors import ReadError
from index.readers import read

if TYPE_CHECKING:
    from index.types import Document

SPANISH = "El señor Peña dijo que la misión comenzará mañana en la región."
RUSSIAN = "Документ описывает порядок предоставления отпуска сотрудникам компании."
JAPANESE = "この文書は従業員の休暇制度について説明します。休暇は二十日です。"


def text_of(data: bytes) -> str:
    return parsed(data).text


def parsed(data: bytes) -> Document:
    return read(data, Path("some_notes.txt"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_is_read_with_or_without_its_mark(encoding: str) -> None:
    assert text_of(JAPANESE.encode(encoding)) == JAPANESE


def test_big_endian_is_told_by_its_mark() -> None:
    assert text_of(b"\xfe\xff" + SPANISH.encode("utf-16-be")) == SPANISH


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (SPANISH, "cp1252"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (JAPANESE, "shift_jis"),
        ("The café’s “menu” costs £5 – not €6.", "cp1252"),
    ],
)
def test_older_encodings_are_recognised(text: str, encoding: str) -> None:
    assert text_of(text.encode(encoding)) == text


def test_one_broken_character_does_not_spoil_the_rest() -> None:
    assert text_of(JAPANESE.encode()[:-1]) == JAPANESE[:-1] + "\ufffd"


@pytest.mark.parametrize(
    "data", [b"\x7fELF" + bytes(200), b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256))]
)
def test_binary_content_is_refused(data: bytes) -> None:
    with pytest.raises(ReadError, match="looks binary, not text"):
        parsed(data)


def test_a_stray_nul_in_a_log_is_dropped() -> None:
    assert text_of(b"started at nine, in order\n\x00stopped at ten, in order\n") == (
        "started at nine, in order\nstopped at ten, in order"
    )


def test_lines_keep_their_columns_but_nothing_trails() -> None:
    assert text_of("a   b\u00a0c \t\r\n  d\r\r\r\re\u00ad\x07f\n".encode()) == "a   b c\n  d\n\nef"


def test_form_feeds_end_pages() -> None:
    document = parsed(b"one\n\x0c\x0cthree\n")
    assert document.text == "one\n\nthree"
    assert [(m.label, document.text[m.start : m.end]) for m in document.marks] == [
        ("1", "one"),
        ("3", "three"),
    ]


def test_the_first_line_is_the_title_when_short() -> None:
    assert parsed(b"\n\n  Leave  policy \nText.").title == "Leave policy"
    assert parsed(b"word " * 30).title == "Some notes"
