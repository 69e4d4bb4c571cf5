"""Collect: store every byte of an ended job, then give each of its requests exactly one outcome."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from cj_pipeline.domain.batches import OPEN_PHASES, BatchJobResult, BatchJobStatus, JobPhase, Outcome
from cj_pipeline.domain.models import model_table
from cj_pipeline.domain.plain_text import storable
from cj_pipeline.domain.verdicts import Unreadable, read_verdict
from cj_pipeline.engine.plan import load_snapshot, planned_session
from cj_pipeline.engine.poll import is_ours
from cj_pipeline.engine.ports import BatchJobManager, Engine
from cj_pipeline.engine.records import AttemptOutcome, AttemptRecord, CollectionCounts, JobRecord

_MESSAGE_CHARS = 2000
_NAME_CHARS = 200
SYNTHETIC_MARK = "synthetic"
"""Part of every response id the emulator gives, so that its answers can never pass for a real judge's."""


@dataclass
class Collection:
    """What a collection did.

    Attributes:
        n_collected: Jobs collected just now.
        n_outcomes: Requests that got their outcome just now.
        pending: Jobs that have not ended yet, one line each.
        files: Result files stored just now, relative to the raw store.
    """

    n_collected: int = 0
    n_outcomes: int = 0
    pending: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


def collect(engine: Engine, name: str) -> Collection:
    """Collect every job of an assessment that has ended. Repeating it changes nothing.

    Raises:
        ConfigurationError: The pair set was never planned.
        LeaseHeldError: Another process is collecting this assessment.
        ProviderError: Results could not be fetched; what was fetched before is kept.
    """
    session = planned_session(engine, load_snapshot(engine, name))
    report = Collection()
    with engine.ledger.lease(f"collect:{name}", engine.options.lease_s, engine.clock.now()):
        # Also those of an earlier session: what was paid for is kept, even where it is not used any more.
        for job in engine.ledger.jobs(assessment=name, phases=[*OPEN_PHASES, JobPhase.ENDED]):
            if job.phase is JobPhase.ENDED and is_ours(engine, job):
                _collect_job(engine, job, report)
            elif job.session_id == session.session_id:
                report.pending.append(describe_open_job(job))
    return report


def describe_open_job(job: JobRecord) -> str:
    """Where an open job stands, in one line for people."""
    where = job.provider_batch_id or "not confirmed by the provider yet"
    done = f", {job.n_done} of {job.n_requests} done" if job.n_done is not None else f", {job.n_requests} requests"
    return f"{job.provider} batch job {where} ({job.provider_status or job.phase.value}{done})"


def _collect_job(engine: Engine, job: JobRecord, report: Collection) -> None:
    manager = engine.managers[job.provider]
    files = manager.collect(job, engine.raw, f"{job.assessment}/{job.job_id}")
    attempts = engine.ledger.attempts(job.job_id)
    sorter = _Sorter(job, attempts, manager)
    found = dict(sorter.first_results(line for file in files for line in engine.raw.lines(file.path)))
    outcomes = [_outcome(job, found.get(name)) or _unanswered(job, name) for name in attempts]
    recorded = engine.ledger.record_results(job.job_id, outcomes, sorter.counts, files, engine.clock.now())
    report.n_collected += recorded
    report.n_outcomes += len(outcomes) if recorded else 0
    report.files += [file.path for file in files]


class _Sorter:
    """Reads result lines, keeps the first row of every request, counts what does not belong."""

    def __init__(self, job: JobRecord, attempts: dict[str, AttemptRecord], manager: BatchJobManager) -> None:
        self._job, self._attempts, self._manager = job, attempts, manager
        self.counts = CollectionCounts()

    def first_results(self, lines: Iterable[bytes]) -> Iterator[tuple[str, BatchJobResult]]:
        seen: set[str] = set()
        for line in lines:
            result = self._manager.decode(line)
            if result is None:
                self._count("n_unreadable")
                continue
            self._count("n_rows")
            if result.custom_id not in self._attempts:
                self._count("n_strangers")
            elif result.custom_id in seen:
                self._count("n_duplicates")
            else:
                seen.add(result.custom_id)
                yield result.custom_id, result

    def _count(self, what: str) -> None:
        self.counts = replace(self.counts, **{what: getattr(self.counts, what) + 1})


def _outcome(job: JobRecord, result: BatchJobResult | None) -> AttemptOutcome | None:
    if result is None:
        return None
    base = AttemptOutcome(
        custom_id=result.custom_id,
        outcome=result.outcome,
        error=storable(result.error, _MESSAGE_CHARS),
        retryable=result.retryable,
        usage=result.usage,
        cost_usd=_cost(job, result),
        model=storable(result.model, _NAME_CHARS),
        response_id=storable(result.response_id, _NAME_CHARS),
        synthetic=SYNTHETIC_MARK in result.response_id,
    )
    if result.outcome is not Outcome.OK:
        return base
    verdict = read_verdict(result.text)
    if isinstance(verdict, Unreadable):
        return replace(base, outcome=Outcome.INVALID, error=verdict.cause)
    return replace(base, winner=verdict.winner, strength=verdict.strength, reason=verdict.reason)


def _cost(job: JobRecord, result: BatchJobResult) -> float | None:
    spec = model_table().get((job.provider, job.model))
    return spec.batch_cost_usd(result.usage.input_tokens, result.usage.output_tokens) if spec else None


def _unanswered(job: JobRecord, name: str) -> AttemptOutcome:
    """A request the result files say nothing of gets its outcome from how the job ended."""
    match job.status:
        case BatchJobStatus.FAILED:
            message = job.message or "the provider refused the job as a whole"
            return AttemptOutcome(name, Outcome.ERRORED, error=message, retryable=True)
        case BatchJobStatus.EXPIRED:
            return AttemptOutcome(name, Outcome.EXPIRED, error="the job's time ran out", retryable=True)
        case BatchJobStatus.CANCELLED:
            return AttemptOutcome(name, Outcome.CANCELLED, error="the job was cancelled", retryable=True)
        case _:
            return AttemptOutcome(name, Outcome.MISSING, error="no row in the results", retryable=True)
