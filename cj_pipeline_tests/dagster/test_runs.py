# ruff: noqa: D103 - the names of the tests say it
"""Runs: what is materialised when, what is said, and what turns red."""

import dagster as dg
import pytest

from cj_pipeline_tests.support.benches import A_DAY_S, Rig
from cj_pipeline_tests.support.dagster import BESIDE, STAGES, MiniDaemon
from cj_pipeline_tests.support.folders import make_assessment, write_settings


def observations(daemon: MiniDaemon, asset: str) -> list[str]:
    records = daemon.instance.fetch_observations(dg.AssetKey(asset), limit=10).records
    return [str(record.asset_observation.description) for record in records if record.asset_observation]


def failure_of(result: dg.ExecuteInProcessResult, step: str) -> str:
    [event] = [e for e in result.all_node_events if e.is_step_failure and e.step_key == step]
    failure = event.step_failure_data.user_failure_data
    assert failure is not None
    return str(failure.description)


def test_submitting_ends_while_the_job_runs(rig: Rig, daemon: MiniDaemon) -> None:
    make_assessment(rig.root)
    daemon.tick("assessment_folder_sensor")

    result = daemon.run("submit_assessment", "small")

    assert result.success
    assert daemon.materialised("small") == set(STAGES[:3])
    assert rig.emulator.summary()["live_jobs"]
    assert len(result.get_asset_check_evaluations()) == 15


def test_materialising_everything_at_once_neither_turns_red_nor_claims_a_result(rig: Rig, daemon: MiniDaemon) -> None:
    make_assessment(rig.root)
    daemon.tick("assessment_folder_sensor")

    result = daemon.materialise("small")

    assert result.success
    assert daemon.materialised("small") == set(STAGES[:3])
    [said] = observations(daemon, "raw_results")
    assert "12 of 12 comparisons are being judged" in said
    assert {e.asset_key.to_user_string() for e in result.get_asset_check_evaluations()} == {*STAGES[:3], *BESIDE}


def test_the_sensor_finishes_what_was_not_ready(rig: Rig, daemon: MiniDaemon) -> None:
    make_assessment(rig.root)
    daemon.tick("assessment_folder_sensor")
    daemon.materialise("small")
    assert not daemon.tick("batch_job_sensor").run_requests
    rig.advance(A_DAY_S)

    asked = daemon.tick("batch_job_sensor")

    assert len(asked.run_requests or []) == 1
    assert daemon.materialised("small") == set(STAGES)
    assert not daemon.tick("batch_job_sensor").run_requests


def test_a_ranking_shows_its_table_its_picture_and_who_made_it(rig: Rig, daemon: MiniDaemon) -> None:
    make_assessment(rig.root)
    daemon.tick("assessment_folder_sensor")
    daemon.materialise("small")
    rig.advance(A_DAY_S)
    daemon.tick("batch_job_sensor")

    event = daemon.instance.get_latest_materialization_event(dg.AssetKey("rankings"))
    assert event is not None
    assert event.asset_materialization is not None
    metadata = event.asset_materialization.metadata
    assert metadata["dagster/row_count"].value == 6
    assert str(metadata["picture"].value).startswith("![Made by a synthetic judge")
    assert "data:image/png;base64," in str(metadata["picture"].value)
    assert "synthetic judge" in str(metadata["made_by"].value)
    assert "|rank|essay|measure|" in str(metadata["ranking"].value)


