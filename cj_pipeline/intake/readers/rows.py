"""Tables: CSV, Excel, JSON lines and Parquet as rows of text."""

import csv
import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Any, Final

import openpyxl
import pyarrow.parquet as pq

from cj_pipeline.errors import ConfigurationError
from cj_pipeline.intake.readers.archives import require_harmless
from cj_pipeline.intake.readers.decoding import decode
from cj_pipeline.intake.readers.kinds import Kind

MOST_ROWS: Final = 200_000
_MOST_COLUMNS: Final = 500
_MOST_PARQUET: Final = 400_000_000
_LONGEST_FIELD: Final = 2_000_000
_DELIMITERS: Final = ",;\t|"


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it was read.

    Attributes:
        columns: Names of the columns, as they stand, without outer spaces.
        rows: Values by column, all as text; what is missing is empty.
    """

    columns: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...]


def read_table(kind: Kind, data: bytes, sheet: str = "") -> Table:
    """Read a table.

    Args:
        kind: Its format.
        data: The whole file.
        sheet: Sheet of an Excel file; empty: the first.

    Raises:
        ConfigurationError: It is no table, or too large. The message is a clause without a subject.
    """
    match kind:
        case Kind.CSV:
            return _from_lists(_csv(data))
        case Kind.XLSX:
            return _from_lists(_xlsx(data, sheet))
        case Kind.JSONL:
            return _from_records(_jsonl(data))
        case Kind.PARQUET:
            return _from_records(_parquet(data))
        case _:
            raise ConfigurationError(f"is {kind}, not a table; save it as .csv or .xlsx.")


def _from_lists(lines: Iterator[list[str]]) -> Table:
    header: list[str] | None = None
    rows: list[Mapping[str, str]] = []
    for line in lines:
        if not any(line):
            continue
        if header is None:
            header = _header(line)
            continue
        _require_room(len(rows))
        padded = [*line, *[""] * (len(header) - len(line))]
        rows.append({name: value for name, value in zip(header, padded, strict=False) if name})
    if header is None:
        raise ConfigurationError("holds no table; its first line must name the columns.")
    return Table(tuple(name for name in header if name), tuple(rows))


def _header(line: list[str]) -> list[str]:
    names = [name.strip().removeprefix("\ufeff") for name in line]
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice or len(names) > _MOST_COLUMNS:
        what = f"names the column {twice[0]!r} twice" if twice else f"has {len(names)} columns"
        raise ConfigurationError(f"{what}; give every column a name of its own.")
    return names


def _from_records(records: Iterator[Mapping[str, Any]]) -> Table:
    columns: dict[str, None] = {}
    rows: list[Mapping[str, str]] = []
    for record in records:
        _require_room(len(rows))
        row = {str(key).strip(): _as_text(value) for key, value in record.items()}
        columns |= dict.fromkeys(row)
        if len(columns) > _MOST_COLUMNS:
            raise ConfigurationError(f"has more than {_MOST_COLUMNS} columns; keep those that are needed.")
        rows.append(row)
    if not columns:
        raise ConfigurationError("holds no rows.")
    return Table(tuple(columns), tuple({name: row.get(name, "") for name in columns} for row in rows))


def _require_room(n_rows: int) -> None:
    if n_rows >= MOST_ROWS:
        raise ConfigurationError(f"has more than {MOST_ROWS:,} rows; split it.")


def _csv(data: bytes) -> Iterator[list[str]]:
    text = decode(data)
    csv.field_size_limit(_LONGEST_FIELD)
    try:
        yield from csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text))
    except csv.Error as error:
        raise ConfigurationError(f"is no CSV table ({error}); save it again as CSV, UTF-8.") from error


def _delimiter(text: str) -> str:
    """What separates the columns of the first line: Excel writes semicolons where decimals have commas."""
    first = text.lstrip("\r\n").split("\n", 1)[0]
    return max(_DELIMITERS, key=first.count)


def _xlsx(data: bytes, sheet: str) -> Iterator[list[str]]:
    require_harmless(data)
    book = openpyxl.load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
    if sheet and sheet not in book.sheetnames:
        raise ConfigurationError(f"has no sheet {sheet!r}; found: {', '.join(book.sheetnames)}.")
    page = book[sheet] if sheet else book.worksheets[0]
    # The size that a file states for itself may be a lie.
    page.reset_dimensions()
    for row in page.iter_rows(values_only=True):
        yield [_as_text(value) for value in row[:_MOST_COLUMNS]]


def _jsonl(data: bytes) -> Iterator[Mapping[str, Any]]:
    for number, line in enumerate(decode(data).split("\n"), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise ConfigurationError(f"line {number} is no JSON; expected one object on every line.") from error
        if not isinstance(record, dict):
            raise ConfigurationError(f"line {number} is no JSON object; expected one object on every line.")
        yield record


def _parquet(data: bytes) -> Iterator[Mapping[str, Any]]:
    file = pq.ParquetFile(BytesIO(data))
    declared = sum(file.metadata.row_group(i).total_byte_size for i in range(file.metadata.num_row_groups))
    if declared > _MOST_PARQUET or file.metadata.num_columns > _MOST_COLUMNS:
        raise ConfigurationError("would take far more room unpacked than a table of essays can; split it.")
    for batch in file.iter_batches(batch_size=1000):
        yield from batch.to_pylist()


def _as_text(value: object) -> str:
    """A cell as text: whole numbers without a decimal point (Excel has no others), dates without a midnight."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case float() if value.is_integer() and abs(value) < 1e15:  # noqa: PLR2004 (beyond it a float is not exact)
            return str(int(value))
        case dt.datetime() if value.time() == dt.time():
            return value.date().isoformat()
        case _:
            return str(value)
