"""A result on disk: the workbook, its tables as CSV and Parquet, and the views."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import BinaryIO, TypeAlias

import pandas as pd

from cj_pipeline.engine.report_data import ReportData
from cj_pipeline.reporting.ranking_picture import SYNTHETIC_NOTICE
from cj_pipeline.reporting.workbook.excel import workbook
from cj_pipeline.reporting.workbook.safe_cells import csv_table
from cj_pipeline.reporting.workbook.sheets import Sheet, sheets
from cj_pipeline.reporting.workbook.views import views
from cj_pipeline.storage.atomic import atomic_write

WORKBOOK = "workbook.xlsx"

Write: TypeAlias = Callable[[Path], AbstractContextManager[BinaryIO]]


def write_export(folder: Path, data: ReportData) -> Path:
    """Write everything below a folder; files of the same names are replaced. Returns the workbook's path.

    Where students are named, only the owner can read the files.

    `workbook.xlsx` holds all sheets; `csv/` and `parquet/` the same tables, with the same numbers, a file each;
    `views/` what other programs read.
    """
    made = sheets(data)
    title = data.snapshot.assessment.title
    write = partial(atomic_write, owner_only=data.is_private)
    with write(folder / WORKBOOK) as file:
        file.write(workbook(made, title, SYNTHETIC_NOTICE if data.is_synthetic else "comparative judgement"))
    for sheet in made:
        _write_table(folder, sheet, write)
    for name, table in views(data).items():
        _write_csv(folder / "views" / f"{name}.csv", table, write)
    return folder / WORKBOOK


def _write_table(folder: Path, sheet: Sheet, write: Write) -> None:
    """A table as CSV and Parquet; nothing is left of an earlier one where there is none now."""
    name = sheet.name.casefold()
    csv, parquet = folder / "csv" / f"{name}.csv", folder / "parquet" / f"{name}.parquet"
    if sheet.table.empty:
        csv.unlink(missing_ok=True)
        parquet.unlink(missing_ok=True)
        return
    _write_csv(csv, sheet.table, write)
    with write(parquet) as file:
        sheet.table.to_parquet(file, index=False)


def _write_csv(path: Path, table: pd.DataFrame, write: Write) -> None:
    """UTF-8 with a byte order mark, by which spreadsheets know it."""
    with write(path) as file:
        file.write(csv_table(table).to_csv(index=False, lineterminator="\n").encode("utf-8-sig"))
