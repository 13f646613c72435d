from __future__ import annotations

import pytest

from index.readers.reflow import reflow


@pytest.mark.parametrize(
    ("page", "text"),
    [
        (
            "Words that fill a line to its very end in\nJune go on.",
            "Words that fill a line to its very end in June go on.",
        ),
        ("A well-\nknown rule.", "A wellknown rule."),
        ("Between Kenya-\nHaiti talks", "Between Kenya-\nHaiti talks"),
        ("Apples 3\nPears 4", "Apples 3\nPears 4"),
        ("The kinds of leave that our staff may take:\n• parental\n• sick", None),
        (
            "本文件介绍员工休假制度每位员工每年有二十天\n假期应当提前。",
            "本文件介绍员工休假制度每位员工每年有二十天假期应当提前。",
        ),
        ("", None),
    ],
)
def test_lines_are_joined_where_only_the_page_broke_them(page: str, text: str | None) -> None:
    assert reflow(page).strip() == (page if text is None else text)


def test_a_short_last_line_ends_its_paragraph() -> None:
    one = "A paragraph of some length that fills its line\nends."
    two = "The next one fills its own line, too, and goes\non."
    joined = f"{one}\n{two}".replace("line\n", "line ").replace("goes\n", "goes ")
    assert reflow(f"{one}\n{two}").strip() == joined.replace("\n", "\n\n")
