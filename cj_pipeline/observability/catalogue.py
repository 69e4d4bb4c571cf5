"""Every series, declared: the collector, the reference page and the tests of dashboard and alerts go by this."""

from typing import Final

from cj_pipeline.domain.batching_mode import QueueProcessingMode
from cj_pipeline.ledger.tallies import Bounds
from cj_pipeline.observability.series import CALL_ERRORS, REQUEST_ERRORS, Kind, Series

_MICRO, _NANO = 1_000_000, 1_000_000_000
_MINUTE, _HOUR = 60.0, 3600.0
_MODEL: Final = ("provider", "model")
_QUEUE: Final = ("queue_processing_mode", "result")
_PER_CALL: Final = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)
_PER_JOB: Final = (*_PER_CALL, 128.0, 256.0, 512.0, 1_000.0, 5_000.0, 10_000.0, 50_000.0, 100_000.0)
_JOB_S: Final = (
    *(_MINUTE * minutes for minutes in (1, 5, 15, 30)),
    *(_HOUR * hours for hours in (1, 2, 4, 8, 12, 16, 20, 24, 30, 36, 48)),
)
_WAIT_S: Final = (
    0.1,
    0.5,
    1.0,
    5.0,
    15.0,
    30.0,
    *(_MINUTE * m for m in (1, 2, 5, 10, 30)),
    *(_HOUR * h for h in (1, 4, 12, 24, 48)),
)
_RESPONSE_S: Final = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0, 120.0, 300.0)

REQUESTS = Series(
    "cj_llm_requests_total",
    Kind.COUNTER,
    "Requests handed over: in batch jobs when the provider accepts the job, else when one is answered or lost.",
    ("batching_mode",),
)
STARTED = Series(
    "cj_llm_batches_started_total",
    Kind.COUNTER,
    "Judging sessions whose comparisons began to be asked, each once in a mode.",
    ("batching_mode",),
)
DECISIONS = Series(
    "cj_workflow_decisions_total",
    Kind.COUNTER,
    "Decisions about what an assessment needs next; the same one on the same state counts once.",
    ("decision",),
)
SE_INFLATED = Series(
    "cj_bt_se_inflated_batches_total",
    Kind.COUNTER,
    "Final decisions over a scale with large standard errors: by default a mean above 0.4 or one above 0.8 logits.",
)
SPARSE_COVERAGE = Series(
    "cj_bt_sparse_coverage_batches_total",
    Kind.COUNTER,
    "Final decisions over few verdicts: by default fewer than one per essay on average.",
)
ISOLATED_ITEMS = Series(
    "cj_bt_isolated_items_batches_total",
    Kind.COUNTER,
    "Final decisions with an essay that has no verdict.",
)
ASSESSMENTS = Series("cj_assessments", Kind.GAUGE, "Assessments that were submitted, by standing.", ("standing",))

JOBS = Series(
    "llm_provider_batch_api_jobs_total",
    Kind.COUNTER,
    "Batch jobs that reached a status: accepted (scheduled), ended in one way or other, or never created (rejected).",
    (*_MODEL, "status"),
)
ITEMS_PER_JOB = Series(
    "llm_provider_batch_api_items_per_job",
    Kind.HISTOGRAM,
    "Requests in a batch job, when the provider accepts it.",
    _MODEL,
    _PER_JOB,
)
JOB_DURATION = Series(
    "llm_provider_batch_api_job_duration_seconds",
    Kind.HISTOGRAM,
    "Seconds from a batch job's create call until a poll found that it had ended.",
    _MODEL,
    _JOB_S,
    unit=_MICRO,
)
BUNDLES = Series(
    "llm_provider_serial_bundle_calls_total",
    Kind.COUNTER,
    "Bundles that a worker has asked to their end.",
    _MODEL,
)
ITEMS_PER_BUNDLE = Series(
    "llm_provider_serial_bundle_items_per_call",
    Kind.HISTOGRAM,
    "Requests asked in a bundle.",
    _MODEL,
    _PER_CALL,
)

