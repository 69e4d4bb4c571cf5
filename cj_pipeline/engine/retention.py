"""Retention: what providers keep of a job is deleted once its results are recorded, where that is wanted."""

from cj_pipeline.domain.batches import JobPhase
from cj_pipeline.engine.poll import is_ours
from cj_pipeline.engine.ports import Engine
from cj_pipeline.errors import ProviderError


def purge_collected(engine: Engine, name: str) -> list[str]:
    """Delete the files of an assessment's collected jobs at their providers.

    Does nothing unless `delete_after_collect` is set. What could not be deleted is tried again at the next collection;
    it expires by itself at the provider.

    Returns:
        What could not be deleted, one line each.
    """
    return purge_jobs(engine, name) if engine.options.delete_after_collect else []


def purge_jobs(engine: Engine, name: str) -> list[str]:
    """Delete the files of an assessment's collected jobs at their providers, whatever the settings say.

    Returns:
        What could not be deleted, one line each.
    """
    trouble = []
    for job in engine.ledger.jobs(assessment=name, phases=[JobPhase.COLLECTED]):
        if not job.is_batch or job.purged_at is not None or not job.provider_batch_id:
            continue
        if not is_ours(engine, job):
            trouble.append(f"job {job.job_id}: was sent to the account {job.account!r}, which is not set up here.")
            continue
        try:
            engine.managers[job.provider].purge(job)
        except ProviderError as error:
            trouble.append(f"job {job.job_id}: {error} Its files are deleted at the next collection.")
        else:
            engine.ledger.mark_purged(job.job_id, engine.clock.now())
    return trouble
