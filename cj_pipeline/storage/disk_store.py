"""Files in a folder of this machine, there completely or not at all, also after a power cut."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from upath import UPath

from cj_pipeline.storage.atomic import OWNER_ONLY, sync_folder

_READ_ONLY = 0o444
_DRAFT = ".part"


class DiskDraft:
    """A neighbour of the file to be. Implements `store.Draft`."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self._path, self.file = path, file

    def publish(self, name: str, *, read_only: bool = False) -> None:
        """Force it to disk, then rename it into place, then force the folder's entries to disk."""
        self.file.flush()
        os.fsync(self.file.fileno())
        if read_only:
            self._path.chmod(_READ_ONLY)
        self._path.replace(self._path.with_name(name))
        sync_folder(self._path.parent)


class DiskStore:
    """A folder. Implements `store.Store`.

    Args:
        root: The folder; made when first written to.
    """

    def __init__(self, root: Path) -> None:
        self.root = UPath(root)
        self._root = root

    @contextmanager
    def draft(self, folder: str, *, owner_only: bool = False) -> Iterator[DiskDraft]:
        """Begin a file of a folder, which is made if needed; one for its owner only is so from its first byte."""
        target = self._root / folder
        target.mkdir(parents=True, exist_ok=True)
        path = target / f".{secrets.token_hex(8)}{_DRAFT}"
        try:
            with path.open("wb") as file:
                if owner_only:
                    os.fchmod(file.fileno(), OWNER_ONLY)
                yield DiskDraft(path, file)
        finally:
            path.unlink(missing_ok=True)

    @contextmanager
    def read(self, name: str) -> Iterator[BinaryIO]:
        """Open a file."""
        with (self._root / name).open("rb") as file:
            yield file

    def names(self, folder: str) -> list[str]:
        """Names of the files directly in a folder."""
        target = self._root / folder
        found = target.iterdir() if target.is_dir() else ()
        return sorted(path.name for path in found if not path.name.startswith(".") and path.is_file())

    def walk(self, folder: str = "") -> Iterator[tuple[str, int]]:
        """Every file below a folder."""
        for path in sorted((self._root / folder).rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                yield path.relative_to(self._root).as_posix(), path.stat().st_size

    def remove(self, name: str) -> None:
        """Delete a file, and folders that are empty then."""
        path = self._root / name
        path.unlink(missing_ok=True)
        for folder in path.parents:
            if folder == self._root or not folder.is_dir() or any(folder.iterdir()):
                return
            folder.rmdir()
