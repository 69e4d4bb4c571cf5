# ruff: noqa: D103 - the names of the tests say it
"""Driving an assessment: what stops it, and what does not."""

from dataclasses import replace
from pathlib import Path

import pytest

from cj_pipeline.domain.overrides import RunOverrides
from cj_pipeline.emulator.embedding import RunningEmulator
from cj_pipeline.engine.cancel import cancel
from cj_pipeline.errors import ConfigurationError, DesignError
from cj_pipeline.harness.driving import Drive, Ending, EngineDriver, Patience, drive
from cj_pipeline.harness.suites.clock import EmulatorClock
from cj_pipeline.wiring import Workbench
from cj_pipeline_tests.support.benches import Rig, make_rig
from cj_pipeline_tests.support.folders import make_assessment

BATCH = RunOverrides.read({"llm_batching_mode": "provider_batch_api"})


@pytest.fixture
def bench(rig: Rig) -> Workbench:
    """A workbench on the emulator's time."""
    return replace(rig.bench, engine=replace(rig.engine, clock=EmulatorClock(rig.emulator)))


def driven(bench: Workbench, limit_s: float = 90_000.0) -> Drive:
    return drive(bench.engine, EngineDriver(bench), "small", BATCH, Patience(limit_s, 900.0))


def test_waiting_takes_no_longer_than_the_limit(bench: Workbench) -> None:
    make_assessment(bench.settings.assessments_dir.parent)
    bench.engine.clock.wait(0)
    found = driven(bench, limit_s=20.0)

    assert found.ending is Ending.PARTIAL
    assert (found.ended_at - found.started_at).total_seconds() == pytest.approx(20.0)
    assert found.n_sent == 12


def test_a_cancelled_assessment_is_no_complete_one(bench: Workbench) -> None:
    make_assessment(bench.settings.assessments_dir.parent)
    driven(bench, limit_s=0.0)
    cancel(bench.engine, "small")
    bench.engine.clock.wait(90_000.0)

    class Idle(EngineDriver):
        def submit(self, name: str, overrides: RunOverrides) -> int:  # noqa: ARG002 (it does nothing)
            return 0

    found = drive(bench.engine, Idle(bench), "small", BATCH, Patience(900.0, 60.0))

    # Nothing of it had been answered.
    assert found.ending is Ending.FAILED
    assert "0 of 12 comparisons gave a verdict" in found.reason


def test_an_account_without_credit_fails_with_the_providers_words(bench: Workbench, emulator: RunningEmulator) -> None:
    make_assessment(bench.settings.assessments_dir.parent)
    emulator.script_faults({"kind": "no_credit", "times": None})

    found = driven(bench)

    assert found.ending is Ending.FAILED
    assert "exceeded your current quota" in found.reason


def test_bad_input_is_raised_and_not_driven(bench: Workbench, tmp_path: Path) -> None:
    make_assessment(tmp_path, max_pairs_cap=4, comparisons_per_essay=None)

    with pytest.raises((ConfigurationError, DesignError), match="raise it to 5"):
        driven(bench)


def test_trouble_on_the_way_is_kept_once(tmp_path: Path, emulator: RunningEmulator) -> None:
    rig = make_rig(tmp_path, emulator, CJ_POLL_MIN_S="1")
    make_assessment(tmp_path)
    emulator.script_faults({"kind": "http_error", "status": 500, "times": 2, "path": "batches/", "method": "GET"})
    bench = replace(rig.bench, engine=replace(rig.engine, clock=EmulatorClock(emulator)))

    found = driven(bench)

    assert found.ending is Ending.COMPLETE
    assert len(found.trouble) == 1
    assert "Scripted fault" in found.trouble[0]
    rig.bench.close()
