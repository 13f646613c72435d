"""What the home holds is for the user whose it is: nobody else on the machine may look into it.

Where it is somebody else's or may not be written nothing changes; whoever opens it finds out.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path


def keep_folder(path: Path) -> None:
    """Makes a folder where there is none, and lets no other user in."""
    with suppress(OSError):
        path.mkdir(0o700, exist_ok=True)
        path.chmod(0o700)


def keep_database(path: Path) -> None:
    """The same for a SQLite file, and for what SQLite writes beside it, which is born alike."""
    with suppress(OSError):
        path.touch(0o600, exist_ok=False)
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        with suppress(OSError):
            path.with_name(name).chmod(0o600)
