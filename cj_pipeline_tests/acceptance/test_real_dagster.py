# ruff: noqa: D103 - the names of the tests say it
"""Dagster's real webserver and daemon, the sample assessment, and the emulator's clock moved by the test."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from cj_pipeline.emulator.embedding import RunningEmulator, running_emulator
from cj_pipeline_tests.support.benches import A_DAY_S, environment
from cj_pipeline_tests.support.dagster import STAGES
from cj_pipeline_tests.support.folders import copy_sample, make_assessment
from cj_pipeline_tests.support.processes import until
from cj_pipeline_tests.support.servers import DagsterServer, running_dagster

pytestmark = pytest.mark.slow

SAMPLE = "eng5-role-models"


@dataclass(frozen=True)
class Site:
    """A running installation."""

    root: Path
    emulator: RunningEmulator
    dagster: DagsterServer


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Webserver, daemon and emulator on a copy of the sample; the emulator's clock stands still."""
    root = tmp_path_factory.mktemp("site")
    copy_sample(root, SAMPLE)
    with running_emulator(root / "emulator", seed=1) as emulator:
        variables = {**environment(root, emulator.url), "CJ_POLL_MIN_S": "1", "CJ_POLL_MAX_S": "1"}
        with running_dagster(root, variables) as dagster:
            yield Site(root, emulator, dagster)


def test_the_run_ends_while_the_job_is_open_and_the_sensor_brings_the_ranking(site: Site) -> None:
    dagster = site.dagster
    until(lambda: SAMPLE in dagster.partitions(), "the folder sensor to add the partition")

    run_id = dagster.launch("submit_assessment", SAMPLE)
    until(lambda: dagster.run_status(run_id) in {"SUCCESS", "FAILURE", "CANCELED"}, "the submitting run to end")

    assert dagster.run_status(run_id) == "SUCCESS"
    assert len(site.emulator.summary()["live_jobs"]) == 1
    assert SAMPLE not in dagster.materialised("rankings")

    site.emulator.advance(A_DAY_S)
    until(lambda: SAMPLE in dagster.materialised("rankings"), "the sensor to bring the ranking")
    until(lambda: SAMPLE in dagster.passed_checks("rankings")["ranking_has_converged"], "its check to pass")

    until(lambda: all(SAMPLE in dagster.materialised(stage) for stage in STAGES), "the stages after the ranking")
    checks = {stage: dagster.passed_checks(stage) for stage in ("pair_set", "raw_results", "rankings")}
    assert [name for of_stage in checks.values() for name, passed in of_stage.items() if SAMPLE not in passed] == []
    assert len(site.emulator.journal("job")) == 1
    assert len(site.emulator.journal("answer")) == 144
    assert site.emulator.summary()["billed_more_than_once"] == []


def test_a_backfill_over_everything_stays_in_progress_and_ends_well(site: Site) -> None:
    dagster, names = site.dagster, ["class-a", "class-b"]
    for name, provider in zip(names, ("openai", "anthropic"), strict=True):
        make_assessment(site.root, name, n_essays=4, comparisons_per_essay=2, provider=provider)
    until(lambda: set(names) <= set(dagster.partitions()), "the folder sensor to add the partitions")

    backfill = dagster.backfill(STAGES, names)
    until(lambda: set(names) <= dagster.materialised("batch_submissions"), "both submissions")
    until(lambda: _run_statuses(site, backfill) == ["QUEUED"] * 2 + ["SUCCESS"] * 2, "one held run each")

    said = {o["partition"]: o["description"] for o in dagster.asset("raw_results")["assetObservations"]}
    assert all("comparisons are being judged" in said[name] for name in names)
    assert not set(names) & dagster.materialised("rankings")

    # Two rounds of Dagster's backfill daemon, after which it would have called the partitions failed.
    until(lambda: all(_settled(site, backfill, stage) for stage in STAGES[:3]), "the backfill to see the submissions")
    site.emulator.advance(A_DAY_S)
    until(lambda: dagster.backfill_status(backfill)["status"] != "REQUESTED", "the backfill to end", 180)

    assert dagster.backfill_status(backfill)["status"] == "COMPLETED_SUCCESS"
    assert set(names) <= dagster.materialised("rankings")
    assert not any(dagster.failed(stage) for stage in STAGES)
    assert site.emulator.summary()["billed_more_than_once"] == []


def _run_statuses(site: Site, backfill: str) -> list[str]:
    return sorted(str(run["status"]) for run in site.dagster.backfill_status(backfill)["runs"])


def _settled(site: Site, backfill: str, stage: str) -> bool:
    status = site.dagster.backfill_status(backfill)
    assert status["status"] == "REQUESTED"
    counts = {row["assetKey"]["path"][0]: row for row in status["assetBackfillData"]["assetBackfillStatuses"]}
    return int(counts[stage]["numPartitionsMaterialized"]) == 2
