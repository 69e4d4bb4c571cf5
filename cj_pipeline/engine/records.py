"""What the ledger keeps, as frozen records."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cj_pipeline.domain.batches import BatchJobStatus, JobPhase, Outcome, Usage
from cj_pipeline.domain.batching_mode import BatchingMode
from cj_pipeline.domain.continuation import Standing
from cj_pipeline.domain.error_types import ErrorType

PLANNED = "planned"
"""Comparison status: waits to be asked."""

IN_FLIGHT = "in_flight"
"""Comparison status: part of a job that has not been collected. All other statuses are outcomes."""

MOST_UNCLEAR = 2
"""After this many attempts without a clear answer, which may have been paid for, a comparison is not asked again."""


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """A judging session: answers to one prompt by one panel, which may be used together.

    Attributes:
        session_id: 16 hex digits.
        assessment: Name of the assessment.
        key: See `domain.snapshot.session_key`.
        secret: Seeds the delimiters' codes; never leaves the ledger.
        created_at: When it was opened.
        metadata: Mode, prompt version, accounts and whatever else describes how it was run.
    """

    session_id: str
    assessment: str
    key: str
    secret: str
    created_at: datetime
    metadata: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ComparisonRecord:
    """One ordered pair put to one judge.

    Attributes:
        comparison_id: 16 hex digits, unique in the ledger.
        session_id: Judging session.
        wave: 1 for what was planned first.
        sequence: Place within the session's plan.
        first_id: Id of the essay shown first.
        first_digest: Digest of its text.
        second_id: Id of the essay shown second.
        second_digest: Digest of its text.
        replicate: 0 the first time the pair is put, 1 in the reversed order.
        judge: Name of the judge.
        status: `planned`, `in_flight`, or an `Outcome`.
        n_attempts: Times it was asked.
        retryable: Whether its last outcome can be helped by asking again.
        winner: `first`, `second`, or empty.
        strength: 1 to 3; 0 where there is no verdict.
        reason: The judge's reason.
        error: What went wrong, empty if nothing.
        synthetic: Whether a synthetic judge (the emulator) gave the verdict.
        n_excused: Attempts that do not count against the bound, because the cause was not the request (no credit,
            a job cancelled by us).
        n_possibly_paid: Attempts without a clear answer, which may have been paid for.
    """

    comparison_id: str
    session_id: str
    wave: int
    sequence: int
    first_id: str
    first_digest: str
    second_id: str
    second_digest: str
    replicate: int
    judge: str
    status: str = PLANNED
    n_attempts: int = 0
    retryable: bool = False
    winner: str = ""
    strength: int = 0
    reason: str = ""
    error: str = ""
    synthetic: bool = False
    n_excused: int = 0
    n_possibly_paid: int = 0


@dataclass(frozen=True, slots=True)
class JobRecord:
    """A carrier of requests as the ledger knows it: a batch job, or a bundle that a worker of ours asks at once.

    Attributes:
        job_id: Our id.
        session_id: Judging session.
        assessment: Name of the assessment.
        provider: Provider's name.
        account: Who is asked: a host name, or `emulator`.
        model: Model of all its requests.
        phase: Where it stands in our ledger.
        n_requests: Requests in it.
        request_path: Where the request bytes are stored, relative to the raw store.
        request_sha256: Digest of the request bytes: the job's fingerprint.
        reserved_usd: Most it can cost; None where the price is unknown.
        created_at: When it was prepared.
        intent_at: When the last create call was about to be made.
        cursor: The provider's newest job before that call, where the provider can only be searched by time.
        provider_batch_id: The provider's id, empty until known.
        status: Where it stands at the provider.
        provider_status: The provider's own word for it.
        n_done: Requests finished, None where the provider gives no progress.
        next_poll_at: When it is to be asked for next.
        n_polls: Times it was polled.
        n_poll_errors: Polls that failed in a row.
        message: Last thing that went wrong, empty if nothing.
        ended_at: When we saw that it had ended.
        collected_at: When its results were recorded.
        mode: How its requests reach the model: a `BatchingMode`, or `canary`.
        judge: Name of the judge.
        parameters: Parameters really sent with every request.
        enlarged: Whether the output allowance is larger than the judge's own, after an answer that was cut off.
        queued_tokens: Input tokens it is taken to have in the provider's queue.
        status_since: When the provider's own word for its status was first seen.
        cancel_requested_at: When its end was asked for.
        gone_since: When the provider first said that it, or its results, do not exist.
        purged_at: When its files at the provider were deleted.
        reported_usage: Tokens of the whole job as the provider adds them up, None where it does not.
        started_at: When the provider was first seen at work on it, or at its end; None before, and where it is asked
            by a worker of ours.
    """

    job_id: str
    session_id: str
    assessment: str
    provider: str
    account: str
    model: str
    phase: JobPhase
    n_requests: int
    request_path: str
    request_sha256: str
    reserved_usd: float | None
    created_at: datetime
    intent_at: datetime | None = None
    cursor: str = ""
    provider_batch_id: str = ""
    status: BatchJobStatus | None = None
    provider_status: str = ""
    n_done: int | None = None
    next_poll_at: datetime | None = None
    n_polls: int = 0
    n_poll_errors: int = 0
    message: str = ""
    ended_at: datetime | None = None
    collected_at: datetime | None = None
    mode: str = BatchingMode.PROVIDER_BATCH_API
    judge: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    enlarged: bool = False
    queued_tokens: int = 0
    status_since: datetime | None = None
    cancel_requested_at: datetime | None = None
    gone_since: datetime | None = None
    purged_at: datetime | None = None
    reported_usage: dict[str, int] | None = None
    started_at: datetime | None = None

    @property
    def queue_wait_s(self) -> float | None:
        """How long its requests waited, in our queue and the provider's, seconds, never below 0; None while they do."""
        return None if self.started_at is None else max(0.0, (self.started_at - self.created_at).total_seconds())

    @property
    def folder(self) -> str:
        """Where its requests and answers are kept, relative to the raw store."""
        return f"{self.assessment}/{self.job_id}"

    @property
    def is_batch(self) -> bool:
        """Whether it is a job at the provider, and not asked by a worker of ours."""
        return self.mode == BatchingMode.PROVIDER_BATCH_API


