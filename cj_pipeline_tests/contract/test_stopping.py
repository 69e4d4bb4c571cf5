# ruff: noqa: D103 - the names of the tests say it
"""Cancelling, pausing, and what a provider no longer has."""

from collections import Counter
from pathlib import Path

import pytest

from cj_pipeline.emulator.embedding import RunningEmulator
from cj_pipeline.engine.advance import continuations, unfinished_assessments
from cj_pipeline.engine.cancel import cancel, unfinished_cancellations
from cj_pipeline.engine.rank import Ranking, Waiting
from cj_pipeline.engine.standing import why_stopped
from cj_pipeline.errors import SpendLimitError, TooFewVerdictsError, TransientProviderError
from cj_pipeline_tests.support.benches import A_DAY_S, Rig, make_rig
from cj_pipeline_tests.support.folders import make_assessment

pytestmark = pytest.mark.parametrize("provider", ["openai", "anthropic"])


def statuses(rig: Rig) -> Counter[str]:
    return Counter(c.status for c in rig.comparisons())


def test_cancelling_ends_the_job_and_a_second_time_is_harmless(rig: Rig, provider: str) -> None:
    make_assessment(rig.root, provider=provider)
    rig.submit()

    first = cancel(rig.engine, "small")
    second = cancel(rig.engine, "small")
    rig.finish_quietly()
    rig.conclude()
    third = cancel(rig.engine, "small")

    assert len(first.asked) == 1
    assert len(second.live) == 1
    assert not second.asked
    assert [*third.asked, *third.live, *third.trouble] == []
    assert rig.billed() < 12
    assert statuses(rig)["cancelled"] == 12 - rig.billed()
    assert continuations(rig.engine) == []
    assert unfinished_assessments(rig.engine) == []


def test_answers_that_were_there_are_kept_and_ranked(rig: Rig, provider: str) -> None:
    make_assessment(rig.root, provider=provider, comparisons_per_essay=10)
    rig.emulator.script_faults({"kind": "cancel_race"})
    rig.submit()
    cancel(rig.engine, "small")

    ranking = rig.finish()

    assert isinstance(ranking, Ranking)
    assert statuses(rig) == {"ok": 30}


def test_a_cancelled_assessment_goes_on_when_it_is_submitted_again(rig: Rig, provider: str) -> None:
    make_assessment(rig.root, provider=provider)
    for _ in range(4):  # more often than a comparison may be asked: our own wish does not count against it
        rig.submit()
        cancel(rig.engine, "small")
        rig.finish_quietly()

    rig.submit()
    ranking = rig.finish()

    assert isinstance(ranking, Ranking)
    assert statuses(rig) == {"ok": 12}
    assert rig.emulator.summary()["billed_more_than_once"] == []
    assert rig.billed() == 12


def test_a_job_whose_create_call_had_no_clear_answer_is_cancelled_too(rig: Rig, provider: str) -> None:
    make_assessment(rig.root, provider=provider)
    rig.emulator.script_faults({"kind": "commit_then_drop"})
    rig.submit()

    cancelled = cancel(rig.engine, "small")
    for _ in range(3):
        rig.advance(A_DAY_S)
        rig.poll()
        cancel(rig.engine, "small")
    rig.collect()

    # Anthropic names a batch's requests only when it has ended: until then ours cannot be told from another's.
    assert len(cancelled.asked) + len(cancelled.trouble) == 1
    assert unfinished_cancellations(rig.engine) == []
    assert len(rig.emulator.journal("job")) == 1
    assert rig.submit().n_requests == 12 - rig.billed()


def test_a_provider_that_is_down_is_asked_again_by_the_sensor(rig: Rig, provider: str) -> None:
    make_assessment(rig.root, provider=provider)
    rig.submit()
    rig.emulator.script_faults({"kind": "http_error", "path": "/cancel$", "method": "POST", "status": 503, "times": 1})

    first = cancel(rig.engine, "small")
    left = unfinished_cancellations(rig.engine)
    second = cancel(rig.engine, "small")

    assert len(first.trouble) == 1
    assert [each.assessment for each in left] == ["small"]
    assert len(second.asked) == 1
    assert unfinished_cancellations(rig.engine) == []


