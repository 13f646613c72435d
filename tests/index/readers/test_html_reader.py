from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import ReadError
from index.readers import read
from index.types import heading_at

if TYPE_CHECKING:
    from index.types import Document


def parsed(page: str | bytes) -> Document:
    return read(page.encode() if isinstance(page, str) else page, Path("some_page.html"))


def test_nothing_a_reader_does_not_see_is_read() -> None:
    page = """<head><title>no</title><style>no</style></head><p>Seen<script>no</script> on.
    <!-- no --><noscript>no</noscript><template>no</template><nav>no</nav><p hidden>no</p>
    <p style="Display : none">no</p>
    <svg><title>no</title></svg><select><option>no</select><details><summary>More</summary>read</details>"""
    assert parsed(page).text == "Seen on.\n\nMore\n\nread"


def test_white_space_is_the_page_s_and_not_the_file_s() -> None:
    assert parsed("<p>one\n   two&nbsp;three<br>four</p>five<pre>  a\n    b</pre>").text == (
        "one two three\nfour\n\nfive\n\n  a\n    b"
    )


def test_lists_stand_a_line_an_item() -> None:
    page = "<ul><li><p>a</p><ul><li>b</ul><li>c</ul><ol start=3><li>x<li>y</ol>"
    assert parsed(page).text == "- a\n  - b\n- c\n\n3. x\n4. y"


@pytest.mark.parametrize(
    ("terms", "lines"),
    [
        ("<dt>Soup</dt><dd>€2.80</dd><dt>Fish<dd>€6.50", ["Soup: €2.80", "Fish: €6.50"]),
        ("<dt>May I?</dt><dd>Yes.</dd><dt>When:<dd>Now.", ["May I? Yes.", "When: Now."]),
        ("<dt>Hue</dt><dt>Tint</dt><dd>A shade.", ["Hue, Tint: A shade."]),
        ("<dt>Author</dt><dd>Ada<dd>Bob</dd>", ["Author: Ada", "Author: Bob"]),
        ("<div><dt>Leave</dt><dd><p>20 days.<p>Ask first.</dd></div>", ["Leave: 20 days.", "  Ask first."]),
        ("<dt>Tea</dt><dd></dd><dt>Cake</dt><dd>€3", ["Tea", "Cake: €3"]),
        ("<dt>Menu</dt><dd><ul><li>Soup<li>Fish</ul>", ["Menu", "  - Soup", "  - Fish"]),
        (
            "<dt>Tea</dt><dd>Hot<dl><dt>Mint<dd>Green</dl></dd><dd>Wet",
            ["Tea: Hot", "  Mint: Green", "  Wet"],
        ),
        ("<dt><h3>May I?</h3></dt><dd>Yes.", ["May I?", "", "  Yes."]),
    ],
)
def test_a_term_and_what_it_means_stand_on_one_line(terms: str, lines: list[str]) -> None:
    assert parsed(f"<dl>{terms}</dl>").text.split("\n") == lines


TAGS = "<dl> </dl> <dt> </dt> <dd> </dd> <p> <div> </div> <ul> <li> <h2> </h2>"


@given(st.lists(st.sampled_from(TAGS.split())))
def test_no_word_of_a_list_of_terms_is_lost(tags: list[str]) -> None:
    page = "".join(f"{tag}w{n}." for n, tag in enumerate(tags))
    assert all(f"w{n}." in parsed(f"{page}end").text for n in range(len(tags)))


def test_cells_that_span_are_read_with_the_right_headers() -> None:
    page = """<table><tr><th rowspan=2>Name<th colspan=2>Leave<tr><th>Paid<th>Unpaid
    <tr><td rowspan=2>Ada<td>1<td>2<tr><td>3<td>4<tr><td>Bob<td colspan=2>5</table>"""
    assert parsed(page).text.split("\n") == [
        "Name: Ada; Leave Paid: 1; Leave Unpaid: 2",
        "Name: Ada; Leave Paid: 3; Leave Unpaid: 4",
        "Name: Bob; Leave Paid: 5",
    ]


def test_a_row_s_own_header_leads_it() -> None:
    page = "<table><tr><th colspan=2>Facts<tr><th>Born:<td>1815<br>London</table>"
    assert parsed(page).text == "Facts\nBorn: 1815 London"


def test_headers_without_rows_are_not_lost() -> None:
    assert parsed("<table><thead><tr><td>Kind<td>Days</table>").text == "Kind; Days"


def test_a_table_that_lays_out_a_page_is_read_as_the_page() -> None:
    page = "<table><tr><td>Side<td><h1>Main</h1><p>Text.<table><tr><th>Kind<tr><td>Sick</table></table>"
    document = parsed(page)
    assert document.text == "Side\n\nMain\n\nText.\n\nKind: Sick"
    assert [mark.label for mark in document.marks] == ["Main"]


def test_cells_outside_rows_and_tables_are_not_lost() -> None:
    assert parsed("<table><td>a</table><td>b<li>c</li></h1>d").text == "a\n\nb\n\nc\n\nd"


@pytest.mark.parametrize(
    ("page", "title"),
    [
        ("<title> The\n page </title><h1>Top</h1>", "The page"),
        ("<h1>Top</h1>", "Top"),
        ("<p>x", "Some page"),
    ],
)
def test_the_title(page: str, title: str) -> None:
    assert parsed(page).title == title


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("windows-1251", "cp1251"), ("no-such-charset", "utf-8"), ("utf-16", "utf-8"), ("a\0b", "utf-8")],
)
def test_the_declared_encoding_counts_where_it_can_be_true(declared: str, encoding: str) -> None:
    page = f'<meta charset="{declared}"><p>Отпуск.'.encode(encoding)
    assert parsed(page).text == parsed(page + b"\n").text == "Отпуск."


def test_latin_1_means_what_browsers_take_it_for() -> None:
    assert parsed('<meta charset="iso-8859-1"><p>“5 €”'.encode("cp1252")).text == "“5 €”"


def test_deep_nesting_is_refused_rather_than_cut() -> None:
    with pytest.raises(ReadError, match="nested too deeply"):
        parsed("<div>" * 50_000 + "deep" + "</div>" * 50_000 + "<p>after")


def test_a_header_that_claims_to_be_huge_stays_small() -> None:
    page = "<table><tr>" + "<th colspan=9999>x" * 3 + "<tr>" + "<td>y" * 5000 + "</table>"
    assert parsed(page).text.count("x: y") < 1010


def test_what_is_too_long_for_a_header_is_said_once() -> None:
    page = f"<table><tr><th colspan=900>{'word ' * 1000}<th>x<tr><td>a<td>b</table>"
    assert parsed(page).text.count("word") == 1000


def test_headers_over_headers_stay_short_and_lose_no_word() -> None:
    over = "".join(f"<tr><th>word {n}.<th>x" for n in range(100))
    lines = parsed(f"<table>{over}{'<tr><td>a<td>b' * 100}</table>").text.split("\n")
    assert max(map(len, lines)) < 400
    assert all(any(f"word {n}." in line for line in lines) for n in range(100))


def test_a_summary_is_the_heading_of_its_details_alone() -> None:
    faq = "<details><summary>I forgot my {}.</summary><p>Ask Ida{}.</p></details>"
    document = parsed(f"<h2>Help</h2>{faq.format('key', '')}{faq.format('name', ' or Ole')}<p>The end.</p>")
    assert [
        heading_at(document.marks, document.text.index(words)) for words in ("Ask Ida.", "or Ole", "end")
    ] == [
        "Help › I forgot my key.",
        "Help › I forgot my name.",
        "Help",
    ]