@dataclass(frozen=True, slots=True)
class AttemptRecord:
    """One try at a comparison.

    Attributes:
        custom_id: Its name at the provider.
        comparison_id: What is asked.
        number: 1 for the first try.
        job_id: The job that carries it.
        sent_at: When a worker of ours was about to send it; None if it was not yet, and in batch jobs.
        outcome: How it ended, None if it has not.
    """

    custom_id: str
    comparison_id: str
    number: int
    job_id: str
    sent_at: datetime | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class AttemptOutcome:
    """How one attempt ended, ready to be recorded.

    Attributes:
        custom_id: The attempt.
        outcome: Its one outcome.
        winner: `first`, `second`, or empty.
        strength: 1 to 3; 0 where there is no verdict.
        reason: The judge's reason.
        error: What went wrong, empty if nothing.
        retryable: Whether asking again can help.
        usage: Tokens.
        cost_usd: Cost at the rate of its mode; None where the price is unknown.
        model: The model that answered.
        response_id: The provider's id of the answer.
        synthetic: Whether a synthetic judge (the emulator) answered.
        excused: Whether it does not count against the bound on attempts.
        possibly_paid: Whether no clear answer came, so that it may have been paid for.
        possible_usd: Most it can have cost where it was possibly paid.
        error_type: Kind of the error, where the outcome is ERRORED.
        queue_wait_s: From when its job was written down until it was sent (or the provider began with its batch job),
            seconds; None where that is not known.
        response_s: From when it was sent by itself until its answer was there, seconds; None in batch jobs.
    """

    custom_id: str
    outcome: Outcome
    winner: str = ""
    strength: int = 0
    reason: str = ""
    error: str = ""
    retryable: bool = False
    usage: Usage = field(default_factory=Usage)
    cost_usd: float | None = None
    model: str = ""
    response_id: str = ""
    synthetic: bool = False
    excused: bool = False
    possibly_paid: bool = False
    possible_usd: float = 0.0
    error_type: ErrorType | None = None
    queue_wait_s: float | None = None
    response_s: float | None = None


