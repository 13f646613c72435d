"""What people are told where something fails; what only an admin can mend goes to the log."""

from __future__ import annotations

import logging

from bot.errors import BotError
from index.errors import LibraryError, UnfinishedError

FAILED = "Something went wrong on my side. An admin finds it in the log under {reference}."
NO_LIBRARY = "The documents cannot be read just now. An admin finds out why in the log under {reference}."
INDEXING = "The documents are being indexed. Ask again when that is done."
log = logging.getLogger(__name__)


def apology(error: Exception, reference: str) -> str:
    """A sentence for whoever met the error; a library's own names folders of the server."""
    if isinstance(error, BotError):
        return str(error)
    if isinstance(error, UnfinishedError):
        return INDEXING
    if isinstance(error, LibraryError):
        log.error("The library fails (%s)", reference, exc_info=error)
        return NO_LIBRARY.format(reference=reference)
    log.error("Unexpected (%s)", reference, exc_info=error)
    return FAILED.format(reference=reference)
