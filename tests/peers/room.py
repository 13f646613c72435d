"""A room without a network, for a server that would listen on every interface.

The server runs in a network namespace that has loopback only. One port of it is joined with 127.0.0.1
outside and, where it calls a program outside, one port of 127.0.0.1 inside with the same port outside.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TypeVar

import httpx
from node import PeerError

_WALLS = ("unshare", "--net", "--pid", "--fork", "--kill-child")
_RELAY = Path(__file__).with_name("relay.py")
_SECONDS_TO_END = 10

T = TypeVar("T")


def listener(first_port: int = 0) -> socket.socket:
    """Listens on 127.0.0.1: on any port, or on the next free one from `first_port`. Raises OSError."""
    for port in range(first_port, first_port + 100 if first_port else 0):
        try:
            return socket.create_server(("127.0.0.1", port))
        except OSError:
            continue
    return socket.create_server(("127.0.0.1", 0))


@contextmanager
def room(command: Sequence[str], door: socket.socket, calls: int | None = None) -> Iterator[Path]:
    """Runs `command` until the block ends; gives the file with what it prints.

    `door` is a listening socket, joined with the same port of the room's 127.0.0.1: the server's. `calls`
    is the port of 127.0.0.1 the server reaches outside. Raises PeerError where there are no namespaces.
    """
    walls = _walls()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        log = Path(folder, "log")
        joins = [f"fd:{door.fileno()}", f"tcp:{door.getsockname()[1]}"]
        if calls is not None:
            way = f"unix:{folder}/way"
            stack.enter_context(_relay([], [way, f"tcp:{calls}"], [], Path(folder, "way.log")))
            joins += [f"tcp:{calls}", way]
        stack.enter_context(_relay(walls, joins, command, log, door.fileno()))
        yield log


def answers(url: str, log: Path, seconds: float = 30) -> None:
    """Waits until a server answers at `url`. Raises RuntimeError with what it printed when it does not."""

    def answered() -> bool:
        try:
            return httpx.get(url, trust_env=False).is_success
        except httpx.TransportError:
            return False

    try:
        until(answered, seconds)
    except TimeoutError as error:
        raise RuntimeError(f"Nothing answers at {url}. The server printed: {log.read_text()}") from error


def until(look: Callable[[], T], seconds: float = 20) -> T:
    """What `look` finds, as soon as it is true. Raises TimeoutError."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.05)
    raise TimeoutError(f"nothing within {seconds} seconds")


@contextmanager
def _relay(
    walls: Sequence[str], joins: Sequence[str], command: Sequence[str], log: Path, *inherited: int
) -> Iterator[None]:
    with (
        log.open("wb") as output,
        subprocess.Popen(
            [*walls, sys.executable, _RELAY, *joins, "--", *command],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=inherited,
            start_new_session=True,  # Ctrl-C is for the caller, who ends this in order
        ) as process,
    ):
        try:
            yield
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    process.stdin.close()
    try:
        process.wait(_SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()


def _walls() -> Sequence[str]:
    """What goes before a command to put it into a room. Raises PeerError."""
    if shutil.which(_WALLS[0]):
        for walls in ((*_WALLS, "--map-root-user"), _WALLS):
            if subprocess.run([*walls, "true"], check=False, capture_output=True).returncode == 0:
                return walls
    raise PeerError(
        "This needs a network namespace of its own, so that nothing listens beyond this machine, and none "
        "can be made here. Run it on Linux where `unshare --net --map-root-user true` works (in a "
        "container: one started with `--privileged`)."
    )
