"""What the checks of a submission find, with real jobs at the emulator."""

# ruff: noqa: D103 - the name of a test is its sentence

from dataclasses import replace
from pathlib import Path

import pytest

from cj_pipeline.domain.batches import JobPhase
from cj_pipeline.emulator.embedding import RunningEmulator
from cj_pipeline.engine.finding import Finding
from cj_pipeline.engine.submission_findings import SUBMISSION_FINDERS, look_at_submission
from cj_pipeline_tests.support.benches import Rig, make_rig
from cj_pipeline_tests.support.folders import make_assessment, write_settings


def find(name: str, rig: Rig) -> Finding:
    """Ask one question about the submission of the assessment."""
    return SUBMISSION_FINDERS[name](look_at_submission(rig.engine, "small"))


@pytest.mark.parametrize("mode", ["provider_batch_api", "serial_bundle"])
def test_a_submission_passes_every_check_with_its_figures(rig: Rig, mode: str) -> None:
    make_assessment(rig.root, llm_batching_mode=mode)
    rig.submit()

    for name in SUBMISSION_FINDERS:
        found = find(name, rig)
        assert (found.holds, found.words) == (True, ""), name
        assert found.numbers
        assert all(len(row) == len(found.header) for row in found.rows)
    is_batch = mode == "provider_batch_api"
    assert find("nothing_is_sent_twice", rig).numbers["n_requests_under_way"] == (12 if is_batch else 0)
    assert find("queue_has_room", rig).numbers["n_models"] == int(is_batch)


def test_a_limit_that_was_lowered_under_running_jobs_is_grave(rig: Rig) -> None:
    folder = make_assessment(rig.root)
    rig.submit()
    write_settings(folder, max_cost_usd=0.0001)
    rig.plan()

    found = find("cost_is_within_limit", rig)

    assert not found.holds
    assert found.is_grave
    assert found.numbers["max_cost_usd"] == 0.0001
    assert float(found.numbers["reserved_usd"]) > 0.0001
    assert "cancel_assessment" in found.words
    assert found.rows[0][2:4] == ("submitted", 12)


def test_two_live_jobs_with_the_same_requests_are_grave(rig: Rig) -> None:
    make_assessment(rig.root)
    rig.submit()
    [job] = rig.engine.ledger.jobs()
    # As after a ledger was restored from a backup and its assessment was submitted once more.
    again = replace(job, job_id="again", phase=JobPhase.PREPARED, provider_batch_id="")
    assert rig.engine.ledger.prepare_job(again, [])

    found = find("nothing_is_sent_twice", rig)

    assert not found.holds
    assert found.is_grave
    assert found.numbers["n_jobs_not_collected"] == 2
    assert {row[0] for row in found.rows} == {job.provider_batch_id, "again"}
    assert "Cancel all but one" in found.words


def test_a_comparison_in_two_live_jobs_is_grave_whatever_their_fingerprints(rig: Rig) -> None:
    make_assessment(rig.root)
    rig.submit()
    [job] = rig.engine.ledger.jobs()
    other = replace(job, job_id="other", phase=JobPhase.PREPARED, provider_batch_id="", request_sha256="0" * 64)
    first = next(iter(rig.engine.ledger.attempts(job.job_id).values()))
    rig.engine.ledger.prepare_job(other, [replace(first, custom_id="second", number=2, job_id="other")])

    found = find("nothing_is_sent_twice", rig)

    assert not found.holds
    assert found.numbers["n_comparisons_asked_twice"] == 1


def test_what_is_held_back_by_the_queue_is_counted(tmp_path: Path, emulator: RunningEmulator) -> None:
    make_assessment(tmp_path, n_essays=12, comparisons_per_essay=10, max_pairs_cap=60)
    rig = make_rig(tmp_path, emulator, CJ_QUEUE_TOKENS='{"openai/gpt-6.1-terra": 10000}')
    rig.submit()

    found = find("queue_has_room", rig)

    assert not found.holds
    assert not found.is_grave
    [(provider, model, waiting, bound, held)] = found.rows
    assert (provider, model, bound) == ("openai", "gpt-6.1-terra", 8000)
    assert 0 < int(str(waiting)) <= 8000
    assert held == found.numbers["n_held_back"] != 0
    assert "They follow by themselves" in found.words
    rig.bench.close()


def test_a_queue_that_was_made_smaller_than_what_waits_is_named(tmp_path: Path, emulator: RunningEmulator) -> None:
    make_assessment(tmp_path)
    before = make_rig(tmp_path, emulator)
    before.submit()
    before.bench.close()
    rig = make_rig(tmp_path, emulator, CJ_QUEUE_TOKENS='{"openai": 100}')

    found = find("queue_has_room", rig)

    assert not found.holds
    assert "and 80 may" in found.words
    rig.bench.close()
