"""Files and questions that are no good: a clear line each, the right exit code, nothing lost."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

pytestmark = pytest.mark.e2e

GOOD = "# Harbour\n\nThe lighthouse has 199 steps.\n"
STEPS = "How many steps has the lighthouse?"
ANSWER = "The lighthouse has 199 steps. [1]"
# Holds a SQLite file until its input ends.
HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.read()
"""
LATIN_1 = "Le café Rütli ferme à minuit, près du château, et l'été il ouvre à 23 heures."
PAGE = """<!doctype html><title>Rain</title><script>var told = "the cookies number 77";</script>
<style>p { color: red }</style><h1>Rain</h1><p onclick="x()">It rained on 143 days.</p>"""
# The files that cannot be read, and a word of the reason that is given.
REASONS = {
    "empty.txt": "empty",
    "blank.txt": "no text",
    "binary.txt": "binary",
    "large.txt": "larger",
    "locked.txt": "Permission denied",
    "loop.txt": "symbolic links",
    "vanished.txt": "No such file",
    "pipe.txt": "not a file",
    "encrypted.pdf": "encrypted",
    "broken.pdf": "not a readable PDF",
    "scanned.pdf": "OCR",
    "broken.docx": "not a readable Word document",
}


def write_pdf(path: Path, text: str, password: str | None = None) -> None:
    canvas = Canvas(str(path), encrypt=password and StandardEncryption(password))
    canvas.drawString(72, 700, text)
    canvas.showPage()
    canvas.save()


def fill(folder: Path) -> None:
    """Four files that can be read, and those in `REASONS`."""
    (folder / "good.md").write_text(GOOD)
    (folder / "latin.txt").write_text(LATIN_1, encoding="latin-1")
    (folder / "page.html").write_text(PAGE)
    write_pdf(folder / "whole.pdf", "The tunnel is 812 metres long.")
    (folder / "empty.txt").touch()
    (folder / "blank.txt").write_text(" \n\n")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 40)
    with (folder / "large.txt").open("wb") as file:
        file.truncate(100_000_000)
    (folder / "locked.txt").write_text("Nobody may read this.")
    (folder / "locked.txt").chmod(0)
    (folder / "loop.txt").symlink_to("loop.txt")
    (folder / "around").symlink_to(".")
    (folder / "vanished.txt").symlink_to("was-here.txt")
    os.mkfifo(folder / "pipe.txt")
    write_pdf(folder / "encrypted.pdf", "Hidden words.", password="sesame")
    write_pdf(folder / "scanned.pdf", "")
    (folder / "broken.pdf").write_bytes((folder / "whole.pdf").read_bytes()[:300])
    (folder / "broken.docx").write_bytes(b"PK\x03\x04, and no more")


@pytest.fixture(scope="module")
def indexed(tmp_path_factory, footnote_in, bound_by_permissions):
    """The command, and how it went to index a folder of bad files with four good ones."""
    footnote = footnote_in(tmp_path_factory.mktemp("mixed"))
    documents = footnote.folder / "documents"
    documents.mkdir()
    fill(documents)
    return footnote, footnote("index", "documents", "--json", under=bound_by_permissions)


def test_each_bad_file_is_named_with_its_reason_and_the_rest_go_on(indexed):
    _, done = indexed
    shown = json.loads(done.stdout)
    assert (done.returncode, shown["added"]) == (0, 4)
    reasons = {Path(failure["path"]).name: failure["reason"] for failure in shown["failed"]}
    assert reasons.keys() == REASONS.keys()
    assert all(REASONS[name] in reason for name, reason in reasons.items()), reasons


def test_each_bad_file_is_one_line_on_stderr(indexed):
    _, done = indexed
    lines = done.stderr.splitlines()
    assert sorted(Path(line.split(" ", 1)[0]).name for line in lines) == sorted(REASONS)
    assert all(line.endswith(".") for line in lines)


@pytest.mark.parametrize(
    ("question", "number"),
    [
        (STEPS, "199"),
        ("À quelle heure ouvre le café Rütli l'été ?", "23"),
        ("On how many days did it rain?", "143"),
        ("How long is the tunnel?", "812"),
    ],
)
def test_the_good_files_beside_them_are_answered_from(indexed, question, number):
    footnote, _ = indexed
    assert number in footnote.json("ask", question)["text"]


