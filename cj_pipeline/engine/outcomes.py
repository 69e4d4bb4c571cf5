"""From a result row to the one outcome of its request."""

from collections.abc import Callable
from dataclasses import replace

from cj_pipeline.domain.batches import BatchJobResult, BatchJobStatus, Outcome, Usage
from cj_pipeline.domain.error_types import ErrorType
from cj_pipeline.domain.models import model_table
from cj_pipeline.domain.plain_text import storable
from cj_pipeline.domain.snapshot import AssessmentSnapshot
from cj_pipeline.domain.verdicts import Unreadable, read_verdict
from cj_pipeline.engine.records import AttemptOutcome, JobRecord

_MESSAGE_CHARS = 2000
_NAME_CHARS = 200
SYNTHETIC_MARK = "synthetic"
"""Part of every response id the emulator gives, so that its answers can never pass for a real judge's."""

Price = Callable[[Usage], float | None]
"""What tokens cost, US dollars; None where it is unknown."""


def price_of(snapshot: AssessmentSnapshot, job: JobRecord) -> Price:
    """What a job's answers cost: by the price stated for its judge, else by the model table."""
    by_name = {judge.name: judge for judge in snapshot.assessment.judges}
    if job.judge in by_name:
        judge = by_name[job.judge]
        return lambda usage: judge.cost_usd(usage, batch=job.is_batch)
    spec = model_table().get((job.provider, job.model))
    return lambda usage: spec.cost_usd(usage, batch=job.is_batch) if spec else None


def answered(job: JobRecord, result: BatchJobResult, price: Price) -> AttemptOutcome:
    """The outcome of a request that has a result row."""
    base = AttemptOutcome(
        custom_id=result.custom_id,
        outcome=result.outcome,
        error=storable(result.error, _MESSAGE_CHARS),
        retryable=result.retryable or (result.outcome is Outcome.TRUNCATED and not job.enlarged),
        usage=result.usage,
        cost_usd=price(result.usage),
        model=storable(result.model, _NAME_CHARS),
        response_id=storable(result.response_id, _NAME_CHARS),
        synthetic=SYNTHETIC_MARK in result.response_id,
        excused=result.unpaid_account or _was_our_wish(job, result.outcome),
        error_type=(result.error_type or ErrorType.UNKNOWN) if result.outcome is Outcome.ERRORED else None,
        queue_wait_s=job.queue_wait_s,
    )
    if result.outcome is not Outcome.OK:
        return base
    verdict = read_verdict(result.text)
    if isinstance(verdict, Unreadable):
        return replace(base, outcome=Outcome.INVALID, error=verdict.cause, retryable=not job.enlarged)
    return replace(base, winner=verdict.winner, strength=verdict.strength, reason=verdict.reason)


def unanswered(job: JobRecord, name: str) -> AttemptOutcome:
    """A request the result files say nothing of gets its outcome from how the job ended."""
    base = AttemptOutcome(name, Outcome.MISSING, retryable=True, queue_wait_s=job.queue_wait_s)
    match job.status:
        case BatchJobStatus.FAILED:
            message = job.message or "the provider refused the job as a whole"
            return replace(base, outcome=Outcome.ERRORED, error=message, error_type=ErrorType.JOB_FAILED)
        case BatchJobStatus.EXPIRED:
            return replace(base, outcome=Outcome.EXPIRED, error="the job's time ran out")
        case BatchJobStatus.CANCELLED:
            mine = _was_our_wish(job, Outcome.CANCELLED)
            return replace(base, outcome=Outcome.CANCELLED, error="the job was cancelled", excused=mine)
        case _:
            return replace(base, error="no row in the results")


def out_of_reach(job: JobRecord, name: str) -> AttemptOutcome:
    """A request whose answer the provider made, or may have made, and does not have any more.

    It is not asked again by itself: that would pay a second time.
    """
    return AttemptOutcome(
        name,
        Outcome.MISSING,
        error="the provider does not have the job or its results any more; the answer may have been paid for",
        possibly_paid=True,
        possible_usd=(job.reserved_usd or 0.0) / max(job.n_requests, 1),
        queue_wait_s=job.queue_wait_s,
    )


def unclear(job: JobRecord, name: str, cause: str) -> AttemptOutcome:
    """A request that was sent by itself and had no clear answer: it may have been paid for. It is asked once more."""
    return AttemptOutcome(
        name,
        Outcome.ERRORED,
        error=storable(f"no clear answer, may have been paid for: {cause}", _MESSAGE_CHARS),
        retryable=True,
        possibly_paid=True,
        possible_usd=(job.reserved_usd or 0.0) / max(job.n_requests, 1),
        error_type=ErrorType.NO_CLEAR_ANSWER,
    )


def _was_our_wish(job: JobRecord, outcome: Outcome) -> bool:
    return outcome is Outcome.CANCELLED and job.cancel_requested_at is not None
