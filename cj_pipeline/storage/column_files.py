"""Columns on disk: Parquet for programs, CSV for people; and what a result rests on, as JSON."""

import csv
import json
from collections.abc import Mapping, Sequence
from io import TextIOWrapper
from pathlib import Path

from cj_pipeline.storage.atomic import atomic_write


def write_columns(folder: Path, name: str, columns: Mapping[str, Sequence[object]]) -> list[Path]:
    """Write `<name>.csv` and `<name>.parquet`; returns their paths.

    Args:
        folder: Where to; made if needed. Files of the same name are replaced.
        name: Name without suffix.
        columns: Columns of equal length; missing cells are None.
    """
    import pyarrow as pa  # noqa: PLC0415 (a tenth of a second to import, and only writing needs it)
    from pyarrow import parquet  # noqa: PLC0415

    csv_path, parquet_path = folder / f"{name}.csv", folder / f"{name}.parquet"
    with atomic_write(csv_path) as raw:
        text = TextIOWrapper(raw, "utf-8", newline="", write_through=True)
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
        text.detach()
    with atomic_write(parquet_path) as raw:
        parquet.write_table(
            pa.table(
                {
                    key: pa.array(cells, None if any(cell is not None for cell in cells) else pa.float64())
                    for key, cells in columns.items()
                }
            ),
            raw,
        )
    return [csv_path, parquet_path]


def write_json(folder: Path, name: str, content: Mapping[str, object]) -> Path:
    """Write `<name>.json`; returns its path."""
    path = folder / f"{name}.json"
    with atomic_write(path) as raw:
        raw.write((json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode())
    return path
