# ruff: noqa: D103 - the names of the tests say it
"""Metrics move by what happened: exact differences, in all modes, with both providers, under faults."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from cj_pipeline.emulator.embedding import RunningEmulator
from cj_pipeline.ledger.database import open_database
from cj_pipeline.ledger.ledger import SqlLedger
from cj_pipeline.observability.catalogue import CATALOGUE
from cj_pipeline.observability.collector import Samples, changes, read_samples, registry_of, sample_key
from cj_pipeline.observability.series import Kind
from cj_pipeline_tests.support import metrics_course as course
from cj_pipeline_tests.support.benches import Rig, make_rig
from cj_pipeline_tests.support.folders import make_assessment
from cj_pipeline_tests.support.metrics_course import ASKED, MODEL, Watch
from cj_pipeline_tests.support.postgres import Postgres

COUNTERS = {series.name for series in CATALOGUE if series.kind is Kind.COUNTER}
PROVIDERS = ("openai", "anthropic")
both_providers = pytest.mark.parametrize("provider", PROVIDERS)


@pytest.fixture
def watch(rig: Rig) -> Watch:
    return Watch(rig)


def moved(found: Samples) -> dict[str, float]:
    """Return the counters that changed, in the notation of Prometheus, without those of tokens and cost."""
    shown = {}
    for (name, labels), value in found.items():
        if name in COUNTERS and not name.endswith(("tokens_used_total", "cost_dollars_total")):
            inner = ",".join(f"{label}={text}" for label, text in labels if label not in {"model", "provider"})
            shown[f"{name}{{{inner}}}".removesuffix("{}")] = value
    return shown


def value(found: Samples, name: str, **labels: str) -> float:
    return found.get(sample_key(name, **labels), 0.0)


@both_providers
def test_a_batch_job_that_goes_well(rig: Rig, watch: Watch, provider: str) -> None:
    found = watch.during(lambda: course.batch(rig, provider, "small"))

    assert moved(found) == {
        "cj_llm_requests_total{batching_mode=provider_batch_api}": 12,
        "cj_llm_batches_started_total{batching_mode=provider_batch_api}": 1,
        "cj_workflow_decisions_total{decision=FINALIZE_SCORING}": 1,
        "cj_bt_se_inflated_batches_total": 1,
        "llm_provider_batch_api_jobs_total{status=scheduled}": 1,
        "llm_provider_batch_api_jobs_total{status=completed}": 1,
        "llm_provider_comparison_callbacks_total{queue_processing_mode=batch_api,result=success}": 12,
    }
    model = {"provider": provider, "model": MODEL[provider]}
    items, duration = "llm_provider_batch_api_items_per_job", "llm_provider_batch_api_job_duration_seconds"
    assert value(found, f"{items}_count", **model) == 1
    assert value(found, f"{items}_sum", **model) == 12
    assert value(found, f"{items}_bucket", le="8.0", **model) == 0
    assert value(found, f"{items}_bucket", le="16.0", **model) == 1
    assert value(found, f"{duration}_count", **model) == 1
    assert value(found, "llm_provider_tokens_used_total", token_type="output", **model) > 0
    assert value(found, "llm_provider_cost_dollars_total", synthetic="true", **model) > 0
    assert value(found, "llm_provider_cost_dollars_total", synthetic="false", **model) == 0
    assert value(found, "cj_assessments", standing="finished") == 1


@both_providers
def test_the_time_until_a_job_is_worked_on_is_told_from_the_time_it_takes(
    rig: Rig, watch: Watch, provider: str
) -> None:
    def work() -> None:
        rig.emulator.script_faults({"kind": "partial_expiry", "share": 0.5})
        course.batch(rig, provider, "small")

    found = watch.during(work)

    queue = "llm_provider_queue_wait_time_seconds"
    labels = {"queue_processing_mode": "batch_api"}
    assert [value(found, f"{queue}_count", result=result, **labels) for result in ("success", "expired")] == [6, 6]
    assert value(found, f"{queue}_sum", result="success", **labels) == 6 * 600
    assert value(found, f"{queue}_bucket", result="success", le="600.0", **labels) == 6
    assert value(found, f"{queue}_bucket", result="success", le="300.0", **labels) == 0
    model = {"provider": provider, "model": MODEL[provider]}
    duration = "llm_provider_batch_api_job_duration_seconds"
    assert value(found, f"{duration}_sum", **model) == 24.5 * 3600
    assert value(found, f"{duration}_bucket", le="86400.0", **model) == 0
    assert value(found, f"{duration}_bucket", le="108000.0", **model) == 1


@both_providers
@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"kind": "refusals", "share": 0.25}, "refused"),
        ({"kind": "truncated_answers", "share": 0.25}, "truncated"),
        ({"kind": "unreadable_answers", "share": 0.25}, "invalid"),
        ({"kind": "item_errors", "share": 0.25, "status": 500}, "server_error"),
        ({"kind": "item_errors", "share": 0.25, "status": 429}, "rate_limit"),
        ({"kind": "item_errors", "share": 0.25, "status": 400}, "client_error"),
        ({"kind": "rows_without_credit", "share": 0.25}, "unpaid_account"),
        ({"kind": "missing_rows", "share": 0.25}, "missing"),
        ({"kind": "partial_expiry", "share": 0.75}, "expired"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_errors_are_counted_by_kind(rig: Rig, watch: Watch, provider: str, fault: dict[str, Any], kind: str) -> None:
    found = watch.during(lambda: course.batch(rig, provider, "small", fault))

    n, result = 3, "expired" if kind == "expired" else "failure"
    counts = moved(found)
    assert counts[f"llm_provider_errors_total{{error_type={kind}}}"] == n
    callbacks = "llm_provider_comparison_callbacks_total{queue_processing_mode=batch_api,result=%s}"
    assert (counts[callbacks % result], counts[callbacks % "success"]) == (n, 12 - n)
    assert sum(v for name, v in counts.items() if name.startswith("llm_provider_errors_total")) == n
    expiry = "llm_provider_queue_expiry_total{expiry_reason=window,queue_processing_mode=batch_api}"
    assert counts.get(expiry, 0) == (n if kind == "expired" else 0)
    ended = "expired" if kind == "expired" else "completed"
    assert counts[f"llm_provider_batch_api_jobs_total{{status={ended}}}"] == 1


def test_a_job_that_fails_validation(rig: Rig, watch: Watch) -> None:
    found = watch.during(lambda: course.batch(rig, "openai", "small", {"kind": "late_validation_failure"}))

    counts = moved(found)
    assert counts["llm_provider_batch_api_jobs_total{status=failed}"] == 1
    assert counts["llm_provider_errors_total{error_type=job_failed}"] == 12
    assert "llm_provider_batch_api_jobs_total{status=completed}" not in counts


def test_a_job_that_finds_the_queue_full_has_failed_and_is_counted_when_it_is_sent_again(
    rig: Rig, watch: Watch
) -> None:
    def work() -> None:
        course.batch(rig, "openai", "small", {"kind": "enqueued_limit"})
        rig.submit()
        course.end(rig, "small")

    counts = moved(watch.during(work))

    assert counts["llm_provider_batch_api_jobs_total{status=scheduled}"] == 2
    assert counts["llm_provider_batch_api_jobs_total{status=failed}"] == 1
    assert counts["llm_provider_batch_api_jobs_total{status=completed}"] == 1
    assert counts["cj_llm_requests_total{batching_mode=provider_batch_api}"] == 24
    assert counts["cj_llm_batches_started_total{batching_mode=provider_batch_api}"] == 1
    assert counts["llm_provider_comparison_callbacks_total{queue_processing_mode=batch_api,result=success}"] == 12


@both_providers
def test_a_job_that_is_refused_at_once(rig: Rig, watch: Watch, provider: str) -> None:
    found = watch.during(lambda: course.refused_by_the_provider(rig, provider, "small"))

    assert moved(found) == {
        "llm_provider_batch_api_jobs_total{status=rejected}": 1,
        "llm_provider_api_errors_total{error_type=client_error}": 1,
    }
    assert value(found, "cj_assessments", standing="paused") == 1


@both_providers
def test_a_cancelled_job(rig: Rig, watch: Watch, provider: str) -> None:
    counts = moved(watch.during(lambda: course.cancelled(rig, provider, "small")))

    n = 12 - rig.billed()
    assert n > 0
    assert counts["llm_provider_batch_api_jobs_total{status=cancelled}"] == 1
    assert counts["llm_provider_errors_total{error_type=cancelled}"] == n
    assert counts["llm_provider_comparison_callbacks_total{queue_processing_mode=batch_api,result=cancelled}"] == n


@both_providers
def test_a_job_that_the_provider_has_forgotten(rig: Rig, watch: Watch, provider: str) -> None:
    counts = moved(watch.during(lambda: course.lost(rig, provider, "small")))

    assert counts["llm_provider_batch_api_jobs_total{status=indeterminate}"] == 1
    assert counts["llm_provider_errors_total{error_type=missing}"] == 12
    assert counts["llm_provider_queue_expiry_total{expiry_reason=retention,queue_processing_mode=batch_api}"] == 12
    assert counts["llm_provider_api_errors_total{error_type=not_found}"] == 2
    assert counts["cj_workflow_decisions_total{decision=FINALIZE_FAILURE}"] == 1
    assert counts["cj_bt_sparse_coverage_batches_total"] == 1
    assert counts["cj_bt_isolated_items_batches_total"] == 1
    assert "cj_bt_se_inflated_batches_total" not in counts


@both_providers
@pytest.mark.parametrize("mode", ["per_request", "serial_bundle"])
def test_what_is_asked_at_once(rig: Rig, watch: Watch, provider: str, mode: str) -> None:
    rig = course.with_options(rig, bundle_size=5)
    found = watch.during(lambda: course.at_once(rig, provider, "small", mode))

    calls = {"llm_provider_serial_bundle_calls_total": 3.0} if mode == "serial_bundle" else {}
    assert moved(found) == {
        f"cj_llm_requests_total{{batching_mode={mode}}}": 12,
        f"cj_llm_batches_started_total{{batching_mode={mode}}}": 1,
        "cj_workflow_decisions_total{decision=FINALIZE_SCORING}": 1,
        "cj_bt_se_inflated_batches_total": 1,
        f"llm_provider_comparison_callbacks_total{{queue_processing_mode={mode},result=success}}": 12,
        **calls,
    }
    model = {"provider": provider, "model": MODEL[provider]}
    items = "llm_provider_serial_bundle_items_per_call"
    expected = (3, 12, 1, 3) if mode == "serial_bundle" else (0, 0, 0, 0)
    read = [value(found, f"{items}_{part}", **model) for part in ("count", "sum")]
    read += [value(found, f"{items}_bucket", le=bound, **model) for bound in ("2.0", "8.0")]
    assert tuple(read) == expected
    assert value(found, "llm_provider_response_duration_seconds_count", **model) == 12
    wait = "llm_provider_queue_wait_time_seconds_count"
    assert value(found, wait, queue_processing_mode=mode, result="success") == 12


@both_providers
@pytest.mark.parametrize("mode", ["per_request", "serial_bundle"])
def test_calls_that_fail_are_counted_and_requests_only_once(rig: Rig, watch: Watch, provider: str, mode: str) -> None:
    faults: list[dict[str, Any]] = [
        {"kind": "rate_limited", "path": ASKED, "times": 3},
        {"kind": "http_error", "path": ASKED, "status": 503, "times": 2},
        {"kind": "commit_then_drop", "path": ASKED, "times": 2},
    ]
    counts = moved(watch.during(lambda: course.at_once(rig, provider, "small", mode, *faults)))

    errors = {name: n for name, n in counts.items() if "errors" in name}
    assert errors == {
        "llm_provider_api_errors_total{error_type=rate_limit}": 3,
        "llm_provider_api_errors_total{error_type=overloaded}": 2,
        "llm_provider_api_errors_total{error_type=no_clear_answer}": 2,
        "llm_provider_errors_total{error_type=no_clear_answer}": 2,
    }
    callbacks = f"llm_provider_comparison_callbacks_total{{queue_processing_mode={mode},result="
    assert (counts[f"{callbacks}success}}"], counts[f"{callbacks}failure}}"]) == (12, 2)
    assert counts[f"cj_llm_requests_total{{batching_mode={mode}}}"] == 14


@both_providers
def test_waiting_in_our_own_queue_is_measured_until_a_request_is_sent(rig: Rig, watch: Watch, provider: str) -> None:
    alone = course.with_options(rig, sync_workers=1)
    refused = {"kind": "rate_limited", "path": ASKED, "retry_after": 30, "times": 1}

    found = watch.during(lambda: course.at_once(alone, provider, "small", "per_request", refused))

    labels = {"queue_processing_mode": "per_request", "result": "success"}
    assert value(found, "llm_provider_queue_wait_time_seconds_sum", **labels) == 12 * 30
    assert value(found, "llm_provider_queue_wait_time_seconds_bucket", le="15.0", **labels) == 0
    assert value(found, "llm_provider_queue_wait_time_seconds_bucket", le="30.0", **labels) == 12


@both_providers
def test_a_canary_is_asked_by_itself_for_a_batch(rig: Rig, watch: Watch, provider: str) -> None:
    careful = course.with_options(rig, canary_from=5)

    counts = moved(watch.during(lambda: course.batch(careful, provider, "small")))

    assert counts["cj_llm_requests_total{batching_mode=provider_batch_api}"] == 12
    assert counts["cj_llm_batches_started_total{batching_mode=provider_batch_api}"] == 1
    callbacks = "llm_provider_comparison_callbacks_total{queue_processing_mode=%s,result=success}"
    assert (counts[callbacks % "per_request"], counts[callbacks % "batch_api"]) == (1, 11)


@both_providers
def test_tokens_of_caches_and_of_reasoning(rig: Rig, watch: Watch, provider: str) -> None:
    found = watch.during(lambda: course.with_caches(rig, provider, "small"))

    model = {"provider": provider, "model": MODEL[provider]}
    cache = "llm_provider_prompt_cache_tokens_total"
    assert value(found, cache, direction="read", **model) == 12 * 1500
    assert value(found, cache, direction="write", **model) == 12 * 300
    assert value(found, "llm_provider_tokens_used_total", token_type="input", **model) == 12 * 2000
    assert value(found, "llm_provider_tokens_used_total", token_type="output", **model) == 12 * 90
    assert value(found, "llm_provider_reasoning_tokens_total", **model) == 12 * 40


@both_providers
def test_how_long_answers_take(rig: Rig, watch: Watch, provider: str) -> None:
    found = watch.during(lambda: course.with_caches(rig, provider, "small"))

    name, model = "llm_provider_response_duration_seconds", {"provider": provider, "model": MODEL[provider]}
    assert value(found, f"{name}_sum", **model) == 12 * course.ANSWER_S
    assert [value(found, f"{name}_bucket", le=bound, **model) for bound in ("1.0", "2.0", "+Inf")] == [0, 12, 12]


@both_providers
def test_an_answer_that_a_dead_worker_had_stored_counts_once_and_how_long_it_took_is_not_known(
    rig: Rig, watch: Watch, provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_assessment(rig.root, provider=provider, llm_batching_mode="per_request")

    unrecorded = []

    def die(outcome: object) -> bool:
        unrecorded.append(outcome)
        raise MemoryError

    def work() -> None:
        with monkeypatch.context() as patch:
            patch.setattr(rig.engine.ledger, "record_answer", die)
            with pytest.raises(MemoryError):
                rig.submit()
        rig.submit()

    found = watch.during(work)

    labels = {"queue_processing_mode": "per_request", "result": "success"}
    assert value(found, "llm_provider_comparison_callbacks_total", **labels) == 12
    assert value(found, "llm_provider_queue_wait_time_seconds_count", **labels) == 12
    model = {"provider": provider, "model": MODEL[provider]}
    assert value(found, "llm_provider_response_duration_seconds_count", **model) == 12 - len(unrecorded) < 12
    assert value(found, "cj_llm_requests_total", batching_mode="per_request") == 12


@both_providers
def test_answers_without_a_price(rig: Rig, watch: Watch, provider: str) -> None:
    found = watch.during(lambda: course.unpriced(rig, provider, "small"))

    model = {"provider": provider, "model": MODEL[provider]}
    assert value(found, "llm_provider_unpriced_answers_total", **model) == 12
    assert value(found, "llm_provider_cost_dollars_total", synthetic="true", **model) == 0


@both_providers
def test_open_jobs_and_their_age(rig: Rig, watch: Watch, provider: str) -> None:
    course.unfinished(rig, provider, "small")
    running = watch.read()
    rig.poll()
    rig.advance(3600)
    ended = watch.read()
    rig.collect()
    collected = watch.read()

    names = ("llm_provider_open_jobs", "llm_provider_open_requests", "llm_provider_oldest_open_job_age_seconds")
    shown = [
        [value(samples, name, provider=provider, phase=phase) for name in names]
        for samples, phase in ((running, "submitted"), (ended, "submitted"), (ended, "ended"), (collected, "ended"))
    ]
    assert shown == [[1, 12, 7200], [0, 0, 0], [1, 12, 3600], [0, 0, 0]]
    overdue = [value(samples, "llm_provider_poll_overdue_seconds", provider=provider) for samples in (running, ended)]
    assert overdue == [7200 - rig.engine.options.poll_min_s, 0]


@pytest.fixture(params=["sqlite", "postgresql"])
def long_rig(request: pytest.FixtureRequest, tmp_path: Path, emulator: RunningEmulator) -> Iterator[Rig]:
    variables = {}
    if request.param == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        variables["CJ_LEDGER_URL"] = server.new_database()
    made = make_rig(tmp_path, emulator, **variables)
    yield made
    made.bench.close()


def test_every_declared_series_moves_and_no_counter_goes_back(long_rig: Rig) -> None:
    """The whole course in one ledger: its end is told by a second process, in text that Prometheus can read."""
    rig, watch, all_moved = long_rig, Watch(long_rig), set()
    for provider in PROVIDERS:
        for number, step in enumerate(_STEPS):
            found = watch.during(partial(step, rig, provider, f"{provider}-{number}"))
            all_moved |= {name for name, _ in found}
            assert [key for key, difference in found.items() if _is_counting(key[0]) and difference < 0] == []
            rig.emulator.clear_faults()
    last = watch.read()

    assert [series.name for series in CATALOGUE if not set(series.sample_names) <= all_moved] == []
    again = SqlLedger(open_database(rig.bench.settings.ledger_url))
    told = generate_latest(registry_of(again, rig.clock.now)).decode()
    again.close()
    families = list(text_string_to_metric_families(told))
    parsed = {sample_key(s.name, **s.labels): s.value for family in families for s in family.samples}
    assert changes(last, parsed) == {}
    assert parsed.keys() == last.keys()
    declared = {series.name.removesuffix("_total"): series for series in CATALOGUE}
    assert {family.name for family in families} == declared.keys()
    assert all(family.type == declared[family.name].kind for family in families)
    assert all(family.documentation == declared[family.name].text for family in families)


def _is_counting(name: str) -> bool:
    return name.endswith(("_total", "_count", "_sum", "_bucket"))


_STEPS = (
    course.batch,
    lambda rig, provider, name: course.batch(rig, provider, name, {"kind": "refusals", "share": 0.25}),
    lambda rig, provider, name: course.batch(rig, provider, name, {"kind": "unreadable_answers", "share": 0.25}),
    lambda rig, provider, name: course.batch(rig, provider, name, {"kind": "item_errors", "share": 1.0, "status": 500}),
    lambda rig, provider, name: course.batch(rig, provider, name, {"kind": "partial_expiry", "share": 0.5}),
    course.refused_by_the_provider,
    course.cancelled,
    course.lost,
    course.with_caches,
    course.unpriced,
    lambda rig, provider, name: course.at_once(rig, provider, name, "serial_bundle"),
    lambda rig, provider, name: course.at_once(
        rig, provider, name, "per_request", {"kind": "commit_then_drop", "path": ASKED, "times": 2}
    ),
    course.unfinished,
)


def test_a_ledger_without_anything_shows_what_is_known_beforehand_at_zero(rig: Rig) -> None:
    samples = read_samples(rig.bench.ledger, rig.clock.now)

    assert set(samples.values()) == {0.0}
    without_models = {series.name for series in CATALOGUE if "model" not in series.labels}
    assert {name for name, _ in samples if not name.endswith(("_bucket", "_count", "_sum"))} == {
        name for name in without_models if name != "llm_provider_queue_wait_time_seconds"
    }
