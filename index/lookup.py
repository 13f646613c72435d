"""Citation ids to the spans they name: in the version that stands, or in one that was kept."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from index.catalog import Catalog
from index.citation import parse_citation_id
from index.correspondence import corresponding
from index.errors import RemovedError, UnknownCitationError
from index.records import Span, StoredDocument
from index.types import Standing


def locate(catalog: Catalog, citation_id: str, visible: Collection[int]) -> Span:
    """The place that a citation id names, out of the spaces `visible`. Where its document has
    changed it is the version cited, and says so; where the same text stands under another
    name now, the place is there. Raises UnknownCitationError, RemovedError."""
    key, start, end = parse_citation_id(citation_id)
    with catalog.reading():
        document = catalog.document_by_key(key, visible)
        if document is None or end > document.characters:
            raise UnknownCitationError("Its document has changed or is gone; ask again for a new one.")
        cited = Span.of_document(document, catalog.text(document.id), start, end)
        return _followed(catalog, document, cited, visible) if document.gone_at else cited


def _followed(catalog: Catalog, document: StoredDocument, cited: Span, visible: Collection[int]) -> Span:
    """What has become of a place in a document that is gone."""
    source, heirs = cited.source, catalog.heirs(document, visible)
    if not heirs:
        raise RemovedError(source.title, catalog.versions.removed_at(source)[:10])
    heir = heirs[0]
    stays = (heir.source.space, heir.source.uri) == (source.space, source.uri)
    if stays and heir.source.version == source.version:
        return Span.of_document(heir, cited.text, cited.start, cited.end)
    now = _now(catalog, cited, heir) if stays else None
    if now is None and (twin := next((h for h in heirs if h.source.version == source.version), None)):
        there = Span.of_document(twin, cited.text, cited.start, cited.end)
        return replace(there, standing=Standing.MOVED)
    if not stays:
        now = _now(catalog, cited, heir)
    return replace(cited, standing=Standing.CHANGED, now=now)


def _now(catalog: Catalog, cited: Span, heir: StoredDocument) -> Span | None:
    text = catalog.text(heir.id)
    place = corresponding(cited.text, cited.start, cited.end, text)
    return Span.of_document(heir, text, *place) if place else None
