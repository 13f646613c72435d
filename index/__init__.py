"""Documents in, passages out: the library behind Footnote. Synchronous; knows nothing of `bot`."""
