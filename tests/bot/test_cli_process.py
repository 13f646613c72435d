"""`footnote` as a process: what only shows from outside."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

import pytest

from bot.commands import COMMANDS

ROOT = Path(__file__).parents[2]
HEAVY = {"llama_index", "chromadb", "numpy", "tantivy", "wordllama", "index.library"}


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["ask", "--help"], ["index", "--help"]])
def test_help_imports_nothing_heavy(words):
    code = f"""
import sys
from bot.cli import main
sys.argv[1:] = {words!r}
try:
    main()
except SystemExit as end:
    print(end.code, *sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True, text=True
    )
    code, *modules = done.stdout.splitlines()[-1].split()
    assert code == "0"
    assert not HEAVY & set(modules)


def test_help_describes_a_command_in_the_words_of_the_table(process, tmp_path):
    text = " ".join(process("--help", home=tmp_path, COLUMNS="200").stdout.split())
    for command in COMMANDS.values():
        assert command.summary in text


def test_the_version_is_the_packages(process, tmp_path):
    assert process("--version", home=tmp_path).stdout == f"footnote {version('footnote')}\n"


@pytest.mark.parametrize("words", [["asc", "x"], ["ask"], ["ask", "x", "-k", "0"], ["index"], ["--hom"]])
def test_wrong_words_are_a_usage_error(process, tmp_path, words):
    done = process(*words, home=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Error" in done.stderr


def test_answers_go_to_stdout_and_stderr_stays_quiet(process, home):
    done = process("ask", "How many days of leave may staff take?", home=home)
    assert (done.returncode, done.stderr) == (0, "")
    assert "26 days" in done.stdout


def test_a_reader_who_leaves_early_is_no_failure_to_speak_of(process, home):
    done = process("sources", home=home, then="| true")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("command", ["config", "sources"])
def test_a_full_disk_behind_stdout_is_one_sentence(process, home, command):
    done = process(command, home=home, then="> /dev/full")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1


def test_an_ascii_locale_still_gets_exact_json(process, home):
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    done = process("ask", "When is a doctor's note due?", "--json", home=home, **ascii_only)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["citations"][0]["quote"].startswith("A doctor’s note")


def test_an_ascii_locale_loses_a_character_but_not_the_run(process, home):
    done = process("cite", "team lead", home=home, LC_ALL="C", PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Leave ? Sick leave" in done.stdout


def test_bytes_that_are_no_text_do_no_harm(process, home):
    done = process("ask", "-", home=home, then="< /bin/sh")
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(("environment", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_a_terminal_gets_a_prompt_and_colours_unless_it_wants_none(home, environment, coloured):
    ours, theirs = os.openpty()
    chat = subprocess.Popen(
        [sys.executable, "-c", "from bot.cli import main; main()", "chat"],
        env={"PYTHONPATH": str(ROOT), "FOOTNOTE_HOME": str(home), "TERM": "xterm-256color", **environment},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    os.write(ours, b"How many days of leave may staff take?\n\x04")
    shown = b""
    with suppress(OSError):  # which is how a terminal ends once nobody holds its other side
        while part := os.read(ours, 4096):
            shown += part
            if shown.count("› ".encode()) == 2:
                os.write(ours, b"\x04")
    os.close(ours)
    assert chat.wait(timeout=30) == 0
    assert "› ".encode() in shown
    assert b"26 days" in shown
    assert (b"\x1b[36m[1]" in shown) is coloured


def test_ctrl_c_ends_a_chat_with_130_and_one_line(home):
    chat = subprocess.Popen(
        [sys.executable, "-c", "from bot.cli import main; main()", "chat"],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "FOOTNOTE_HOME": str(home)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with chat:
        assert chat.stdin
        assert chat.stdout
        chat.stdin.write("hello\n")
        chat.stdin.flush()
        chat.stdout.readline()
        time.sleep(0.2)  # until it waits for the next line
        chat.send_signal(signal.SIGINT)
        _, said = chat.communicate(timeout=30)
    assert (chat.returncode, said) == (130, "Stopped.\n")
