# ruff: noqa: D103 - the names of the tests say it
"""SIGKILL after the provider accepted a job and before its id is recorded: one live job, one answer per comparison.

The counting is done from the emulator's own journal.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from cj_pipeline.emulator.embedding import RunningEmulator, running_emulator
from cj_pipeline_tests.support.folders import make_assessment
from cj_pipeline_tests.support.processes import PATIENCE_S, run_cj, start_cj, until


@pytest.fixture
def live_emulator(tmp_path: Path) -> Iterator[RunningEmulator]:
    """An emulator on the real clock whose jobs take a second or two."""
    with running_emulator(tmp_path / "emulator", job_seconds=(1.0, 2.0), frozen_clock=False) as server:
        yield server


def quick(emulator: RunningEmulator) -> dict[str, str]:
    """Settings without waits."""
    return {"CJ_EMULATOR_URL": emulator.url, "CJ_POLL_MIN_S": "0.2", "CJ_SETTLE_S": "0", "CJ_LEASE_S": "0.5"}


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_a_job_accepted_just_before_the_kill_is_paid_once(
    tmp_path: Path, live_emulator: RunningEmulator, provider: str
) -> None:
    make_assessment(tmp_path, provider=provider)
    live_emulator.script_faults({"kind": "hold_after_commit", "seconds": 60})
    process = start_cj(tmp_path, "run", "small", **quick(live_emulator))
    until(lambda: len(live_emulator.journal("job")) == 1, "the job to be accepted")

    process.kill()
    process.wait(PATIENCE_S)
    again = run_cj(tmp_path, "run", "small", **quick(live_emulator))

    assert again.returncode == 0, again.stderr + again.stdout
    assert "essay-01" in again.stdout
    assert len(live_emulator.journal("job")) == 1
    answers = Counter(entry["custom_id"] for entry in live_emulator.journal("answer"))
    assert len(answers) == 12
    assert set(answers.values()) == {1}
    assert live_emulator.summary()["billed_more_than_once"] == []


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_a_job_that_never_reached_the_provider_is_sent_again(
    tmp_path: Path, live_emulator: RunningEmulator, provider: str
) -> None:
    make_assessment(tmp_path, provider=provider)
    live_emulator.script_faults({"kind": "drop_before_commit"})
    first = run_cj(tmp_path, "run", "small", "--no-wait", **quick(live_emulator))

    again = run_cj(tmp_path, "run", "small", **quick(live_emulator))

    assert first.returncode == 3, first.stderr
    assert again.returncode == 0, again.stderr + again.stdout
    assert len(live_emulator.journal("job")) == 1
    assert len(live_emulator.journal("answer")) == 12
