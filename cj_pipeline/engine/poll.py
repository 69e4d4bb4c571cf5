"""Poll: ask for every open job that is due, a bounded number at a time. Spends nothing."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cj_pipeline.domain.batches import JobPhase
from cj_pipeline.engine.ports import Engine
from cj_pipeline.engine.reconcile import settle
from cj_pipeline.engine.records import JobRecord
from cj_pipeline.errors import ProviderError

_GROWTH = 1.5
_JITTER = 0.2


@dataclass
class PollReport:
    """What a poll found.

    Attributes:
        n_polled: Jobs asked for.
        ended: Jobs that were seen to have ended, as (assessment, job id).
        adopted: Jobs whose create call had no clear answer and that were found.
        trouble: One line per job that could not be asked for.
    """

    n_polled: int = 0
    ended: list[tuple[str, str]] = field(default_factory=list)
    adopted: list[str] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)


def poll(engine: Engine) -> PollReport:
    """Ask the providers for the open jobs that are due, longest overdue first.

    A poll that fails is recorded with its job and tried again later; it never stops the others.
    """
    report = PollReport()
    limit = engine.options.max_polls_per_tick
    now = engine.clock.now()
    for job in engine.ledger.jobs(phases=[JobPhase.SUBMITTED], due_at=now, limit=limit):
        _poll_one(engine, job, report)
    for job in engine.ledger.jobs(phases=[JobPhase.SUBMITTING], limit=limit):
        _look_for(engine, job, now, report)
    return report


def _poll_one(engine: Engine, job: JobRecord, report: PollReport) -> None:
    now = engine.clock.now()
    manager = engine.managers.get(job.provider)
    if manager is None or manager.account != job.account:
        report.trouble.append(f"job {job.job_id} belongs to the account {job.account!r}, which is not set up here.")
        engine.ledger.record_poll_error(job.job_id, report.trouble[-1], next_poll_at(engine, job, now))
        return
    report.n_polled += 1
    try:
        ref = manager.status(job)
    except ProviderError as error:
        engine.ledger.record_poll_error(job.job_id, str(error), next_poll_at(engine, job, now, error.retry_after_s))
        report.trouble.append(f"job {job.job_id}: {error}")
        return
    engine.ledger.record_poll(job.job_id, ref, next_poll_at(engine, job, now), now)
    if ref.status.is_terminal:
        report.ended.append((job.assessment, job.job_id))


def _look_for(engine: Engine, job: JobRecord, now: datetime, report: PollReport) -> None:
    """Adopt a job whose sender died. One that its sender may still be working on is left alone."""
    manager = engine.managers.get(job.provider)
    age_s = (now - (job.intent_at or job.created_at)).total_seconds()
    if manager is None or manager.account != job.account or age_s < engine.options.lease_s:
        return
    try:
        settled = settle(engine, job, may_release=False)
    except ProviderError as error:
        report.trouble.append(f"job {job.job_id}: {error}")
        return
    if settled.adopted:
        report.adopted.append(settled.adopted)
    elif settled.waiting:
        report.trouble.append(settled.waiting)
    else:
        report.trouble.append(
            f"job {job.job_id} was never created at {job.provider}: materialise `batch_submissions` of "
            f"{job.assessment} again to send it."
        )


def next_poll_at(engine: Engine, job: JobRecord, now: datetime, retry_after_s: float | None = None) -> datetime:
    """When to ask again: pauses grow from `poll_min_s` to `poll_max_s`, each job with its own jitter of 20 %."""
    options = engine.options
    pause = min(options.poll_max_s, options.poll_min_s * _GROWTH ** min(job.n_polls + job.n_poll_errors, 40))
    draw = hashlib.sha256(f"{job.job_id}:{job.n_polls}:{job.n_poll_errors}".encode()).digest()[0] / 255
    pause *= 1 + _JITTER * (2 * draw - 1)
    return now + timedelta(seconds=max(pause, retry_after_s or 0.0))
