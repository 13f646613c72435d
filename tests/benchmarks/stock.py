"""Stock llama-index over the same files, with the same embedder: what the benchmarks compare with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import chromadb
from chromadb.config import Settings
from llama_index.core import Document as LlamaDocument
from llama_index.core import VectorStoreIndex
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.ingestion import IngestionPipeline
from llama_index.core.node_parser import SentenceSplitter
from llama_index.vector_stores.chroma import ChromaVectorStore

from index.embedders import BundledEmbedder

_BUNDLED = BundledEmbedder()


class Bundled(BaseEmbedding):
    """Our bundled embedder as llama-index wants one."""

    def _get_query_embedding(self, query: str) -> list[float]:
        return list(map(float, _BUNDLED.embed_query(query)))

    def _get_text_embedding(self, text: str) -> list[float]:
        return list(map(float, _BUNDLED.embed_documents([text])[0]))

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        rows: list[list[float]] = _BUNDLED.embed_documents(texts).tolist()
        return rows

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


class StockIndex:
    """IngestionPipeline, SentenceSplitter and ChromaVectorStore as their documentation shows them."""

    def __init__(self, folder: Path, chunk_size: int = 1024, chunk_overlap: int = 200) -> None:
        client = chromadb.PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))
        self._collection = client.create_collection("documents", metadata={"hnsw:space": "cosine"})
        self._store = ChromaVectorStore(chroma_collection=self._collection)
        self._embedder = Bundled(embed_batch_size=64)
        self._pipeline = IngestionPipeline(
            transformations=[
                SentenceSplitter(chunk_size=chunk_size, chunk_overlap=chunk_overlap),
                self._embedder,
            ],
            vector_store=self._store,
        )

    def add(self, folder: Path) -> None:
        """Indexes the text files of a folder, one by one: the store refuses 5,461 rows at once."""
        for path in sorted(folder.glob("*.txt")):
            document = LlamaDocument(
                text=path.read_text(encoding="utf-8"), metadata={"document": path.stem}
            )
            self._pipeline.run(documents=[document])

    def count(self) -> int:
        return int(self._collection.count())

    def search(self, question: str, k: int = 5) -> list[tuple[str, Any]]:
        """The best `k` nodes as (document, node)."""
        index = VectorStoreIndex.from_vector_store(self._store, embed_model=self._embedder)
        found = index.as_retriever(similarity_top_k=k).retrieve(question)
        return [(node.metadata["document"], node.node) for node in found]
