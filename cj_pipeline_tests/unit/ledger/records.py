"""Records that the ledger's tests keep, and the steps that bring a job to where a test needs it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from cj_pipeline.domain.batches import BatchJobRef, BatchJobStatus, JobPhase, Outcome, Usage
from cj_pipeline.engine.records import AttemptOutcome, AttemptRecord, ComparisonRecord, JobRecord, SessionRecord
from cj_pipeline.ledger.ledger import SqlLedger

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
SESSION_ID = "5e55105e55105e55"
SESSION = SessionRecord(
    session_id=SESSION_ID,
    assessment="holidays",
    key="k" * 64,
    secret="the session's secret",
    created_at=START,
    metadata={"judges": ["openai/gpt-4.1"], "deep": {"ö": [1, None, True]}},
)


def at(seconds: float) -> datetime:
    """Return a time after the start."""
    return START + timedelta(seconds=seconds)


def comparison(k: int, session_id: str = SESSION_ID, **more: Any) -> ComparisonRecord:  # noqa: ANN401 - fields of the record
    """Return the k-th planned comparison."""
    values: dict[str, Any] = {
        "comparison_id": f"c{k}",
        "wave": 1,
        "sequence": k,
        "first_id": f"essay-{k}",
        "first_digest": "1" * 64,
        "second_id": f"essay-{k + 1}",
        "second_digest": "2" * 64,
        "replicate": 0,
        "judge": "openai/gpt-4.1",
    }
    return ComparisonRecord(session_id=session_id, **(values | more))


def comparisons(n: int) -> list[ComparisonRecord]:
    """Return the first n planned comparisons."""
    return [comparison(k) for k in range(n)]


def job(job_id: str = "job1", n_requests: int = 2, **more: Any) -> JobRecord:  # noqa: ANN401 - fields of the record
    """Return a prepared job."""
    values: dict[str, Any] = {
        "session_id": SESSION_ID,
        "assessment": "holidays",
        "provider": "openai",
        "account": "emulator",
        "model": "gpt-4.1",
        "phase": JobPhase.PREPARED,
        "request_path": f"holidays/{job_id}/requests.jsonl",
        "request_sha256": "d" * 64,
        "reserved_usd": 0.5,
        "created_at": START,
    }
    return JobRecord(job_id=job_id, n_requests=n_requests, **(values | more))


def attempts(job_id: str, asked: Sequence[int], number: int = 1) -> list[AttemptRecord]:
    """Return the attempts of a job at these comparisons."""
    return [AttemptRecord(f"{job_id}-{i:06d}", f"c{k}", number, job_id) for i, k in enumerate(asked)]


def ref(job_id: str, status: BatchJobStatus, **more: Any) -> BatchJobRef:  # noqa: ANN401 - fields of the record
    """Return what a provider says of a job."""
    return BatchJobRef(job_id, "openai", f"batch_{job_id}", status, n_requests=2, **more)


def prepared(ledger: SqlLedger, job_id: str = "job1", asked: Sequence[int] = (0, 1), *, number: int = 1) -> JobRecord:
    """Prepare a job."""
    record = job(job_id, len(asked))
    assert ledger.prepare_job(record, attempts(job_id, asked, number))
    return record


def submitting(ledger: SqlLedger, job_id: str = "job1", asked: Sequence[int] = (0, 1), *, number: int = 1) -> None:
    """Bring a job to where its create call is about to be made."""
    prepared(ledger, job_id, asked, number=number)
    assert ledger.begin_submitting(job_id, at(1), "newest", at(2))


def submitted(ledger: SqlLedger, job_id: str = "job1", asked: Sequence[int] = (0, 1), *, number: int = 1) -> None:
    """Bring a job to where the provider has it."""
    submitting(ledger, job_id, asked, number=number)
    ledger.mark_submitted(job_id, ref(job_id, BatchJobStatus.SCHEDULED), at(30))


def ended(
    ledger: SqlLedger,
    job_id: str = "job1",
    asked: Sequence[int] = (0, 1),
    *,
    number: int = 1,
    status: BatchJobStatus = BatchJobStatus.COMPLETED,
) -> None:
    """Bring a job to where its results can be collected."""
    submitted(ledger, job_id, asked, number=number)
    ledger.record_poll(job_id, ref(job_id, status), at(60), at(60))


def ok(custom_id: str, **more: Any) -> AttemptOutcome:  # noqa: ANN401 - fields of the record
    """Return a verdict for an attempt."""
    values: dict[str, Any] = {
        "winner": "first",
        "strength": 2,
        "reason": "Clearer.",
        "usage": Usage(100, 20, cached_input_tokens=80, cache_write_tokens=7, reasoning_tokens=5),
        "cost_usd": 0.01,
        "model": "gpt-4.1-2025-04-14",
        "response_id": f"resp_{custom_id}",
    }
    return AttemptOutcome(custom_id, Outcome.OK, **(values | more))


def expired(custom_id: str) -> AttemptOutcome:
    """Return the outcome of an attempt that ran out of time."""
    return AttemptOutcome(custom_id, Outcome.EXPIRED, error="the job's time ran out", retryable=True)


def by_id(ledger: SqlLedger, k: int) -> ComparisonRecord:
    """Return the k-th comparison as the ledger has it."""
    return next(c for c in ledger.comparisons(SESSION_ID) if c.comparison_id == f"c{k}")


def only_job(ledger: SqlLedger, job_id: str = "job1") -> JobRecord:
    """Return a job as the ledger has it."""
    return next(each for each in ledger.jobs() if each.job_id == job_id)


def asking(ledger: SqlLedger, job_id: str = "job1", asked: Sequence[int] = (0, 1)) -> None:
    """Bring a job to where a worker asks its requests one by one."""
    record = job(job_id, len(asked), mode="per_request")
    assert ledger.prepare_job(record, attempts(job_id, asked))
    assert ledger.begin_asking(job_id, at(1))


def unclear(custom_id: str) -> AttemptOutcome:
    """Return the outcome of an attempt that may have been paid for."""
    return AttemptOutcome(
        custom_id, Outcome.ERRORED, error="no clear answer", retryable=True, possibly_paid=True, possible_usd=0.25
    )
