import io
import unicodedata
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from bot.render import terminal
from bot.types import Answer, Citation, CitedPassage, Claim, Lookup, Status
from index.library import Finding
from index.records import StoredDocument
from index.sync import Failure, Synced
from index.types import Source

CITATION = Citation(
    1,
    "k7f3qm-9s4-3z7k",
    "/docs/leave.pdf",
    "Leave",
    "0123456789abcdef",
    "3",
    "Staff › Rest",
    5,
    17,
    "Take a rest.",
)
ANSWER = Answer(
    "How long?", Status.ANSWERED, "Take a rest. [1]", (Claim("Take a rest.", (1,)),), (CITATION,)
)
HOSTILE = st.text(st.characters(), max_size=60) | st.text(
    "\x1b[]31m\x07\x9b\r\u202e\u2066\U000e0041\ud800 \nab:smile"
)


def shown(renderable, tty: bool = False) -> str:
    """What a pipe, or a terminal of 40 columns without colour, receives."""
    out = io.StringIO()
    console = Console(file=out, force_terminal=tty, no_color=tty, width=40, markup=False, emoji=False)
    console.print(renderable, soft_wrap=not tty)
    return out.getvalue()


def test_an_answer_is_its_text_and_a_line_for_every_source():
    assert shown(terminal.answer(ANSWER)) == (
        "Take a rest. [1]\n\n[1] Leave › Staff › Rest, p. 3 — “Take a rest.” (id k7f3qm-9s4-3z7k)\n"
    )


def test_an_abstention_lists_what_came_nearest():
    answer = Answer("Who?", Status.NOT_FOUND, "The documents don't say.", nearest=(CITATION,))
    assert shown(terminal.answer(answer)).splitlines()[0] == "The documents don't say."
    assert "- Leave › Staff › Rest, p. 3 — “Take a rest.”" in shown(terminal.answer(answer))


def test_small_talk_is_one_line():
    assert shown(terminal.answer(Answer("hello", Status.SMALL_TALK, "Hello! Ask."))) == "Hello! Ask.\n"


def test_a_place_says_a_title_once_and_a_slide_by_its_label():
    assert terminal.place(replace(CITATION, title="Staff", page=None)) == "Staff › Rest"
    assert terminal.place(replace(CITATION, heading="", page="Slide 2")) == "Leave, Slide 2"
    assert terminal.place(replace(CITATION, heading="Leave", page=None)) == "Leave"


def test_a_long_quote_is_cut_and_takes_one_line():
    lines = shown(
        terminal.answer(replace(ANSWER, citations=(replace(CITATION, quote="so\nlong " * 100),)))
    ).splitlines()
    assert len(lines) == 3
    assert "…”" in lines[2]
    assert len(lines[2]) < 300


def test_a_cited_passage_stands_between_its_neighbours():
    text = shown(terminal.cited(Lookup((CitedPassage(CITATION, "Well. ", "\nThen go on."),))))
    assert text.endswith("\n\nWell. Take a rest.\nThen go on.\n")
    assert "/docs/leave.pdf, characters 5 to 17, id k7f3qm-9s4-3z7k" in text


def test_markup_and_emoji_names_in_a_document_are_only_text():
    words = "[bold]Rest[/bold] [link=https://example.org]:smile:[/link]"
    hostile = replace(CITATION, quote=words, title=words, document=words)
    answer = replace(ANSWER, text=words, citations=(hostile,))
    assert shown(terminal.answer(answer)).count(words) == 3
    assert words in shown(terminal.cited(Lookup((CitedPassage(hostile, words, words),))))


@given(HOSTILE)
def test_nothing_from_a_document_reaches_a_terminal_as_a_control(text):
    citation = replace(CITATION, quote=text, title=text, heading=text, page=text, document=text)
    answer = replace(ANSWER, text=text, citations=(citation,))
    for renderable in (
        terminal.answer(answer),
        terminal.answer(replace(answer, status=Status.NOT_FOUND, citations=(), nearest=(citation,))),
        terminal.cited(Lookup((CitedPassage(citation, text, text),))),
    ):
        characters = set(shown(renderable)) - {"\n"}
        assert not {c for c in characters if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"}}
        assert not characters & set("\u202e\u2066\U000e0041")


def test_on_a_terminal_the_markers_are_coloured_unless_no_color_is_set(monkeypatch):
    out = io.StringIO()
    Console(file=out, force_terminal=True, color_system="standard").print(terminal.answer(ANSWER))
    assert "\x1b[36m[1]\x1b[0m" in out.getvalue()
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("FORCE_COLOR", "1")
    plain_console = terminal.console()
    assert plain_console.no_color


def test_a_pipe_never_gets_a_broken_line(capsys):
    terminal.console().print(terminal.answer(replace(ANSWER, text="word " * 100)))
    assert capsys.readouterr().out.splitlines()[0] == "word " * 100


def document(title: str) -> StoredDocument:
    source = Source("k7f3qm", f"/docs/{title}.md", title, "default", "0123456789abcdef")
    return StoredDocument(1, source, (), 1234, 3, "2026-05-01T10:00:00+00:00")


def test_sources_are_a_table_on_a_terminal_and_fields_between_tabs_in_a_pipe():
    listing = [document("[b]Leave[/b]"), document("two\nlines\x1b[2J\there")]
    table = io.StringIO()
    Console(file=table, width=200, markup=False).print(terminal.sources(listing))
    assert "[b]Leave[/b]" in table.getvalue()
    assert "two lines[2J here" in table.getvalue()
    first, second = terminal.source_lines(listing)
    assert first.split("\t")[:4] == ["default", "[b]Leave[/b]", "3", "1234"]
    assert len(second.split("\t")) == len(first.split("\t")) == 6


def test_an_index_run_ends_in_one_line_that_counts():
    failed = (Failure("/docs/b.pdf", "is empty"),)
    assert shown(terminal.synced(Synced(10, 1, 2, 3, failed, 14, 1200, 0.84))) == (
        "10 added, 1 changed, 2 removed, 3 unchanged, 1 not read: 14 documents, 1,200 chunks in 0.8 s.\n"
    )
    assert "not read" not in shown(terminal.synced(Synced(1, 0, 0, 0, (), 1, 1, 0.1)))


def test_findings_tell_good_from_bad_without_colour():
    found = [Finding("catalog", True, "2 documents"), Finding("indexes", False, "damaged")]
    assert shown(terminal.findings(found)) == "✓ catalog: 2 documents\n✗ indexes: damaged\n"
