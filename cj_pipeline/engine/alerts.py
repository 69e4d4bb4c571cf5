"""Alerts: what somebody should look at about an open job. Pure; the job itself is polled as ever."""

from datetime import datetime, timedelta

from cj_pipeline.domain.batches import BatchJobStatus, JobPhase
from cj_pipeline.engine.records import JobRecord

GATHERING = timedelta(minutes=30)
"""Results are usually there minutes after the last request was handled."""

CANCELLING = timedelta(minutes=30)
"""OpenAI documents up to 10 minutes for a cancellation; 25 have been seen."""

AGE = timedelta(hours=20)
"""Both providers end a job after 24 hours, answered or not."""

POLL_ERRORS = 5
"""Polls that fail in a row before it is said aloud."""


def alerts(job: JobRecord, now: datetime) -> list[str]:
    """What is unusual about an open batch job, one line each; empty if nothing.

    Args:
        job: The job.
        now: The time.
    """
    return list(findings(job, now).values())


def findings(job: JobRecord, now: datetime) -> dict[str, str]:
    """What is unusual about an open batch job: kind of finding, and the line that says it."""
    if not job.is_batch or job.phase not in {JobPhase.SUBMITTING, JobPhase.SUBMITTED}:
        return {}
    where = f"{job.assessment}: {job.provider} batch job {job.provider_batch_id or job.job_id}"
    return {kind: f"{where} {what}" for kind, (what, holds) in _findings(job, now).items() if holds}


def _findings(job: JobRecord, now: datetime) -> dict[str, tuple[str, bool]]:
    word = job.provider_status
    since = job.status_since or now
    asked_to_end = job.cancel_requested_at or now
    begun = job.intent_at or job.created_at
    lost_touch = f"could not be asked for {POLL_ERRORS} times in a row or more: {job.message}"
    old = "is older than 20 hours; what is not answered after 24 expires and is asked again."
    return {
        "gathering": (
            f"has handled all its requests and is {word!r} for more than 30 minutes.",
            _all_done(job, now - since),
        ),
        "cancelling": ("was cancelled more than 30 minutes ago and has not ended.", now - asked_to_end > CANCELLING),
        "age": (old, now - begun > AGE),
        "unknown_status": (
            f"is {word!r}, which this version does not know.",
            job.status is BatchJobStatus.INDETERMINATE,
        ),
        "out_of_reach": (lost_touch, _is_out_of_reach(job)),
        "gone": (
            "is not known at the provider any more; asked again until that is certain.",
            job.gone_since is not None,
        ),
    }


def _all_done(job: JobRecord, for_: timedelta) -> bool:
    return job.n_done is not None and job.n_done >= job.n_requests and for_ > GATHERING


def _is_out_of_reach(job: JobRecord) -> bool:
    return job.n_poll_errors >= POLL_ERRORS