@dataclass(frozen=True, slots=True)
class CollectionCounts:
    """What a job's results held beyond the outcomes.

    Attributes:
        n_rows: Rows in the result files.
        n_duplicates: Rows for a request that had one already.
        n_strangers: Rows that name no request of this job.
        n_unreadable: Lines that are no result row at all.
    """

    n_rows: int = 0
    n_duplicates: int = 0
    n_strangers: int = 0
    n_unreadable: int = 0


@dataclass(frozen=True, slots=True)
class SessionTotals:
    """What a session has come to so far.

    Attributes:
        by_status: Number of comparisons by status.
        n_attempts: Attempts made.
        input_tokens: Input tokens, all attempts.
        output_tokens: Output tokens, all attempts.
        spent_usd: Known cost, all attempts.
        reserved_usd: Most that jobs not yet collected can still cost.
        n_unpriced: Answers whose price is unknown.
        n_synthetic: Answers given by a synthetic judge.
        cached_input_tokens: Input tokens read from a cache, all attempts.
        cache_write_tokens: Input tokens written to a cache, all attempts.
        reasoning_tokens: Output tokens spent on reasoning, all attempts.
        n_possibly_paid: Attempts without a clear answer, which may have been paid for.
        possible_usd: Most these can have cost.
    """

    by_status: dict[str, int]
    n_attempts: int
    input_tokens: int
    output_tokens: int
    spent_usd: float
    reserved_usd: float
    n_unpriced: int
    n_synthetic: int
    cached_input_tokens: int = 0
    cache_write_tokens: int = 0
    reasoning_tokens: int = 0
    n_possibly_paid: int = 0
    possible_usd: float = 0.0


@dataclass(frozen=True, slots=True)
class JobUsage:
    """Tokens of a collected job as its provider adds them up, beside the sums of its answers.

    Attributes:
        job_id: Our id.
        provider_batch_id: The provider's id.
        reported_input: Input tokens by the provider.
        reported_output: Output tokens by the provider.
        recorded_input: Input tokens over the job's answers.
        recorded_output: Output tokens over the job's answers.
    """

    job_id: str
    provider_batch_id: str
    reported_input: int
    reported_output: int
    recorded_input: int
    recorded_output: int

    @property
    def agrees(self) -> bool:
        """Whether both sums are equal."""
        return (self.reported_input, self.reported_output) == (self.recorded_input, self.recorded_output)


@dataclass(frozen=True, slots=True)
class StandingRecord:
    """An assessment's standing.

    Attributes:
        assessment: Its name.
        standing: What is wanted.
        reason: Why, in words for people; empty where it is active.
        changed_at: Since when.
    """

    assessment: str
    standing: Standing
    reason: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """A decision about what a judging session needs next.

    Attributes:
        wave: Waves planned by then.
        decision: A `domain.continuation.Decision`.
        numbers: What it saw.
        decided_at: When it was made.
    """

    wave: int
    decision: str
    numbers: dict[str, Any]
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class QueueLimit:
    """How many input tokens an account may have waiting for a model, learned from a refusal.

    Attributes:
        provider: Provider's name.
        account: Who is asked.
        model: The model.
        max_tokens: Input tokens.
        hold_until: Nothing is sent before.
        learned_at: When it was learned.
    """

    provider: str
    account: str
    model: str
    max_tokens: int
    hold_until: datetime
    learned_at: datetime


@dataclass(frozen=True, slots=True)
class StoredFile:
    """Raw bytes that were stored for good.

    Attributes:
        path: Where, relative to the raw store.
        sha256: Digest of the bytes.
        size_bytes: Their number.
    """

    path: str
    sha256: str
    size_bytes: int
