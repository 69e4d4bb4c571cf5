"""Raw provider bytes on disk: written once, named by their digest, never changed."""

import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path

from cj_pipeline.engine.records import StoredFile
from cj_pipeline.errors import StorageError
from cj_pipeline.storage.atomic import sync_folder

_READ_ONLY = 0o444
_DIGEST_DIGITS = 16
_REMEDY = "restore them from a backup of the work folder."


class RawFiles:
    """Raw files under one folder. Implements `engine.ports.RawStore`.

    Args:
        root: The folder; made when first written to.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, folder: str, name: str, chunks: Iterable[bytes]) -> StoredFile:
        """Store bytes under `folder/<stem>-<first 16 hex digits of their digest><suffix>`.

        The chunks are written as they come; the file appears only when all of them are on disk.
        """
        target = self._root / folder
        target.mkdir(parents=True, exist_ok=True)
        draft = target / f".{name}.{secrets.token_hex(4)}.part"
        digest, size = hashlib.sha256(), 0
        try:
            with draft.open("wb") as file:
                for chunk in chunks:
                    file.write(chunk)
                    digest.update(chunk)
                    size += len(chunk)
                file.flush()
                os.fsync(file.fileno())
            stem, dot, suffix = name.partition(".")
            final = target / f"{stem}-{digest.hexdigest()[:_DIGEST_DIGITS]}{dot}{suffix}"
            draft.chmod(_READ_ONLY)
            draft.replace(final)
        finally:
            draft.unlink(missing_ok=True)
        sync_folder(target)
        return StoredFile(str(final.relative_to(self._root)), digest.hexdigest(), size)

    def find(self, folder: str, stem: str) -> list[StoredFile]:
        """The files that were stored under `folder` as `stem` and a digest, by path; empty if none."""
        pattern = f"{stem}-{'[0-9a-f]' * _DIGEST_DIGITS}*"
        return [self._described(path) for path in sorted((self._root / folder).glob(pattern))]

    def _described(self, path: Path) -> StoredFile:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return StoredFile(str(path.relative_to(self._root)), digest, path.stat().st_size)

    def lines(self, path: str) -> Iterator[bytes]:
        r"""Lines of a stored file, split at `\n` only (an essay may hold other line separators), empty ones left out.

        Raises:
            StorageError: The file is gone, or, once all of it was read, its bytes are not those that were stored.
        """
        digest = hashlib.sha256()
        try:
            with (self._root / path).open("rb") as file:
                for line in file:
                    digest.update(line)
                    if stripped := line.rstrip(b"\n"):
                        yield stripped
        except FileNotFoundError as error:
            raise StorageError(f"{self._root / path}: raw bytes are missing; {_REMEDY}") from error
        if digest.hexdigest()[:_DIGEST_DIGITS] not in Path(path).name:
            raise StorageError(f"{self._root / path}: raw bytes were altered after they were stored; {_REMEDY}")
