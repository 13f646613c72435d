"""Text to vectors: one Protocol, the bundled default, and a table of providers."""

from index.embedders.base import Embedder
from index.embedders.bundled import BundledEmbedder

__all__ = ["BundledEmbedder", "Embedder"]
