"""`relay.py [FROM TO]... -- [COMMAND]`: carries connections into and out of a room that has loopback only.

FROM is listened on and TO is connected to: `tcp:PORT` of 127.0.0.1, `unix:PATH` or, as FROM, `fd:NUMBER`.
That is a listening socket this process inherited: it belongs to the network it was made in, so it crosses
the room's wall. Lives until standard input or COMMAND ends: nothing stays behind, however its parent ends.
"""

from __future__ import annotations

import asyncio
import fcntl
import socket
import struct
import sys
from collections.abc import Sequence
from functools import partial
from typing import Any

_SET_FLAGS, _UP = 0x8914, 1  # SIOCSIFFLAGS and IFF_UP of Linux


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
        writer.write_eof()
    except OSError:  # one end went away: so does the other
        writer.close()


async def _join(there: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One connection, carried on to `there`; where nobody listens, it just ends."""
    kind, _, where = there.partition(":")
    unix = kind == "unix"
    try:
        far_reader, far_writer = await (
            asyncio.open_unix_connection(where) if unix else asyncio.open_connection("127.0.0.1", where)
        )
    except OSError:
        writer.close()
        return
    await asyncio.gather(_carry(reader, far_writer), _carry(far_reader, writer))
    far_writer.close()
    writer.close()


async def _listen(here: str, there: str) -> asyncio.Server:
    kind, _, where = here.partition(":")
    join = partial(_join, there)
    if kind == "fd":
        return await asyncio.start_server(join, sock=socket.socket(fileno=int(where)))
    if kind == "unix":
        return await asyncio.start_unix_server(join, where)
    return await asyncio.start_server(join, "127.0.0.1", int(where))


def _raise_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sh14x", b"lo", _UP))


async def _run(joins: Sequence[str], command: Sequence[str]) -> None:
    """A new room's loopback is down. The first process of a room ends all that runs in it."""
    ended = asyncio.Event()
    asyncio.get_running_loop().add_reader(sys.stdin, ended.set)
    waits: list[asyncio.Task[Any]] = [asyncio.create_task(ended.wait())]
    if command:
        _raise_loopback()
        process = await asyncio.create_subprocess_exec(*command, stdin=asyncio.subprocess.DEVNULL)
        waits.append(asyncio.create_task(process.wait()))
    servers = [await _listen(here, there) for here, there in zip(joins[::2], joins[1::2], strict=True)]
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for server in servers:
        server.close()


if __name__ == "__main__":
    split = sys.argv.index("--")
    asyncio.run(_run(sys.argv[1:split], sys.argv[split + 1 :]))
