# ruff: noqa: D103 - the names of the tests say it
"""The fault suite in a short form: every fault once for every provider, and death at some writes.

The long form, with every write and a thousand runs, is `make faults`.
"""

from dataclasses import asdict
from itertools import islice
from pathlib import Path

import pytest

from benchmarks.count_payments import Counts, count, provider_state
from benchmarks.fault_suite.scenarios import BATCH, Scenario, combinations, deaths, singles
from benchmarks.fault_suite.suite import is_violated, run_all
from cj_pipeline_tests.support.benches import Rig
from cj_pipeline_tests.support.folders import make_assessment

SEED = 4711


def broken(found: list[tuple[Scenario, Counts]]) -> list[str]:
    """Return what broke, with what is needed to see it again."""
    return [f"{scenario}: {asdict(counts)}" for scenario, counts in found if is_violated(scenario, counts)]


@pytest.mark.parametrize("part", range(4))
def test_every_fault_alone_loses_nothing_and_pays_nothing_twice(tmp_path: Path, part: int) -> None:
    wanted = list(singles(SEED))[part::4]

    found = list(run_all(wanted, tmp_path))

    assert broken(found) == []
    assert all(counts.comparisons == 10 for _, counts in found)


def test_death_at_a_write_loses_nothing_and_pays_nothing_twice(tmp_path: Path) -> None:
    wanted = [scenario for scenario in deaths(SEED, 60) if scenario.dies_at[0] % 20 == 5]

    found = list(run_all(wanted, tmp_path))

    assert broken(found) == []
    assert {scenario.mode for scenario, _ in found} == {BATCH, "per_request", "serial_bundle"}


def test_combinations_that_once_broke_do_not_break_again(tmp_path: Path) -> None:
    # A canary left by a dead worker and cancelled; a job left prepared; a list that lags behind; a cut-off answer
    # before a lost one; a worker that died between its last answer and the end of its job.
    once_broke = {4, 86, 209, 438, 452}
    wanted = [scenario for scenario in islice(combinations(1), 460) if scenario.seed in once_broke]

    found = list(run_all(wanted, tmp_path))

    assert len(found) == len(once_broke)
    assert broken(found) == []


def counted(rig: Rig) -> Counts:
    """Count a run of a rig as the suite does."""
    work = rig.root / "work"
    return count(work / "ledger.db", work / "raw", rig.emulator.journal(), provider_state(rig.emulator.url))


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_the_count_sees_a_job_that_was_made_twice(rig: Rig, provider: str) -> None:
    make_assessment(rig.root, provider=provider)
    rig.submit()
    [job] = rig.engine.ledger.jobs()
    rig.engine.managers[provider].schedule(job, rig.engine.raw.lines(job.request_path))
    while_running = counted(rig)

    rig.finish_quietly()
    after = counted(rig)

    assert while_running.live_duplicates == 1
    assert while_running.lost == 12
    assert (after.lost, after.left_open, after.paid_twice) == (0, 0, 12)


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_the_count_sees_what_was_left(rig: Rig, provider: str) -> None:
    make_assessment(rig.root, provider=provider)
    rig.submit()

    found = counted(rig)

    assert (found.comparisons, found.lost, found.left_open, found.paid_twice) == (12, 12, 2, 0)


@pytest.mark.parametrize("mode", ["per_request", "serial_bundle"])
def test_the_count_sees_calls_whose_answer_was_lost(rig: Rig, mode: str) -> None:
    make_assessment(rig.root, llm_batching_mode=mode)
    rig.emulator.script_faults({"kind": "commit_then_drop", "path": "/chat/completions$", "times": 3})
    rig.submit()
    rig.collect()

    found = counted(rig)

    assert (found.possibly_paid, found.most_extra, found.said_possibly_paid) == (3, 1, 3)
    assert (found.lost, found.left_open, found.paid_twice) == (0, 0, 0)
