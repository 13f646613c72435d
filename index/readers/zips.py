"""Checks a zip file before anything unpacks it."""

from __future__ import annotations

import io
import zipfile

from index.errors import ReadError

_MAX_UNPACKED_BYTES = 200 * 10**6
_MAX_RATIO = 100
_SMALL_BYTES = 10 * 10**6  # below this, a member that packs well is harmless, and often honest


def check_zip(data: bytes) -> None:
    """Raises ReadError for a zip that unpacks to more than 200 MB or has a member packed over 100 times,
    zipfile.BadZipFile for what is no zip. Readers of zips never see more than the sizes it declares."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
    if sum(member.file_size for member in members) > _MAX_UNPACKED_BYTES or any(
        member.file_size > max(_SMALL_BYTES, _MAX_RATIO * member.compress_size) for member in members
    ):
        raise ReadError("unpacks to far more than its size; save it again with its own program")
