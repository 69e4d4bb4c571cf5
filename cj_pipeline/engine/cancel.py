"""Cancel: every live job of an assessment is asked to end. What was answered is kept. Repeating it is harmless."""

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from cj_pipeline.domain.batches import OPEN_PHASES, JobPhase
from cj_pipeline.domain.continuation import Standing
from cj_pipeline.engine.asking import release_abandoned
from cj_pipeline.engine.collect import describe_open_job
from cj_pipeline.engine.plan import load_snapshot
from cj_pipeline.engine.poll import is_ours
from cj_pipeline.engine.ports import Engine
from cj_pipeline.engine.reconcile import settle
from cj_pipeline.engine.records import JobRecord
from cj_pipeline.engine.standing import is_cancelled, set_standing
from cj_pipeline.errors import LeaseHeldError, ProviderError

_OF_A_SUBMISSION: Final = (JobPhase.PREPARED, JobPhase.ASKING)
"""Phases that only the process that submits can bring to an end."""


@dataclass
class Cancellation:
    """What a cancellation did.

    Attributes:
        asked: Jobs that were asked to end just now, one line each.
        live: Jobs that have been asked to end and have not yet, or that a worker is still asking, one line each.
        trouble: Jobs that could not be asked to end, one line each; the cancel_sensor tries again.
    """

    asked: list[str] = field(default_factory=list)
    live: list[str] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)


def cancel(engine: Engine, name: str, reason: str = "a person cancelled it.") -> Cancellation:
    """Ask for the end of every live job of an assessment, and let nothing more be sent.

    Jobs of all its judging sessions are meant. A job whose create call had no clear answer is looked for first. A
    worker of the synchronous modes stops before its next request. Answers that are there, or still come, are collected
    and count. Submitting the assessment again goes on from there.

    Args:
        engine: The engine.
        name: The assessment.
        reason: Why, in words for people.
    """
    if not is_cancelled(engine, name):
        set_standing(engine, name, Standing.CANCELLED, reason)
    report = Cancellation()
    for job in engine.ledger.jobs(assessment=name, phases=OPEN_PHASES):
        if not is_ours(engine, job):
            report.trouble.append(f"job {job.job_id} belongs to the account {job.account!r}, which is not set up here.")
        elif job.phase is JobPhase.ASKING:
            report.live.append(describe_open_job(job))
        else:
            try:
                _cancel_one(engine, job, report)
            except ProviderError as error:
                report.trouble.append(f"job {job.job_id}: {error}")
    _release_abandoned(engine, name)
    return report


def _release_abandoned(engine: Engine, name: str) -> None:
    """Let go of what a submission that died has left: nobody goes on with it any more."""
    if not any(_is_abandoned(engine, job) for job in engine.ledger.jobs(assessment=name, phases=_OF_A_SUBMISSION)):
        return
    with (
        suppress(LeaseHeldError),  # somebody has begun to submit it just now
        engine.ledger.lease(f"submit:{name}", engine.options.lease_s, engine.clock.now()),
    ):
        release_abandoned(engine, load_snapshot(engine, name))


def _is_abandoned(engine: Engine, job: JobRecord) -> bool:
    is_free = engine.ledger.lease_is_free(f"submit:{job.assessment}", engine.clock.now())
    return job.phase in _OF_A_SUBMISSION and is_free and is_ours(engine, job)


def _cancel_one(engine: Engine, job: JobRecord, report: Cancellation) -> None:
    if job.cancel_requested_at is not None:
        report.live.append(describe_open_job(job))
        return
    provider_id = job.provider_batch_id
    if job.phase is JobPhase.SUBMITTING:
        # Its sender holds this lease while it may still come back; without it a job that does not exist is let go.
        is_alone = engine.ledger.lease_is_free(f"submit:{job.assessment}", engine.clock.now())
        settled = settle(engine, job, may_release=is_alone)
        if not settled.adopted:
            if settled.waiting:
                report.trouble.append(settled.waiting)
            return
        provider_id = settled.provider_batch_id
    engine.managers[job.provider].cancel(provider_id)
    engine.ledger.request_cancel(job.job_id, engine.clock.now())
    report.asked.append(f"{job.provider} batch job {provider_id} ({job.n_requests} requests)")


@dataclass(frozen=True, slots=True)
class UnfinishedCancellation:
    """A cancelled assessment with live jobs that were not asked to end yet.

    Attributes:
        assessment: Its name.
        key: Name of this cancellation; a later one has another name.
    """

    assessment: str
    key: str


def unfinished_cancellations(engine: Engine) -> list[UnfinishedCancellation]:
    """Cancelled assessments with live jobs that were not asked to end yet, or that a dead worker has left, by name."""
    live = engine.ledger.jobs(phases=[JobPhase.SUBMITTING, JobPhase.SUBMITTED])
    waiting = {job.assessment for job in live if job.cancel_requested_at is None and is_ours(engine, job)}
    left = engine.ledger.jobs(phases=_OF_A_SUBMISSION)
    waiting |= {job.assessment for job in left if _is_abandoned(engine, job)}
    return [
        UnfinishedCancellation(record.assessment, f"cancel-{record.changed_at.isoformat()}")
        for record in engine.ledger.standings(Standing.CANCELLED)
        if record.assessment in waiting
    ]
