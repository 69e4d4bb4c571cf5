# ruff: noqa: D103 - the names of the tests say it
"""What can happen to single requests of a job: each ends in exactly one outcome, and paid answers are kept."""

from collections import Counter
from contextlib import suppress

import pytest

from cj_pipeline.engine.rank import Ranking
from cj_pipeline.engine.reconciliation import reconcile_session
from cj_pipeline.errors import TransientProviderError
from cj_pipeline_tests.support.benches import A_DAY_S, Rig
from cj_pipeline_tests.support.folders import make_assessment

pytestmark = pytest.mark.parametrize("provider", ["openai", "anthropic"])


def run_with(rig: Rig, provider: str, *faults: dict[str, object]) -> Counter[str]:
    """Run once under faults; returns the number of comparisons by status."""
    make_assessment(rig.root, provider=provider)
    rig.emulator.script_faults(*faults)
    rig.submit()
    rig.advance(A_DAY_S)
    rig.poll()
    with suppress(TransientProviderError):  # a file that is short of rows is believed when it stays so
        rig.collect()
    rig.advance(rig.engine.options.settle_s)
    rig.collect()
    return Counter(c.status for c in rig.comparisons())


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ({"kind": "refusals", "share": 0.25}, "refused"),
        ({"kind": "truncated_answers", "share": 0.25}, "truncated"),
        ({"kind": "unreadable_answers", "share": 0.25}, "invalid"),
        ({"kind": "item_errors", "share": 0.25, "status": 500}, "errored"),
        ({"kind": "item_errors", "share": 0.25, "status": 400}, "errored"),
        ({"kind": "missing_rows", "share": 0.25}, "missing"),
        ({"kind": "partial_expiry", "share": 0.75}, "expired"),
    ],
)
def test_a_quarter_goes_wrong_and_the_rest_is_kept(
    rig: Rig, provider: str, fault: dict[str, object], outcome: str
) -> None:
    counts = run_with(rig, provider, fault)

    assert counts == {"ok": 9, outcome: 3}


def test_only_what_can_be_helped_is_asked_again(rig: Rig, provider: str) -> None:
    run_with(rig, provider, {"kind": "item_errors", "share": 0.25, "status": 500})

    again = rig.submit()
    ranking = rig.finish()

    assert again.n_requests == 3
    assert isinstance(ranking, Ranking)
    assert Counter(c.status for c in rig.comparisons()) == {"ok": 12}
    assert rig.emulator.summary()["billed_more_than_once"] == []


def test_what_the_provider_rejects_is_not_asked_again(rig: Rig, provider: str) -> None:
    run_with(rig, provider, {"kind": "item_errors", "share": 0.25, "status": 400})

    assert rig.submit().n_requests == 0


def test_a_comparison_is_asked_at_most_three_times(rig: Rig, provider: str) -> None:
    run_with(rig, provider, {"kind": "all_error_job", "status": 500, "times": None})
    for _ in range(4):
        rig.submit()
        rig.finish_quietly()

    assert {c.n_attempts for c in rig.comparisons()} == {3}
    assert rig.submit().n_requests == 0


def test_a_job_of_errors_only_is_collected(rig: Rig, provider: str) -> None:
    counts = run_with(rig, provider, {"kind": "all_error_job", "status": 400})

    assert counts == {"errored": 12}


@pytest.mark.parametrize(
    ("fault", "field"),
    [
        ({"kind": "duplicate_rows", "share": 0.25}, "n_duplicates"),
        ({"kind": "foreign_rows", "count": 2}, "n_strangers"),
    ],
)
def test_rows_that_do_not_belong_are_counted_and_change_nothing(
    rig: Rig, provider: str, fault: dict[str, object], field: str
) -> None:
    counts = run_with(rig, provider, fault)
    balance = reconcile_session(rig.engine, rig.engine.ledger.sessions("small")[0].session_id)

    assert counts == {"ok": 12}
    assert getattr(balance.counts, field) > 0
    assert not balance.holds


def test_a_garbled_row_spoils_no_other(rig: Rig, provider: str) -> None:
    counts = run_with(rig, provider, {"kind": "garbled_rows", "share": 0.25})

    assert counts == {"ok": 9, "missing": 3}


def test_line_separators_inside_an_answer_split_nothing(rig: Rig, provider: str) -> None:
    counts = run_with(rig, provider, {"kind": "u2028_in_rows", "share": 1})

    assert counts == {"ok": 12}
    assert any("\u2028" in c.reason for c in rig.comparisons())


@pytest.mark.parametrize("content_length", [True, False])
def test_a_body_that_breaks_off_is_fetched_again_and_nothing_is_paid_twice(
    rig: Rig, provider: str, *, content_length: bool
) -> None:
    make_assessment(rig.root, provider=provider)
    fault = {"kind": "truncated_body", "content_length": content_length, "keep_share": 0.4}
    rig.submit()
    rig.advance(A_DAY_S)
    rig.poll()
    rig.emulator.script_faults({**fault, "path": "(content|results)$"})
    with suppress(TransientProviderError):
        rig.collect()
    rig.collect()

    assert Counter(c.status for c in rig.comparisons()) == {"ok": 12}
    assert rig.submit().n_requests == 0
    assert rig.emulator.summary()["billed_more_than_once"] == []