QUEUE_WAIT = Series(
    "llm_provider_queue_wait_time_seconds",
    Kind.HISTOGRAM,
    "Seconds that a request waited: from being written down until it was sent, or until a poll found the provider at "
    "work on its batch job. Counted when its outcome is known. The time until the answer is not in it.",
    _QUEUE,
    _WAIT_S,
    unit=_MICRO,
)
RESPONSE_TIME = Series(
    "llm_provider_response_duration_seconds",
    Kind.HISTOGRAM,
    "Seconds from sending a request by itself until its answer was there; not for batch jobs.",
    _MODEL,
    _RESPONSE_S,
    unit=_MICRO,
)
CALLBACKS = Series(
    "llm_provider_comparison_callbacks_total",
    Kind.COUNTER,
    "Requests that got their one outcome.",
    _QUEUE,
)
EXPIRY = Series(
    "llm_provider_queue_expiry_total",
    Kind.COUNTER,
    "Requests whose time ran out: the batch job's window, or the time the provider keeps answers. Requests that are "
    "asked at once have no such time.",
    ("provider", "queue_processing_mode", "expiry_reason"),
    values={"queue_processing_mode": (QueueProcessingMode.BATCH_API,)},
)

TOKENS = Series(
    "llm_provider_tokens_used_total",
    Kind.COUNTER,
    "Tokens as the provider reports them: all input (cached or not), all output (reasoning included).",
    (*_MODEL, "token_type"),
)
REASONING_TOKENS = Series(
    "llm_provider_reasoning_tokens_total",
    Kind.COUNTER,
    "Output tokens spent on reasoning; they are part of all output.",
    _MODEL,
)
CACHE_TOKENS = Series(
    "llm_provider_prompt_cache_tokens_total",
    Kind.COUNTER,
    "Input tokens read from, or written to, a prompt cache; they are part of all input.",
    (*_MODEL, "direction"),
)
COST = Series(
    "llm_provider_cost_dollars_total",
    Kind.COUNTER,
    "Known cost, US dollars. Answers of the emulator are synthetic: nobody paid for them.",
    (*_MODEL, "synthetic"),
    unit=_NANO,
)
UNPRICED = Series(
    "llm_provider_unpriced_answers_total",
    Kind.COUNTER,
    "Answers whose price is unknown; their cost is missing from the known cost.",
    _MODEL,
)
ERRORS = Series(
    "llm_provider_errors_total",
    Kind.COUNTER,
    "Requests that ended without a verdict, by kind.",
    (*_MODEL, "error_type"),
    values={"error_type": REQUEST_ERRORS},
)
CALL_FAILURES = Series(
    "llm_provider_api_errors_total",
    Kind.COUNTER,
    "Calls to a provider that failed, by kind; most are repeated.",
    ("provider", "error_type"),
    values={"error_type": CALL_ERRORS},
)

OPEN_JOBS = Series(
    "llm_provider_open_jobs",
    Kind.GAUGE,
    "Jobs and bundles that are under way, or have ended and wait to be collected.",
    ("provider", "phase"),
)
OPEN_REQUESTS = Series(
    "llm_provider_open_requests", Kind.GAUGE, "Requests in these jobs and bundles.", ("provider", "phase")
)
OLDEST_JOB = Series(
    "llm_provider_oldest_open_job_age_seconds",
    Kind.GAUGE,
    "Seconds since the oldest of them was created, or has ended where it waits to be collected; 0 without any.",
    ("provider", "phase"),
)
POLL_OVERDUE = Series(
    "llm_provider_poll_overdue_seconds",
    Kind.GAUGE,
    "Seconds since a batch job should have been polled; 0 while none is late.",
    ("provider",),
)

CATALOGUE: Final[tuple[Series, ...]] = (
    REQUESTS,
    STARTED,
    DECISIONS,
    SE_INFLATED,
    SPARSE_COVERAGE,
    ISOLATED_ITEMS,
    ASSESSMENTS,
    JOBS,
    ITEMS_PER_JOB,
    JOB_DURATION,
    BUNDLES,
    ITEMS_PER_BUNDLE,
    QUEUE_WAIT,
    RESPONSE_TIME,
    CALLBACKS,
    EXPIRY,
    TOKENS,
    REASONING_TOKENS,
    CACHE_TOKENS,
    COST,
    UNPRICED,
    ERRORS,
    CALL_FAILURES,
    OPEN_JOBS,
    OPEN_REQUESTS,
    OLDEST_JOB,
    POLL_OVERDUE,
)
"""All of them, in the order of the reference page."""

BOUNDS: Final = Bounds(
    items=ITEMS_PER_JOB.buckets,
    job_s=JOB_DURATION.buckets,
    wait_s=QUEUE_WAIT.buckets,
    response_s=RESPONSE_TIME.buckets,
)
"""By these the ledger counts. A bundle's bounds are the first ones of a job's."""
