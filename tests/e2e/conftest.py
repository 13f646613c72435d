"""`footnote` as a user runs it: the installed command, with a folder and a library of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from index.types import Mark, MarkKind

_SECONDS = 110


class Footnote:
    """Runs the command in `folder`, where nothing of the tester's own reaches it."""

    command = str(Path(sys.executable).with_name("footnote"))

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "library"
        self.environment = {
            "PATH": os.environ["PATH"],
            "LC_ALL": "C.UTF-8",
            "HOME": str(folder),
            "FOOTNOTE_HOME": str(self.home),
        }

    def start(self, *words: str, under: Iterable[str] = (), **environment: str) -> subprocess.Popen[str]:
        """The command, still running; `under` goes before it, such as `nice`."""
        return subprocess.Popen(
            [*under, self.command, *words],
            cwd=self.folder,
            env={**self.environment, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def __call__(
        self, *words: str, given: str = "", under: Iterable[str] = (), **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """The command, done. It never shows a traceback, whatever it was asked."""
        with self.start(*words, under=under, **environment) as process:
            try:
                out, err = process.communicate(given, timeout=_SECONDS)
            finally:
                process.kill()
        assert "Traceback" not in err, err
        return subprocess.CompletedProcess(words, process.returncode, out, err)

    def shell(self, script: str, under: Iterable[str] = ()) -> subprocess.CompletedProcess[str]:
        """A script for `sh`, in which "$FOOTNOTE" is the command."""
        done = subprocess.run(
            [*under, "sh", "-c", script],
            cwd=self.folder,
            env={**self.environment, "FOOTNOTE": self.command},
            capture_output=True,
            check=False,
            text=True,
            timeout=_SECONDS,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def json(self, *words: str) -> dict[str, Any]:
        """What the command says on stdout with `--json`: one line."""
        (line,) = self(*words, "--json").stdout.splitlines()
        shown: dict[str, Any] = json.loads(line)
        return shown


def _is_possible(*command: str) -> bool:
    return (
        shutil.which(command[0]) is not None
        and subprocess.run([*command, "true"], check=False, capture_output=True).returncode == 0
    )


def _where(marks: Iterable[Mark], position: int) -> tuple[str | None, str]:
    """The page and the path of headings that hold `position`."""
    over = [mark for mark in marks if mark.start <= position < mark.end]
    pages = [mark.label for mark in over if mark.kind is not MarkKind.HEADING]
    headings = [mark.label for mark in over if mark.kind is MarkKind.HEADING]
    return pages[0] if pages else None, " › ".join(headings)


@pytest.fixture
def footnote(tmp_path: Path) -> Footnote:
    """The command, with an empty folder."""
    return Footnote(tmp_path)


@pytest.fixture(scope="session")
def footnote_in() -> type[Footnote]:
    """The command, for a folder of one's own."""
    return Footnote


@pytest.fixture(scope="session")
def where() -> Callable[[Iterable[Mark], int], tuple[str | None, str]]:
    return _where


@pytest.fixture(scope="session")
def cut_off() -> list[str]:
    """What goes before a command to cut it off from every network."""
    command = ["unshare", "-rn"]
    if not _is_possible(*command):
        pytest.skip("no network namespace can be made here (`unshare -rn`)")
    return command


@pytest.fixture(scope="session")
def small_disk() -> list[str]:
    """What goes before a command that mounts a disk of its own."""
    command = ["unshare", "-rm"]
    if not _is_possible(*command):
        pytest.skip("no mount namespace can be made here (`unshare -rm`)")
    return command


@pytest.fixture(scope="session")
def bound_by_permissions() -> list[str]:
    """What goes before a command so that it may read and write only what a user may."""
    if os.geteuid() != 0:
        return []
    command = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--"]
    if not _is_possible(*command):
        pytest.skip("root can read everything here, and there is no `setpriv` to prevent it")
    return command
