"""What an assessment needs next, decided from the ledger alone, so that sensor and command line never disagree."""

import hashlib
from dataclasses import dataclass

from cj_pipeline.domain.batches import OPEN_PHASES, JobPhase
from cj_pipeline.engine.ports import Engine
from cj_pipeline.engine.records import JobRecord


@dataclass(frozen=True, slots=True)
class CollectGroup:
    """Ended jobs of one assessment whose results wait to be collected.

    Attributes:
        assessment: Name of the assessment.
        key: Name of exactly this set of jobs: another set has another name.
        job_ids: The jobs.
    """

    assessment: str
    key: str
    job_ids: tuple[str, ...]


def collect_groups(engine: Engine) -> list[CollectGroup]:
    """Assessments none of whose jobs run any more and some of whose results are not collected, by name."""
    phases = [*OPEN_PHASES, JobPhase.ENDED]
    by_assessment: dict[str, list[JobRecord]] = {}
    for job in engine.ledger.jobs(phases=phases):
        by_assessment.setdefault(job.assessment, []).append(job)
    return [
        _group(name, jobs)
        for name, jobs in sorted(by_assessment.items())
        if all(job.phase is JobPhase.ENDED for job in jobs)
    ]


def open_assessments(engine: Engine) -> dict[str, list[JobRecord]]:
    """Assessments that have jobs which may still be running, with these jobs, by name."""
    found: dict[str, list[JobRecord]] = {}
    for job in engine.ledger.jobs(phases=OPEN_PHASES):
        found.setdefault(job.assessment, []).append(job)
    return dict(sorted(found.items()))


def _group(name: str, jobs: list[JobRecord]) -> CollectGroup:
    ids = tuple(sorted(job.job_id for job in jobs))
    return CollectGroup(name, hashlib.sha256("\n".join(ids).encode()).hexdigest()[:12], ids)