def test_an_account_without_credit_pauses_and_nothing_counts_as_asked(rig: Rig, provider: str) -> None:
    make_assessment(rig.root, provider=provider)
    rig.emulator.script_faults({"kind": "no_credit", "times": 1})

    with pytest.raises(SpendLimitError):
        rig.submit()
    stopped = why_stopped(rig.engine, "small")
    rig.submit()
    ranking = rig.finish()

    assert "paused" in stopped
    assert isinstance(ranking, Ranking)
    assert {c.n_attempts for c in rig.comparisons()} == {1}


def test_rows_that_failed_for_want_of_credit_pause_and_are_asked_again_when_a_person_says_so(
    rig: Rig, provider: str
) -> None:
    make_assessment(rig.root, provider=provider)
    rig.emulator.script_faults({"kind": "rows_without_credit", "share": 0.5})
    rig.submit()
    waiting = rig.finish()
    went_on = continuations(rig.engine)

    rig.submit()
    ranking = rig.finish()

    assert isinstance(waiting, Waiting)
    assert "paused" in waiting.reason
    assert went_on == []
    assert isinstance(ranking, Ranking)
    assert statuses(rig) == {"ok": 12}
    assert rig.billed() == 12


def test_results_that_are_gone_end_as_missing_and_are_not_paid_again_by_themselves(rig: Rig, provider: str) -> None:
    make_assessment(rig.root, provider=provider)
    rig.submit()
    rig.advance(A_DAY_S)
    rig.poll()
    rig.emulator.script_faults({"kind": "expired_file_404", "times": None})

    with pytest.raises(TransientProviderError, match="not to exist"):
        rig.collect()
    rig.advance(rig.engine.options.settle_s)
    rig.collect()

    assert statuses(rig) == {"missing": 12}
    assert rig.submit().n_requests == 0
    assert rig.billed() == 12
    totals = rig.engine.ledger.totals(rig.engine.ledger.sessions("small")[0].session_id)
    assert totals.n_possibly_paid == 12
    assert totals.possible_usd > 0


def test_a_job_that_the_provider_does_not_know_any_more_is_given_up_after_a_while(rig: Rig, provider: str) -> None:
    make_assessment(rig.root, provider=provider)
    rig.submit()
    lost = {"kind": "http_error", "path": "/batches/[^/]+$", "method": "GET", "status": 404, "times": None}
    rig.emulator.script_faults(lost)

    for _ in range(6):
        rig.advance(rig.engine.options.settle_s)
        rig.poll()
    rig.collect()

    assert isinstance(rig.conclude(), TooFewVerdictsError)
    assert statuses(rig) == {"missing": 12}
    assert unfinished_assessments(rig.engine) == []
    assert rig.submit().n_requests == 0


def test_a_job_that_is_unknown_for_a_moment_is_not_given_up(rig: Rig, provider: str) -> None:
    make_assessment(rig.root, provider=provider)
    rig.submit()
    lost = {"kind": "http_error", "path": "/batches/[^/]+$", "method": "GET", "status": 404, "times": 1}
    rig.emulator.script_faults(lost)
    rig.advance(60)
    rig.poll()

    ranking = rig.finish()

    assert isinstance(ranking, Ranking)
    assert rig.billed() == 12


def test_the_providers_copies_are_deleted_where_that_is_wanted(
    tmp_path: Path, emulator: RunningEmulator, provider: str
) -> None:
    make_assessment(tmp_path, provider=provider)
    rig = make_rig(tmp_path, emulator, CJ_DELETE_AFTER_COLLECT="true")
    rig.submit()
    ranking = rig.finish()
    deletes = [entry for entry in emulator.journal("http") if entry.get("method") == "DELETE"]
    rig.collect()

    assert isinstance(ranking, Ranking)
    assert deletes
    assert all(job.purged_at for job in rig.engine.ledger.jobs())
    assert len([e for e in emulator.journal("http") if e.get("method") == "DELETE"]) == len(deletes)
    rig.bench.close()


def test_the_providers_files_expire_when_it_was_asked_for(
    tmp_path: Path, emulator: RunningEmulator, provider: str
) -> None:
    make_assessment(tmp_path, provider=provider)
    rig = make_rig(tmp_path, emulator, CJ_PROVIDER_FILE_DAYS="2")
    rig.submit()
    rig.advance(A_DAY_S)
    rig.poll()
    rig.advance(2 * 24 * 3600)

    if provider == "openai":
        with pytest.raises(TransientProviderError, match="not to exist"):
            rig.collect()
    else:  # Anthropic keeps results for 29 days, whoever asks
        rig.collect()
        assert statuses(rig) == {"ok": 12}
    rig.bench.close()
