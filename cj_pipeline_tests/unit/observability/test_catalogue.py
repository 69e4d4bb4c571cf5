# ruff: noqa: D103 - the name of a test is its sentence
"""What is declared keeps Prometheus's conventions, and labels stay few."""

from math import prod

import pytest

from cj_pipeline.observability.catalogue import BOUNDS, BUNDLES, CATALOGUE, ITEMS_PER_BUNDLE, JOB_DURATION, JOBS
from cj_pipeline.observability.series import CALL_ERRORS, LABEL_VALUES, REQUEST_ERRORS, Kind, Series

every = pytest.mark.parametrize("series", CATALOGUE, ids=lambda series: series.name)


def test_names_are_different() -> None:
    names = [name for series in CATALOGUE for name in series.sample_names]

    assert len(names) == len(set(names))


@every
def test_a_name_says_what_kind_it_is(series: Series) -> None:
    assert series.name.endswith("_total") == (series.kind is Kind.COUNTER)
    assert series.name.startswith(("cj_", "llm_provider_"))
    assert bool(series.buckets) == (series.kind is Kind.HISTOGRAM)
    assert series.text.endswith(".")


@every
def test_labels_are_few_and_fixed_and_hold_no_ids(series: Series) -> None:
    assert set(series.labels) <= {*LABEL_VALUES, "model"}
    assert prod(len(series.values_of(label)) or 1 for label in series.labels) <= 64
    assert set(series.values) <= set(series.labels)


@every
def test_buckets_ascend(series: Series) -> None:
    assert list(series.buckets) == sorted(set(series.buckets))


def test_a_jobs_duration_is_told_apart_up_to_48_hours() -> None:
    assert JOB_DURATION.buckets[-1] == 48 * 3600
    assert 24 * 3600 in JOB_DURATION.buckets


def test_the_bounds_of_a_bundle_are_the_first_ones_of_a_job() -> None:
    """The ledger counts both by the same bounds."""
    assert BOUNDS.items[: len(ITEMS_PER_BUNDLE.buckets)] == ITEMS_PER_BUNDLE.buckets
    assert ITEMS_PER_BUNDLE.buckets[-1] == 64


def test_the_names_that_other_systems_know_are_there_with_their_labels() -> None:
    declared = {series.name: series.labels for series in CATALOGUE}

    queue = ("queue_processing_mode", "result")
    assert (
        declared.items()
        >= {
            "cj_llm_requests_total": ("batching_mode",),
            "cj_llm_batches_started_total": ("batching_mode",),
            "cj_workflow_decisions_total": ("decision",),
            "cj_bt_se_inflated_batches_total": (),
            "cj_bt_sparse_coverage_batches_total": (),
            "llm_provider_batch_api_jobs_total": ("provider", "model", "status"),
            "llm_provider_batch_api_items_per_job": ("provider", "model"),
            "llm_provider_batch_api_job_duration_seconds": ("provider", "model"),
            "llm_provider_queue_wait_time_seconds": queue,
            "llm_provider_comparison_callbacks_total": queue,
            "llm_provider_queue_expiry_total": ("provider", "queue_processing_mode", "expiry_reason"),
            "llm_provider_serial_bundle_calls_total": ("provider", "model"),
            "llm_provider_serial_bundle_items_per_call": ("provider", "model"),
            "llm_provider_prompt_cache_tokens_total": ("provider", "model", "direction"),
        }.items()
    )
    assert LABEL_VALUES["queue_processing_mode"] == ("per_request", "serial_bundle", "batch_api")


def test_kinds_of_errors_of_requests_and_of_calls() -> None:
    assert {"refused", "invalid", "expired", "server_error", "no_clear_answer"} <= set(REQUEST_ERRORS)
    assert not {"ok", "errored", "queue_full"} & set(REQUEST_ERRORS)
    assert "job_failed" not in CALL_ERRORS
    assert JOBS.values_of("model") == BUNDLES.values_of("model") == ()
