"""Sheets as an .xlsx workbook."""

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
import pandas as pd

from cj_pipeline.reporting.shown_numbers import is_missing, look
from cj_pipeline.reporting.workbook.safe_cells import for_workbook, looks_like_formula
from cj_pipeline.reporting.workbook.sheets import Sheet

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell

Page: TypeAlias = Any
"""A sheet that is written row by row; its published types lack the widths and the filter it has."""

MOST_ROWS: Final = 100_000
"""With more rows a table is not put into a sheet; the Parquet file has it."""

_NARROWEST, _WIDEST, _SAMPLED = 8, 60, 200


def workbook(sheets: Sequence[Sheet], title: str, subject: str) -> bytes:
    """Write a workbook.

    Args:
        sheets: What it holds.
        title: Its title among its properties.
        subject: What it is, or whose work; shown among its properties.

    Returns:
        The bytes of an .xlsx file. Numbers are numbers, shown with the decimals they are rounded to; texts are texts,
        whatever they begin with.
    """
    from openpyxl import Workbook  # noqa: PLC0415 (a quarter of a second to import)

    book = Workbook(write_only=True)
    book.properties.title, book.properties.subject = for_workbook(title), for_workbook(subject)
    book.properties.creator = "cj_pipeline"
    for sheet in sheets:
        _fill(book.create_sheet(sheet.name), sheet)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(into: Page, sheet: Sheet) -> None:
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 (see workbook)

    table = sheet.table
    if table.empty or len(table) > MOST_ROWS:
        note = sheet.note if table.empty else f"{len(table):,} rows: see parquet/{sheet.name.casefold()}.parquet."
        into.append([note])
        return
    columns = list(map(str, table.columns))
    into.freeze_panes = "B2"
    for i, name in enumerate(columns, 1):
        into.column_dimensions[get_column_letter(i)].width = _width(name, table[name])
    into.append([_head(into, name) for name in columns])
    formats = [look(name).excel_format if pd.api.types.is_float_dtype(table[name]) else "" for name in columns]
    for row in table.itertuples(index=False, name=None):
        into.append([_cell(into, value, how) for value, how in zip(row, formats, strict=True)])
    into.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(table) + 1}"


def _width(name: str, column: "pd.Series[Any]") -> float:
    longest = max((len(str(value)) for value in column.head(_SAMPLED)), default=0)
    return min(_WIDEST, max(_NARROWEST, len(name) + 3, longest + 1))


def _head(into: Page, name: str) -> "Cell":
    from openpyxl.styles import Font  # noqa: PLC0415 (see workbook)

    cell = _text(into, name)
    cell.font = Font(bold=True)
    return cell


def _cell(into: Page, value: object, how: str) -> "Cell | None":
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 (see workbook)

    if is_missing(value):
        return None
    if isinstance(value, bool | np.bool_):
        return WriteOnlyCell(into, value=bool(value))
    if isinstance(value, int | float | np.number):
        cell = WriteOnlyCell(into, value=value.item() if isinstance(value, np.number) else value)
        cell.number_format = how or "General"
        return cell
    return _text(into, str(value))


def _text(into: Page, text: str) -> "Cell":
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 (see workbook)

    cell = WriteOnlyCell(into, value=for_workbook(text))
    cell.data_type = "s"
    # Marks the cell as text for good: editing it does not turn it into a formula.
    cell.quotePrefix = looks_like_formula(text)
    return cell
