"""A PostgreSQL of the test's own, out of Debian's package, on a Unix socket and loopback only."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


def installed() -> bool:
    return bool(_BINARIES)


@contextmanager
def postgres() -> Iterator[str]:
    """The URL of a fresh database. The server refuses to run as root, so `postgres` runs it there."""
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    if os.getuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    control = ["pg_ctl", "-D", str(folder / "data"), "-w", "-l", str(folder / "log")]
    try:
        _run("initdb", "-D", str(folder / "data"), "-U", "postgres", "-A", "trust", folder=folder)
        options = (
            f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
        )
        _run(*control, "-o", options, "start", folder=folder)
        yield f"postgresql+asyncpg://postgres@127.0.0.1:{port}/postgres"
        _run(*control, "-m", "immediate", "stop", folder=folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(program: str, *arguments: str, folder: Path) -> None:
    as_user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    command = [*as_user, str(_BINARIES[-1] / program), *arguments]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, timeout=60)
