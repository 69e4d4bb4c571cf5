# ruff: noqa: D103 - the names of the tests say it
"""More than a provider lets wait: successive jobs without a failure. And a canary before a large job."""

from collections import Counter
from pathlib import Path

import pytest

from cj_pipeline.domain.batches import CANARY, JobPhase
from cj_pipeline.emulator.embedding import RunningEmulator, running_emulator
from cj_pipeline.engine.advance import collect_groups, continuations, unfinished_assessments
from cj_pipeline.engine.plan import plan
from cj_pipeline.engine.rank import Ranking, rank
from cj_pipeline.engine.standing import why_stopped
from cj_pipeline.engine.submit import submit
from cj_pipeline.errors import CanaryError, PausedError
from cj_pipeline_tests.support.benches import Rig, make_rig
from cj_pipeline_tests.support.folders import make_assessment

HOUR_S = 3600.0


def go_on(rig: Rig, most: int = 60) -> int:
    """Drive an assessment as the sensor does until nothing goes on by itself; returns the ticks it took."""
    for tick in range(most):
        if not unfinished_assessments(rig.engine):
            return tick
        rig.advance(HOUR_S / 2)
        rig.poll()
        for group in collect_groups(rig.engine):
            rig.collect(group.assessment)
            rank(rig.engine, group.assessment)
        for more in continuations(rig.engine):
            plan(rig.engine, more.assessment, continues=True)
            submit(rig.engine, more.assessment, continues=True)
    raise AssertionError(f"still unfinished after {most} ticks")


def test_eighteen_units_of_work_pass_through_a_queue_of_five(tmp_path: Path) -> None:
    # The proportions of 18M tokens against a 5M queue, a thousandth of the size.
    make_assessment(tmp_path, n_essays=12, comparisons_per_essay=10, max_pairs_cap=60)
    with running_emulator(tmp_path / "e", enqueued_tokens={"gpt-6.1-terra": 10_000}) as server:
        rig = make_rig(tmp_path, server, CJ_QUEUE_TOKENS='{"openai/gpt-6.1-terra": 10000}')
        first = rig.submit()
        go_on(rig)
        jobs = rig.engine.ledger.jobs(phases=[JobPhase.COLLECTED])

        assert first.n_held > 0
        assert len(jobs) >= 4
        assert all(job.queued_tokens <= 8_000 for job in jobs)
        assert {job.status for job in jobs} == {"completed"}
        assert {c.n_attempts for c in rig.comparisons()} == {1}
        assert rig.billed() == 60
        assert isinstance(rank(rig.engine, "small"), Ranking)
        rig.bench.close()


def test_an_unknown_queue_is_learned_from_refusals_without_losing_an_attempt(tmp_path: Path) -> None:
    make_assessment(tmp_path, n_essays=12, comparisons_per_essay=10, max_pairs_cap=60)
    with running_emulator(tmp_path / "e", enqueued_tokens={"gpt-6.1-terra": 10_000}) as server:
        rig = make_rig(tmp_path, server)
        rig.submit()
        go_on(rig)

        assert {c.n_attempts for c in rig.comparisons()} == {1}
        assert Counter(c.status for c in rig.comparisons()) == {"ok": 60}
        assert rig.billed() == 60
        assert rig.engine.ledger.jobs(phases=[JobPhase.REJECTED])
        rig.bench.close()


def test_no_more_requests_wait_at_anthropic_than_the_account_may_have(tmp_path: Path) -> None:
    make_assessment(tmp_path, n_essays=12, provider="anthropic", comparisons_per_essay=10, max_pairs_cap=60)
    with running_emulator(tmp_path / "e", limits={"anthropic_queued_requests": 20}) as server:
        rig = make_rig(tmp_path, server, CJ_QUEUED_REQUESTS='{"anthropic": 20}')
        rig.submit()
        go_on(rig)

        assert [job.n_requests for job in rig.engine.ledger.jobs()] == [16, 16, 16, 12]
        assert rig.billed() == 60
        rig.bench.close()


def test_jobs_created_within_an_hour_are_bounded(tmp_path: Path, emulator: RunningEmulator) -> None:
    make_assessment(tmp_path, n_essays=6)
    rig = make_rig(tmp_path, emulator, CJ_CREATES_PER_HOUR="1")
    make_assessment(tmp_path, "other", n_essays=6)
    rig.submit("small")

    held = rig.submit("other")
    rig.advance(HOUR_S + 1)
    later = rig.submit("other")

    assert held.n_held == 12
    assert "within the hour" in held.waiting[0]
    assert later.n_requests == 12
    rig.bench.close()


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_a_canary_is_a_planned_comparison_and_is_paid_once(
    tmp_path: Path, emulator: RunningEmulator, provider: str
) -> None:
    make_assessment(tmp_path, provider=provider)
    rig = make_rig(tmp_path, emulator, CJ_CANARY_FROM="12")

    first = rig.submit()
    again = rig.submit()
    ranking = rig.finish()

    assert first.n_requests == 12
    assert again.n_requests == 0
    assert sorted((job.mode, job.n_requests) for job in rig.engine.ledger.jobs()) == [
        (CANARY, 1),
        ("provider_batch_api", 11),
    ]
    assert rig.billed() == 12
    assert isinstance(ranking, Ranking)
    assert ranking.totals.n_attempts == 12
    rig.bench.close()


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
@pytest.mark.parametrize(
    ("fault", "word"),
    [
        ({"kind": "truncated_answers", "share": 1.0}, "truncated"),
        ({"kind": "unreadable_answers", "share": 1.0}, "invalid"),
        ({"kind": "http_error", "status": 400, "path": r"/(chat/completions|messages)$"}, "errored"),
    ],
)
def test_a_canary_that_fails_three_times_keeps_the_large_job_back(
    tmp_path: Path, emulator: RunningEmulator, provider: str, fault: dict[str, object], word: str
) -> None:
    make_assessment(tmp_path, provider=provider)
    rig = make_rig(tmp_path, emulator, CJ_CANARY_FROM="12")
    emulator.script_faults({**fault, "times": None})

    with pytest.raises(CanaryError, match=word):
        rig.submit()

    assert emulator.journal("job") == []
    assert rig.billed() == (0 if word == "errored" else 3)
    assert "paused" in why_stopped(rig.engine, "small")
    assert continuations(rig.engine) == []
    with pytest.raises(PausedError):
        submit(rig.engine, "small", continues=True)
    rig.bench.close()


def test_a_refused_canary_is_an_answer(tmp_path: Path, emulator: RunningEmulator) -> None:
    make_assessment(tmp_path)
    rig = make_rig(tmp_path, emulator, CJ_CANARY_FROM="12")
    emulator.script_faults({"kind": "refusals", "share": 1.0, "times": 1})

    rig.submit()
    rig.finish_quietly()

    assert Counter(c.status for c in rig.comparisons()) == {"ok": 11, "refused": 1}
    rig.bench.close()
