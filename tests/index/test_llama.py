from __future__ import annotations

from pathlib import Path

import pytest

from index.library import Library
from index.llama import LibraryRetriever


@pytest.fixture
def library(tmp_path: Path) -> Library:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "tea.md").write_text("# Tea\n\n## Brewing\n\nGreen tea is brewed at eighty degrees.\n")
    library = Library.open(tmp_path / "home")
    list(library.sync([folder], "kitchen"))
    return library


def test_a_node_names_its_span_and_its_place(library: Library) -> None:
    [found] = LibraryRetriever(library).retrieve("How hot is green tea brewed?")
    span = library.locate(found.node.node_id)
    assert span.text[span.start : span.end] == found.node.get_content()
    assert found.node.metadata["title"] == "Tea"


def test_spaces_that_were_not_asked_stay_closed(library: Library) -> None:
    assert LibraryRetriever(library, spaces={"office"}).retrieve("How hot is green tea brewed?") == []


async def test_an_asynchronous_program_retrieves_too(library: Library) -> None:
    [found] = await LibraryRetriever(library).aretrieve("How hot is green tea brewed?")
    assert "eighty degrees" in found.node.get_content()
