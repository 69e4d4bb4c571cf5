"""What the metrics have to change by: told from the emulator's journal and the suite, never from the ledger."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final

from cj_pipeline.domain.batches import Usage
from cj_pipeline.domain.batching_mode import BatchingMode, queue_processing_mode
from cj_pipeline.domain.judges import JudgeSpec
from cj_pipeline.engine.modes import cache_lifetime
from cj_pipeline.harness.suites.checks import Check
from cj_pipeline.harness.suites.expectations import decisions_due
from cj_pipeline.harness.suites.observing import Observation
from cj_pipeline.harness.suites.specs import MODELS
from cj_pipeline.observability.collector import Key, Samples, sample_key

_BATCH: Final = BatchingMode.PROVIDER_BATCH_API
_COUNT_REASONING: Final = ("openai",)
"""Anthropic does not say how many of its output tokens went into reasoning."""

_BY_STATUS: Final = {429: "rate_limit", 503: "overloaded", 529: "overloaded"}
_INFLATED_MEAN, _INFLATED_MAX = 0.4, 0.8
_BUNDLE: Final = 64
_EXACT: Final = 1e-6
_TIMES: Final = (
    "llm_provider_queue_wait_time_seconds",
    "llm_provider_response_duration_seconds",
    "llm_provider_batch_api_job_duration_seconds",
)
"""Histograms of times: their counts are exact, their sums and buckets are checked for plausibility."""


def metrics_moved(seen: Observation) -> Iterator[Check]:
    """Every series changed by exactly what the journal says, and no other changed."""
    due = {key: n for key, n in _due(seen).items() if n}
    found = {key: n for key, n in seen.metrics.items() if not _is_bucket(key) and not _is_time_sum(key)}
    wrong = [
        f"{_shown(key)} {found.get(key, 0.0):g} instead of {due.get(key, 0.0):g}"
        for key in sorted(set(due) | set(found))
        if abs(found.get(key, 0.0) - due.get(key, 0.0)) > _EXACT
    ]
    yield Check(f"{len(due)} metrics by exact difference", not wrong, "; ".join(wrong))
    yield from _plausible(seen)


def _due(seen: Observation) -> Samples:
    samples = _Samples()
    _course(seen, samples)
    _answers(seen, samples)
    if seen.case.mode is _BATCH:
        _batch_jobs(seen, samples)
    elif seen.case.mode is BatchingMode.SERIAL_BUNDLE:
        _bundles(seen, samples)
    for entry in seen.refused_calls:
        kind = _BY_STATUS[entry["status"]]
        samples.add("llm_provider_api_errors_total", 1, provider=seen.case.provider, error_type=kind)
    return dict(samples.numbers)


class _Samples:
    """Numbers by name and labels, added up."""

    def __init__(self) -> None:
        self.numbers: defaultdict[Key, float] = defaultdict(float)

    def add(self, name: str, n: float, /, **labels: str) -> None:
        """Add to one."""
        self.numbers[sample_key(name, **labels)] += n


def _course(seen: Observation, samples: _Samples) -> None:
    samples.add("cj_llm_batches_started_total", 1, batching_mode=seen.case.mode.value)
    samples.add("cj_assessments", 1, standing="finished")
    for decision in decisions_due(seen):
        samples.add("cj_workflow_decisions_total", 1, decision=decision)
    ranking = seen.drive.ranking
    if ranking is not None:
        errors = ranking.table["standard_error"]
        inflated = errors.mean() > _INFLATED_MEAN or errors.max() > _INFLATED_MAX
        samples.add("cj_bt_se_inflated_batches_total", int(inflated))
        samples.add("cj_bt_sparse_coverage_batches_total", int(2 * len(seen.comparisons) < len(ranking.table)))


def _answers(seen: Observation, samples: _Samples) -> None:
    """What was billed: one answer each, by whether a batch job or a single call brought it."""
    model = {"provider": seen.case.provider, "model": MODELS[seen.case.provider]}
    for entry in seen.billed:
        alone = entry["job_id"] is None
        # A canary is asked by itself, ahead of batch jobs.
        queue = "per_request" if alone and seen.case.mode is _BATCH else queue_processing_mode(seen.case.mode).value
        labels = {"queue_processing_mode": queue, "result": "success"}
        samples.add("llm_provider_comparison_callbacks_total", 1, **labels)
        samples.add("llm_provider_queue_wait_time_seconds_count", 1, **labels)
        if alone:
            samples.add("cj_llm_requests_total", 1, batching_mode=seen.case.mode.value)
            samples.add("llm_provider_response_duration_seconds_count", 1, **model)
        for kind in ("input", "output"):
            of_kind = {**model, "token_type": kind}
            samples.add("llm_provider_tokens_used_total", entry[f"{kind}_tokens"], **of_kind)
        if seen.case.provider in _COUNT_REASONING:
            samples.add("llm_provider_reasoning_tokens_total", entry["reasoning_tokens"], **model)
        samples.add("llm_provider_prompt_cache_tokens_total", entry["cached_tokens"], **model, direction="read")
        samples.add("llm_provider_prompt_cache_tokens_total", entry["cache_write_tokens"], **model, direction="write")
        samples.add("llm_provider_cost_dollars_total", _cost(seen, entry), **model, synthetic="true")


def _cost(seen: Observation, entry: Mapping[str, Any]) -> float:
    """At the judge's price, by the tokens in the journal."""
    hour = cache_lifetime(seen.case.mode).value == "1h" and seen.case.provider == "anthropic"
    written = entry["cache_write_tokens"]
    usage = Usage(
        input_tokens=entry["input_tokens"],
        output_tokens=entry["output_tokens"],
        cached_input_tokens=entry["cached_tokens"],
        cache_write_tokens=written,
        reasoning_tokens=entry["reasoning_tokens"],
        cache_write_1h_tokens=written if hour else 0,
    )
    judge = JudgeSpec(provider=seen.case.provider, model=entry["model"])
    return judge.cost_usd(usage, batch=entry["job_id"] is not None) or 0.0


