"""The address that a document names as its own, and nothing that could lead elsewhere."""

from pathlib import Path

import pytest

from index.readers import read
from index.readers.addresses import own_address

URL = "https://docs.example/leave?v=2#days"


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("a.html", f'<link rel="canonical" href="{URL}"><p>Text.'),
        ("a.html", f'<head><link href=" {URL} " rel="alternate canonical"></head><p>Text.'),
        ("a.html", f'<meta property="og:url" content="{URL}"><p>Text.'),
        ("a.html", f'<link rel=canonical href="/leave"><meta property="og:url" content="{URL}"><p>Text.'),
        ("a.md", f"---\ntitle: Leave\nurl: {URL}\n---\nText."),
        ("a.md", f'---\nurl: "{URL}"\n---\nText.'),
    ],
)
def test_a_document_says_where_its_original_is(name: str, source: str) -> None:
    assert read(source.encode(), Path(name)).url == URL


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("a.html", f'<link rel="alternate" href="{URL}"><a href="{URL}">Text.</a>'),
        ("a.md", f"Text.\n\nurl: {URL}\n"),
        ("a.txt", f"url: {URL}"),
    ],
)
def test_an_address_that_is_only_mentioned_is_not_its_own(name: str, source: str) -> None:
    assert read(source.encode(), Path(name)).url == ""


@pytest.mark.parametrize(
    "named",
    [
        "", "/leave", "//docs.example/leave", "docs.example", "javascript:alert(1)", "slack://open", "http://",
        "ftp://docs.example", "file:///etc/passwd", "https://ann:secret@docs.example/", "https://ann@docs.example",
        "https://docs.example/a b", "https://docs.example/\u202ea", "https://docs.example/<b>|c",
        "https://docs.example:port/", "https://[::1/", "https://docs.example/" + "a" * 2000,
    ],
)  # fmt: skip
def test_no_other_kind_of_address_is_taken(named: str) -> None:
    assert own_address(named) == ""
    assert own_address(named, None, URL) == URL
