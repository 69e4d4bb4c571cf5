"""Tables of grades: what they say, what is kept, and what is removed."""

# ruff: noqa: D103 - the name of a test is its sentence

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cj_pipeline.engine.grade_tables import (
    ANCHORS_TABLE,
    BOUNDARIES_TABLE,
    GRADES_TABLE,
    grades_table,
    save_grades,
)
from cj_pipeline.engine.grades import Grades, grade_ranking
from cj_pipeline.reporting.grade_columns import GRADE_COLUMNS, PER_GRADE
from cj_pipeline.storage.table_files import TableFiles
from cj_pipeline_tests.support.gradings import LEGACY, Case, nine_anchors

LEVELS = ("F", *LEGACY)


def saved(folder: Path, case: Case) -> dict[str, pd.DataFrame]:
    """Return the tables that are on disk afterwards."""
    save_grades(TableFiles(folder), "x", grade_ranking(case.ranking()))
    return {path.stem: pd.read_parquet(path) for path in (folder / "x").glob("*.parquet")}


def table_of(case: Case) -> pd.DataFrame:
    """Return the table of grades, by essay."""
    grades: Grades = grade_ranking(case.ranking())
    assert grades.placed is not None
    return grades_table(grades, grades.placed).set_index("essay_id")


def test_every_essay_has_a_row_best_first_with_the_probability_of_every_grade(tmp_path: Path) -> None:
    table = saved(tmp_path, nine_anchors())[GRADES_TABLE]

    assert table["rank"].tolist() == list(range(1, 12))
    assert table["essay_id"].tolist()[:2] == ["anchor-8", "anchor-7"]
    shares = table[[f"p_{label}" for label in LEVELS]]
    assert shares.sum(axis=1).tolist() == pytest.approx([1.0] * 11)
    assert shares.max(axis=1).tolist() == pytest.approx(table["probability"].tolist())
    assert table["at_least_A"].tolist() == pytest.approx(table["p_A"].tolist())
    assert table["grade"].tolist()[:3] == ["A", "B", "C+"]


def test_the_columns_are_those_that_are_described(tmp_path: Path) -> None:
    tables = saved(tmp_path, nine_anchors())

    assert set(tables) == set(GRADE_COLUMNS)
    for name, table in tables.items():
        described = {
            column.replace(PER_GRADE, label)
            for column, _, _ in GRADE_COLUMNS[name]
            for label in (LEVELS if PER_GRADE in column else ("",))
        }
        assert set(table.columns) == described - {"at_least_F"}


def test_withheld_grades_are_removed_and_the_evidence_stays(tmp_path: Path) -> None:
    case = nine_anchors()
    assert set(saved(tmp_path, case)) == {GRADES_TABLE, BOUNDARIES_TABLE, ANCHORS_TABLE}
    wrong = replace(case, measures={**case.measures, "anchor-8": -4.5})

    assert set(saved(tmp_path, wrong)) == {ANCHORS_TABLE}
    assert not (tmp_path / "x" / f"{GRADES_TABLE}.csv").exists()


def test_without_anchors_nothing_stays(tmp_path: Path) -> None:
    saved(tmp_path, nine_anchors())

    assert saved(tmp_path, nine_anchors(grades={})) == {}


def test_boundaries_rise_and_the_lowest_level_has_none(tmp_path: Path) -> None:
    table = saved(tmp_path, nine_anchors())[BOUNDARIES_TABLE]

    assert table["grade"].tolist() == list(LEVELS)
    assert np.isnan(table["from_measure"].iloc[0])
    assert np.all(np.diff(table["from_measure"].iloc[1:]) > 0)
    assert table["n_anchors"].tolist() == [0] + [1] * 9
    assert table["expected_share"].sum() == pytest.approx(1.0)


def test_anchors_stand_beside_what_contradicts_them(tmp_path: Path) -> None:
    case = nine_anchors(error=0.9, verdicts=[("anchor-3", "anchor-4"), ("anchor-4", "anchor-5")])
    measures = {**case.measures, "anchor-4": 1.1}
    table = saved(tmp_path, replace(case, measures=measures))[ANCHORS_TABLE].set_index("essay_id")

    assert table.loc["anchor-4", "inverted_by_measure"] == "anchor-5"
    assert table.loc["anchor-4", "inverted_in_verdicts"] == "anchor-3 anchor-5"
    assert table.loc["anchor-8", "inverted_by_measure"] == ""
    assert table["grade"].tolist() == list(LEGACY)
    assert (table["n_comparisons"]["anchor-5"], table["n_wins"]["anchor-5"]) == (1, 0)


def test_an_anchor_that_cannot_be_left_out_has_no_foretold_grade(tmp_path: Path) -> None:
    settings = {"grade_scale": ["Fail", "Pass"], "grading": {"min_anchors": 2}}
    case = Case({"a": -1.0, "b": 1.0, "c": 0.2}, {"a": "Fail", "b": "Pass"}, settings=settings)
    table = saved(tmp_path, case)[ANCHORS_TABLE]

    assert table["foretold_grade"].isna().all()
    assert table["steps_off"].isna().all()


def swedish(**grades: str) -> Case:
    """Return a cohort on the Swedish scale, anchors a logit apart, without expected shares."""
    measures = {f"{grade}-anchor": k - 4.0 for k, grade in enumerate(("F", "E", "D", "D+", "C", "C+", "B", "A"))}
    measures |= {"low-e": -3.33, "mid-e": -3.0, "high-e": -2.72, "low-a": 2.75, "high-a": 4.0, "high-d": -1.6}
    known = {name: name.removesuffix("-anchor") for name in measures if name.endswith("-anchor")} | grades
    settings = {"grade_scale": "swedish_8_anchor", "grading": {"percentages": "none"}}
    return Case(measures, known, error=0.15, settings=settings)


def test_marks_follow_the_place_in_the_band_where_the_scale_has_them() -> None:
    table = table_of(swedish())

    assert table.loc[["low-e", "mid-e", "high-e"], "grade"].tolist() == ["E", "E", "E"]
    assert table.loc[["low-e", "mid-e", "high-e"], "mark"].tolist() == ["-", "", "+"]
    assert table.loc[["low-a", "high-a"], "grade"].tolist() == ["A", "A"]
    assert table.loc[["low-a", "high-a"], "mark"].tolist() == ["-", ""]
    assert (table["grade"]["high-d"], table["mark"]["high-d"]) == ("D", "")


def test_grades_beyond_the_anchored_ones_are_flagged() -> None:
    table = table_of(Case({f"x{k}": k - 4.0 for k in range(9)}, {f"x{k}": LEGACY[k] for k in (2, 3, 4, 5, 6)}))

    assert table.loc["x0", "beyond_anchors"]
    assert table.loc["x8", "beyond_anchors"]
    assert not table.loc["x4", "beyond_anchors"]
