from __future__ import annotations

from pathlib import Path

import pytest

from index.readers import read


def text_of(source: str, name: str = "people_list.csv") -> str:
    return read(source.encode(), Path(name)).text


def test_quotes_and_line_breaks_within_cells() -> None:
    source = 'Name,Note\r\nAda,"first, ""prog\r\nrammer"""\r\n'
    assert text_of(source) == 'Name: Ada; Note: first, "prog rammer"'


def test_ragged_rows_and_empty_cells() -> None:
    assert text_of("Name,,Age\nAda,x,36,extra\n,,\nBob\n") == "Name: Ada; x; Age: 36; extra\nName: Bob"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(separator: str) -> None:
    rows = (["Name", "Age", "Town"], ["Ada", "36", "London"], ["Bob", "40", "Paris"])
    source = "\n".join(map(separator.join, rows))
    assert text_of(source) == "Name: Ada; Age: 36; Town: London\nName: Bob; Age: 40; Town: Paris"


@pytest.mark.parametrize("line", ["sep=^\r\n", "SEP=^\n", '"sep=^"\r\n', "\ufeffsep=^\r\n"])
def test_a_first_line_may_name_the_separator_and_is_no_data(line: str) -> None:
    rows = "Depot^Manager, acting^Phone\r\nGhent^Ott, Lena^+32 9 111\r\n"
    assert text_of(line + rows) == "Depot: Ghent; Manager, acting: Ott, Lena; Phone: +32 9 111"


def test_what_stands_over_the_headers_is_kept_and_is_none() -> None:
    title = "Price list 2025,,\n,,\nIn euros,,\n"
    table = "Item,Price,Unit\nApple,1.20,kg\nPear,,kg\nBread,2.80,\n"
    assert text_of(title + table).split("\n") == [
        *("Price list 2025", "In euros", ""),
        *("Item: Apple; Price: 1.20; Unit: kg", "Item: Pear; Unit: kg", "Item: Bread; Price: 2.80"),
    ]


def test_a_title_over_a_header_alone() -> None:
    assert text_of("Price list,,\nItem,Price,Unit\n") == "Price list\n\nItem; Price; Unit"


@pytest.mark.parametrize(
    ("table", "row"),
    [
        (",price\napple,3\npear,4\n", "apple; price: 3"),
        ("Item,Price,,\nNut,4,a,b\nBolt,5,c,d\n", "Item: Nut; Price: 4; a; b"),
        ("Region,,\nNorth,10,12\nSouth,11,13\n", "Region: North; 10; 12"),
    ],
)
def test_headers_with_empty_cells_are_no_title(table: str, row: str) -> None:
    assert text_of(table).split("\n")[0] == row


def test_headers_may_leave_a_column_without_a_name() -> None:
    assert (
        text_of(",2024,2025\nRent,10,12\nHeat,4,5\n") == "Rent; 2024: 10; 2025: 12\nHeat; 2024: 4; 2025: 5"
    )


def test_a_table_with_many_gaps_has_its_headers() -> None:
    assert text_of("Name,Mon,Tue,Wed\nAda,x,,\nBob,,,x\n") == "Name: Ada; Mon: x\nName: Bob; Wed: x"


def test_a_tsv_is_split_at_tabs_alone() -> None:
    assert (
        text_of("Notes, all\nAda, first\nBob, next\n", "x.tsv")
        == "Notes, all: Ada, first\nNotes, all: Bob, next"
    )


def test_one_column_is_a_table_too() -> None:
    assert text_of("Name\nAda\nBob\n") == "Name: Ada\nName: Bob"


def test_a_header_alone_is_not_lost() -> None:
    assert text_of("Name,Age\n") == "Name; Age"


def test_a_cell_may_be_long() -> None:
    assert len(text_of("Name,Note\nAda," + "x" * 200_000)) > 200_000


def test_the_title_is_the_file_s_name() -> None:
    assert read(b"Name\nAda", Path("people_list.csv")).title == "People list"
