"""Footnote over Socket Mode as a process that a test may kill: `serving.py DATABASE LEASE`.

The same as `footnote serve`, but that its hold on a request runs out sooner."""

from __future__ import annotations

import asyncio
import sys

from sqlalchemy.engine import make_url

from bot import settings, wiring
from bot.slack import serve


async def main(database: str, lease: float) -> None:
    in_force = settings.load()
    with wiring.open_library(in_force) as library:
        assistant = wiring.assistant(library, in_force)
        async with serve.opened(assistant, in_force, make_url(database), http=False, lease=lease) as app:
            await serve.over_socket(app, in_force, lambda: print("ready", flush=True))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], float(sys.argv[2])))
