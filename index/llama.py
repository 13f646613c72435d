"""The library as any llama-index program wants it: a retriever of nodes."""

from __future__ import annotations

from collections.abc import Collection

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from index.citation import citation_id
from index.library import Library
from index.types import Passage, heading_at, page_at


class LibraryRetriever(BaseRetriever):
    """Passages as nodes: the id is the passage's citation id, the offsets are those of the
    document's text, and the metadata say where it stands."""

    def __init__(self, library: Library, spaces: Collection[str] | None = None, k: int = 5) -> None:
        super().__init__()
        self._library = library
        self._spaces = spaces
        self._k = k

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return [_node(p) for p in self._library.search(query_bundle.query_str, self._spaces, self._k)]


def _node(passage: Passage) -> NodeWithScore:
    source = passage.source
    node = TextNode(
        id_=citation_id(source.key, passage.start, passage.end),
        text=passage.text,
        start_char_idx=passage.start,
        end_char_idx=passage.end,
        metadata={
            "document": source.uri,
            "title": source.title,
            "version": source.version,
            "heading": heading_at(passage.marks, passage.start),
            "page": page_at(passage.marks, passage.start),
        },
    )
    return NodeWithScore(node=node, score=passage.score)
