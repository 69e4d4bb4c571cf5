"""Writing a file so that it is there completely or not at all, also after a power cut."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

OWNER_ONLY: Final = 0o600
"""Mode of files that hold names: nobody but their owner reads them."""


@contextmanager
def atomic_write(path: Path, *, owner_only: bool = False) -> Iterator[BinaryIO]:
    """Write to a neighbour, force it to disk, then rename it into place.

    Args:
        path: Final place; its folder is made if needed. An existing file is replaced in one step.
        owner_only: Whether only its owner may read it, from its first byte.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with draft.open("wb") as file:
            if owner_only:
                os.fchmod(file.fileno(), OWNER_ONLY)
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Force a folder's entries to disk, so that a rename survives a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
