# ruff: noqa: D103 - the names of the tests say it
"""Tables: whatever program wrote them, the rows are the same."""

import datetime as dt
import json
from collections.abc import Sequence
from io import BytesIO

import openpyxl
import pandas as pd
import pytest

from cj_pipeline.errors import ConfigurationError
from cj_pipeline.intake.readers.dispatch import read_rows
from cj_pipeline_tests.support.essay_documents import bomb, word

ROWS = [
    {"id": "007", "text": 'Åsa wrote; this, "here".\n\nAnd more.', "grade": "B"},
    {"id": "8", "text": "Två", "grade": ""},
]


_DAY = dt.datetime(2026, 11, 25, tzinfo=dt.UTC).replace(tzinfo=None)
"""Excel knows no time zones."""


def workbook(*sheets: tuple[str, Sequence[Sequence[object]]]) -> bytes:
    book = openpyxl.Workbook()
    for i, (title, rows) in enumerate(sheets):
        page = book.active if i == 0 else book.create_sheet()
        assert page is not None
        page.title = title
        for row in rows:
            page.append(list(row))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def parquet() -> bytes:
    out = BytesIO()
    pd.DataFrame(ROWS).replace("", None).to_parquet(out)
    return out.getvalue()


def csv_of(delimiter: str, encoding: str) -> bytes:
    text = pd.DataFrame(ROWS).to_csv(index=False, sep=delimiter)
    return text.encode(encoding)


@pytest.mark.parametrize(
    ("suffix", "data"),
    [
        (".csv", csv_of(",", "utf-8")),
        (".csv", csv_of(";", "utf-8-sig")),
        (".csv", csv_of(";", "latin-1")),
        (".tsv", csv_of("\t", "utf-16")),
        (".xlsx", workbook(("Data", [list(ROWS[0]), *[[v or None for v in row.values()] for row in ROWS]]))),
        (".jsonl", "\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS).encode() + b"\n\n"),
        (".parquet", parquet()),
    ],
)
def test_a_table_is_read_as_text(suffix: str, data: bytes) -> None:
    table = read_rows(suffix, data)

    assert table.columns == ("id", "text", "grade")
    assert [dict(row) for row in table.rows] == ROWS


def test_cells_of_a_workbook_become_the_text_a_person_sees() -> None:
    row = [1042.0, 2.5, True, _DAY, _DAY.replace(hour=8, minute=30), None]
    table = read_rows(".xlsx", workbook(("A", [["a", "b", "c", "d", "e", "f"], row])))

    assert list(table.rows[0].values()) == ["1042", "2.5", "true", "2026-11-25", "2026-11-25 08:30:00", ""]


def test_a_sheet_is_chosen_by_its_name() -> None:
    data = workbook(("One", [["a"], ["1"]]), ("Two", [["b"], ["2"]]))

    assert read_rows(".xlsx", data, "Two").columns == ("b",)
    with pytest.raises(ConfigurationError, match="has no sheet 'Three'; found: One, Two"):
        read_rows(".xlsx", data, "Three")


def test_empty_lines_and_short_rows_do_no_harm() -> None:
    table = read_rows(".csv", b"\n a ,b,\n1\n\n,,\n2,3,4,5\n")

    assert table.columns == ("a", "b")
    assert [dict(row) for row in table.rows] == [{"a": "1", "b": ""}, {"a": "2", "b": "3"}]


@pytest.mark.parametrize(
    ("suffix", "data", "said"),
    [
        (".csv", b"", "holds no table; its first line must name the columns."),
        (".csv", b"a,a\n1,2\n", "names the column 'a' twice; give every column a name of its own."),
        (".csv", b"a,b\n" + b'"' + b"x" * 2_000_001, "is no CSV table"),
        (".jsonl", b'{"a": 1}\n[1]\n', "line 2 is no JSON object; expected one object on every line."),
        (".jsonl", b'{"a": 1}\n{a}\n', "line 2 is no JSON; expected one object on every line."),
        (".jsonl", b"\n", "holds no rows."),
        (".parquet", b"PAR1 and no more", "is damaged (ArrowInvalid)"),
        (".xlsx", word(["x"]), "is Word, not a table; save it as .csv or .xlsx."),
        (".xlsx", bomb("xl/workbook.xml", 60_000_000), "would take far more room unpacked"),
    ],
)
def test_what_is_no_table_is_named(suffix: str, data: bytes, said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_rows(suffix, data)

    assert str(caught.value).startswith(said)
