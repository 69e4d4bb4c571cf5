"""Collect: store every byte of an ended job, then give each of its requests exactly one outcome."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from http import HTTPStatus

from cj_pipeline.domain.batches import OPEN_PHASES, BatchJobStatus, JobPhase, custom_id, index_in_job
from cj_pipeline.domain.continuation import Standing
from cj_pipeline.domain.snapshot import AssessmentSnapshot
from cj_pipeline.engine.outcomes import Price, answered, out_of_reach, price_of, unanswered
from cj_pipeline.engine.plan import load_snapshot, planned_session
from cj_pipeline.engine.poll import is_ours
from cj_pipeline.engine.ports import BatchJobManager, Engine
from cj_pipeline.engine.records import AttemptOutcome, CollectionCounts, JobRecord, StoredFile
from cj_pipeline.engine.retention import purge_collected
from cj_pipeline.engine.standing import set_standing
from cj_pipeline.errors import ProviderError, ShortResultsError, TransientProviderError

_STEMS = ("output", "error", "results")


@dataclass
class Collection:
    """What a collection did.

    Attributes:
        n_collected: Jobs collected just now.
        n_outcomes: Requests that got their outcome just now.
        pending: Jobs that have not ended yet, one line each.
        files: Result files stored just now, relative to the raw store.
        trouble: What did not work and is tried again, one line each.
    """

    n_collected: int = 0
    n_outcomes: int = 0
    pending: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)


def collect(engine: Engine, name: str) -> Collection:
    """Collect every job of an assessment that has ended. Repeating it changes nothing.

    A job whose results cannot be fetched does not stop the others.

    Raises:
        ConfigurationError: The pair set was never planned.
        LeaseHeldError: Another process is collecting this assessment.
        ProviderError: Results of a job could not be fetched; all others were collected.
    """
    snapshot = load_snapshot(engine, name)
    session = planned_session(engine, snapshot)
    report = Collection()
    faults: list[ProviderError] = []
    with engine.ledger.lease(f"collect:{name}", engine.options.lease_s, engine.clock.now()) as lease:
        # Also those of an earlier session: what was paid for is kept, even where it is not used any more.
        for job in engine.ledger.jobs(assessment=name, phases=[*OPEN_PHASES, JobPhase.ENDED]):
            if is_ours(engine, job) and (job.phase is JobPhase.ENDED or _end_answered(engine, job)):
                lease.renew(engine.clock.now())
                try:
                    _collect_job(engine, snapshot, job, report)
                except ProviderError as error:
                    faults.append(error)
            elif job.session_id == session.session_id:
                report.pending.append(describe_open_job(job))
        report.trouble += purge_collected(engine, name)
    if faults:
        raise faults[0]
    return report


def was_answered(engine: Engine, job: JobRecord) -> bool:
    """Whether every request of a job that is being asked has its outcome: all that is left is to end it."""
    return job.phase is JobPhase.ASKING and all(a.outcome for a in engine.ledger.attempts(job.job_id).values())


def _end_answered(engine: Engine, job: JobRecord) -> bool:
    """End a job whose worker died after the last answer; one that is still there finds nothing left to end."""
    if not was_answered(engine, job):
        return False
    engine.ledger.end_asking(job.job_id, engine.clock.now())
    return True


def describe_open_job(job: JobRecord) -> str:
    """Where an open job stands, in one line for people."""
    if not job.is_batch:
        return f"{job.n_requests} requests being put to {job.provider} {job.model} one by one"
    where = job.provider_batch_id or "not confirmed by the provider yet"
    done = f", {job.n_done} of {job.n_requests} done" if job.n_done is not None else f", {job.n_requests} requests"
    return f"{job.provider} batch job {where} ({job.provider_status or job.phase.value}{done})"


def _collect_job(engine: Engine, snapshot: AssessmentSnapshot, job: JobRecord, report: Collection) -> None:
    if not job.is_batch:
        # Each answer was recorded when it came; the job has only to be closed.
        counts = CollectionCounts(n_rows=job.n_requests)
        report.n_collected += engine.ledger.record_results(job.job_id, (), lambda: counts, (), engine.clock.now())
        return
    files = _fetch(engine, job)
    reader = _ResultReader(job, engine.managers[job.provider], price_of(snapshot, job), gone=files is None)
    stored = _already_stored(engine, job) if files is None else files
    lines = (line for file in stored for line in engine.raw.lines(file.path))
    now = engine.clock.now()
    recorded = engine.ledger.record_results(job.job_id, reader.outcomes(lines), lambda: reader.counts, stored, now)
    if recorded:
        report.n_collected += 1
        report.n_outcomes += job.n_requests
        report.files += [file.path for file in stored]
    if reader.unpaid:
        set_standing(engine, job.assessment, Standing.PAUSED, f"{job.provider} says: {reader.unpaid}")


def _fetch(engine: Engine, job: JobRecord) -> list[StoredFile] | None:
    """Store the job's result files; None if the provider does not have them any more.

    That a file does not exist, or is short of rows, is believed when it has been so for the settle period.

    Raises:
        ProviderError: They could not be fetched now.
    """
    now = engine.clock.now()
    if job.status is BatchJobStatus.INDETERMINATE and job.gone_since:
        return None
    believed = job.gone_since is not None and now - job.gone_since >= timedelta(seconds=engine.options.settle_s)
    manager = engine.managers[job.provider]
    try:
        return manager.collect(job, engine.raw, job.folder, accept_short=believed)
    except ProviderError as error:
        is_gone = error.status_code == HTTPStatus.NOT_FOUND
        if not is_gone and not isinstance(error, ShortResultsError):
            raise
        if is_gone and believed:
            return None
        engine.ledger.record_gone(job.job_id, now, str(error))
        what = "said not to exist" if is_gone else "short of rows"
        raise TransientProviderError(
            f"{job.provider_batch_id} has ended and its results are {what}; if that is still so after "
            f"{engine.options.settle_s:.0f} s, its unanswered requests end as missing ({error}).",
            provider=job.provider,
            operation="collect results",
            status_code=error.status_code,
        ) from error


def _already_stored(engine: Engine, job: JobRecord) -> list[StoredFile]:
    """Result files that were stored before the others turned out to be gone."""
    return [file for stem in _STEMS for file in engine.raw.find(job.folder, stem)]


class _ResultReader:
    """Reads result lines: the first row of every request counts, what does not belong is counted."""

    def __init__(self, job: JobRecord, manager: BatchJobManager, price: Price, *, gone: bool) -> None:
        self._job, self._manager, self._price = job, manager, price
        self._of_the_rest = out_of_reach if gone else unanswered
        self.counts = CollectionCounts()
        self.unpaid = ""

    def outcomes(self, lines: Iterable[bytes]) -> Iterator[AttemptOutcome]:
        """One outcome for every request of the job."""
        seen = bytearray(self._job.n_requests)
        for line in lines:
            result = self._manager.decode(line)
            if result is None:
                self._count("n_unreadable")
                continue
            self._count("n_rows")
            index = index_in_job(self._job.job_id, result.custom_id, self._job.n_requests)
            if index is None:
                self._count("n_strangers")
            elif seen[index]:
                self._count("n_duplicates")
            else:
                seen[index] = True
                self.unpaid = self.unpaid or (result.error if result.unpaid_account else "")
                yield answered(self._job, result, self._price)
        for index in range(self._job.n_requests):
            if not seen[index]:
                yield self._of_the_rest(self._job, custom_id(self._job.job_id, index))

    def _count(self, what: str) -> None:
        self.counts = replace(self.counts, **{what: getattr(self.counts, what) + 1})
