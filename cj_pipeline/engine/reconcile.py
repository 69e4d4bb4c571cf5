"""Reconcile: what became of a create call that had no clear answer.

Neither provider takes an idempotency key on a batch create, so the only safe way is to look: a job found is adopted,
a second copy is cancelled, and only a search that found nothing after the settle period lets the job be sent again.
"""

from dataclasses import dataclass
from datetime import timedelta

from cj_pipeline.engine.ports import Engine
from cj_pipeline.engine.records import JobRecord


@dataclass(frozen=True, slots=True)
class Settled:
    """The outcome of a search.

    Attributes:
        adopted: Our id of the job, if it was found at the provider.
        waiting: Why nothing can be said yet, empty otherwise. With neither, the job may be sent again.
        cancelled: Provider ids of further copies, which were cancelled.
        provider_batch_id: The provider's id of the job, if it was found.
    """

    adopted: str = ""
    waiting: str = ""
    cancelled: tuple[str, ...] = ()
    provider_batch_id: str = ""


def settle(engine: Engine, job: JobRecord, *, may_release: bool = True) -> Settled:
    """Look for a job at its provider and record what is found.

    Args:
        engine: The engine.
        job: A job in phase `submitting`.
        may_release: Whether a job that certainly does not exist may be set back to `prepared`.
    """
    manager = engine.managers[job.provider]
    known = engine.ledger.provider_batch_ids(job.provider, job.account)
    found = manager.locate(job, known)
    if found.refs:
        first, *copies = found.refs
        for copy in copies:
            manager.cancel(copy.provider_batch_id)
        pause = timedelta(seconds=engine.options.poll_min_s)
        engine.ledger.mark_submitted(job.job_id, first, engine.clock.now() + pause)
        cancelled = tuple(copy.provider_batch_id for copy in copies)
        return Settled(adopted=job.job_id, cancelled=cancelled, provider_batch_id=first.provider_batch_id)
    if found.unsettled:
        return Settled(waiting=f"job {job.job_id}: {found.unsettled}")
    age = engine.clock.now() - (job.intent_at or job.created_at)
    left = engine.options.settle_s - age.total_seconds()
    if left > 0:
        return Settled(
            waiting=f"job {job.job_id}: its create call had no clear answer and {job.provider} does not list it; "
            f"it is sent again if that is still so in {left:.0f} s."
        )
    if may_release:
        engine.ledger.mark_not_sent(job.job_id, "not found at the provider after the settle period")
    return Settled()