def test_a_pages_script_is_no_part_of_it(indexed):
    footnote, _ = indexed
    assert footnote("cite", "the cookies number 77").returncode == 3


@pytest.mark.parametrize("name", ["nowhere", "documents/empty.txt", "documents/broken.pdf"])
def test_to_read_nothing_at_all_is_a_failure(indexed, name):
    footnote, _ = indexed
    done = footnote("index", name)
    assert done.returncode == 1
    named, summary = done.stderr.splitlines()
    assert name in named
    assert summary == "No document could be read there."


@pytest.mark.parametrize("question", ["", " \t", "?!… -- ,;", "\x1b\u202e\u200b", "steps " * 1667])
def test_what_is_no_question_is_one_line_and_a_wrong_use(indexed, question):
    footnote, _ = indexed
    done = footnote("ask", "-", given=question)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "question", ["what is the of and", "教堂的天花板是谁画的？", "¿?a", "\U0001f600 x"]
)
def test_a_question_that_finds_nothing_is_declined(indexed, question):
    footnote, _ = indexed
    done = footnote("ask", question)
    assert (done.returncode, done.stderr) == (3, "")
    assert done.stdout.startswith("The documents don't say.")


def test_10_000_characters_are_a_question(indexed):
    footnote, _ = indexed
    question = (STEPS + " ") * 300
    done = footnote("ask", question[:10_000])
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("The lighthouse has 199 steps. [1]")


