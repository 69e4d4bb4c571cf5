# ruff: noqa: D103 - the names of the tests say it
"""Create calls without a clear answer: found and adopted, or sent again only when it certainly did not happen."""

import pytest

from cj_pipeline.domain.batches import JobPhase
from cj_pipeline.engine.rank import Ranking
from cj_pipeline.errors import PermanentProviderError, TransientProviderError
from cj_pipeline_tests.support.benches import A_DAY_S, Rig
from cj_pipeline_tests.support.folders import make_assessment

pytestmark = pytest.mark.parametrize("provider", ["openai", "anthropic"])


def jobs_at_provider(rig: Rig, provider: str) -> int:
    return sum(entry["provider"] == provider for entry in rig.emulator.journal("job"))


@pytest.mark.parametrize("fault", ["commit_then_drop", "commit_then_500"])
def test_a_job_whose_reply_was_lost_is_adopted_and_never_sent_again(rig: Rig, provider: str, fault: str) -> None:
    make_assessment(rig.root, provider=provider)
    rig.emulator.script_faults({"kind": fault})

    first = rig.submit()
    rig.advance(A_DAY_S)
    second = rig.submit()
    ranking = rig.finish()

    assert first.n_requests == 0
    assert len(first.waiting) == 1
    assert second.n_requests == 0
    assert len(second.adopted) == 1
    assert jobs_at_provider(rig, provider) == 1
    assert rig.billed() == 12
    assert isinstance(ranking, Ranking)


def test_the_poller_adopts_it_too(rig: Rig, provider: str) -> None:
    make_assessment(rig.root, provider=provider)
    rig.emulator.script_faults({"kind": "commit_then_drop"})
    rig.submit()
    rig.advance(A_DAY_S)

    report = rig.poll()

    assert len(report.adopted) == 1
    assert isinstance(rig.finish(), Ranking)
    assert jobs_at_provider(rig, provider) == 1


def test_a_job_that_was_never_created_is_sent_again_only_after_the_settle_period(rig: Rig, provider: str) -> None:
    make_assessment(rig.root, provider=provider)
    rig.emulator.script_faults({"kind": "drop_before_commit"})
    rig.submit()

    too_early = rig.submit()
    rig.advance(rig.engine.options.settle_s + 1)
    later = rig.submit()

    assert too_early.n_requests == 0
    assert "sent again" in too_early.waiting[0]
    assert later.n_requests == 12
    assert jobs_at_provider(rig, provider) == 1
    assert isinstance(rig.finish(), Ranking)


def test_the_poller_sends_nothing(rig: Rig, provider: str) -> None:
    make_assessment(rig.root, provider=provider)
    rig.emulator.script_faults({"kind": "drop_before_commit"})
    rig.submit()
    rig.advance(A_DAY_S)

    report = rig.poll()

    assert jobs_at_provider(rig, provider) == 0
    assert "sent again by the next submission" in report.trouble[0]


def test_a_refused_call_leaves_nothing_behind_and_can_be_repeated(rig: Rig, provider: str) -> None:
    make_assessment(rig.root, provider=provider)
    rig.emulator.script_faults({"kind": "rate_limited", "path": "batches$", "method": "POST"})

    with pytest.raises(TransientProviderError, match="429"):
        rig.submit()
    again = rig.submit()

    assert again.n_requests == 12
    assert jobs_at_provider(rig, provider) == 1


def test_a_refusal_for_good_says_what_to_do(rig: Rig, provider: str) -> None:
    make_assessment(rig.root, provider=provider)
    rig.emulator.script_faults({"kind": "http_error", "status": 401, "path": "batches$", "method": "POST"})

    with pytest.raises(PermanentProviderError, match="key was refused"):
        rig.submit()

    [job] = rig.engine.ledger.jobs()
    assert job.phase is JobPhase.REJECTED
    assert {(c.status, c.n_attempts) for c in rig.comparisons()} == {("planned", 0)}
    assert rig.submit().n_requests == 12


def test_create_calls_are_never_repeated_by_the_sdk(rig: Rig, provider: str) -> None:
    make_assessment(rig.root, provider=provider)
    rig.emulator.script_faults({"kind": "commit_then_drop"})
    rig.submit()

    creates = [e for e in rig.emulator.journal("http") if e["method"] == "POST" and e["path"].endswith("batches")]
    assert len(creates) == 1
    assert creates[0]["retry_count"] in {"0", 0, None}


def test_a_poll_that_fails_is_tried_again_later(rig: Rig, provider: str) -> None:
    make_assessment(rig.root, provider=provider)
    rig.submit()
    rig.advance(60)
    rig.emulator.script_faults({"kind": "http_error", "status": 503, "method": "GET", "path": "batches/"})

    report = rig.poll()

    [job] = rig.engine.ledger.jobs()
    assert "503" in report.trouble[0]
    assert job.phase is JobPhase.SUBMITTED
    assert job.n_poll_errors == 1
    assert isinstance(rig.finish(), Ranking)


def test_an_unknown_status_is_not_the_end(rig: Rig, provider: str) -> None:
    make_assessment(rig.root, provider=provider)
    rig.emulator.script_faults({"kind": "unknown_status", "seconds": 3600})
    rig.submit()
    rig.advance(60)
    rig.poll()

    [job] = rig.engine.ledger.jobs()
    assert job.status == "indeterminate"
    assert isinstance(rig.finish(), Ranking)
