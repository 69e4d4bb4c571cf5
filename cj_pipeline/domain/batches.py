"""Batch jobs in neutral words: what is sent, where a job stands, what comes back.

Vendors' own words (`validating`, `canceled`, `processing_status`) stay inside `providers`.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from cj_pipeline.domain.error_types import ErrorType

BYTES_PER_QUEUED_TOKEN: Final = 3


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


class JobEvent(StrEnum):
    """What happened to a carrier of requests, kept for good: a row that changes cannot be counted twice."""

    SCHEDULED = "scheduled"
    """The provider accepted the batch job; or a worker of ours took the bundle."""
    COMPLETED = "completed"
    """It ended by itself; every request of a bundle was asked."""
    FAILED = "failed"
    """The provider refused the job as a whole after it was accepted."""
    EXPIRED = "expired"
    """The provider's time limit ended it."""
    CANCELLED = "cancelled"
    """It was ended on request."""
    INDETERMINATE = "indeterminate"
    """The provider does not know the job any more."""
    REJECTED = "rejected"
    """The provider would not create the job."""


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
    ASKING = "asking"
    """A worker of ours puts the requests to the model one by one (synchronous modes and canaries)."""


OPEN_PHASES: tuple[JobPhase, ...] = (JobPhase.SUBMITTING, JobPhase.SUBMITTED, JobPhase.ASKING)
"""Phases in which something may be running, and be paid for, at the provider."""

CANARY: Final = "canary"
"""Mode of a job that holds one request, asked at once before a large job of its kind is created."""


class CacheLifetime(StrEnum):
    """How long a provider is asked to keep the static part of a prompt, where that must be asked."""

    NONE = ""
    FIVE_MINUTES = "5m"
    """For bundles, which are asked without a rest."""
    ONE_HOUR = "1h"
    """For batch jobs, whose requests may be hours apart."""


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
        cache: How long the provider is asked to keep the static part in its prompt cache.
    """

    custom_id: str
    model: str
    system: str
    context: str
    essays: str
    schema: dict[str, Any]
    parameters: dict[str, Any]
    cache: CacheLifetime = CacheLifetime.NONE


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
        queue_full: Whether the job failed only because too many tokens were waiting at the provider.
        usage: Tokens of the whole job as the provider adds them up, None where it does not.
    """

    job_id: str
    provider: str
    provider_batch_id: str
    status: BatchJobStatus
    n_requests: int
    n_done: int | None = None
    provider_status: str = ""
    message: str = ""
    queue_full: bool = False
    usage: "Usage | None" = None


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one request as the provider reports them.

    Attributes:
        input_tokens: All input tokens: new ones, those read from a cache and those written to it.
        output_tokens: All output tokens, reasoning included.
        cached_input_tokens: Input tokens read from a cache.
        cache_write_tokens: Input tokens written to a cache.
        reasoning_tokens: Output tokens spent on reasoning.
        cache_write_1h_tokens: Of those written, the ones that are kept for an hour.
    """

    input_tokens: int = 0
    output_tokens: int = 0
    cached_input_tokens: int = 0
    cache_write_tokens: int = 0
    reasoning_tokens: int = 0
    cache_write_1h_tokens: int = 0


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
        unpaid_account: Whether it failed because the account has no credit or has reached its spending limit.
        error_type: Kind of the error, where the outcome is ERRORED.
    """

    custom_id: str
    outcome: Outcome
    text: str = ""
    error: str = ""
    retryable: bool = False
    usage: Usage = Usage()
    model: str = ""
    response_id: str = ""
    unpaid_account: bool = False
    error_type: ErrorType | None = None


@dataclass(frozen=True, slots=True)
class JobLimits:
    """How large one batch job may be.

    Attributes:
        max_requests: Requests per job.
        max_bytes: Size of the request body or file, bytes.
        max_tokens: Input tokens per job, None where they are not limited.
    """

    max_requests: int
    max_bytes: int
    max_tokens: int | None = None


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


def index_in_job(job_id: str, name: str, n_requests: int) -> int | None:
    """Place of a request within its job, read from its name; None where it is none of the job's requests."""
    prefix, _, digits = name.rpartition("-")
    if prefix != job_id or not (digits.isascii() and digits.isdigit()):
        return None
    index = int(digits)
    return index if index < n_requests and custom_id(job_id, index) == name else None


def input_tokens_of(size_bytes: int) -> int:
    """Input tokens that a request of this size is taken to have: one for every 3 bytes, rounded up.

    English runs at about 4 bytes a token, other languages at less.
    """
    return -(-size_bytes // BYTES_PER_QUEUED_TOKEN)


def first_fitting(sizes: Iterable[int], limits: JobLimits) -> int:
    """How many of the first requests fit one job; at least one, if there is any, for the provider to refuse.

    Args:
        sizes: Bytes of every request, line end included. Read no further than needed.
        limits: What one job may hold.
    """
    n = total = tokens = 0
    for size in sizes:
        total += size
        tokens += input_tokens_of(size)
        over = total > limits.max_bytes or (limits.max_tokens is not None and tokens > limits.max_tokens)
        if n and (n >= limits.max_requests or over):
            break
        n += 1
    return n
