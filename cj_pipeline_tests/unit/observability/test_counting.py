# ruff: noqa: D103 - the name of a test is its sentence
"""Which sum of the ledger means which number."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cj_pipeline.ledger.tallies import OpenJobTally
from cj_pipeline.observability.catalogue import BOUNDS
from cj_pipeline.observability.collector import Samples, changes, read_samples, sample_key
from cj_pipeline.observability.counting import batching_mode_of, queue_of
from cj_pipeline_tests.unit.observability.tallies import NOTHING, NOW, FixedLedger, attempt, event

MODEL = {"provider": "openai", "model": "m"}


def shown(**sums: Any) -> Samples:  # noqa: ANN401 (fields of the tallies)
    """Return what is not zero."""
    return changes({}, read_samples(FixedLedger(replace(NOTHING, **sums)), lambda: NOW))


def test_a_model_is_there_at_zero_before_anything_was_answered() -> None:
    samples = read_samples(FixedLedger(replace(NOTHING, models=(("openai", "m"),))), lambda: NOW)

    assert samples[sample_key("llm_provider_tokens_used_total", token_type="input", **MODEL)] == 0
    assert samples[sample_key("llm_provider_batch_api_job_duration_seconds_bucket", le="+Inf", **MODEL)] == 0
    assert samples[sample_key("llm_provider_batch_api_jobs_total", status="expired", **MODEL)] == 0


def test_histograms_are_cumulated_and_what_is_above_the_last_bound_counts_in_the_infinite_one() -> None:
    beyond = len(BOUNDS.job_s)
    found = shown(
        events=(
            event("completed", 2, seconds_bucket=0, duration_us=90_000_000),
            event("expired", 1, seconds_bucket=beyond, duration_us=200_000_000_000),
        )
    )

    name = "llm_provider_batch_api_job_duration_seconds"
    read = [found[sample_key(f"{name}_bucket", le=bound, **MODEL)] for bound in ("60.0", "172800.0", "+Inf")]
    assert read == [2, 2, 3]
    assert found[sample_key(f"{name}_count", **MODEL)] == 3
    assert found[sample_key(f"{name}_sum", **MODEL)] == 200_090


@pytest.mark.parametrize(
    ("outcome", "more", "kind", "result"),
    [
        ("ok", {}, None, "success"),
        ("refused", {}, "refused", "failure"),
        ("errored", {"error_type": "rate_limit"}, "rate_limit", "failure"),
        ("errored", {}, "unknown", "failure"),
        ("missing", {}, "missing", "failure"),
        ("expired", {}, "expired", "expired"),
        ("cancelled", {}, "cancelled", "cancelled"),
    ],
)
def test_every_outcome_has_a_result_and_one_kind_of_error(
    outcome: str, more: dict[str, str], kind: str | None, result: str
) -> None:
    found = shown(attempts=(attempt(outcome, 3, **more),))

    callbacks = sample_key("llm_provider_comparison_callbacks_total", queue_processing_mode="batch_api", result=result)
    errors = {dict(labels)["error_type"]: n for (name, labels), n in found.items() if "errors_total" in name}
    assert found[callbacks] == 3
    assert errors == ({kind: 3} if kind else {})


@pytest.mark.parametrize(
    ("outcome", "possibly_paid", "reason"),
    [("expired", False, "window"), ("missing", True, "retention"), ("missing", False, None), ("errored", True, None)],
)
def test_what_ran_out(outcome: str, reason: str | None, *, possibly_paid: bool) -> None:
    found = shown(attempts=(attempt(outcome, 2, possibly_paid=possibly_paid),))

    expiry = {dict(labels)["expiry_reason"]: n for (name, labels), n in found.items() if "expiry" in name}
    assert expiry == ({reason: 2} if reason else {})


def test_requests_of_batch_jobs_count_when_they_are_handed_over_others_when_they_are_answered() -> None:
    found = shown(
        events=(event("scheduled", 2), event("completed", 1), event("scheduled", 1, mode="serial_bundle")),
        attempts=(attempt("ok", 3), attempt("ok", 5, mode="per_request"), attempt("ok", 1, mode="canary")),
    )

    requests = {dict(labels)["batching_mode"]: n for (name, labels), n in found.items() if "requests_total" in name}
    assert requests == {"provider_batch_api": 2 * 2 + 1, "per_request": 5}


def test_money_is_shown_in_dollars_and_synthetic_answers_by_themselves() -> None:
    found = shown(
        attempts=(attempt("ok", cost_nano_usd=1_500_000_000), attempt("ok", synthetic=True, cost_nano_usd=250_000_000))
    )

    cost = "llm_provider_cost_dollars_total"
    assert found[sample_key(cost, synthetic="false", **MODEL)] == 1.5
    assert found[sample_key(cost, synthetic="true", **MODEL)] == 0.25


def test_ages_are_those_of_the_oldest() -> None:
    hour = timedelta(hours=1)
    jobs = (
        OpenJobTally("provider_batch_api", "openai", "submitted", 2, 20, NOW - 3 * hour, NOW - hour),
        OpenJobTally("canary", "openai", "asking", 1, 1, NOW - 2 * hour, None),
        OpenJobTally("per_request", "openai", "asking", 1, 5, NOW - hour, None),
        OpenJobTally("provider_batch_api", "anthropic", "submitted", 1, 9, NOW + hour, NOW + hour),
    )
    found = shown(open_jobs=jobs)

    age, overdue = "llm_provider_oldest_open_job_age_seconds", "llm_provider_poll_overdue_seconds"
    assert found[sample_key(age, provider="openai", phase="submitted")] == 3 * 3600
    assert found[sample_key(age, provider="openai", phase="asking")] == 2 * 3600
    assert found[sample_key("llm_provider_open_requests", provider="openai", phase="asking")] == 6
    assert found[sample_key(overdue, provider="openai")] == 3600
    assert sample_key(age, provider="anthropic", phase="submitted") not in found
    assert sample_key(overdue, provider="anthropic") not in found


@pytest.mark.parametrize(
    ("name", "mode", "expected"),
    [
        ("canary", queue_of, "per_request"),
        ("canary", batching_mode_of, "provider_batch_api"),
        ("provider_batch_api", queue_of, "batch_api"),
        ("serial_bundle", queue_of, "serial_bundle"),
        ("serial_bundle", batching_mode_of, "serial_bundle"),
    ],
)
def test_modes_of_jobs(name: str, mode: Callable[[str], str], expected: str) -> None:
    assert mode(name) == expected


def test_changes_count_what_was_not_there_from_zero() -> None:
    a, b, c = (sample_key("x_total", label=letter) for letter in "abc")

    assert changes({a: 1.0, b: 2.0}, {a: 1.0, b: 5.0, c: 4.0}) == {b: 3.0, c: 4.0}
