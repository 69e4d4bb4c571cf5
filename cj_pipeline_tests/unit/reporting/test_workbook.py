"""The workbook and what is written beside it: the same numbers as the report, and nothing that computes."""

# ruff: noqa: D103 - the name of a test is its sentence

import csv
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from cj_pipeline.engine.grade_reasons import NoGrades, ReasonKind
from cj_pipeline.engine.report_data import ReportData
from cj_pipeline.intake.decisions_file import read_decisions
from cj_pipeline.reporting.html_report.pages import report_pages
from cj_pipeline.reporting.shown_numbers import look, shown
from cj_pipeline.reporting.workbook import excel
from cj_pipeline.reporting.workbook.excel import workbook
from cj_pipeline.reporting.workbook.safe_cells import for_csv, for_workbook, looks_like_formula
from cj_pipeline.reporting.workbook.sheets import Sheet, sheets
from cj_pipeline.reporting.workbook.writing import write_export
from cj_pipeline_tests.support.reports import Judged

SHEETS = (
    "Ranking", "Grades", "Boundaries", "Anchors", "Judges", "Disagreements", "Decisions", "Feedback", "Dictionary",
    "Manifest",
)  # fmt: skip


@pytest.fixture(scope="module")
def data() -> ReportData:
    return Judged(synthetic=True).report()


