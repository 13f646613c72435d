from __future__ import annotations

from pathlib import Path

from index.readers import read
from index.types import Document, heading_at


def parsed(source: str) -> Document:
    return read(source.encode(), Path("some_notes.md"))


def test_markup_goes_and_words_stay() -> None:
    source = "Some *soft* **hard** ~~gone~~ [link](http://x) `code`\nwrapped ![a map](m.png) &amp;  \nend."
    assert parsed(source).text == "Some soft hard gone link code wrapped a map &\nend."


def test_lists_stand_a_line_an_item() -> None:
    nested = "- one\n\n- two\n\n  more\n   1. first\n   2. second"
    source = f"Before.\n\n{nested}\n\n5. five\n6. six\n\n> quoted\n> text"
    assert parsed(source).text == (
        "Before.\n\n- one\n- two\n  more\n  1. first\n  2. second\n\n5. five\n6. six\n\nquoted text"
    )


def test_table_rows_are_read_with_their_headers() -> None:
    source = "| Kind | Days |\n|---|--:|\n| Parental | **20** |\n| Sick | |\n\nAfter."
    assert parsed(source).text == "Kind: Parental; Days: 20\nKind: Sick\n\nAfter."


def test_code_stays_as_it_is() -> None:
    code = "def f():\n    return  1\n\n\n# *not soft* <b>"
    assert parsed(f"Text.\n\n```python\n{code}\n```\n\nAfter.").text == f"Text.\n\n{code}\n\nAfter."


def test_sections_nest_and_end_before_the_next_of_their_level() -> None:
    document = parsed("# Staff\nA\n### Deep\nB\n## Leave\nC\n# Pay\nD")
    stretches = {mark.label: document.text[mark.start : mark.end] for mark in document.marks}
    assert stretches == {
        "Staff": "Staff\n\nA\n\nDeep\n\nB\n\nLeave\n\nC",
        "Deep": "Deep\n\nB",
        "Leave": "Leave\n\nC",
        "Pay": "Pay\n\nD",
    }
    assert heading_at(document.marks, document.text.index("C")) == "Staff › Leave"


def test_front_matter_gives_the_title_and_goes() -> None:
    document = parsed('---\ndate: 2024\ntitle: "Leave: a guide"\n---\n# Other\n\nText.')
    assert document.title == "Leave: a guide"
    assert document.text == "Other\n\nText."


def test_a_document_that_begins_with_a_rule_loses_nothing() -> None:
    assert parsed("---\nThe first words.\n\n---\n\nThe rest.").text == "The first words.\n\nThe rest."


def test_the_title_is_else_the_first_top_heading_else_the_name() -> None:
    assert parsed("## Small\n\n# Top\n\nText.").title == "Top"
    assert parsed("## Small\n\nText.").title == "Some notes"


def test_raw_html_cannot_hide_what_follows() -> None:
    hiding = "<div hidden>\n<script>\nevil()\n</script>"
    source = f"A <title> tag and <script> here.\n\n{hiding}\n\nThe *rest* stays.\n\n<nav>\n\nTo the end."
    assert parsed(source).text == "A tag and here.\n\nThe rest stays.\n\nTo the end."


def test_deep_nesting_does_no_harm() -> None:
    assert parsed(">" * 60 + " quoted").text == "quoted"
    assert parsed(">" * 5000 + " lost\n\n" + "[" * 5000 + "\n\nkept").text.endswith("kept")
    assert parsed("kept\n\n" + "- " * 3000 + "lost").text.startswith("kept")


def test_lines_that_begin_with_a_label_stay_lines() -> None:
    labels = "**Date:** 12 March\n**Present:** Ida Berg,\nOle Moe\nPlace: Tarn"
    prose = "Show one of these at the{}desk: a passport or a card."
    assert parsed(f"{labels}\n\n{prose.format(chr(10))}").text == (
        f"Date: 12 March\nPresent: Ida Berg, Ole Moe\nPlace: Tarn\n\n{prose.format(' ')}"
    )
