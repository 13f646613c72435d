"""The command as a user runs it: each of its words, what it prints and how it ends."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from contextlib import suppress
from importlib.metadata import version

import pytest

from index.library import Library

pytestmark = pytest.mark.e2e

HARBOUR = """# Harbour

The north pier was rebuilt in 1987. The new pier cost 4,000 francs.

## Lighthouse

The keeper’s lamp burns for 19 hours a day in winter. The lighthouse has 199 steps.
"""
FERRY = "# Ferry\n\nThe ferry sails at seven in the morning. A ticket costs three francs.\n"
STEPS = "How many steps has the lighthouse?"
LAMP = "How many hours a day does the keeper's lamp burn?"
UNKNOWN = "Who painted the ceiling of the cathedral?"

ANSWER = {
    "schema": int,
    "question": str,
    "status": str,
    "text": str,
    "claims": list,
    "citations": list,
    "nearest": list,
    "confidence": float,
    "timings_ms": dict,
    "looked_up": str,
    "incomplete": str,
    "usage": dict | None,
}
CITATION = {
    "n": int,
    "id": str,
    "document": str,
    "title": str,
    "version": str,
    "page": str | None,
    "heading": str,
    "start": int,
    "end": int,
    "quote": str,
    "url": str,
}


@pytest.fixture(scope="module")
def footnote(tmp_path_factory, footnote_in):
    """A library of two documents; the tests here only read it."""
    footnote = footnote_in(tmp_path_factory.mktemp("harbour"))
    documents = footnote.folder / "documents"
    documents.mkdir()
    (documents / "harbour.md").write_text(HARBOUR)
    (documents / "ferry.md").write_text(FERRY)
    done = footnote("index", "documents")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("2 added, 0 changed, 0 removed, 0 unchanged: 2 documents, ")
    return footnote


def has_the_shape_of(shown, schema) -> bool:
    return list(shown) == list(schema) and all(
        isinstance(shown[name], kind) for name, kind in schema.items()
    )


def test_an_answer_is_printed_with_its_source(footnote):
    done = footnote("ask", STEPS)
    assert (done.returncode, done.stderr) == (0, "")
    answer, _, source = done.stdout.partition("\n\n")
    assert answer == "The lighthouse has 199 steps. [1]"
    assert source.startswith("[1] Harbour › Lighthouse — “The lighthouse has 199 steps.” (id ")


def test_an_answer_in_json_has_exactly_the_documented_shape(footnote):
    shown = footnote.json("ask", STEPS)
    assert has_the_shape_of(shown, ANSWER)
    assert (shown["schema"], shown["question"], shown["status"]) == (1, STEPS, "answered")
    assert shown["text"] == "The lighthouse has 199 steps. [1]"
    assert shown["claims"] == [{"text": "The lighthouse has 199 steps.", "citations": [1]}]
    assert shown["nearest"] == []
    (citation,) = shown["citations"]
    assert has_the_shape_of(citation, CITATION)
    assert citation["document"] == str(footnote.folder / "documents" / "harbour.md")
    assert (citation["title"], citation["heading"]) == ("Harbour", "Harbour › Lighthouse")


def test_declining_has_the_same_shape_and_ends_with_3(footnote):
    done = footnote("ask", UNKNOWN, "--json")
    shown = json.loads(done.stdout)
    assert (done.returncode, shown["status"]) == (3, "not_found")
    assert has_the_shape_of(shown, ANSWER)
    assert all(has_the_shape_of(citation, CITATION) for citation in shown["nearest"])
    assert (shown["text"], shown["claims"], shown["citations"]) == ("The documents don't say.", [], [])


def test_a_question_can_come_through_a_pipe(footnote):
    done = footnote("ask", "-", given=f"{STEPS}\n")
    assert (done.returncode, done.stdout.partition("\n")[0]) == (0, "The lighthouse has 199 steps. [1]")


def test_a_reader_of_one_line_gets_it_and_no_complaint(footnote):
    done = footnote.shell(f'"$FOOTNOTE" ask "{STEPS}" | head -1')
    assert (done.returncode, done.stdout, done.stderr) == (0, "The lighthouse has 199 steps. [1]\n", "")


def test_a_conversation_goes_through_a_pipe(footnote):
    given = "hello\nWhen was the north pier rebuilt?\nAnd how much did it cost?\nexit\nnot read\n"
    done = footnote("chat", given=given)
    assert (done.returncode, done.stderr) == (0, "")
    said = [part for part in done.stdout.strip().split("\n\n") if not part.startswith("[")]
    greeting, pier, cost = said
    assert greeting.startswith("Hello!")
    assert "1987" in pier
    assert "The new pier cost 4,000 francs. [" in cost


def test_a_citation_is_shown_in_its_place(footnote):
    (citation,) = footnote.json("ask", STEPS)["citations"]
    done = footnote("cite", citation["id"], "--context", "1")
    assert (done.returncode, done.stderr) == (0, "")
    place, span, version, _, *shown = done.stdout.splitlines()
    assert place == "Harbour › Lighthouse"
    assert span.endswith(f"characters {citation['start']} to {citation['end']}, id {citation['id']}")
    assert version.startswith(f"version {citation['version']} of 20")
    assert " ".join(shown) == HARBOUR.splitlines()[-1]


@pytest.mark.parametrize(
    "typed",
    [
        "The keeper's lamp burns",
        "“THE  keeper’s\tLamp burns”",
        '"the keeper\'s\n lamp BURNS"',
    ],
)
def test_a_quote_is_found_however_it_is_typed(footnote, typed):
    (passage,) = footnote.json("cite", typed, "--context", "0")["passages"]
    assert passage["citation"]["quote"] == "The keeper’s lamp burns"
    assert (passage["before"], passage["after"]) == ("", " for 19 hours a day in winter.")


def test_what_nobody_wrote_is_not_found_and_what_comes_closest_is_shown_as_such(footnote):
    done = footnote("cite", "The lamp burns for 20 hours")
    assert done.returncode == 3
    assert done.stdout.startswith("What comes closest; none of it is the source:\n")
    assert len(done.stderr.splitlines()) == 1


def test_an_unknown_id_shows_nothing(footnote):
    done = footnote("cite", "zzzzzz-0-000")
    assert done.returncode == 3
    assert len(done.stderr.splitlines()) == 1


def test_a_citation_is_the_stored_documents_own_words(footnote):
    (citation,) = footnote.json("ask", LAMP)["citations"]
    with Library.open(footnote.home) as library:
        span = library.locate(citation["id"])
    assert span.text[citation["start"] : citation["end"]] == citation["quote"]
    assert span.source.version == citation["version"]


def test_the_documents_are_listed(footnote):
    rows = [line.split("\t") for line in footnote("sources").stdout.splitlines()]
    assert [row[:2] for row in rows] == [["default", "Ferry"], ["default", "Harbour"]]
    listed = footnote.json("sources")["sources"]
    assert [source["document"] for source in listed] == [row[-1] for row in rows]


def test_the_doctor_finds_a_library_well_or_says_what_is_missing(footnote):
    well = footnote("doctor")
    assert (well.returncode, well.stderr) == (0, "")
    assert all(line.startswith("✓ ") for line in well.stdout.splitlines())
    missing = footnote("doctor", FOOTNOTE_HOME=str(footnote.folder / "elsewhere"))
    assert missing.returncode == 1
    assert "✗ library: " in missing.stdout


def test_the_settings_are_listed_and_can_be_given_three_ways(footnote):
    elsewhere = footnote.folder / "elsewhere"
    by_variable = footnote("config", FOOTNOTE_HOME=str(elsewhere)).stdout
    by_option = footnote("config", "--home", str(elsewhere)).stdout
    before_the_command = footnote("--home", str(elsewhere), "config").stdout
    assert f"FOOTNOTE_HOME={elsewhere}\n" in by_variable
    assert by_variable == by_option == before_the_command


def test_help_and_version(footnote):
    shown = footnote("--help")
    assert shown.returncode == 0
    assert all(
        name in shown.stdout for name in ("index", "ask", "chat", "cite", "sources", "doctor", "config")
    )
    assert footnote("--version").stdout == f"footnote {version('footnote')}\n"


@pytest.mark.parametrize("words", [["ask"], ["index"], ["asc", STEPS], ["ask", STEPS, "-k", "none"]])
def test_a_wrong_use_ends_with_2(footnote, words):
    done = footnote(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Error" in done.stderr


@pytest.mark.parametrize(
    ("setting", "value"), [("FOOTNOTE_LOG_LEVEL", "loud"), ("FOOTNOTE_HOME", "documents/ferry.md")]
)
def test_a_wrong_setting_ends_with_4(footnote, setting, value):
    done = footnote("ask", STEPS, **{setting: value})
    assert (done.returncode, done.stdout) == (4, "")
    assert len(done.stderr.splitlines()) == 1


def test_asking_an_empty_library_ends_with_4_and_says_what_to_do(footnote):
    done = footnote("ask", STEPS, FOOTNOTE_HOME=str(footnote.folder / "elsewhere"))
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr == "The library holds no documents yet: run `footnote index PATH` first.\n"


@pytest.mark.parametrize(("environment", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_a_terminal_is_coloured_unless_it_wants_no_colour(footnote, environment, coloured):
    shown = in_a_terminal([footnote.command, "ask", STEPS], {**footnote.environment, **environment})
    assert b"The lighthouse has 199 steps." in shown
    assert (b"\x1b[36m[1]" in shown) is coloured


def in_a_terminal(command: list[str], environment: dict[str, str]) -> bytes:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        command, env={**environment, "TERM": "xterm-256color"}, stdin=theirs, stdout=theirs, stderr=theirs
    ):
        os.close(theirs)
        shown = b""
        with suppress(OSError):  # which is how a terminal ends once nobody holds its other side
            while part := os.read(ours, 4096):
                shown += part
    os.close(ours)
    return shown


def test_without_a_network_it_answers_all_the_same(footnote, cut_off):
    done = footnote("ask", STEPS, under=cut_off)
    assert (done.returncode, done.stderr) == (0, "")
    assert "199" in done.stdout
