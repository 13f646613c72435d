"""The peers that npm has: pinned in `package.json` with their hashes, installed once."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from filelock import FileLock

PINNED = (Path(__file__).with_name("package.json"), Path(__file__).with_name("package-lock.json"))
FOLDER = Path(__file__).parents[2] / ".venv" / "node"


class PeerError(Exception):
    """The peer cannot run on this machine. The message is a sentence or two: why, and what to do."""


def program(name: str) -> str:
    """Where a program of Node.js lies. Raises PeerError."""
    path = shutil.which(name)
    if path is None:
        raise PeerError(f"There is no `{name}` here. Install Node.js 20 or later with npm and try again.")
    return path


def installed(package: str) -> Path:
    """The folder of a pinned package, which is installed first where it is not.

    Raises PeerError, and RuntimeError with npm's reason when npm fails.
    """
    npm = program("npm")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with FileLock(FOLDER / ".lock"):
        if not all(_same(file, FOLDER / ".installed" / file.name) for file in PINNED):
            _install(npm)
    folder = FOLDER / "node_modules" / package
    if not folder.is_dir():
        raise PeerError(
            f"There is no {package} for this kind of machine. Run on Linux with an x64 processor."
        )
    return folder


def _same(file: Path, copy: Path) -> bool:
    return copy.is_file() and copy.read_bytes() == file.read_bytes()


def _install(npm: str) -> None:
    """What is pinned, and only that; marked as installed when npm is through."""
    mark = FOLDER / ".installed"
    shutil.rmtree(mark, ignore_errors=True)
    for file in PINNED:
        shutil.copy(file, FOLDER)
    done = subprocess.run(
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=FOLDER,
        capture_output=True,
        check=False,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(
            f"npm could not install what {PINNED[0].name} pins. See that this machine reaches npm's "
            f"packages and try again. npm says: {done.stderr.strip()}"
        )
    mark.mkdir()
    for file in PINNED:
        shutil.copy(file, mark)
