# ruff: noqa: D103 - the names of the tests say it
"""Waves, modes and overrides as Dagster shows them."""

from typing import Any

import dagster as dg

from cj_pipeline.defs.run_tags import MODE_TAG, WAVE_TAG
from cj_pipeline_tests.support.benches import A_DAY_S, Rig
from cj_pipeline_tests.support.dagster import MiniDaemon
from cj_pipeline_tests.support.folders import add_essay, make_assessment

WAVES: dict[str, Any] = {
    "n_essays": 8,
    "llm_batching_mode": "per_request",
    "comparisons_per_essay": None,
    "max_pairs_cap": 40,
}


def history(daemon: MiniDaemon, asset: str) -> list[dict[str, object]]:
    """Return the metadata of an asset's materialisations, oldest first."""
    found = daemon.instance.fetch_materializations(dg.AssetKey(asset), limit=50)
    kept = [record.asset_materialization for record in reversed(found.records)]
    return [{name: value.value for name, value in each.metadata.items()} for each in kept if each is not None]


def drive(rig: Rig, daemon: MiniDaemon, most: int = 12) -> None:
    """Tick both sensors until neither asks for anything."""
    for _ in range(most):
        rig.advance(A_DAY_S)
        asked = [daemon.tick(sensor).run_requests for sensor in ("batch_job_sensor", "continuation_sensor")]
        if not any(asked):
            return
    raise AssertionError("the sensors still ask for runs")


def test_the_history_of_assets_shows_the_waves(rig: Rig, daemon: MiniDaemon) -> None:
    make_assessment(rig.root, **WAVES)
    daemon.tick("assessment_folder_sensor")
    daemon.run("submit_assessment", "small")

    drive(rig, daemon)

    rankings = history(daemon, "rankings")
    assert [kept["n_waves"] for kept in rankings] == [1, 2, 3]
    assert [kept["is_final"] for kept in rankings] == [False, False, True]
    assert [kept["stop_reason"] for kept in rankings] == ["none yet", "none yet", "budget"]
    assert [kept["dagster/row_count"] for kept in history(daemon, "pair_set")] == [16, 32, 40]
    errors = [float(str(kept["mean_standard_error"])) for kept in rankings]
    assert errors == sorted(errors, reverse=True)


def test_runs_carry_mode_and_wave(rig: Rig, daemon: MiniDaemon) -> None:
    make_assessment(rig.root, **WAVES)
    daemon.tick("assessment_folder_sensor")
    daemon.run("submit_assessment", "small")
    drive(rig, daemon)

    runs = daemon.instance.get_runs(dg.RunsFilter(tags={MODE_TAG: "per_request"}))
    waves = sorted((run.tags[WAVE_TAG], run.job_name) for run in runs)

    collected = "collect_assessment"
    submitted = [("1", "submit_assessment"), ("2", "continue_submission"), ("3", "continue_submission")]
    assert [wave for wave in waves if wave[1] != collected] == submitted
    assert [wave for wave in waves if wave[1] == collected] == [(n, collected) for n in "123"]


def test_a_wave_leaves_a_changed_folder_for_a_person(rig: Rig, daemon: MiniDaemon) -> None:
    folder = make_assessment(rig.root, **WAVES)
    daemon.tick("assessment_folder_sensor")
    daemon.run("submit_assessment", "small")
    add_essay(folder, 9)

    drive(rig, daemon)

    assert [kept["dagster/row_count"] for kept in history(daemon, "rankings")] == [8, 8, 8]


def test_the_launchpad_can_override_the_mode(rig: Rig, daemon: MiniDaemon) -> None:
    make_assessment(rig.root)
    daemon.tick("assessment_folder_sensor")
    job = daemon.definitions.resolve_job_def("submit_assessment")
    config = {"ops": {"essays": {"config": {"llm_batching_mode": "serial_bundle", "max_pairs_cap": 9}}}}

    result = job.execute_in_process(instance=daemon.instance, partition_key="small", run_config=config)

    assert result.success
    [planned] = history(daemon, "pair_set")
    assert (planned["llm_batching_mode"], planned["llm_batching_mode_source"]) == ("serial_bundle", "run_override")
    assert planned["dagster/row_count"] == 9
    [read] = history(daemon, "essays")
    assert read["overrides"] == {"llm_batching_mode": "serial_bundle", "max_pairs_cap": 9}


def test_an_override_that_cannot_be_met_fails_without_anything_sent(rig: Rig, daemon: MiniDaemon) -> None:
    make_assessment(rig.root)
    daemon.tick("assessment_folder_sensor")
    job = daemon.definitions.resolve_job_def("submit_assessment")
    config = {"ops": {"essays": {"config": {"llm_batching_mode": "by_pigeon"}}}}

    result = job.execute_in_process(
        instance=daemon.instance, partition_key="small", run_config=config, raise_on_error=False
    )

    assert not result.success
    assert rig.billed() == 0


def test_a_failure_to_judge_fails_the_ranking_and_says_why(rig: Rig, daemon: MiniDaemon) -> None:
    make_assessment(rig.root)
    rig.emulator.script_faults({"kind": "refusals", "share": 1.0})
    daemon.tick("assessment_folder_sensor")
    daemon.run("submit_assessment", "small")
    rig.advance(A_DAY_S)
    rig.poll()

    result = daemon.run("collect_assessment", "small")
    drive(rig, daemon)

    [failure] = [e for e in result.all_events if e.is_step_failure]
    assert "0 of 12 comparisons gave a verdict" in str(failure.event_specific_data)
    assert "rankings" not in daemon.materialised("small")
