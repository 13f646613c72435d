"""What the subject of a summary names: a document, the library or a space, or else a topic."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from index.records import StoredDocument

_ALL = re.compile(
    r"(?:(?:everything|all(?: of it| the documents)?|(?:the |our )?(?:whole )?(?:library|documents)|"
    r"todo|la biblioteca|全部|所有文档))?",
    re.IGNORECASE,
)

_ABOUT = re.compile(r"(?:about |sobre |acerca de |关于\s*)(?P<topic>.+)", re.IGNORECASE)


def named(subject: str, documents: Sequence[StoredDocument]) -> list[StoredDocument]:
    """The document that `subject` names by its key, title or path, or by some words of either; those
    it may mean where they are several."""
    name = re.sub(r"^(?:the|el|la|los|las) ", "", subject.casefold())
    exact = [d for d in documents if subject.casefold() in _names(d) or name in _names(d)]
    words = set(re.findall(r"\w+", name))
    found = [d for d in documents if words and words <= set(re.findall(r"\w+", " ".join(_names(d))))]
    return exact or found


def space_named(subject: str, spaces: Collection[str]) -> frozenset[str] | None:
    """The spaces that `subject` names: all for "everything"; None where it names none."""
    if _ALL.fullmatch(subject):
        return frozenset(spaces)
    name = re.sub(r"^(?:the )?space ", "", subject.casefold())
    found = frozenset(space for space in spaces if space.casefold() == name)
    return found or None


def topic_named(subject: str) -> str | None:
    """The topic in "about overtime", which means none of the documents of that name; None where
    `subject` does not say so."""
    about = _ABOUT.match(subject)
    return about and about["topic"]


def _names(document: StoredDocument) -> list[str]:
    path = PurePath(document.source.uri)
    names = (document.source.key, document.source.title, str(path), path.name, path.stem)
    return [name.casefold() for name in names]
