"""Where files are kept: a folder on a disk, or a bucket of an object store. Either way a file is there whole or not.

What does not belong here: what the files hold (raw_files, table_files).
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO, Protocol

from upath import UPath

from cj_pipeline.errors import ConfigurationError
from cj_pipeline.storage.disk_store import DiskStore
from cj_pipeline.storage.object_store import ObjectStore


class Draft(Protocol):
    """A file that is being written and has no name yet."""

    @property
    def file(self) -> BinaryIO:
        """Where its bytes go."""
        ...

    def publish(self, name: str, *, read_only: bool = False) -> None:
        """Give it its name in the draft's folder, complete and durable; what had that name is replaced in one step."""
        ...


class Store(Protocol):
    """Files by name, below one place. Names are relative, with `/`; files whose name begins with a dot do not count."""

    @property
    def root(self) -> UPath:
        """The place."""
        ...

    def draft(self, folder: str, *, owner_only: bool = False) -> AbstractContextManager[Draft]:
        """Begin a file of a folder; without `publish` nothing is left of it.

        Args:
            folder: The folder.
            owner_only: Whether only its owner may read it. In an object store the store's own rules say who may.
        """
        ...

    def read(self, name: str) -> AbstractContextManager[BinaryIO]:
        """Open a file; raises `FileNotFoundError` if there is none."""
        ...

    def names(self, folder: str) -> list[str]:
        """Names of the files directly in a folder, without the folder, sorted; empty if there is none."""
        ...

    def walk(self, folder: str = "") -> Iterator[tuple[str, int]]:
        """Every file below a folder: its name and its size in bytes, by name."""
        ...

    def remove(self, name: str) -> None:
        """Delete a file; one that is gone already is fine."""
        ...


def store_at(root: Path | UPath) -> Store:
    """The store at a place: a disk where the place is a path of this machine, an object store elsewhere."""
    return DiskStore(root) if isinstance(root, Path) else ObjectStore(root)


def place(url: str) -> UPath:
    """The place an address names.

    Args:
        url: A path, `file://...`, or an address that fsspec knows: `s3://bucket/prefix`, `gs://`, `az://`.

    Raises:
        ConfigurationError: The package for this kind of address is missing, or nobody knows it.
    """
    if url.startswith("file://"):
        return UPath(url.removeprefix("file://"))
    try:
        found = UPath(url)
        if not isinstance(found, Path):
            _ = found.fs  # a missing package shows here
    except (ImportError, ValueError) as error:
        raise ConfigurationError(
            f"{url}: cannot be used as a store ({error}). Install the extra that knows it, for example "
            "`pip install 'cj-pipeline[s3]'` (also gcs, azure), or give another address."
        ) from error
    return found
