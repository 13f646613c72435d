"""Blocks for older servers say the same, in sections that each can be read by itself."""

from __future__ import annotations

from time import perf_counter

import pytest

from bot.render.blocks import link, rich_text, section, words
from bot.render.classic import classic

ADDRESS = "https://footnote.slack.com/archives/C0GENERAL/p1600000000000100"


SHOWN = {"<": "&lt;", ">": "&gt;", "&": "&amp;"} | {styling: f"\u2060{styling}" for styling in "*_~`"}


@pytest.mark.parametrize("character", SHOWN)
@pytest.mark.parametrize("before", ["", "a", "ab", "abc", "abcd"])
def test_no_character_is_cut_in_two(character: str, before: str) -> None:
    told = [b["text"]["text"] for b in classic([rich_text([section(words(before + character * 4000))])])]
    whole = SHOWN[character]
    assert len(told) > 1
    assert "".join(told) == before + whole * 4000
    assert all(len(text.removeprefix(before)) % len(whole) == 0 for text in told)


@pytest.mark.parametrize("before", [2900, 2940, 2980])
def test_no_link_is_cut_in_two(before: int) -> None:
    blocks = classic([rich_text([section(words("a" * before), link(ADDRESS, "what she said then"))])])
    assert f"<{ADDRESS}|what she said then>" in [block["text"]["text"] for block in blocks][-1]


@pytest.mark.parametrize("unit", ["a", "x_", "ab.c-", "a@", "é"])
def test_a_long_text_without_spaces_takes_no_time(unit: str) -> None:
    began = perf_counter()
    words(unit * (40_000 // len(unit)))
    assert perf_counter() - began < 1.0
