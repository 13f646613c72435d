"""Which files lie under the paths that are named, and which are gone."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from pathlib import Path

from index.readers import SUFFIXES


def scan(paths: Iterable[Path], known: Collection[str]) -> tuple[dict[str, Path], dict[str, str]]:
    """The files under `paths` by their uris, and what is wrong with the others. Hidden
    files and kinds that no reader reads are passed over inside a folder, and a path that is
    gone where it leads to one of the `known` uris."""
    files: dict[str, Path] = {}
    problems: dict[str, str] = {}

    def complain(error: OSError) -> None:
        problems[_uri(Path(error.filename))] = f"cannot be read: {error.strerror}"

    for path in map(_absolute, paths):
        if not _is_folder(path):
            if not (_is_gone(path) and under([path], known)):
                files[_uri(path)] = path
            continue
        for folder, names, members in os.walk(path, onerror=complain):
            names[:] = sorted(name for name in names if not name.startswith("."))
            for member in map(Path(folder).joinpath, sorted(members)):
                if not member.name.startswith(".") and member.suffix.lower() in SUFFIXES:
                    files[_uri(member)] = member
    return files, problems


def gone(
    known: Collection[str], paths: Iterable[Path], files: Iterable[str], problems: Iterable[str]
) -> list[str]:
    """Those of the `known` uris at or under `paths` whose files are there no more. A folder
    that cannot be read says nothing of what was in it."""
    places = [path for path in map(_absolute, paths) if _is_folder(path) or _is_gone(path)]
    unseen = set(known).difference(files)
    lost = under(places, unseen)
    unread = tuple(uri + os.sep for uri in problems)
    return sorted(uri for uri in lost if not uri.startswith(unread))


def under(paths: Iterable[Path], known: Collection[str]) -> list[str]:
    """Those of the `known` uris that one of `paths` is, or is over."""
    places = [_uri(path) for path in map(_absolute, paths)]
    folders = tuple(place + os.sep for place in places)
    return sorted(uri for uri in known if uri in places or uri.startswith(folders))


def _is_folder(path: Path) -> bool:
    """False also for what may not be looked at; reading it tells why."""
    return os.path.isdir(path)  # noqa: PTH112 - Path.is_dir() raises PermissionError


def _is_gone(path: Path) -> bool:
    """False where that cannot be told, as in a folder that may not be looked into."""
    try:
        path.lstat()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return False


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links


def _uri(path: Path) -> str:
    """A path as text, also where it is not valid UTF-8."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
