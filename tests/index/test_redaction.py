"""What is secret stays out of what is told."""

from __future__ import annotations

import httpx
import pytest

from index.redaction import redacted, told


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("for url 'https://me:pa@ss@host/v2/rerank'", "for url 'https://…@host/v2/rerank'"),
        ("https://host/v1?key=abc&x=1 failed", "https://host/v1?… failed"),
        ("http://sk-token@host:80", "http://…@host:80"),
        ("Is it there? yes: a=b, me@example.com", "Is it there? yes: a=b, me@example.com"),
        ("b'Bearer sk-1234\\n'", "b'Bearer …\\n'"),
    ],
)
def test_keys_and_credentials_are_left_out(text: str, shown: str) -> None:
    assert redacted(text, "sk-1234\n") == shown


def test_an_error_is_told_on_one_line() -> None:
    assert told(ValueError("one\n  two")) == "one two"
    assert told(httpx.ReadTimeout("")) == "ReadTimeout"
