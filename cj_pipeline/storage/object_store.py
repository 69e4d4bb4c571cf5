"""Files in an object store, by way of fsspec: staged on this machine, then put in one piece.

An object that is put is there whole or not at all, also one that is put in parts. Listings are asked for anew every
time: other machines write to the same place.
"""

import io
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any, BinaryIO, Final, cast

from upath import UPath

from cj_pipeline.errors import StoreUnavailableError

_BLOCK_BYTES = 4 * 2**20
"""Read ahead, so that a file of any size takes little memory."""

_PIECES: Final[Mapping[str, Mapping[str, int]]] = {
    "s3": {"chunksize": 8 * 2**20, "max_concurrency": 2},
    "gs": {"chunksize": 8 * 2**20},
}
"""How a large file is cut while it is put; by themselves the packages for these would hold hundreds of megabytes."""


class ObjectDraft:
    """A file of this machine that is to be put. Implements `store.Draft`."""

    def __init__(self, store: "ObjectStore", folder: str, staged: Any) -> None:  # noqa: ANN401 (a named temporary file)
        self._store, self._folder, self._staged = store, folder, staged
        self.file = cast("BinaryIO", staged)

    def publish(self, name: str, *, read_only: bool = False) -> None:  # noqa: ARG002 (objects are never altered, only replaced)
        """Put it."""
        self._staged.flush()
        self._store.put(self._staged.name, f"{self._folder}/{name}" if self._folder else name)


class ObjectStore:
    """A bucket, or a part of it. Implements `store.Store`.

    Args:
        root: Its place. Who may read and write there is said by the environment, as the provider's own tools have it.
    """

    def __init__(self, root: UPath) -> None:
        self.root = root
        self._fs = root.fs
        self._base = root.path.rstrip("/")

    @contextmanager
    def draft(self, folder: str, *, owner_only: bool = False) -> Iterator[ObjectDraft]:  # noqa: ARG002 (the store's own rules say who may read)
        """Begin a file on this machine, where only its owner can read it."""
        with tempfile.NamedTemporaryFile(prefix="cj-") as staged:
            yield ObjectDraft(self, folder, staged)

    def put(self, source: str, name: str) -> None:
        """Put a file of this machine under a name."""
        with self._reaching(name, may_be_absent=False):
            self._fs.put_file(source, self._key(name), **_PIECES.get(self.root.protocol, {}))

    @contextmanager
    def read(self, name: str) -> Iterator[BinaryIO]:
        """Open a file; it is read block by block."""
        with self._reaching(name):
            self._fs.invalidate_cache()
            blocks = self._fs.open(self._key(name), "rb", block_size=_BLOCK_BYTES)
        with blocks:
            yield cast("BinaryIO", _Reader(self, name, blocks))

    def names(self, folder: str) -> list[str]:
        """Names of the objects directly in a folder."""
        entries = self._listed(folder, whole=False)
        names = (entry["name"].rsplit("/", 1)[-1] for entry in entries if entry["type"] == "file")
        return sorted(name for name in names if name and not name.startswith("."))

    def walk(self, folder: str = "") -> Iterator[tuple[str, int]]:
        """Every object below a folder."""
        found = {entry["name"]: int(entry["size"] or 0) for entry in self._listed(folder, whole=True)}
        for key, size in sorted(found.items()):
            name = key.removeprefix("/").removeprefix(self._base.removeprefix("/")).removeprefix("/")
            if name and not name.rsplit("/", 1)[-1].startswith("."):
                yield name, size

    def remove(self, name: str) -> None:
        """Delete an object."""
        with self._reaching(name):
            self._fs.invalidate_cache()
            if self._fs.exists(self._key(name)):
                self._fs.rm_file(self._key(name))

    def _key(self, name: str) -> str:
        return f"{self._base}/{name}" if name else self._base

    def _listed(self, folder: str, *, whole: bool) -> list[dict[str, Any]]:
        with self._reaching(folder):
            self._fs.invalidate_cache()
            try:
                if whole:
                    return list(self._fs.find(self._key(folder), detail=True).values())
                return list(self._fs.ls(self._key(folder), detail=True))
            except FileNotFoundError:
                return []

    @contextmanager
    def _reaching(self, name: str, *, may_be_absent: bool = True) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            # Every kind of store has errors of its own, with no base in common.
            if may_be_absent and isinstance(error, FileNotFoundError):
                raise
            raise StoreUnavailableError(
                f"{self.root}/{name}: the store could not be reached, or refused ({type(error).__name__}: {error}). "
                "Check the address, the credentials in the environment and the network; then run it again."
            ) from error


class _Reader(io.BufferedReader):
    """Lines of a remote file, found in a buffer of this machine; trouble on the way is a storage error."""

    def __init__(self, store: ObjectStore, name: str, blocks: Any) -> None:  # noqa: ANN401 (fsspec's file)
        super().__init__(blocks, 2**20)
        self._store, self._name = store, name

    def _reach(self) -> AbstractContextManager[None]:
        return self._store._reaching(self._name)  # noqa: SLF001 (of the same module)

    def readline(self, size: int | None = -1, /) -> bytes:
        with self._reach():
            return super().readline(-1 if size is None else size)

    def __next__(self) -> bytes:
        if line := self.readline():
            return line
        raise StopIteration

    def read(self, size: int | None = -1, /) -> bytes:
        with self._reach():
            return super().read(-1 if size is None else size)
