"""Snapshots and tables: what is saved is what is loaded."""

# ruff: noqa: D103 - the name of a test is its sentence

import os
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest

from cj_pipeline.domain.essays import Essay
from cj_pipeline.domain.snapshot import AssessmentSnapshot
from cj_pipeline.storage.table_files import TableFiles
from cj_pipeline_tests.unit.domain.factories import judge_data, make_snapshot

STUDENTS = (Essay("a", "One."), Essay("b", "Two."))
ANCHORS = (Essay("a", "One.", "A"), Essay("b", "Two.", "F+"))
LINKED = (Essay("a", "One.", None, 1.5, 0.2), Essay("b", "Two.", "A", -0.5), Essay("c", "Three."))
AWKWARD = (Essay("å 1.x+y", 'Said "no";\n\n\u2028\tand 😀, left.', "1"), Essay("b", "nan"), Essay("c", "None", "2"))
TABLE = pd.DataFrame(
    {
        "rank": [1, 2, 3],
        "essay_id": ["a", "å, b", 'c "d"'],
        "measure": [1.25, 0.1 + 0.2, -1e-17],
        "reason": ["one\ntwo", "", "x;y"],
    }
)


@pytest.mark.parametrize(
    "snapshot",
    [
        make_snapshot(),
        make_snapshot(essays=STUDENTS),
        make_snapshot(essays=ANCHORS),
        make_snapshot(essays=AWKWARD),
        make_snapshot(essays=LINKED),
        make_snapshot(
            name="x.y-z",
            title="Åre: ”ö”",
            max_cost_usd=0.1,
            grade_scale=["Fail", "Pass"],
            grading={"method": "boundary_call", "boundaries": {"Pass": "b"}},
            comparisons_per_essay=3,
            seed=7,
            judges=[judge_data(model="gpt-5.1", parameters={"reasoning_effort": "low"}, share=0.3), judge_data()],
        ),
    ],
    ids=["some anchors", "no anchors", "all anchors", "awkward text", "known measures", "every setting"],
)
def test_a_snapshot_is_loaded_as_it_was_saved(tmp_path: Path, snapshot: AssessmentSnapshot) -> None:
    tables = TableFiles(tmp_path / "tables")
    tables.save_snapshot(snapshot)
    loaded = tables.load_snapshot(snapshot.name)

    assert loaded == snapshot
    assert loaded.digest == snapshot.digest
    assert all(essay.anchor_grade is None or isinstance(essay.anchor_grade, str) for essay in loaded.essays)


def test_the_latest_snapshot_counts(tmp_path: Path) -> None:
    tables = TableFiles(tmp_path)
    old = make_snapshot()
    new = replace(old, essays=STUDENTS)
    tables.save_snapshot(old)
    tables.save_snapshot(new)

    assert tables.load_snapshot(old.name) == new


def test_assessments_do_not_share_snapshots(tmp_path: Path) -> None:
    tables = TableFiles(tmp_path)
    one, other = make_snapshot(name="one"), make_snapshot(name="other", essays=STUDENTS)
    tables.save_snapshot(one)
    tables.save_snapshot(other)

    assert tables.load_snapshot("one") == one
    assert tables.load_snapshot("other") == other


def test_a_snapshot_that_was_never_saved_is_none(tmp_path: Path) -> None:
    assert TableFiles(tmp_path).load_snapshot("nothing") is None


def test_a_table_is_kept_as_it_was_saved(tmp_path: Path) -> None:
    tables = TableFiles(tmp_path)
    tables.save_table("x", "rankings", TABLE)

    pd.testing.assert_frame_equal(pd.read_parquet(str(tables.path("x", "rankings", "parquet"))), TABLE)


def test_the_latest_table_counts(tmp_path: Path) -> None:
    tables = TableFiles(tmp_path)
    tables.save_table("x", "rankings", TABLE)
    tables.save_table("x", "rankings", TABLE[:1])

    assert sorted(path.name for path in (tmp_path / "x").iterdir()) == ["rankings.csv", "rankings.parquet"]
    assert len(pd.read_parquet(str(tables.path("x", "rankings", "parquet")))) == 1


def test_parquet_and_csv_hold_the_same(tmp_path: Path) -> None:
    tables = TableFiles(tmp_path)
    tables.save_table("x", "rankings", TABLE)
    text = tables.path("x", "rankings", "csv").read_text(encoding="utf-8")

    pd.testing.assert_frame_equal(
        pd.read_csv(StringIO(text), keep_default_na=False),
        pd.read_parquet(str(tables.path("x", "rankings", "parquet"))),
    )
    assert text.startswith("rank,essay_id,measure,reason\n")


def test_a_missing_grade_is_an_empty_field_in_the_csv(tmp_path: Path) -> None:
    tables = TableFiles(tmp_path)
    tables.save_table("x", "t", pd.DataFrame({"essay_id": ["a", "b"], "anchor_grade": [None, "C+"]}))

    assert tables.path("x", "t", "csv").read_text(encoding="utf-8") == "essay_id,anchor_grade\na,\nb,C+\n"


@pytest.mark.parametrize(("names", "mode"), [(["Anna", ""], 0o600), (["", ""], 0o644)])
def test_a_table_that_names_students_is_its_owners(tmp_path: Path, names: list[str], mode: int) -> None:
    before = os.umask(0o022)
    try:
        TableFiles(tmp_path).save_table("a", "t", pd.DataFrame({"essay_id": ["x", "y"], "student": names}))
    finally:
        os.umask(before)

    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "a").iterdir()} == {mode}
