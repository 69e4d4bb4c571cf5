# ruff: noqa: D103 - the names of the tests say it
"""The synchronous modes: same engine, same ledger, no job at the provider, and at most one unclear answer repeated."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from cj_pipeline.domain.batches import JobPhase
from cj_pipeline.domain.continuation import Standing
from cj_pipeline.emulator.embedding import RunningEmulator
from cj_pipeline.engine.advance import collect_groups
from cj_pipeline.engine.collect import collect
from cj_pipeline.engine.ports import Engine
from cj_pipeline.engine.rank import Ranking, rank
from cj_pipeline.engine.reconciliation import reconcile_session
from cj_pipeline.engine.records import JobRecord
from cj_pipeline.engine.standing import set_standing, why_stopped
from cj_pipeline.engine.submit import submit
from cj_pipeline.errors import PermanentProviderError, SpendLimitError, TransientProviderError
from cj_pipeline_tests.support.benches import Rig, make_rig
from cj_pipeline_tests.support.folders import make_assessment

pytestmark = [
    pytest.mark.parametrize("provider", ["openai", "anthropic"]),
    pytest.mark.parametrize("mode", ["per_request", "serial_bundle"]),
]
ASKED = r"/(chat/completions|messages)$"


def jobs(rig: Rig) -> list[JobRecord]:
    return rig.engine.ledger.jobs(assessment="small")


def statuses(rig: Rig) -> Counter[str]:
    return Counter(c.status for c in rig.comparisons())


def test_every_comparison_is_answered_when_the_submission_returns(rig: Rig, provider: str, mode: str) -> None:
    make_assessment(rig.root, provider=provider, llm_batching_mode=mode)

    submission = rig.submit()
    rig.collect()
    ranking = rank(rig.engine, "small")

    assert submission.n_requests == rig.billed() == 12
    assert isinstance(ranking, Ranking)
    assert rig.emulator.summary()["jobs"] == {"openai": 0, "anthropic": 0}
    assert reconcile_session(rig.engine, submission.session.session_id).holds
    assert {job.phase for job in jobs(rig)} == {JobPhase.COLLECTED}
    assert {job.mode for job in jobs(rig)} == {mode}


def test_a_second_time_pays_for_nothing(rig: Rig, provider: str, mode: str) -> None:
    make_assessment(rig.root, provider=provider, llm_batching_mode=mode)
    rig.submit()

    assert rig.submit().n_requests == 0
    assert rig.billed() == 12


def test_the_mode_can_change_and_answers_stay(rig: Rig, provider: str, mode: str) -> None:
    folder = make_assessment(rig.root, provider=provider, llm_batching_mode=mode, max_pairs_cap=6)
    rig.submit()
    settings = (folder / "assessment.yaml").read_text()
    settings = settings.replace(mode, "provider_batch_api").replace("max_pairs_cap: 6", "max_pairs_cap: 12")
    (folder / "assessment.yaml").write_text(settings)

    submission = rig.submit()
    ranking = rig.finish()

    assert submission.n_requests == 6
    assert rig.billed() == 12
    assert isinstance(ranking, Ranking)
    assert ranking.totals.n_attempts == 12


def test_it_costs_twice_what_a_batch_job_costs(rig: Rig, provider: str, mode: str) -> None:
    make_assessment(rig.root, "now", provider=provider, llm_batching_mode=mode)
    make_assessment(rig.root, "later", provider=provider)
    rig.submit("now")
    rig.submit("later")
    rig.finish_quietly("later")

    [now], [later] = rig.engine.ledger.sessions("now"), rig.engine.ledger.sessions("later")
    paid_now, paid_later = (rig.engine.ledger.totals(s.session_id) for s in (now, later))

    assert paid_now.output_tokens > 0
    assert paid_now.spent_usd >= 1.5 * paid_later.spent_usd > 0


def test_bundles_hold_no_more_than_allowed(tmp_path: Path, emulator: RunningEmulator, provider: str, mode: str) -> None:
    make_assessment(tmp_path, provider=provider, llm_batching_mode=mode)
    rig = make_rig(tmp_path, emulator, CJ_BUNDLE_SIZE="5")

    rig.submit()

    assert sorted(job.n_requests for job in jobs(rig)) == [2, 5, 5]
    rig.bench.close()


def test_a_refusal_to_answer_now_is_waited_out_and_costs_nothing(rig: Rig, provider: str, mode: str) -> None:
    make_assessment(rig.root, provider=provider, llm_batching_mode=mode)
    rig.emulator.script_faults(
        {"kind": "rate_limited", "path": ASKED, "retry_after": 7, "times": 3},
        {"kind": "http_error", "path": ASKED, "status": 503, "times": 3},
    )

    rig.submit()

    assert statuses(rig) == {"ok": 12}
    assert {c.n_attempts for c in rig.comparisons()} == {1}
    assert rig.billed() == 12


def test_a_provider_that_keeps_refusing_ends_the_run_and_not_the_work(rig: Rig, provider: str, mode: str) -> None:
    make_assessment(rig.root, provider=provider, llm_batching_mode=mode)
    rig.emulator.script_faults({"kind": "rate_limited", "path": ASKED, "times": None, "skip": 4})
    with pytest.raises(TransientProviderError):
        rig.submit()
    rig.emulator.clear_faults()
    before = rig.billed()

    rig.submit()

    assert before == 4
    assert statuses(rig) == {"ok": 12}
    assert rig.billed() == 12


@pytest.mark.parametrize("fault", ["commit_then_drop", "commit_then_500", "drop_before_commit"])
def test_a_request_without_a_clear_answer_is_asked_once_more(rig: Rig, provider: str, mode: str, fault: str) -> None:
    make_assessment(rig.root, provider=provider, llm_batching_mode=mode)
    rig.emulator.script_faults({"kind": fault, "path": ASKED, "times": 2})

    submission = rig.submit()
    totals = rig.engine.ledger.totals(submission.session.session_id)

    assert statuses(rig) == {"ok": 12}
    assert rig.billed() == (12 if fault == "drop_before_commit" else 14)
    assert totals.n_possibly_paid == 2
    assert totals.possible_usd > 0
    assert Counter(c.n_attempts for c in rig.comparisons()) == {1: 10, 2: 2}


def test_after_two_unclear_answers_a_comparison_is_given_up(rig: Rig, provider: str, mode: str) -> None:
    make_assessment(rig.root, provider=provider, llm_batching_mode=mode)
    rig.emulator.script_faults({"kind": "commit_then_drop", "path": ASKED, "times": None})

    rig.submit()
    rig.emulator.clear_faults()
    again = rig.submit()

    assert statuses(rig) == {"errored": 12}
    assert {c.n_possibly_paid for c in rig.comparisons()} == {2}
    assert again.n_requests == 0
    assert rig.billed() == 24


def test_a_worker_that_died_leaves_one_request_in_doubt_and_loses_no_stored_answer(
    rig: Rig, provider: str, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_assessment(rig.root, provider=provider, llm_batching_mode=mode)
    alone = with_workers(rig.engine, 1)
    rig.plan()
    manager = rig.engine.managers[provider]
    ask, asked = manager.ask, 0

    def die_at_the_fifth(request: bytes) -> bytes:
        nonlocal asked
        asked += 1
        row = ask(request)
        if asked == 5:
            raise MemoryError
        return row

    monkeypatch.setattr(manager, "ask", die_at_the_fifth)
    with pytest.raises(MemoryError):
        submit(alone, "small")
    monkeypatch.undo()
    [left] = rig.engine.ledger.jobs(assessment="small", phases=[JobPhase.ASKING])

    again = submit(alone, "small")

    assert left.n_requests == 12
    assert again.n_possibly_paid == 1
    assert statuses(rig) == {"ok": 12}
    assert rig.billed() == 13


def test_an_answer_that_was_stored_and_not_recorded_is_not_paid_again(
    rig: Rig, provider: str, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_assessment(rig.root, provider=provider, llm_batching_mode=mode)
    alone = with_workers(rig.engine, 1)
    rig.plan()

    def die(_outcome: object) -> bool:
        raise MemoryError

    monkeypatch.setattr(rig.engine.ledger, "record_answer", die)
    with pytest.raises(MemoryError):
        submit(alone, "small")
    monkeypatch.undo()

    again = submit(alone, "small")

    assert again.n_possibly_paid == 0
    assert statuses(rig) == {"ok": 12}
    assert rig.billed() == 12


def test_a_job_whose_worker_died_after_the_last_answer_is_closed(
    rig: Rig, provider: str, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_assessment(rig.root, provider=provider, llm_batching_mode=mode)
    rig.plan()

    def die(_job_id: str, _now: object) -> None:
        raise MemoryError

    monkeypatch.setattr(rig.engine.ledger, "end_asking", die)
    with pytest.raises(MemoryError):
        submit(rig.engine, "small")
    monkeypatch.undo()
    left = {job.phase for job in rig.engine.ledger.jobs()}
    set_standing(rig.engine, "small", Standing.FINISHED, "decided by another process")

    assert left == {JobPhase.ASKING}
    assert [group.assessment for group in collect_groups(rig.engine)] == ["small"]
    collect(rig.engine, "small")
    assert {job.phase for job in rig.engine.ledger.jobs()} == {JobPhase.COLLECTED}
    assert collect_groups(rig.engine) == []
    assert statuses(rig) == {"ok": 12}
    assert rig.billed() == 12


def test_one_bad_request_touches_one_comparison(rig: Rig, provider: str, mode: str) -> None:
    make_assessment(rig.root, provider=provider, llm_batching_mode=mode)
    rig.emulator.script_faults({"kind": "http_error", "path": ASKED, "status": 400, "times": 1, "skip": 3})

    rig.submit()

    assert statuses(rig) == {"ok": 11, "errored": 1}
    assert rig.submit().n_requests == 0


def test_a_key_that_is_refused_stops_everything_at_once(rig: Rig, provider: str, mode: str) -> None:
    make_assessment(rig.root, provider=provider, llm_batching_mode=mode)
    rig.emulator.script_faults({"kind": "http_error", "path": ASKED, "status": 401, "times": None})

    with pytest.raises(PermanentProviderError, match="401"):
        rig.submit()

    assert statuses(rig) == {"planned": 12}
    assert len(rig.emulator.journal("http")) <= rig.engine.options.sync_workers
    assert "paused" in why_stopped(rig.engine, "small")


def test_an_account_without_credit_pauses_the_assessment(rig: Rig, provider: str, mode: str) -> None:
    make_assessment(rig.root, provider=provider, llm_batching_mode=mode)
    rig.emulator.script_faults({"kind": "no_credit", "path": ASKED, "times": None})

    with pytest.raises(SpendLimitError):
        rig.submit()
    stopped = why_stopped(rig.engine, "small")
    rig.emulator.clear_faults()
    rig.submit()

    assert "paused" in stopped
    assert statuses(rig) == {"ok": 12}
    assert rig.billed() == 12


def test_a_cancelled_assessment_stops_between_requests(rig: Rig, provider: str, mode: str) -> None:
    make_assessment(rig.root, provider=provider, llm_batching_mode=mode, comparisons_per_essay=10)
    rig.plan()
    alone = replace(rig.engine, options=replace(rig.engine.options, sync_workers=1, bundle_size=4))

    def cancel_after_the_first_bundle(done: int, _all: int) -> None:
        if done == 3:
            set_standing(rig.engine, "small", Standing.CANCELLED, "a test")

    report = submit(alone, "small", progress=cancel_after_the_first_bundle)

    assert statuses(rig)["ok"] < 12
    assert statuses(rig)["planned"] > 0
    assert any("cancelled" in line for line in report.waiting)


def with_workers(engine: Engine, n: int) -> Engine:
    return replace(engine, options=replace(engine.options, sync_workers=n))
