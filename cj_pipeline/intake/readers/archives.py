"""Zip archives (Word, LibreOffice, Excel files) looked over before anything is unpacked."""

import zipfile
from io import BytesIO
from typing import Final

from cj_pipeline.errors import ConfigurationError

MOST_UNPACKED: Final = 200_000_000
"""Bytes that all parts of a file may take when unpacked."""

MOST_XML: Final = 40_000_000
"""Bytes that one part with text may take when unpacked; a parsed tree takes some ten times as much memory."""

_MOST_PARTS: Final = 5_000
_ENCRYPTED: Final = 0x1


def names_in(data: bytes) -> set[str]:
    """Names of the parts of an archive; empty where it is none."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return set()


def require_harmless(data: bytes) -> None:
    """Make sure that an archive may be unpacked.

    What its directory declares is what `zipfile` reads at most, so the sums bind.

    Raises:
        ConfigurationError: It would take too much room, or is locked. The message is a clause without a subject.
    """
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = archive.infolist()
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise ConfigurationError("is locked with a password; save it without one.")
    largest = max((p.file_size for p in parts if p.filename.endswith((".xml", ".rels"))), default=0)
    if len(parts) > _MOST_PARTS or sum(p.file_size for p in parts) > MOST_UNPACKED or largest > MOST_XML:
        raise ConfigurationError(
            "would take far more room unpacked than an essay can; copy its text into a new file and save that."
        )
