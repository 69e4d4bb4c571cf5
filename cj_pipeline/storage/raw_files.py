"""Raw provider bytes: written once, named by their digest, never changed."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from upath import UPath

from cj_pipeline.engine.records import StoredFile
from cj_pipeline.errors import StorageError
from cj_pipeline.storage.store import store_at

_DIGEST_DIGITS = 16
_HEX = frozenset("0123456789abcdef")
_REMEDY = "restore them from a backup (cj restore)."


class RawFiles:
    """Raw files under one place. Implements `engine.ports.RawStore`.

    Args:
        root: A folder, or a place in an object store; made when first written to.
    """

    def __init__(self, root: Path | UPath) -> None:
        self.store = store_at(root)

    def put(self, folder: str, name: str, chunks: Iterable[bytes]) -> StoredFile:
        """Store bytes under `folder/<stem>-<first 16 hex digits of their digest><suffix>`.

        The chunks are written as they come; the file appears only when all of them are there, durably.
        """
        digest, size = hashlib.sha256(), 0
        with self.store.draft(folder) as draft:
            for chunk in chunks:
                draft.file.write(chunk)
                digest.update(chunk)
                size += len(chunk)
            stem, dot, suffix = name.partition(".")
            final = f"{stem}-{digest.hexdigest()[:_DIGEST_DIGITS]}{dot}{suffix}"
            draft.publish(final, read_only=True)
        return StoredFile(f"{folder}/{final}", digest.hexdigest(), size)

    def find(self, folder: str, stem: str) -> list[StoredFile]:
        """The files that were stored under `folder` as `stem` and a digest, by path; empty if none."""
        names = (name for name in self.store.names(folder) if _is_of(name, stem))
        return [self._described(f"{folder}/{name}") for name in names]

    def _described(self, path: str) -> StoredFile:
        digest, size = hashlib.sha256(), 0
        with self.store.read(path) as file:
            while chunk := file.read(2**20):
                digest.update(chunk)
                size += len(chunk)
        return StoredFile(path, digest.hexdigest(), size)

    def below(self, folder: str) -> list[str]:
        """Paths of all files below a folder."""
        return [name for name, _ in self.store.walk(folder)]

    def strip(self, path: str, keep: Callable[[bytes], bool]) -> str:
        """Replace a file by one with fewer lines, for deletion on request.

        Args:
            path: The file.
            keep: Whether a line stays.

        Returns:
            The path of what is left; empty if nothing is. A file that loses no line stays as it is.
        """
        n, kept = 0, 0
        folder, _, name = path.rpartition("/")
        with self.store.draft(folder) as draft, self.store.read(path) as file:
            digest = hashlib.sha256()
            for line in _lines(file, lambda _line: None):
                n += 1
                if keep(line):
                    kept += 1
                    draft.file.write(line + b"\n")
                    digest.update(line + b"\n")
            if kept == n and n:
                return path
            renamed = (
                f"{_stem(name)}-{digest.hexdigest()[:_DIGEST_DIGITS]}{name[name.find('.') :] if '.' in name else ''}"
            )
            if kept:
                draft.publish(renamed, read_only=True)
        self.store.remove(path)
        return f"{folder}/{renamed}" if kept else ""

    def lines(self, path: str) -> Iterator[bytes]:
        r"""Lines of a stored file, split at `\n` only (an essay may hold other line separators), empty ones left out.

        Raises:
            StorageError: The file is gone, or, once all of it was read, its bytes are not those that were stored.
        """
        digest = hashlib.sha256()
        try:
            with self.store.read(path) as file:
                yield from _lines(file, digest.update)
        except FileNotFoundError as error:
            raise StorageError(f"{self.store.root / path}: raw bytes are missing; {_REMEDY}") from error
        if not is_named_by(path, digest.hexdigest()):
            raise StorageError(f"{self.store.root / path}: raw bytes were altered after they were stored; {_REMEDY}")


def is_named_by(path: str, digest: str) -> bool:
    """Whether the name of a raw file holds this digest of its bytes."""
    return digest[:_DIGEST_DIGITS] in path.rsplit("/", 1)[-1]


def _lines(file: BinaryIO, seen: Callable[[bytes], None]) -> Iterator[bytes]:
    for line in file:
        seen(line)
        if stripped := line.rstrip(b"\n"):
            yield stripped


def _stem(name: str) -> str:
    """The name that a file was stored as, without digest and suffix."""
    return name.partition(".")[0][: -_DIGEST_DIGITS - 1]


def _is_of(name: str, stem: str) -> bool:
    digest = name.removeprefix(f"{stem}-")[:_DIGEST_DIGITS]
    return name.startswith(f"{stem}-") and len(digest) == _DIGEST_DIGITS and set(digest) <= _HEX
