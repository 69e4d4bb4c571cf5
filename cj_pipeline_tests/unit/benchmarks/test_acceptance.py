# ruff: noqa: D103 - the names of the tests say it
"""The acceptance of a night: which faults strike, and what counts as broken."""

from dataclasses import replace

import pytest

from benchmarks.acceptance.faults import COSTS_VERDICTS, NEEDS_A_DAY, NEEDS_A_PERSON, drawn_faults
from benchmarks.acceptance.figures import Night
from benchmarks.acceptance.suite import N_FAULTS
from benchmarks.count_payments import Counts
from benchmarks.fault_suite.scenarios import BATCH_FAULTS, SYNC_FAULTS
from cj_pipeline.emulator.embedding import RunningEmulator

GOOD = Night(
    names=("a", "b"),
    seconds=12.34,
    ranked=2,
    jobs=3,
    provider_jobs=2,
    runs={"collect_assessment SUCCESS": 2, "__ASSET_JOB SUCCESS": 2},
    ticks={"batch_job_sensor": {"SUCCESS": 2, "SKIPPED": 5, "FAILURE": 1}},
    latencies_s=(1.0, 3.0),
    counts=Counts(comparisons=20, possibly_paid=1),
    struck=4,
    unevaluated={},
    event_rows=300,
    event_bytes=2048,
    backfills=[],
)


def test_faults_are_drawn_by_seed_and_known_to_the_emulator(emulator: RunningEmulator) -> None:
    drawn = drawn_faults(N_FAULTS, seed=1)

    assert drawn == drawn_faults(N_FAULTS, seed=1) != drawn_faults(N_FAULTS, seed=2)
    assert all(fault.get("seconds", 0.0) <= 8.0 and fault.get("retry_after", 0.0) <= 8.0 for fault in drawn)
    emulator.script_faults(*drawn)
    assert len(emulator.faults()) == len(drawn) >= N_FAULTS


def test_what_is_left_out_are_faults_of_the_suite() -> None:
    assert {*BATCH_FAULTS, *SYNC_FAULTS} >= (NEEDS_A_PERSON | COSTS_VERDICTS | NEEDS_A_DAY)


@pytest.mark.parametrize(
    "broken",
    [
        replace(GOOD, ranked=1),
        replace(GOOD, counts=Counts(lost=1)),
        replace(GOOD, counts=Counts(paid_twice=1)),
        replace(GOOD, counts=Counts(left_open=1)),
        replace(GOOD, counts=Counts(live_duplicates=1)),
    ],
)
def test_what_is_broken_is_seen(broken: Night) -> None:
    assert broken.is_violated
    assert not GOOD.is_violated


def test_a_row_says_what_the_night_came_to() -> None:
    row = GOOD.row()

    assert (row["runs"], row["sensor_ticks"], row["failed_ticks"]) == (4, 8, 1)
    assert (row["latency_median_s"], row["latency_p95_s"]) == (2.0, 2.9)
    assert (row["event_rows_per_assessment"], row["event_bytes_per_assessment"]) == (150.0, 1024)
