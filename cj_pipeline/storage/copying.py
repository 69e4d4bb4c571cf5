"""Files from one store to another, piece by piece."""

import hashlib
from dataclasses import dataclass, field

from cj_pipeline.storage.raw_files import is_named_by
from cj_pipeline.storage.store import Store

_PIECE = 2**20


@dataclass
class Copied:
    """What was copied.

    Attributes:
        n_files: Files copied now.
        n_bytes: Their size.
        n_there: Files that were there already.
        altered: Raw files whose bytes are not those that their names hold the digest of; copied all the same.
    """

    n_files: int = 0
    n_bytes: int = 0
    n_there: int = 0
    altered: list[str] = field(default_factory=list)


def copy_raw(source: Store, target: Store) -> Copied:
    """Copy raw files. One that is there with the same name and size is left: its name says what is in it."""
    there = dict(target.walk())
    copied = Copied()
    for name, size in source.walk():
        if there.get(name) == size:
            copied.n_there += 1
        elif not is_named_by(name, _copy_file(source, target, name, copied, read_only=True)):
            copied.altered.append(name)
    return copied


def copy_tables(source: Store, target: Store) -> Copied:
    """Copy tables; what was there under the same name is replaced."""
    copied = Copied()
    for name, _ in source.walk():
        _copy_file(source, target, name, copied, read_only=False)
    return copied


def _copy_file(source: Store, target: Store, name: str, copied: Copied, *, read_only: bool) -> str:
    """Copy one file; returns the digest of its bytes."""
    digest = hashlib.sha256()
    folder, _, last = name.rpartition("/")
    with source.read(name) as file, target.draft(folder) as draft:
        while piece := file.read(_PIECE):
            draft.file.write(piece)
            digest.update(piece)
            copied.n_bytes += len(piece)
        draft.publish(last, read_only=read_only)
    copied.n_files += 1
    return digest.hexdigest()
