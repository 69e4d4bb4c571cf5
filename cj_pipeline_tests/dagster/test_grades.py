# ruff: noqa: D103 - the names of the tests say it
"""Grades in Dagster: when there are any, what their page shows, what the checks say, and that rankings stay."""

from pathlib import Path
from typing import Any

import dagster as dg
import pandas as pd
import pytest

from cj_pipeline_tests.support.benches import A_DAY_S, Rig
from cj_pipeline_tests.support.dagster import MiniDaemon
from cj_pipeline_tests.support.folders import make_assessment, write_settings

ANCHORS = "essay_id,grade\nessay-01,D-\nessay-02,E+\nessay-03,C+\nessay-05,D-\n"


def with_anchors(rig: Rig, anchors: str | None, **settings: Any) -> Path:  # noqa: ANN401 (whatever may stand there)
    folder = make_assessment(rig.root, n_essays=8, **settings)
    if anchors is not None:
        (folder / "anchors.csv").write_text(anchors, "utf-8")
    return folder


def collected(rig: Rig, daemon: MiniDaemon) -> dg.ExecuteInProcessResult:
    daemon.tick("assessment_folder_sensor")
    daemon.run("submit_assessment", "small")
    rig.advance(A_DAY_S)
    rig.poll()
    return daemon.run("collect_assessment", "small")


def shown(daemon: MiniDaemon) -> dict[str, Any]:
    event = daemon.instance.get_latest_materialization_event(dg.AssetKey("grade_projections"))
    assert event is not None
    assert event.asset_materialization is not None
    return {name: value.value for name, value in event.asset_materialization.metadata.items()}


def checks(result: dg.ExecuteInProcessResult) -> dict[str, dg.AssetCheckEvaluation]:
    found = result.get_asset_check_evaluations()
    return {e.check_name: e for e in found if e.asset_key == dg.AssetKey("grade_projections")}


def regraded(daemon: MiniDaemon, folder: Path, anchors: str) -> dg.ExecuteInProcessResult:
    """Change the anchors, read the folder again and grade again; nothing is asked again."""
    (folder / "anchors.csv").write_text(anchors, "utf-8")
    daemon.materialise("small", "essays")
    return daemon.materialise("small", "rankings", "grade_projections")


def measures_in_order(rig: Rig) -> list[str]:
    table = pd.read_parquet(str(rig.bench.tables.path("small", "rankings", "parquet")))
    return [str(name) for name in table["essay_id"]]


def test_collecting_ends_with_grades_their_picture_and_tables(rig: Rig, daemon: MiniDaemon) -> None:
    folder = with_anchors(rig, None)
    collected(rig, daemon)
    best, *_, middle, worst = (order := measures_in_order(rig))
    anchors = f"essay_id,grade\n{best},A\n{order[1]},A\n{middle},E+\n{worst},E-\n"

    result = regraded(daemon, folder, anchors)
    found = shown(daemon)

    assert result.success
    assert found["status"] == "grades"
    assert found["method"] == "anchors"
    assert found["dagster/row_count"] == 8
    assert str(found["picture"]).startswith("![Probability of each grade](data:image/png;base64,")
    assert f"|1|{best}|A|" in str(found["grades"])
    assert found["n_anchors"] == 4
    assert 0 <= found["leave_one_out_mean_error"] < 9
    assert "synthetic judge" in found["made_by"]
    columns = {column.name for column in found["dagster/column_schema"].columns}
    table = pd.read_csv(found["table"])
    assert set(table.columns) == columns - {"at_least_F"}
    assert set(checks(result)) == {
        "two_grades_are_anchored",
        "anchors_are_enough",
        "anchors_are_in_order",
        "anchors_foretell_each_other",
    }
    assert all(checks(result)[name].passed for name in ("two_grades_are_anchored", "anchors_are_enough"))


def test_an_assessment_without_anchors_says_so_and_does_not_fail(rig: Rig, daemon: MiniDaemon) -> None:
    with_anchors(rig, None)

    result = collected(rig, daemon)

    assert result.success
    assert str(shown(daemon)["status"]).startswith("no grades: no anchors")
    assert all(evaluation.passed for evaluation in checks(result).values())
    assert not rig.bench.tables.path("small", "grade_projections", "csv").exists()


