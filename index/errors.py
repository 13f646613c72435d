"""What can go wrong in the library. A class's docstring is its message's first line.

LibraryError
├── ReadError             one file cannot be read; the rest go on
├── LockedError           another process writes to the library
├── UnfinishedError       there is no index to search yet, or it is being built anew
├── HomeError             the home cannot be used (missing, read-only, full)
├── NewerLibraryError     written by a newer version
├── OtherLibraryError     its tables are not those that are expected
├── EmbedderMismatchError the index was made with another embedder
├── EmbedderError         the embedder did not give the vectors that it was asked for
├── ProviderError         an embedder or reranker of this name, or with these settings, there is not
├── RerankError           the reranker gave no order
├── UnknownCitationError  an id that names nothing
└── RemovedError          the document of a citation was removed
"""

from __future__ import annotations


class LibraryError(Exception):
    """The library cannot do this."""

    def __init__(self, detail: str = "") -> None:
        summary = (type(self).__doc__ or "").splitlines()[0]
        super().__init__(f"{summary} {detail}".strip())


class ReadError(LibraryError):
    """This file cannot be read."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        Exception.__init__(self, reason)


class LockedError(LibraryError):
    """Another process is writing to this library."""


class UnfinishedError(LibraryError):
    """The index of this library is being made."""


class HomeError(LibraryError):
    """The library's folder cannot be used."""


class NewerLibraryError(LibraryError):
    """This library was written by a newer version of Footnote."""


class OtherLibraryError(LibraryError):
    """This library was not written by this version of Footnote."""


class EmbedderMismatchError(LibraryError):
    """This index was made with another embedder."""


class EmbedderError(LibraryError):
    """The embedder failed."""

    def __init__(self, detail: str = "", *, may_pass: bool = False, after: float | None = None) -> None:
        """`may_pass`: asking again may help, `after` so many seconds where the provider said so."""
        super().__init__(detail)
        self.may_pass = may_pass
        self.after = after


class ProviderError(LibraryError):
    """This embedder or reranker cannot be used."""


class RerankError(LibraryError):
    """The reranker gave no order."""


class UnknownCitationError(LibraryError):
    """No citation has this id."""


class RemovedError(LibraryError):
    """The document of this citation was removed."""

    def __init__(self, title: str, date: str) -> None:
        Exception.__init__(self, f"The document “{title}” was removed on {date}.")
