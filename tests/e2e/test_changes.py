"""A library as its documents change, and as several processes use it at once."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest

from index.library import Library

pytestmark = pytest.mark.e2e

STEPS = "How many steps has the lighthouse?"


@pytest.fixture
def documents(footnote):
    folder = footnote.folder / "documents"
    folder.mkdir()
    (folder / "lighthouse.md").write_text("# Lighthouse\n\nThe lighthouse has 199 steps.\n")
    (folder / "ferry.md").write_text("# Ferry\n\nA ferry ticket costs three francs.\n")
    shown = footnote.json("index", "documents")
    assert (shown["added"], shown["documents"], shown["failed"]) == (2, 2, [])
    return folder


def test_index_says_in_json_what_it_did(footnote, documents):
    (documents / "broken.pdf").write_bytes(b"%PDF-1.7, and no more")
    (documents / "ferry.md").unlink()
    shown = footnote.json("index", "documents")
    assert list(shown) == [
        "schema", "added", "changed", "removed", "unchanged", "failed", "documents", "chunks", "seconds"
    ]  # fmt: skip
    (failure,) = shown.pop("failed")
    assert failure == {"path": str(documents / "broken.pdf"), "reason": "is not a readable PDF"}
    assert shown.pop("seconds") > 0
    assert shown == {
        "schema": 1, "added": 0, "changed": 0, "removed": 1, "unchanged": 1, "documents": 1, "chunks": 1
    }  # fmt: skip


def test_a_changed_file_changes_the_answer_and_its_old_citations_say_so(footnote, documents):
    (before,) = footnote.json("ask", STEPS)["citations"]
    (documents / "lighthouse.md").write_text("# Lighthouse\n\nThe lighthouse has 203 steps.\n")
    assert footnote.json("index", "documents")["changed"] == 1
    answer = footnote.json("ask", STEPS)
    assert answer["text"] == "The lighthouse has 203 steps. [1]"
    (after,) = answer["citations"]
    assert after["version"] != before["version"]
    old = footnote("cite", before["id"])
    assert old.returncode == 0
    assert "This passage has changed since; what stands there now is shown below." in old.stdout
    assert "199" in old.stdout
    assert "203" in old.stdout
    assert "203" in footnote("cite", after["id"]).stdout


def test_an_unchanged_library_keeps_its_citations(footnote, documents):
    (before,) = footnote.json("ask", STEPS)["citations"]
    assert footnote.json("index", "documents")["unchanged"] == 2
    assert footnote("index", "--rebuild").returncode == 0
    assert footnote.json("ask", STEPS)["citations"] == [before]


def test_a_deleted_file_is_gone(footnote, documents):
    (documents / "lighthouse.md").unlink()
    assert footnote.json("index", "documents")["removed"] == 1
    assert footnote("ask", STEPS).returncode == 3
    assert footnote("cite", "The lighthouse has 199 steps.").returncode == 3
    assert "Lighthouse" not in footnote("sources").stdout


def test_an_index_of_another_embedder_is_refused_until_it_is_rebuilt(footnote, documents, new_embedder):
    with Library.open(footnote.home, new_embedder()) as library:
        list(library.sync([], rebuild=True))
    for words in (["ask", STEPS], ["index", "documents"]):
        refused = footnote(*words)
        assert (refused.returncode, refused.stdout) == (4, "")
        assert "`footnote index --rebuild`" in refused.stderr
    assert footnote("doctor").returncode == 1
    assert footnote("index", "--rebuild").returncode == 0
    assert footnote.json("ask", STEPS)["text"] == "The lighthouse has 199 steps. [1]"


def test_spaces_are_kept_apart(footnote, documents):
    (footnote.folder / "pay.md").write_text("# Pay\n\nThe keeper of the lighthouse earns 4,100 francs.\n")
    assert footnote("index", "pay.md", "--space", "board").returncode == 0
    question = "How much does the keeper of the lighthouse earn?"
    assert "4,100" in footnote("ask", question, "--space", "board").stdout
    apart = footnote("ask", question, "--space", "default")
    assert apart.returncode in {0, 3}
    assert "4,100" not in apart.stdout
    assert "Pay" not in apart.stdout + footnote("sources", "--space", "default").stdout
    assert footnote("cite", "earns 4,100 francs", "--space", "default").returncode == 3
    assert footnote("cite", "earns 4,100 francs", "--space", "board", "--space", "default").returncode == 0


def test_one_process_writes_and_others_ask_meanwhile(footnote, documents):
    for n in range(30):
        log = "\n\n".join(
            f"Lamp {n * 100 + i} was lit in {1700 + i} by {n * i} keepers." for i in range(300)
        )
        (documents / f"log-{n}.txt").write_text(log)
    (documents / "lighthouse.md").write_text("# Lighthouse\n\nThe lighthouse has 203 steps.\n")
    with footnote.start("index", "documents") as writer:
        try:
            wait_for_a_new_state(footnote.home)
            writer.send_signal(signal.SIGSTOP)
            asked = footnote.json("ask", STEPS)
            second = footnote("index", "documents")
            writer.send_signal(signal.SIGCONT)
            assert writer.wait(100) == 0
        finally:
            writer.kill()
    assert asked["text"] == "The lighthouse has 199 steps. [1]"
    assert (second.returncode, second.stdout) == (1, "")
    assert second.stderr == (
        "Another process is writing to this library. Wait until it is done, then try again.\n"
    )
    assert footnote.json("ask", STEPS)["text"] == "The lighthouse has 203 steps. [1]"


def wait_for_a_new_state(home: Path) -> None:
    """Returns once a process has begun the next state of the indexes beside the published one."""
    deadline = time.monotonic() + 60
    while len(list((home / "lexical").iterdir())) < 2:
        assert time.monotonic() < deadline, "nobody writes"
        time.sleep(0.01)
