"""What an assessment needs next, decided from the ledger alone, so that sensor and command line never disagree."""

import hashlib
from dataclasses import dataclass

from cj_pipeline.domain.batches import OPEN_PHASES, JobPhase
from cj_pipeline.engine.poll import is_ours
from cj_pipeline.engine.ports import Engine
from cj_pipeline.engine.records import JobRecord


@dataclass(frozen=True, slots=True)
class CollectGroup:
    """Ended jobs of one assessment whose results wait to be collected.

    Attributes:
        assessment: Name of the assessment.
        key: Name of exactly this set of jobs: another set has another name.
    """

    assessment: str
    key: str


def collect_groups(engine: Engine) -> list[CollectGroup]:
    """Judging sessions none of whose jobs run any more and some of whose results are not collected.

    Jobs of an account that is not set up here are left out: they can neither be polled nor collected.
    """
    by_session: dict[tuple[str, str], list[JobRecord]] = {}
    for job in engine.ledger.jobs(phases=[*OPEN_PHASES, JobPhase.ENDED]):
        if is_ours(engine, job):
            by_session.setdefault((job.assessment, job.session_id), []).append(job)
    return [
        _group(name, jobs)
        for (name, _), jobs in sorted(by_session.items())
        if all(job.phase is JobPhase.ENDED for job in jobs)
    ]


def running_assessments(engine: Engine) -> list[str]:
    """Assessments that have jobs which may still be running, by name."""
    return _with_jobs(engine, OPEN_PHASES)


def unfinished_assessments(engine: Engine) -> list[str]:
    """Assessments that have jobs which may still be running or wait to be collected, by name."""
    return _with_jobs(engine, (*OPEN_PHASES, JobPhase.ENDED))


def _with_jobs(engine: Engine, phases: tuple[JobPhase, ...]) -> list[str]:
    return sorted({job.assessment for job in engine.ledger.jobs(phases=phases) if is_ours(engine, job)})


def _group(name: str, jobs: list[JobRecord]) -> CollectGroup:
    ids = "\n".join(sorted(job.job_id for job in jobs))
    return CollectGroup(name, hashlib.sha256(ids.encode()).hexdigest()[:12])