def test_controls_and_turned_writing_are_seen_through_and_never_shown(indexed):
    footnote, _ = indexed
    done = footnote("ask", "How many \u202esteps\u202c has\x1b[31m\a the light\u200bhouse?", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["text"] == "The lighthouse has 199 steps. [1]"
    assert not {"\u202e", "\u200b", "\x1b", "\a"} & set(done.stdout)


def test_a_full_disk_is_one_line_and_loses_nothing(footnote, small_disk):
    (footnote.folder / "good.md").write_text(GOOD)
    (footnote.folder / "many").mkdir()
    for n in range(20):
        rows = "\n\n".join(
            f"Lamp {n * 100 + i} was lit in {1800 + i} by keeper {i * n}." for i in range(900)
        )
        (footnote.folder / "many" / f"{n}.txt").write_text(rows)
    footnote.home.mkdir()
    done = footnote.shell(
        f"""mount -t tmpfs -o size=3m none "$FOOTNOTE_HOME"
        "$FOOTNOTE" index good.md && "$FOOTNOTE" index many; echo $?
        "$FOOTNOTE" ask "{STEPS}"; echo $?""",
        under=small_disk,
    )
    _, full, answer, *_, code = done.stdout.splitlines()
    assert (full, code) == ("4", "0"), done.stderr
    assert answer == "The lighthouse has 199 steps. [1]"
    assert "disk" in done.stderr.splitlines()[0]


@pytest.fixture
def filled(footnote):
    """The command, and a library that answers `STEPS`."""
    (footnote.folder / "good.md").write_text(GOOD)
    assert footnote("index", "good.md").returncode == 0
    return footnote


def test_a_library_on_a_disk_with_no_byte_left_is_asked_all_the_same(filled, small_disk):
    disk = filled.folder / "disk"
    disk.mkdir()
    done = filled.shell(
        f"""mount -t tmpfs -o size=3m none "{disk}"; cp -a "$FOOTNOTE_HOME/." "{disk}"
        cat /dev/zero > "{disk}/ballast" 2> /dev/null
        "$FOOTNOTE" --home "{disk}" ask "{STEPS}"; echo $?
        "$FOOTNOTE" --home "{disk}" index good.md; echo $?""",
        under=small_disk,
    )
    lines = done.stdout.splitlines()
    assert (lines[0], lines[-2:]) == (ANSWER, ["0", "4"]), done.stderr
    (line,) = done.stderr.splitlines()
    assert "see that the disk has room" in line


def test_a_library_on_a_read_only_disk_is_asked_all_the_same(filled, small_disk):
    done = filled.shell(
        f"""mount --bind "$FOOTNOTE_HOME" "$FOOTNOTE_HOME"; mount -o remount,bind,ro "$FOOTNOTE_HOME"
        "$FOOTNOTE" ask "{STEPS}"; echo $?
        "$FOOTNOTE" index good.md; echo $?""",
        under=small_disk,
    )
    lines = done.stdout.splitlines()
    assert (lines[0], lines[-2:]) == (ANSWER, ["0", "4"]), done.stderr
    (line,) = done.stderr.splitlines()
    assert "Read-only file system" in line


@pytest.mark.parametrize("left", ["", "-wal"], ids=["closed", "killed"])
def test_a_library_that_one_may_only_read_is_asked_all_the_same(filled, bound_by_permissions, left):
    if left:  # a writer that is killed leaves its changes beside the catalog
        change = "import os, sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None)"
        change += "; c.execute(\"INSERT INTO meta VALUES ('a', 'b')\"); os._exit(9)"
        subprocess.run([sys.executable, "-c", change, str(filled.home / "catalog.db")], check=False)
        assert (filled.home / "catalog.db-wal").stat().st_size > 0
    for path in (*filled.home.rglob("*"), filled.home):
        path.chmod(path.stat().st_mode & ~0o222)
    before = sorted(filled.home.rglob("*"))
    done = filled("ask", STEPS, under=bound_by_permissions, TMPDIR=str(filled.folder))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == ANSWER
    assert sorted(filled.home.rglob("*")) == before
    assert list(filled.folder.glob("footnote-*")) == []  # what was copied is gone


def test_a_chroma_that_another_process_holds_keeps_nobody_waiting(filled):
    (file,) = filled.home.glob("vectors/*/chroma.sqlite3")
    with held(file):
        for _ in ("as it was closed", "as it would look had it been opened since"):
            done = filled("ask", STEPS)
            assert (done.returncode, done.stderr, done.stdout.splitlines()[0]) == (0, "", ANSWER)
            os.utime(file)
        assert list(filled.home.glob("vectors/*/chroma.sqlite3")) == [file]  # and is not taken for damaged
        (filled.folder / "more.md").write_text("# Tower\n\nThe tower has 77 steps.\n")
        assert filled("index", "more.md").returncode == 0
    assert filled("ask", "How many steps has the tower?").stdout.startswith("The tower has 77 steps.")


@contextmanager
def held(file: Path) -> Iterator[None]:
    """While another process holds a SQLite file for itself alone."""
    command = [sys.executable, "-c", HOLD, str(file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        yield
        holder.communicate()


def test_a_read_only_home_is_one_line(footnote, bound_by_permissions):
    (footnote.folder / "good.md").write_text(GOOD)
    footnote.home.mkdir(mode=0o500)
    done = footnote("index", "good.md", under=bound_by_permissions)
    assert (done.returncode, done.stdout) == (4, "")
    assert len(done.stderr.splitlines()) == 1


def test_a_library_of_a_newer_version_is_left_alone(footnote):
    (footnote.folder / "good.md").write_text(GOOD)
    assert footnote("index", "good.md").returncode == 0
    with sqlite3.connect(footnote.home / "catalog.db") as catalog:
        catalog.execute("PRAGMA user_version = 99")
    catalog.close()
    for words in (["ask", STEPS], ["index", "good.md"]):
        done = footnote(*words)
        assert (done.returncode, done.stdout) == (4, "")
        (line,) = done.stderr.splitlines()
        assert "newer version" in line


def test_a_library_with_other_tables_is_left_alone(filled):
    with sqlite3.connect(filled.home / "catalog.db") as catalog:
        catalog.execute("ALTER TABLE documents RENAME COLUMN gone TO absent")
    catalog.close()
    for words in (["ask", STEPS], ["index", "good.md"]):
        done = filled(*words)
        assert (done.returncode, done.stdout) == (4, "")
        (line,) = done.stderr.splitlines()
        assert "not written by this version" in line
        assert "footnote index" in line
