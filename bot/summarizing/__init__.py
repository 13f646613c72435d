"""Summaries without a model: sentences cut from the documents, a file a kind of subject."""
