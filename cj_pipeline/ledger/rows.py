"""Between rows and records."""

from dataclasses import asdict, fields
from typing import Any

import sqlalchemy as sa

from cj_pipeline.domain.batches import BatchJobStatus, JobPhase
from cj_pipeline.engine.records import AttemptOutcome, AttemptRecord, ComparisonRecord, JobRecord, SessionRecord

_JOB_FIELDS = tuple(f.name for f in fields(JobRecord))
_COMPARISON_FIELDS = tuple(f.name for f in fields(ComparisonRecord))


def session_record(row: sa.RowMapping) -> SessionRecord:
    """A judging session from its row."""
    values = {k: row[k] for k in ("session_id", "assessment", "key", "secret", "created_at")}
    return SessionRecord(**values, metadata=dict(row["processing_metadata"]))


def comparison_record(row: sa.RowMapping) -> ComparisonRecord:
    """A comparison from its row."""
    return ComparisonRecord(**{name: row[name] for name in _COMPARISON_FIELDS})


def job_record(row: sa.RowMapping) -> JobRecord:
    """A batch job from its row."""
    values: dict[str, Any] = {name: row[name] for name in _JOB_FIELDS}
    values["phase"] = JobPhase(values["phase"])
    values["status"] = BatchJobStatus(values["status"]) if values["status"] else None
    return JobRecord(**values)


def job_row(job: JobRecord) -> dict[str, Any]:
    """The row of a new batch job."""
    counts = {"n_rows": 0, "n_duplicates": 0, "n_strangers": 0, "n_unreadable": 0, "result_files": []}
    status = job.status.value if job.status else None
    return {**asdict(job), "phase": job.phase.value, "status": status, **counts}


def attempt_row(attempt: AttemptRecord) -> dict[str, Any]:
    """The row of an attempt that has no outcome yet."""
    return {
        **asdict(attempt),
        "outcome": None,
        "winner": "",
        "strength": 0,
        "reason": "",
        "error": "",
        "input_tokens": 0,
        "output_tokens": 0,
        "cached_input_tokens": 0,
        "reasoning_tokens": 0,
        "cost_usd": None,
        "model": "",
        "response_id": "",
        "synthetic": False,
    }


def outcome_row(outcome: AttemptOutcome) -> dict[str, Any]:
    """What an outcome changes in its attempt's row; the key is bound as `b_custom_id`."""
    return {
        "b_custom_id": outcome.custom_id,
        "outcome": outcome.outcome.value,
        "winner": outcome.winner,
        "strength": outcome.strength,
        "reason": outcome.reason,
        "error": outcome.error,
        **asdict(outcome.usage),
        "cost_usd": outcome.cost_usd,
        "model": outcome.model,
        "response_id": outcome.response_id,
        "synthetic": outcome.synthetic,
    }
