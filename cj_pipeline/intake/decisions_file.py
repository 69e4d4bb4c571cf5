"""Files of decisions, as the programs of the field export them: comma, semicolon or tab between, several encodings.

What the columns mean is known in `domain.decision_columns`.
"""

import csv
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Final

from cj_pipeline.domain.decision_rows import DecisionRows, read_rows
from cj_pipeline.errors import ConfigurationError

_DELIMITERS: Final = (",", ";", "\t")
_ZIP: Final = b"PK\x03\x04"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class DecisionsFile:
    """A file of decisions that was read.

    Attributes:
        path: The file.
        digest: SHA-256 of its bytes, hexadecimal.
        encoding: How its text was decoded.
        rows: What it holds.
    """

    path: Path
    digest: str
    encoding: str
    rows: DecisionRows


def read_decisions(path: Path, only: Mapping[str, str] | None = None) -> DecisionsFile:
    """Read a file of decisions.

    Args:
        path: The file.
        only: Values that rows must have to be read at all, by column; left out: all rows.

    Raises:
        ConfigurationError: The file cannot be opened, is no table of text, has columns that cannot be understood, or
            has no row that counts.
    """
    raw = _bytes(path)
    text, encoding = _decoded(raw, path)
    header, rows = _table(text, path)
    if only:
        rows = _selected(header, rows, only, path)
    read = read_rows(header, rows, str(path))
    if not read.decisions:
        reasons = "; ".join(f"{len(group.lines)}: {group.reason}" for group in read.left_out) or "it has no rows"
        raise ConfigurationError(f"{path}: holds no decision that counts ({reasons}), read as {read.convention}.")
    return DecisionsFile(path, hashlib.sha256(raw).hexdigest(), encoding, read)


def _bytes(path: Path) -> bytes:
    try:
        raw = path.read_bytes()
    except FileNotFoundError as error:
        raise ConfigurationError(f"{path}: the file is missing; check its name.") from error
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read ({error.strerror}); check its permissions.") from error
    if raw.startswith(_ZIP):
        raise ConfigurationError(
            f"{path}: is a workbook or a zip file, not text; save the sheet as CSV, or unpack it and name the file of "
            "decisions."
        )
    return raw


def _decoded(raw: bytes, path: Path) -> tuple[str, str]:
    """The text and its encoding: UTF-8 or UTF-16, else Windows-1252, in which old spreadsheets save."""
    for encoding in ("utf-16",) if raw.startswith(_UTF16) else ("utf-8-sig", "cp1252"):
        try:
            return raw.decode(encoding), encoding.removesuffix("-sig")
        except UnicodeDecodeError:
            continue
    raise ConfigurationError(f"{path}: is not text in UTF-8, UTF-16 or Windows-1252; save it as CSV in UTF-8.")


def _table(text: str, path: Path) -> tuple[list[str], Iterator[tuple[int, Sequence[str]]]]:
    first_line = text[: text.find("\n")] if "\n" in text else text
    delimiter = max(_DELIMITERS, key=first_line.count)
    lines = _lines(text, delimiter, path)
    header = next(lines, None)
    if header is None:
        raise ConfigurationError(f"{path}: is empty; it needs a line with the names of the columns, then decisions.")
    return list(header[1]), lines


def _lines(text: str, delimiter: str, path: Path) -> Iterator[tuple[int, Sequence[str]]]:
    """Number and cells of every line that is not empty."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error as error:
        raise ConfigurationError(
            f"{path}:{reader.line_num}: is not a table of text ({error}); check the quotes around this line."
        ) from error


def _selected(
    header: Sequence[str], rows: Iterator[tuple[int, Sequence[str]]], only: Mapping[str, str], path: Path
) -> Iterator[tuple[int, Sequence[str]]]:
    missing = sorted(set(only) - set(header))
    if missing:
        raise ConfigurationError(f"{path}:1: no column {missing[0]!r}; found: {', '.join(header)}.")
    wanted = [(header.index(column), value) for column, value in only.items()]
    return ((n, cells) for n, cells in rows if all(place < len(cells) and cells[place] == v for place, v in wanted))