@pytest.fixture(scope="module")
def folder(data: ReportData, tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("export")
    write_export(where, data)
    return where


def opened(folder: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(folder / "workbook.xlsx")


@pytest.mark.parametrize("names", [{}, {"essay-01": "Åsa Berg"}])
def test_the_workbook_has_its_sheets_and_a_meaning_for_every_column(
    data: ReportData, tmp_path: Path, names: dict[str, str]
) -> None:
    write_export(tmp_path, replace(data, names=names))
    book = opened(tmp_path)
    assert tuple(book.sheetnames) == SHEETS
    known = {(row[0], row[1]) for row in book["Dictionary"].iter_rows(min_row=2, values_only=True)}
    for name in SHEETS:
        if name != "Dictionary":
            head = next(book[name].iter_rows(max_row=1, values_only=True))
            assert {(name, column) for column in head} == {(sheet, c) for sheet, c in known if sheet == name}


def test_report_workbook_csv_and_parquet_show_the_same_numbers(data: ReportData, folder: Path) -> None:
    page = report_pages(data, "en")[""]
    book, table = opened(folder)["Ranking"], pd.read_parquet(folder / "parquet" / "ranking.parquet")
    with (folder / "csv" / "ranking.csv").open(encoding="utf-8-sig", newline="") as file:
        written = list(csv.DictReader(file))
    head, *rows = book.iter_rows(values_only=True)
    assert len(rows) == len(written) == len(table) == 24
    for i, row in enumerate(rows):
        cells = dict(zip(head, row, strict=True))
        for column in ("measure", "standard_error", "interval_low", "interval_high"):
            raw, text = data.ranking[column].iloc[i], shown(column, data.ranking[column].iloc[i])
            assert text in page
            assert shown(column, float(str(cells[column]))) == text
            assert cells[column] == table[column].iloc[i] == float(written[i][column])
            assert abs(float(str(cells[column])) - raw) <= 0.5 * 10 ** -look(column).digits + 1e-12


def test_numbers_are_numbers_with_the_decimals_shown(folder: Path) -> None:
    sheet = opened(folder)["Ranking"]
    head = [cell.value for cell in next(sheet.iter_rows(max_row=1))]
    cell = sheet.cell(2, head.index("measure") + 1)
    assert isinstance(cell.value, float)
    assert cell.number_format == look("measure").excel_format


@pytest.mark.parametrize("text", ["=1+1", "+A1", "-2+3", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")', "  =1+1"])
def test_what_looks_like_a_formula_is_a_text(text: str) -> None:
    assert looks_like_formula(text)
    assert for_csv(text) == f"'{text}"
    book = openpyxl.load_workbook(BytesIO(workbook([Sheet("S", pd.DataFrame({text: [text]}))], text, text)))
    for row in (1, 2):
        cell = book["S"].cell(row, 1)
        assert (cell.data_type, cell.value) == ("s", text)
        assert cell.quotePrefix


@pytest.mark.parametrize("text", ["-1.5", "+3", "-", "+", "C-", "", "essay", "12 %", "-0,53"])
def test_numbers_and_grades_are_left_as_they_are(text: str) -> None:
    assert for_csv(text) == text


def test_hostile_ids_names_and_reasons_reach_no_file_as_formulas(tmp_path: Path) -> None:
    bad = "=cmd|' /C calc'!A0"
    data = Judged(reason=bad, names={"essay-01": "@Åsa", "essay-02": "-Bo+1"}).report()
    write_export(tmp_path, data)
    for cell in (c for sheet in opened(tmp_path) for row in sheet.iter_rows() for c in row):
        assert cell.data_type != "f"
    for path in tmp_path.rglob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            assert not any(looks_like_formula(cell) for row in csv.reader(file) for cell in row), path
    assert bad in set(pd.read_parquet(tmp_path / "parquet" / "decisions.parquet")["reason"])
    head, first, *_ = opened(tmp_path)["Ranking"].iter_rows(values_only=True)
    assert "name" in head
    assert first[head.index("name")]


def test_what_a_workbook_cannot_hold_is_replaced_and_cut() -> None:
    assert for_workbook("a\x00b") == "a\ufffdb"
    assert len(for_workbook("x" * 40_000)) == 32_767


def test_many_decisions_are_in_parquet_only(data: ReportData, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(excel, "MOST_ROWS", 100)
    write_export(tmp_path, data)
    assert opened(tmp_path)["Decisions"].cell(1, 1).value == "156 rows: see parquet/decisions.parquet."
    assert len(pd.read_parquet(tmp_path / "parquet" / "decisions.parquet")) == 156


def test_without_grades_their_sheet_says_why(data: ReportData, tmp_path: Path) -> None:
    write_export(tmp_path, data)
    none = pd.DataFrame()
    why = (NoGrades(ReasonKind.NO_ANCHORS, "no anchors."),)
    write_export(tmp_path, replace(data, grades=none, boundaries=none, anchors=none, no_grades=why))
    assert opened(tmp_path)["Grades"].cell(1, 1).value == "No grades are given out. No anchors."
    assert not (tmp_path / "csv" / "grades.csv").exists()


def test_the_manifest_says_that_a_synthetic_judge_answered(data: ReportData) -> None:
    [manifest] = [sheet.table for sheet in sheets(data) if sheet.name == "Manifest"]
    assert "synthetic judge" in manifest["value"].iloc[0]


@pytest.mark.parametrize(
    ("view", "convention"), [("no_more_marking_decisions", "No More Marking"), ("sirt_decisions", "sirt")]
)
def test_views_of_decisions_are_read_as_what_they_claim_to_be(
    data: ReportData, folder: Path, view: str, convention: str
) -> None:
    found = read_decisions(folder / "views" / f"{view}.csv", {}).rows
    assert len(found.decisions) == len(data.decisions)
    assert found.convention == convention


def test_the_grade_book_has_a_score_for_every_student_and_none_for_anchors(data: ReportData, folder: Path) -> None:
    table = pd.read_csv(folder / "views" / "oneroster_results.csv", encoding="utf-8-sig")
    assert set(table["studentSourcedId"]) == set(data.ranking.loc[data.ranking["anchor_grade"].isna(), "essay_id"])
    assert set(table["scoreStatus"]) == {"fully graded"}
    assert table["comment"].str.startswith("proposed grade").all()
    assert list(table.columns) == [
        "sourcedId", "status", "dateLastModified", "lineItemSourcedId", "studentSourcedId", "scoreStatus", "score",
        "scoreDate", "comment",
    ]  # fmt: skip


def test_people_whose_decision_was_contradicted_find_the_students_by_name(data: ReportData, tmp_path: Path) -> None:
    essays = data.ranking["essay_id"].tolist()
    write_export(tmp_path, replace(data, names={essay: f"Student {essay}" for essay in essays}))
    table = pd.read_parquet(tmp_path / "parquet" / "disagreements.parquet")
    assert not table.empty
    for column in ("preferred", "other"):
        assert table[f"{column}_name"].tolist() == [f"Student {essay}" for essay in table[column]]
