"""Columns on disk: Parquet for programs, CSV for people; and what a result rests on, as JSON."""

import csv
import json
from collections.abc import Mapping, Sequence
from io import BytesIO, StringIO
from pathlib import Path

from cj_pipeline.storage.atomic import atomic_write


def write_columns(folder: Path, name: str, columns: Mapping[str, Sequence[object]]) -> list[Path]:
    """Write `<name>.csv` and `<name>.parquet`; returns their paths.

    Args:
        folder: Where to; made if needed. Files of the same name are replaced.
        name: Name without suffix.
        columns: Columns of equal length, each of texts or of numbers; missing numbers are None.
    """
    csv_path, parquet_path = folder / f"{name}.csv", folder / f"{name}.parquet"
    text = _as_csv(columns)
    with atomic_write(csv_path) as raw:
        raw.write(text)
    _write_parquet(parquet_path, text, columns)
    return [csv_path, parquet_path]


def write_json(folder: Path, name: str, content: Mapping[str, object]) -> Path:
    """Write `<name>.json`; returns its path."""
    path = folder / f"{name}.json"
    with atomic_write(path) as raw:
        raw.write((json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode())
    return path


def _as_csv(columns: Mapping[str, Sequence[object]]) -> bytes:
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return text.getvalue().encode()


def _write_parquet(path: Path, text: bytes, columns: Mapping[str, Sequence[object]]) -> None:
    """Through the CSV, because arrays made of Python lists load pandas, which takes longer than everything else."""
    from pyarrow import csv as arrow_csv  # noqa: PLC0415 (a tenth of a second to import, and only writing needs it)
    from pyarrow import float64, int64, parquet, string  # noqa: PLC0415

    kinds = {"text": string(), "whole": int64(), "number": float64()}
    table = arrow_csv.read_csv(
        BytesIO(text),
        parse_options=arrow_csv.ParseOptions(newlines_in_values=True),
        convert_options=arrow_csv.ConvertOptions(
            column_types={name: kinds[_kind(cells)] for name, cells in columns.items()}, null_values=[""]
        ),
    )
    with atomic_write(path) as raw:
        parquet.write_table(table, raw)


def _kind(cells: Sequence[object]) -> str:
    if any(isinstance(cell, str) for cell in cells):
        return "text"
    return "whole" if cells and all(isinstance(cell, int) for cell in cells) else "number"
