# ruff: noqa: D103 - the names of the tests say it
"""The checks of plan, submission and answers inside runs: what stops a run, what only warns, and what is shown."""

from dataclasses import replace

import dagster as dg
import pytest

from cj_pipeline.domain.batches import BatchJobRef, BatchJobStatus, JobPhase
from cj_pipeline_tests.support.benches import A_DAY_S, Rig
from cj_pipeline_tests.support.dagster import MiniDaemon
from cj_pipeline_tests.support.folders import make_assessment, write_settings


def failed(result: dg.ExecuteInProcessResult) -> dict[str, dg.AssetCheckEvaluation]:
    return {e.check_name: e for e in result.get_asset_check_evaluations() if not e.passed}


def collected(rig: Rig, daemon: MiniDaemon) -> dg.ExecuteInProcessResult:
    daemon.tick("assessment_folder_sensor")
    daemon.run("submit_assessment", "small")
    rig.advance(A_DAY_S)
    rig.poll()
    return daemon.run("collect_assessment", "small")


def test_needless_repetitions_stop_the_run_before_anything_is_sent(rig: Rig, daemon: MiniDaemon) -> None:
    folder = make_assessment(rig.root, n_essays=4, comparisons_per_essay=None, max_pairs_cap=12)
    daemon.tick("assessment_folder_sensor")
    daemon.materialise("small", "essays", "pair_set")
    write_settings(folder, comparisons_per_essay=None, max_pairs_cap=12, max_resampling_passes=0)

    result = daemon.run("submit_assessment", "small")

    assert not result.success
    assert rig.emulator.journal("job") == []
    found = failed(result)["pairs_repeat_as_planned"]
    assert found.severity is dg.AssetCheckSeverity.ERROR
    assert "|essay|essay|times put|times allowed|" in str(found.metadata["evidence"].value)


def test_a_plan_that_is_too_dear_warns_and_is_sent_as_far_as_the_limit_goes(rig: Rig, daemon: MiniDaemon) -> None:
    make_assessment(rig.root, max_cost_usd=0.0001)
    daemon.tick("assessment_folder_sensor")

    result = daemon.run("submit_assessment", "small")

    assert not result.success
    assert rig.emulator.journal("job") == []
    found = failed(result)["pair_set_is_affordable"]
    assert found.severity is dg.AssetCheckSeverity.WARN
    assert not found.blocking


def test_a_job_that_runs_twice_fails_the_run(rig: Rig, daemon: MiniDaemon) -> None:
    make_assessment(rig.root)
    daemon.tick("assessment_folder_sensor")
    daemon.run("submit_assessment", "small")
    [job] = rig.engine.ledger.jobs()
    ledger, now = rig.engine.ledger, rig.clock.now()
    # As after a ledger was restored from a backup and its assessment was submitted once more.
    ledger.prepare_job(replace(job, job_id="again", phase=JobPhase.PREPARED, provider_batch_id=""), [])
    ledger.begin_submitting("again", now, "", now)
    ledger.mark_submitted("again", BatchJobRef("again", "openai", "batch_again", BatchJobStatus.RUNNING, 12), now)

    result = daemon.run("submit_assessment", "small")

    assert not result.success
    assert failed(result)["nothing_is_sent_twice"].severity is dg.AssetCheckSeverity.ERROR


def test_a_limit_lowered_afterwards_is_an_error_that_keeps_no_answer_back(rig: Rig, daemon: MiniDaemon) -> None:
    folder = make_assessment(rig.root)
    daemon.tick("assessment_folder_sensor")
    daemon.run("submit_assessment", "small")
    write_settings(folder, max_cost_usd=0.0001)

    result = daemon.materialise("small", "essays", "pair_set", "batch_submissions")

    assert result.success
    found = failed(result)["cost_is_within_limit"]
    assert found.severity is dg.AssetCheckSeverity.ERROR
    assert not found.blocking


def test_requests_without_an_outcome_stop_before_the_ranking(
    rig: Rig, daemon: MiniDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_assessment(rig.root)
    daemon.tick("assessment_folder_sensor")
    daemon.run("submit_assessment", "small")
    rig.advance(A_DAY_S)
    rig.poll()
    monkeypatch.setattr(type(rig.engine.ledger), "n_outcomes", lambda *_: 11)  # as where a ledger lost a row

    result = daemon.run("collect_assessment", "small")

    assert not result.success
    found = failed(result)["raw_results_are_reconciled"]
    assert found.severity is dg.AssetCheckSeverity.ERROR
    assert "12 requests were sent and 11 have an outcome" in str(found.description)
    assert "rankings" not in daemon.materialised("small")


def test_refusals_warn_and_too_few_verdicts_are_an_error(rig: Rig, daemon: MiniDaemon) -> None:
    make_assessment(rig.root, n_essays=8, comparisons_per_essay=None, max_pairs_cap=28)
    rig.emulator.script_faults({"kind": "refusals", "share": 0.5})

    found = failed(collected(rig, daemon))

    assert found["refusals_are_rare"].severity is dg.AssetCheckSeverity.WARN
    assert "|judge|answers|" in str(found["refusals_are_rare"].metadata["evidence"].value)
    assert found["verdicts_are_enough"].severity is dg.AssetCheckSeverity.ERROR