def test_checks_pass_on_a_finished_assessment(rig: Rig, daemon: MiniDaemon) -> None:
    make_assessment(rig.root)
    daemon.tick("assessment_folder_sensor")
    daemon.run("submit_assessment", "small")
    rig.advance(A_DAY_S)
    rig.poll()

    result = daemon.run("collect_assessment", "small")

    evaluations = result.get_asset_check_evaluations()
    assert {e.check_name: e.passed for e in evaluations} == {
        "raw_results_are_reconciled": True,
        "comparisons_have_verdicts": True,
        "usage_agrees_with_the_provider": True,
        "essays_keep_their_verdicts": True,
        "people_agree_with_models": True,
        "report_shows_every_essay": True,
        "verdicts_are_enough": True,
        "refusals_are_rare": True,
        "invalid_answers_are_rare": True,
        "verdicts_hold_in_both_orders": True,
        "ranking_has_converged": True,
        "ranking_is_connected": True,
        "errors_are_as_expected": True,
        "reliability_meets_target": True,
        "position_effect_is_bounded": True,
        "judges_fit_the_scale": True,
        "essays_are_ranked_once": True,
        "two_grades_are_anchored": True,
        "anchors_are_enough": True,
        "anchors_are_in_order": True,
        "anchors_foretell_each_other": True,
    }


def test_a_check_warns_of_comparisons_without_a_verdict_and_the_ranking_is_made(rig: Rig, daemon: MiniDaemon) -> None:
    make_assessment(rig.root)
    rig.emulator.script_faults({"kind": "refusals", "share": 0.1})
    daemon.tick("assessment_folder_sensor")
    daemon.run("submit_assessment", "small")
    rig.advance(A_DAY_S)
    rig.poll()

    result = daemon.run("collect_assessment", "small")

    [warned] = [e for e in result.get_asset_check_evaluations() if e.check_name == "comparisons_have_verdicts"]
    assert result.success
    assert not warned.passed
    assert warned.severity is dg.AssetCheckSeverity.WARN
    assert "rankings" in daemon.materialised("small")


def test_foreign_rows_fail_the_reconciliation_check(rig: Rig, daemon: MiniDaemon) -> None:
    make_assessment(rig.root)
    rig.emulator.script_faults({"kind": "foreign_rows", "count": 1})
    daemon.tick("assessment_folder_sensor")
    daemon.run("submit_assessment", "small")
    rig.advance(A_DAY_S)
    rig.poll()

    result = daemon.run("collect_assessment", "small")

    [failed] = [e for e in result.get_asset_check_evaluations() if not e.passed]
    assert failed.check_name == "raw_results_are_reconciled"
    assert "no request of ours" in str(failed.description)


def test_a_lowered_cap_stops_before_anything_is_sent(rig: Rig, daemon: MiniDaemon) -> None:
    folder = make_assessment(rig.root)
    daemon.tick("assessment_folder_sensor")
    daemon.materialise("small", "essays", "pair_set")
    write_settings(folder, max_pairs_cap=8)

    result = daemon.run("submit_assessment", "small")

    assert not result.success
    assert rig.emulator.journal("job") == []
    [failed] = [e for e in result.get_asset_check_evaluations() if not e.passed and e.blocking]
    assert failed.check_name == "pair_set_is_within_cap"


def test_bad_input_fails_the_run_with_the_operators_message(rig: Rig, daemon: MiniDaemon) -> None:
    folder = make_assessment(rig.root)
    daemon.tick("assessment_folder_sensor")
    (folder / "essays" / "essay-02.txt").write_text("")

    result = daemon.run("submit_assessment", "small")

    assert not result.success
    assert "essay-02.txt: the essay is empty" in failure_of(result, "essays")


def test_a_folder_that_changed_after_reading_is_not_planned(rig: Rig, daemon: MiniDaemon) -> None:
    folder = make_assessment(rig.root)
    daemon.tick("assessment_folder_sensor")
    daemon.materialise("small", "essays")
    write_settings(folder, title="Changed")

    result = daemon.materialise("small", "pair_set")

    assert not result.success
    assert "materialise `essays` and `pair_set` again" in failure_of(result, "pair_set")


@pytest.mark.parametrize("asset", ["pair_set", "batch_submissions", "raw_results", "rankings"])
def test_an_asset_without_its_upstream_says_what_to_do(rig: Rig, daemon: MiniDaemon, asset: str) -> None:
    make_assessment(rig.root)
    daemon.tick("assessment_folder_sensor")

    result = daemon.materialise("small", asset)

    assert not result.success
    assert "materialise the asset `essays` first" in failure_of(result, asset)
