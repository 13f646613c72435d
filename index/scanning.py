"""Which files lie under the paths that are named, and which are gone."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from pathlib import Path

from index.readers import SUFFIXES


def scan(paths: Iterable[Path]) -> tuple[dict[str, Path], dict[str, str]]:
    """The files under `paths` by their uris, and what is wrong with the others. Hidden
    files and kinds that no reader reads are passed over inside a folder."""
    files: dict[str, Path] = {}
    problems: dict[str, str] = {}

    def complain(error: OSError) -> None:
        problems[_uri(Path(error.filename))] = f"cannot be read: {error.strerror}"

    for path in map(_absolute, paths):
        if not _is_folder(path):
            files[_uri(path)] = path
            continue
        for folder, names, members in os.walk(path, onerror=complain):
            names[:] = sorted(name for name in names if not name.startswith("."))
            for member in map(Path(folder).joinpath, sorted(members)):
                if not member.name.startswith(".") and member.suffix.lower() in SUFFIXES:
                    files[_uri(member)] = member
    return files, problems


def gone(
    known: Iterable[str], paths: Iterable[Path], files: Iterable[str], problems: Iterable[str]
) -> list[str]:
    """Those of the `known` uris under the folders of `paths` whose files are there no more.
    A folder that cannot be read says nothing of what was in it."""
    folders = [path for path in map(_absolute, paths) if _is_folder(path)]
    unread = tuple(uri + os.sep for uri in problems)
    unseen = set(known).difference(files)
    return [uri for uri in under(folders, unseen) if not uri.startswith(unread)]


def under(paths: Iterable[Path], known: Collection[str]) -> list[str]:
    """Those of the `known` uris that one of `paths` is, or is over."""
    places = [_uri(path) for path in map(_absolute, paths)]
    folders = tuple(place + os.sep for place in places)
    return sorted(uri for uri in known if uri in places or uri.startswith(folders))


def _is_folder(path: Path) -> bool:
    """False also for what may not be looked at; reading it tells why."""
    return os.path.isdir(path)  # noqa: PTH112 - Path.is_dir() raises PermissionError


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links


def _uri(path: Path) -> str:
    """A path as text, also where it is not valid UTF-8."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
