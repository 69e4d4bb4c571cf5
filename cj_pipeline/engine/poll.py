"""Poll: ask for every open job that is due, a bounded number at a time. Spends nothing."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus

from cj_pipeline.domain.batches import OPEN_PHASES, JobPhase
from cj_pipeline.engine.admission import learn_from_refusal
from cj_pipeline.engine.alerts import alerts
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
        lost: Jobs that do not exist at the provider and can be sent again, as (assessment, job id).
        alerts: One line per open job that somebody should look at.
    """

    n_polled: int = 0
    ended: list[tuple[str, str]] = field(default_factory=list)
    adopted: list[str] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)
    lost: list[tuple[str, str]] = field(default_factory=list)
    alerts: list[str] = field(default_factory=list)


def poll(engine: Engine) -> PollReport:
    """Ask the providers for the open jobs that are due, longest overdue first.

    A poll that fails is recorded with its job and tried again later; it never stops the others.
    """
    report = PollReport()
    due = engine.ledger.jobs(phases=OPEN_PHASES, due_at=engine.clock.now(), limit=engine.options.max_polls_per_tick)
    for job in due:
        if not is_ours(engine, job):
            fault = f"job {job.job_id} belongs to the account {job.account!r}, which is not set up here."
            _put_off(engine, job, fault, report)
        elif job.phase is JobPhase.SUBMITTED:
            _poll_one(engine, job, report)
        else:
            _look_for(engine, job, report)
    now = engine.clock.now()
    report.alerts = [line for job in engine.ledger.jobs(phases=OPEN_PHASES) for line in alerts(job, now)]
    return report


def is_ours(engine: Engine, job: JobRecord) -> bool:
    """Whether the job's provider account is the one that is set up here."""
    return engine.accounts.get(job.provider) == job.account


def _put_off(engine: Engine, job: JobRecord, fault: str, report: PollReport, retry_after_s: float = 0.0) -> None:
    report.trouble.append(fault)
    again = next_poll_at(engine, job, engine.clock.now(), retry_after_s)
    engine.ledger.record_poll_error(job.job_id, fault, again)


def _poll_one(engine: Engine, job: JobRecord, report: PollReport) -> None:
    report.n_polled += 1
    try:
        ref = engine.managers[job.provider].status(job)
    except ProviderError as error:
        if error.status_code == HTTPStatus.NOT_FOUND and _is_lost(engine, job, str(error)):
            report.ended.append((job.assessment, job.job_id))
            return
        _put_off(engine, job, f"job {job.job_id}: {error}", report, error.retry_after_s or 0.0)
        return
    now = engine.clock.now()
    engine.ledger.record_poll(job.job_id, ref, next_poll_at(engine, job, now), now)
    if ref.queue_full:
        # It was never queued, so nothing of it happened: its comparisons wait for room and go into another job.
        learn_from_refusal(engine, job)
        engine.ledger.release_job(job.job_id, ref.message)
        report.lost.append((job.assessment, job.job_id))
    elif ref.status.is_terminal:
        report.ended.append((job.assessment, job.job_id))


def _is_lost(engine: Engine, job: JobRecord, message: str) -> bool:
    """Whether the provider has said for the settle period that it does not know the job; then it is ended."""
    now = engine.clock.now()
    engine.ledger.record_gone(job.job_id, now, message)
    if job.gone_since is None or now - job.gone_since < timedelta(seconds=engine.options.settle_s):
        return False
    engine.ledger.end_lost_job(job.job_id, f"{message} It has said so for {engine.options.settle_s:.0f} s.", now)
    return True


def _look_for(engine: Engine, job: JobRecord, report: PollReport) -> None:
    """Adopt a job whose sender did not come back. Nothing is sent again from here."""
    try:
        settled = settle(engine, job, may_release=False)
    except ProviderError as error:
        _put_off(engine, job, f"job {job.job_id}: {error}", report, error.retry_after_s or 0.0)
        return
    if settled.adopted:
        report.adopted.append(settled.adopted)
    elif settled.waiting:
        _put_off(engine, job, settled.waiting, report)
    else:
        report.lost.append((job.assessment, job.job_id))
        advice = "it is sent again by the next submission."
        _put_off(engine, job, f"job {job.job_id} was never created at {job.provider}: {advice}", report)


def next_poll_at(engine: Engine, job: JobRecord, now: datetime, retry_after_s: float = 0.0) -> datetime:
    """When to ask again: pauses grow from `poll_min_s` to `poll_max_s`, each job with its own jitter of 20 %."""
    options = engine.options
    pause = min(options.poll_max_s, options.poll_min_s * _GROWTH ** min(job.n_polls + job.n_poll_errors, 40))
    draw = hashlib.sha256(f"{job.job_id}:{job.n_polls}:{job.n_poll_errors}".encode()).digest()[0] / 255
    pause *= 1 + _JITTER * (2 * draw - 1)
    return now + timedelta(seconds=max(pause, retry_after_s))
