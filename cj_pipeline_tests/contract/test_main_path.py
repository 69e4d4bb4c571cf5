# ruff: noqa: D103 - the names of the tests say it
"""From essays to a ranking, and what a second time costs."""

import pytest

from cj_pipeline.domain.batches import JobPhase, Outcome
from cj_pipeline.engine.rank import Ranking, Waiting, rank
from cj_pipeline.engine.reconciliation import reconcile_session
from cj_pipeline.engine.submit import submit
from cj_pipeline.errors import CostLimitError
from cj_pipeline_tests.support.benches import Rig
from cj_pipeline_tests.support.folders import add_essay, make_assessment, write_settings

pytestmark = pytest.mark.parametrize("provider", ["openai", "anthropic"])


def test_essays_become_a_ranking(rig: Rig, provider: str) -> None:
    make_assessment(rig.root, provider=provider)

    submission = rig.submit()
    ranking = rig.finish()

    assert submission.n_requests == 12
    assert isinstance(ranking, Ranking)
    assert sorted(ranking.table["essay_id"]) == [f"essay-{i:02d}" for i in range(1, 7)]
    assert ranking.totals.n_synthetic == ranking.totals.n_attempts == rig.billed() == 12
    assert all(c.reason.startswith("Synthetic judge") and 1 <= c.strength <= 3 for c in rig.comparisons())


def test_the_submission_ends_while_the_job_runs(rig: Rig, provider: str) -> None:
    make_assessment(rig.root, provider=provider)

    rig.submit()
    rig.poll()
    report = rig.collect()

    waiting = rank(rig.engine, "small")
    assert len(report.pending) == 1
    assert report.n_collected == 0
    assert isinstance(waiting, Waiting)
    assert "12 of 12 comparisons are being judged" in waiting.reason
    assert provider in waiting.reason


def test_a_second_time_pays_for_nothing(rig: Rig, provider: str) -> None:
    make_assessment(rig.root, provider=provider)
    rig.submit()
    assert rig.submit().n_requests == 0
    first = rig.finish()

    again = rig.submit()
    second = rig.finish()

    assert again.n_requests == 0
    assert rig.billed() == 12
    assert isinstance(first, Ranking)
    assert isinstance(second, Ranking)
    assert first.table.equals(second.table)


def test_a_second_collection_changes_nothing(rig: Rig, provider: str) -> None:
    make_assessment(rig.root, provider=provider)
    rig.submit()
    rig.finish()
    before = rig.comparisons()

    report = rig.collect()

    assert report.n_collected == 0
    assert rig.comparisons() == before


def test_an_added_essay_costs_only_its_own_comparisons(rig: Rig, provider: str) -> None:
    folder = make_assessment(rig.root, provider=provider)
    rig.submit()
    rig.finish()
    known = {c.comparison_id for c in rig.comparisons()}
    add_essay(folder, 7)

    submission = rig.submit()
    ranking = rig.finish()

    new = [c for c in rig.comparisons() if c.comparison_id not in known]
    assert submission.n_requests == len(new) == 4
    assert all("essay-07" in (c.first_id, c.second_id) and c.wave == 2 for c in new)
    assert rig.billed() == 16
    assert isinstance(ranking, Ranking)
    assert len(ranking.table) == 7


def test_an_edited_essay_loses_only_its_own_comparisons(rig: Rig, provider: str) -> None:
    folder = make_assessment(rig.root, provider=provider)
    rig.submit()
    rig.finish()
    paid_without_it = sum("essay-03" not in (c.first_id, c.second_id) for c in rig.comparisons())
    (folder / "essays" / "essay-03.txt").write_text("An entirely new text about nothing in particular.", "utf-8")

    pairs = rig.plan()
    submission = submit(rig.engine, "small")
    ranking = rig.finish()

    assert pairs.n_superseded == 4
    assert submission.n_requests == pairs.n_new
    assert len(pairs.comparisons) == paid_without_it + pairs.n_new
    assert isinstance(ranking, Ranking)
    assert ranking.fit.n_comparisons.sum() == 2 * len(pairs.comparisons)


def test_another_rubric_opens_a_new_session(rig: Rig, provider: str) -> None:
    folder = make_assessment(rig.root, provider=provider)
    rig.submit()
    rig.finish()
    write_settings(folder, provider=provider, rubric="The funnier essay is better.")

    submission = rig.submit()

    assert submission.n_requests == 12
    assert len(rig.engine.ledger.sessions("small")) == 2


def test_title_anchors_cap_and_cost_limit_change_nothing_paid_for(rig: Rig, provider: str) -> None:
    folder = make_assessment(rig.root, provider=provider)
    rig.submit()
    rig.finish()
    write_settings(folder, provider=provider, title="Another title", max_pairs_cap=39, max_cost_usd=4.0)
    (folder / "anchors.csv").write_text("essay_id,grade\nessay-01,A\n", "utf-8")

    submission = rig.submit()
    ranking = rig.finish()

    assert submission.n_requests == 0
    assert isinstance(ranking, Ranking)
    assert list(ranking.table["anchor_grade"].dropna()) == ["A"]


def test_every_request_ends_in_exactly_one_outcome(rig: Rig, provider: str) -> None:
    make_assessment(rig.root, provider=provider)
    submission = rig.submit()
    rig.finish()

    balance = reconcile_session(rig.engine, submission.session.session_id)

    assert balance.holds
    assert balance.n_sent == balance.n_outcomes == 12
    assert rig.emulator.summary()["billed_more_than_once"] == []


def test_no_essay_id_reaches_the_wire(rig: Rig, provider: str) -> None:
    make_assessment(rig.root, provider=provider)
    rig.submit()

    [job] = rig.engine.ledger.jobs()
    sent = b"\n".join(rig.engine.raw.lines(job.request_path))

    assert b"essay-0" not in sent
    assert b"small" not in sent


def test_jobs_are_split_at_the_limits(rig: Rig, provider: str) -> None:
    make_assessment(rig.root, provider=provider)
    manager = rig.engine.managers[provider]
    manager.limits = type(manager.limits)(max_requests=5, max_bytes=10**9)

    submission = rig.submit()
    rig.finish()

    assert sorted(job.n_requests for job in rig.engine.ledger.jobs()) == [2, 5, 5]
    assert submission.n_requests == 12
    assert {job.phase for job in rig.engine.ledger.jobs()} == {JobPhase.COLLECTED}
    assert all(c.status == Outcome.OK for c in rig.comparisons())


def test_the_cost_limit_stops_a_job_before_it_is_sent(rig: Rig, provider: str) -> None:
    make_assessment(rig.root, provider=provider, max_cost_usd=0.0001)

    with pytest.raises(CostLimitError, match="Nothing was sent"):
        rig.submit()

    assert rig.emulator.summary()["jobs"] == {"openai": 0, "anthropic": 0} or rig.billed() == 0
    assert rig.engine.ledger.jobs() == []
