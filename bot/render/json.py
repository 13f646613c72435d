"""One line of JSON, with a document's text exactly as it is."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from bot.text import LINE_BREAKS, SURROGATES, UNSAFE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.types import Answer, Candidates, Lookup, Summary
    from index.records import StoredDocument
    from index.sync import Synced

SCHEMA = 1
_ESCAPED = re.compile("|".join(p.pattern for p in (UNSAFE, LINE_BREAKS, SURROGATES)))


def answer(given: Answer) -> str:
    """`{"schema", "question", "status", "text", "claims", "citations", "nearest", ...}`"""
    return _line(asdict(given))


def summary(given: Summary) -> str:
    """`{"schema", "subject", "parts": [{"heading", "claims"}], "citations", "note", ...}`"""
    return _line(asdict(given))


def candidates(given: Candidates) -> str:
    """`{"schema", "name", "candidates": [{"document", "title", "key", ...}]}`"""
    return _line({"name": given.name, "candidates": [_source(document) for document in given.documents]})


def synced(done: Synced) -> str:
    """`{"schema", "added", "changed", "removed", "unchanged", "failed": [{"path", "reason"}], ...}`"""
    return _line(asdict(done))


def cited(reference: str, found: Lookup) -> str:
    """`{"schema", "reference", "passages": [{"citation": {...}, "before", "after", ...}],
    "closest": [...], "note"}`: `closest` holds no source of the words."""
    return _line({"reference": reference, **asdict(found)})


def sources(listing: Sequence[StoredDocument]) -> str:
    """`{"schema", "sources": [{"document", "title", "space", "version", "chunks", ...}]}`"""
    return _line({"sources": [_source(document) for document in listing]})


def _source(document: StoredDocument) -> dict[str, Any]:
    return {
        "document": document.source.uri,
        "title": document.source.title,
        "key": document.source.key,
        "space": document.source.space,
        "version": document.source.version,
        "chunks": document.chunks,
        "characters": document.characters,
        "indexed_at": document.indexed_at,
    }


def _line(content: dict[str, Any]) -> str:
    """Readable in every script; what steers a display, breaks a line or is no UTF-8 is escaped,
    which loses nothing."""
    line = json.dumps({"schema": SCHEMA, **content}, ensure_ascii=False)
    return _ESCAPED.sub(lambda match: json.dumps(match[0])[1:-1], line)
