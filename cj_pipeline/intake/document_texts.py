"""Texts and tables of files, in this process where they are harmless, else by the pool; what was read is remembered."""

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cj_pipeline.domain.essays import normalise_text
from cj_pipeline.errors import ConfigurationError
from cj_pipeline.intake.folder_files import MOST_TABLE_BYTES, read_file
from cj_pipeline.intake.readers.dispatch import read_document, read_rows
from cj_pipeline.intake.readers.kinds import Kind, kind_of
from cj_pipeline.intake.readers.rows import Table
from cj_pipeline.intake.reading_pool import ReadingPool, Request, StoppedError

_HARMLESS: Final = {Kind.PLAIN, Kind.CSV, Kind.JSONL}
"""Kinds that are read in this process: nothing but letters is made of their bytes."""


def read_documents(paths: Sequence[Path]) -> list[str | ConfigurationError]:
    """Normalised text of every file, or what is wrong with it as a clause without a subject; in their order."""
    with ReadingPool(len(paths)) as pool:
        return list(pool.map(lambda path: _text(pool, path), paths))


def read_table_file(path: Path, sheet: str = "") -> Table:
    """Rows of a table.

    Args:
        path: The file.
        sheet: Sheet of an Excel file; empty: the first.

    Raises:
        ConfigurationError: What is wrong with it.
    """
    data = read_file(path, MOST_TABLE_BYTES)
    suffix = path.suffix.lower()
    try:
        if kind_of(suffix, data) in _HARMLESS:
            return read_rows(suffix, data, sheet)
        with ReadingPool() as pool:
            reply = pool.read(Request("rows", suffix, data, sheet))
    except ConfigurationError as error:
        raise ConfigurationError(f"{path}: {error}") from error
    columns = tuple(reply["columns"])
    return Table(columns, tuple(dict(zip(columns, row, strict=True)) for row in reply["rows"]))


def usable(text: str | ConfigurationError) -> str:
    """The text, if it is one.

    Raises:
        ConfigurationError: It is not, but what is wrong with it.
    """
    if isinstance(text, ConfigurationError):
        raise text
    return text


def _text(pool: ReadingPool, path: Path) -> str | ConfigurationError:
    """Normalised text of a file, or what is wrong with it as a clause without a subject."""
    suffix = path.suffix.lower()
    try:
        data = read_file(path)
        if kind_of(suffix, data) in _HARMLESS or not data.strip():
            return normalise_text(read_document(suffix, data))
        return _KNOWN.text(pool, suffix, data)
    except ConfigurationError as error:
        return ConfigurationError(str(error).removeprefix(f"{path}: "))


class _TextCache:
    """Texts by the digest of their files: a run reads its folder several times, and some formats take their time.

    Args:
        most: How many texts are kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._texts: OrderedDict[str, str | ConfigurationError] = OrderedDict()

    def text(self, pool: ReadingPool, suffix: str, data: bytes) -> str:
        """Text of a file, read by the pool if it is not known.

        Raises:
            ConfigurationError: What is wrong with it.
        """
        key = hashlib.sha256(suffix.encode() + b"\x00" + data).hexdigest()
        known = self._texts.get(key)
        if known is None:
            known = self._read(pool, suffix, data)
            self._texts[key] = known
            while len(self._texts) > self._most:
                self._texts.popitem(last=False)
        return usable(known)

    @staticmethod
    def _read(pool: ReadingPool, suffix: str, data: bytes) -> str | ConfigurationError:
        try:
            return normalise_text(pool.read(Request("text", suffix, data))["text"])
        except StoppedError:
            raise
        except ConfigurationError as error:
            return error


_KNOWN: Final = _TextCache(20_000)