def test_grades_wait_as_the_ranking_does(rig: Rig, daemon: MiniDaemon) -> None:
    with_anchors(rig, ANCHORS)
    daemon.tick("assessment_folder_sensor")
    daemon.run("submit_assessment", "small")

    result = daemon.materialise("small", "grade_projections")
    records = daemon.instance.fetch_observations(dg.AssetKey("grade_projections"), limit=1).records

    assert result.success
    assert "grade_projections" not in daemon.materialised("small")
    assert records[0].asset_observation is not None
    assert "comparisons are being judged" in str(records[0].asset_observation.description)


@pytest.mark.parametrize(
    ("anchors", "check", "said"),
    [
        ("essay_id,grade\nessay-01,D-\nessay-02,D-\nessay-03,D-\n", "two_grades_are_anchored", "have the grade D-"),
        ("essay_id,grade\nessay-01,D-\nessay-02,A\n", "anchors_are_enough", "grading.min_anchors asks for 3"),
    ],
)
def test_anchors_that_cannot_carry_grades_turn_a_check_red_and_leave_the_ranking(
    rig: Rig, daemon: MiniDaemon, anchors: str, check: str, said: str
) -> None:
    with_anchors(rig, anchors)

    result = collected(rig, daemon)
    found = checks(result)[check]

    assert result.success
    assert "rankings" in daemon.materialised("small")
    assert said in str(shown(daemon)["status"])
    assert (found.passed, found.severity) == (False, dg.AssetCheckSeverity.ERROR)
    assert said in str(found.description)
    assert f"|D-|{anchors.count('D-')}|" in str(found.metadata["evidence"].value)
    assert "|C+|0|" in str(found.metadata["evidence"].value)


def test_anchors_against_the_verdicts_withhold_the_grades_and_leave_the_ranking(rig: Rig, daemon: MiniDaemon) -> None:
    folder = with_anchors(rig, None, comparisons_per_essay=20, max_pairs_cap=100)
    collected(rig, daemon)
    order = measures_in_order(rig)
    upside_down = [("E-", order[0]), ("E+", order[1]), ("C+", order[-2]), ("A", order[-1])]
    before = pd.read_parquet(str(rig.bench.tables.path("small", "rankings", "parquet")))

    result = regraded(daemon, folder, "essay_id,grade\n" + "".join(f"{name},{grade}\n" for grade, name in upside_down))
    found = checks(result)

    assert result.success
    assert str(shown(daemon)["status"]).startswith("no grades, they are withheld: ")
    assert "picture" not in shown(daemon)
    assert "|grade|by the others|" in str(shown(daemon)["anchors"])
    for name in ("anchors_are_in_order", "anchors_foretell_each_other"):
        assert (found[name].passed, found[name].severity) == (False, dg.AssetCheckSeverity.ERROR)
    after = pd.read_parquet(str(rig.bench.tables.path("small", "rankings", "parquet")))
    assert after["measure"].tolist() == before["measure"].tolist()
    assert not rig.bench.tables.path("small", "grade_projections", "csv").exists()
    assert rig.bench.tables.path("small", "anchor_evidence", "csv").exists()


def test_another_method_needs_no_anchors(rig: Rig, daemon: MiniDaemon) -> None:
    folder = with_anchors(rig, None)
    percentages = {"Fail": 25, "Pass": 75}
    grading = {"method": "national_percentages", "percentages": percentages}
    write_settings(folder, grade_scale=["Fail", "Pass"], grading=grading)

    result = collected(rig, daemon)

    assert shown(daemon)["status"] == "grades"
    assert shown(daemon)["method"] == "national_percentages"
    assert all(evaluation.passed for evaluation in checks(result).values())


def test_one_check_can_be_asked_for_alone(rig: Rig, daemon: MiniDaemon) -> None:
    with_anchors(rig, ANCHORS)
    collected(rig, daemon)
    key = dg.AssetCheckKey(dg.AssetKey("grade_projections"), "anchors_are_enough")
    everything = daemon.definitions.resolve_implicit_global_asset_job_def()
    one = everything.get_subset(asset_selection=set(), asset_check_selection={key})

    result = one.execute_in_process(instance=daemon.instance, partition_key="small")

    assert [evaluation.check_name for evaluation in result.get_asset_check_evaluations()] == ["anchors_are_enough"]