def _batch_jobs(seen: Observation, samples: _Samples) -> None:
    model = {"provider": seen.case.provider, "model": MODELS[seen.case.provider]}
    answered = Counter(entry["job_id"] for entry in seen.billed)
    for job in seen.batch_jobs:
        left = job["n_requests"] - answered[job["job_id"]]
        expired = left if "partial_expiry" in job["faults"] else 0
        samples.add("llm_provider_batch_api_jobs_total", 1, **model, status="scheduled")
        samples.add("llm_provider_batch_api_jobs_total", 1, **model, status="expired" if expired else "completed")
        samples.add("llm_provider_batch_api_items_per_job_count", 1, **model)
        samples.add("llm_provider_batch_api_items_per_job_sum", job["n_requests"], **model)
        samples.add("llm_provider_batch_api_job_duration_seconds_count", 1, **model)
        samples.add("cj_llm_requests_total", job["n_requests"], batching_mode=_BATCH.value)
        _unanswered(seen, samples, "expired", expired)
        _unanswered(seen, samples, "failure", left - expired)


def _unanswered(seen: Observation, samples: _Samples, result: str, n: int) -> None:
    labels = {"queue_processing_mode": "batch_api", "result": result}
    model = {"provider": seen.case.provider, "model": MODELS[seen.case.provider]}
    samples.add("llm_provider_comparison_callbacks_total", n, **labels)
    samples.add("llm_provider_queue_wait_time_seconds_count", n, **labels)
    kind = "expired" if result == "expired" else "server_error"
    samples.add("llm_provider_errors_total", n, **model, error_type=kind)
    if result == "expired":
        where = {"provider": seen.case.provider, "queue_processing_mode": "batch_api", "expiry_reason": "window"}
        samples.add("llm_provider_queue_expiry_total", n, **where)


def _bundles(seen: Observation, samples: _Samples) -> None:
    model = {"provider": seen.case.provider, "model": MODELS[seen.case.provider]}
    for n in Counter(c.wave for c in seen.comparisons).values():
        samples.add("llm_provider_serial_bundle_calls_total", -(-n // _BUNDLE), **model)
        samples.add("llm_provider_serial_bundle_items_per_call_count", -(-n // _BUNDLE), **model)
        samples.add("llm_provider_serial_bundle_items_per_call_sum", n, **model)


def _plausible(seen: Observation) -> Iterator[Check]:
    """Times add up to no less than nothing, and to no more than the run took for every one of them."""
    for name in _TIMES:
        total = sum(n for key, n in seen.metrics.items() if key[0] == f"{name}_sum")
        count = sum(n for key, n in seen.metrics.items() if key[0] == f"{name}_count")
        passed = 0 <= total <= count * seen.virtual_s + _EXACT
        yield Check(f"{name} adds up", passed, f"saw {total:g} s in {count:g} observations")
    infinite = sum(n for key, n in seen.metrics.items() if ("le", "+Inf") in key[1])
    counts = sum(n for key, n in seen.metrics.items() if key[0].endswith("_count"))
    yield Check("histograms hold their counts", infinite == counts, f"saw {infinite:g} in buckets, {counts:g} counted")


def _is_bucket(key: Key) -> bool:
    return key[0].endswith("_bucket")


def _is_time_sum(key: Key) -> bool:
    return any(key[0] == f"{name}_sum" for name in _TIMES)


def _shown(key: Key) -> str:
    labels = ",".join(f"{name}={value}" for name, value in key[1])
    return f"{key[0]}{{{labels}}}"
