# ruff: noqa: D103 - the names of the tests say it
"""Two workers on one PostgreSQL, killed at random, in a short form. The long form is `make two-workers`."""

from dataclasses import asdict, replace
from pathlib import Path

import pytest

from benchmarks.count_payments import Counts, count, provider_state
from benchmarks.two_workers.suite import Phase, by_dagster, by_engine_workers
from cj_pipeline.emulator.embedding import RunningEmulator
from cj_pipeline_tests.support.benches import make_rig
from cj_pipeline_tests.support.folders import make_assessment
from cj_pipeline_tests.support.postgres import Postgres
from tools.two_workers_page import two_workers_page

PATIENCE_S = 400.0
GOOD = Phase("somebody", 2, 2, 1.25, {"by_timer": 3, "by_step": 1, "failed": 0}, Counts(comparisons=20, most_extra=1))


@pytest.mark.slow
def test_engine_workers_lose_nothing_and_pay_nothing_twice(tmp_path: Path, postgres: Postgres) -> None:
    phase = by_engine_workers(tmp_path, postgres, 20, seed=4711, patience_s=PATIENCE_S)

    assert not phase.is_violated, (asdict(phase), (tmp_path / "workers.log").exists())
    assert phase.counts.comparisons == 200
    assert phase.deaths["by_timer"] + phase.deaths["by_step"] > 0


@pytest.mark.slow
def test_dagsters_run_workers_lose_nothing_and_pay_nothing_twice(tmp_path: Path, postgres: Postgres) -> None:
    phase = by_dagster(tmp_path, postgres, 3, seed=4711, patience_s=PATIENCE_S)

    assert not phase.is_violated, asdict(phase)
    assert phase.counts.comparisons == 30
    assert phase.deaths["run_workers"] > 0


@pytest.mark.parametrize(
    "broken",
    [
        replace(GOOD, ranked=1),
        replace(GOOD, deaths={"by_timer": 0, "by_step": 0, "failed": 1}),
        replace(GOOD, counts=replace(GOOD.counts, lost=1)),
        replace(GOOD, counts=replace(GOOD.counts, paid_twice=1)),
        replace(GOOD, counts=replace(GOOD.counts, left_open=1)),
        replace(GOOD, counts=replace(GOOD.counts, live_duplicates=1)),
        replace(GOOD, counts=replace(GOOD.counts, most_extra=2)),
    ],
)
def test_what_is_broken_is_seen(broken: Phase) -> None:
    assert broken.is_violated
    assert not GOOD.is_violated


def test_the_count_reads_a_ledger_on_a_server(tmp_path: Path, emulator: RunningEmulator, postgres: Postgres) -> None:
    url = postgres.new_database()
    rig = make_rig(tmp_path, emulator, CJ_LEDGER_URL=url)
    make_assessment(tmp_path)
    rig.submit()
    [job] = rig.engine.ledger.jobs()
    rig.engine.managers["openai"].schedule(job, rig.engine.raw.lines(job.request_path))
    rig.finish_quietly()
    found = count(url, tmp_path / "work" / "raw", emulator.journal(), provider_state(emulator.url))
    rig.bench.close()

    assert (found.comparisons, found.lost, found.left_open, found.paid_twice) == (12, 0, 0, 12)


def test_the_page_says_what_the_record_says() -> None:
    record = {"commit": "0123456789ab", "machine": "Linux", "figures": {"seed": 7, "rows": [GOOD.row()]}}

    found = two_workers_page(record, "the command")

    assert "| somebody | 2 | 2 | 3 | 1 | 20 | 0 | 0 | 0 | 0 | 0 | 1 | 1.2 |" in found
    assert "Measured at commit `0123456789ab` on Linux: seed 7." in found
