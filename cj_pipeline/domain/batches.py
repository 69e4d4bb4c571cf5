"""Batch jobs in neutral words: what is sent, where a job stands, what comes back.

Vendors' own words (`validating`, `canceled`, `processing_status`) stay inside `providers`.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class BatchJobStatus(StrEnum):
    """Where a batch job stands at the provider."""

    SCHEDULED = "scheduled"
    """Accepted, not started."""
    RUNNING = "running"
    """In work (also while it is being cancelled or its results are being gathered)."""
    COMPLETED = "completed"
    """Ended by itself; single requests may still have failed."""
    FAILED = "failed"
    """Refused as a whole after it was accepted; nothing was answered."""
    EXPIRED = "expired"
    """Ended by the provider's time limit; what was answered until then is kept."""
    CANCELLED = "cancelled"
    """Ended on request; what was answered until then is kept."""
    INDETERMINATE = "indeterminate"
    """The provider says something this version does not know; asked again later."""

    @property
    def is_terminal(self) -> bool:
        """Whether the job has ended and its results can be collected."""
        return self in {self.COMPLETED, self.FAILED, self.EXPIRED, self.CANCELLED}


class Outcome(StrEnum):
    """How one request ended. Every request ends in exactly one of these."""

    OK = "ok"
    """A verdict."""
    REFUSED = "refused"
    """The model declined to answer."""
    TRUNCATED = "truncated"
    """The answer hit the output allowance."""
    INVALID = "invalid"
    """The answer is not a verdict."""
    ERRORED = "errored"
    """The provider rejected or failed the request."""
    EXPIRED = "expired"
    """The job's time ran out before the request was handled."""
    CANCELLED = "cancelled"
    """The job was cancelled before the request was handled."""
    MISSING = "missing"
    """The job ended and says nothing of the request."""


class JobPhase(StrEnum):
    """Where a batch job stands in our ledger."""

    PREPARED = "prepared"
    """Requests are written; no call was made, or it was refused in a way that leaves nothing behind."""
    SUBMITTING = "submitting"
    """A create call was about to be made. Until the provider's id is known it may or may not have happened."""
    SUBMITTED = "submitted"
    """The provider's id is known."""
    ENDED = "ended"
    """The job has ended at the provider; its results wait to be collected."""
    COLLECTED = "collected"
    """Every request of the job has its outcome."""
    REJECTED = "rejected"
    """The provider refused the job for good; nothing was paid."""


OPEN_PHASES: tuple[JobPhase, ...] = (JobPhase.SUBMITTING, JobPhase.SUBMITTED)
"""Phases in which something may be running, and be paid for, at the provider."""


@dataclass(frozen=True, slots=True)
class BatchJobItem:
    """One request of a batch job.

    Attributes:
        custom_id: Our name for the attempt, at most 64 characters of `[A-Za-z0-9_-]`.
        model: The provider's model name.
        system: System text.
        context: Static part of the user text, cacheable.
        essays: Part of the user text that differs from request to request.
        schema: JSON schema of the answer.
        parameters: Parameters to send; what is absent is not sent.
    """

    custom_id: str
    model: str
    system: str
    context: str
    essays: str
    schema: dict[str, Any]
    parameters: dict[str, Any]


@dataclass(frozen=True, slots=True)
class BatchJobRef:
    """A batch job, ours and the provider's name for it, and where it stands.

    Attributes:
        job_id: Our id; also the prefix of its requests' `custom_id`.
        provider: Provider's name.
        provider_batch_id: The provider's id.
        status: Where it stands.
        n_requests: Requests in the job.
        n_done: Requests finished so far, None where the provider gives no progress.
        provider_status: The provider's own word, for the record.
        message: What the provider says is wrong with the job, empty if nothing.
    """

    job_id: str
    provider: str
    provider_batch_id: str
    status: BatchJobStatus
    n_requests: int
    n_done: int | None = None
    provider_status: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one request as the provider reports them.

    Attributes:
        input_tokens: All input tokens, cached ones included.
        output_tokens: All output tokens, reasoning included.
        cached_input_tokens: Input tokens read from a cache.
        reasoning_tokens: Output tokens spent on reasoning.
    """

    input_tokens: int = 0
    output_tokens: int = 0
    cached_input_tokens: int = 0
    reasoning_tokens: int = 0


@dataclass(frozen=True, slots=True)
class BatchJobResult:
    """What a provider says of one request.

    Attributes:
        custom_id: Name of the attempt.
        outcome: OK here means that a complete answer came; whether it is a verdict is decided later.
        text: The answer, empty where there is none.
        error: Code and message of a failure, empty where there is none.
        usage: Tokens.
        model: The model that answered, as the provider names it.
        response_id: The provider's id of the answer.
        retryable: Whether asking again, in a new job, can help.
    """

    custom_id: str
    outcome: Outcome
    text: str = ""
    error: str = ""
    retryable: bool = False
    usage: Usage = Usage()
    model: str = ""
    response_id: str = ""


@dataclass(frozen=True, slots=True)
class JobLimits:
    """How large one batch job may be.

    Attributes:
        max_requests: Requests per job.
        max_bytes: Size of the request body or file, bytes.
    """

    max_requests: int
    max_bytes: int


def job_name(session_id: str, attempts: Iterable[tuple[str, int]]) -> str:
    """Id of the job that holds exactly these attempts: 16 hex digits.

    The same attempts always make the same job, so that planning twice cannot make two.

    Args:
        session_id: Judging session.
        attempts: Comparison id and attempt number of every request, in order.
    """
    text = session_id + "".join(f"\n{comparison}:{attempt}" for comparison, attempt in attempts)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def custom_id(job_id: str, index: int) -> str:
    """Name of the index-th request of a job, 23 characters: the job it belongs to can be read from it."""
    return f"{job_id}-{index:06d}"


def split_by_limits(sizes: Sequence[int], limits: JobLimits) -> Iterator[range]:
    """Cut a sequence of requests into runs that fit one job each.

    Args:
        sizes: Bytes of every request, line end included.
        limits: What one job may hold. A request larger than that gets a run of its own, for the provider to refuse.

    Yields:
        Consecutive index ranges that cover all requests in order.
    """
    start, total = 0, 0
    for i, size in enumerate(sizes):
        if i > start and (i - start >= limits.max_requests or total + size > limits.max_bytes):
            yield range(start, i)
            start, total = i, 0
        total += size
    if len(sizes) > start:
        yield range(start, len(sizes))
