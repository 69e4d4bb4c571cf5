"""Files of an assessment folder, opened with care: no links, no devices, nothing outside, nothing huge."""

import os
import stat
from pathlib import Path
from typing import Final

from cj_pipeline.errors import ConfigurationError

MOST_BYTES: Final = 50_000_000
"""Largest essay file."""

MOST_TABLE_BYTES: Final = 500_000_000
"""Largest table."""


def read_file(path: Path, most: int = MOST_BYTES) -> bytes:
    """Read a regular file, whole.

    Raises:
        ConfigurationError: It is missing, a link, no regular file, too large, or cannot be opened.
    """
    try:
        # Not waiting for the other end of a pipe, and not following a link that was put there since.
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError as error:
        raise ConfigurationError(f"{path}: the file is missing; create it.") from error
    except OSError as error:
        if path.is_symlink():
            raise ConfigurationError(f"{path}: is a link; put the file itself here.") from error
        raise ConfigurationError(f"{path}: cannot be read ({error.strerror}); check its permissions.") from error
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise ConfigurationError(f"{path}: is no file with text; remove it.")
        if found.st_size > most:
            raise ConfigurationError(
                f"{path}: has {found.st_size / 1e6:.0f} MB, more than {most / 1e6:.0f}; take out its pictures."
            )
        with os.fdopen(handle, "rb", closefd=False) as file:
            return file.read(most)
    finally:
        os.close(handle)


def inside(folder: Path, name: str) -> Path:
    """A file that an assessment names, which has to lie in its folder.

    Raises:
        ConfigurationError: It would lie elsewhere.
    """
    path = folder / name
    if Path(name).is_absolute() or not path.resolve().is_relative_to(folder.resolve()):
        raise ConfigurationError(f"{path}: lies outside the assessment's folder; copy it into the folder.")
    return path
