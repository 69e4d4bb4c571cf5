"""Between rows and records."""

import sys
from dataclasses import asdict, fields
from typing import Any

import sqlalchemy as sa

from cj_pipeline.domain.batches import BatchJobStatus, JobPhase, Outcome
from cj_pipeline.engine.records import AttemptOutcome, AttemptRecord, ComparisonRecord, JobRecord, SessionRecord
from cj_pipeline.ledger.tables import attempts

_JOB_FIELDS = tuple(f.name for f in fields(JobRecord))
_RECURRING = ("session_id", "first_id", "first_digest", "second_id", "second_digest", "judge", "status", "winner")
_COMPARISON_FIELDS = tuple(f.name for f in fields(ComparisonRecord))


def session_record(row: sa.RowMapping) -> SessionRecord:
    """A judging session from its row."""
    values = {k: row[k] for k in ("session_id", "assessment", "key", "secret", "created_at")}
    return SessionRecord(**values, metadata=dict(row["processing_metadata"]))


def comparison_record(row: sa.RowMapping) -> ComparisonRecord:
    """A comparison from its row. Words that recur from row to row are kept once: a plan has 100,000 rows."""
    values: dict[str, Any] = {name: row[name] for name in _COMPARISON_FIELDS}
    values.update({name: sys.intern(values[name]) for name in _RECURRING})
    return ComparisonRecord(**values)


def job_record(row: sa.RowMapping) -> JobRecord:
    """A batch job from its row."""
    values: dict[str, Any] = {name: row[name] for name in _JOB_FIELDS}
    values["phase"] = JobPhase(values["phase"])
    values["status"] = BatchJobStatus(values["status"]) if values["status"] else None
    values["parameters"] = dict(values["parameters"] or {})
    return JobRecord(**values)


def job_row(job: JobRecord) -> dict[str, Any]:
    """The row of a new batch job."""
    counts = {"n_rows": 0, "n_duplicates": 0, "n_strangers": 0, "n_unreadable": 0, "result_files": []}
    status = job.status.value if job.status else None
    return {**asdict(job), "phase": job.phase.value, "status": status, **counts}


ATTEMPT_COLUMNS = tuple(attempts.c[f.name] for f in fields(AttemptRecord))
"""Columns that make up an attempt's record."""


def attempt_record(row: sa.RowMapping) -> AttemptRecord:
    """An attempt from its row."""
    values: dict[str, Any] = {column.name: row[column.name] for column in ATTEMPT_COLUMNS}
    values["outcome"] = Outcome(values["outcome"]) if values["outcome"] else None
    return AttemptRecord(**values)


def attempt_row(attempt: AttemptRecord) -> dict[str, Any]:
    """The row of an attempt that has no outcome yet."""
    return {
        "custom_id": attempt.custom_id,
        "comparison_id": attempt.comparison_id,
        "number": attempt.number,
        "job_id": attempt.job_id,
        "sent_at": attempt.sent_at,
        "outcome": None,
        "winner": "",
        "strength": 0,
        "reason": "",
        "error": "",
        "input_tokens": 0,
        "output_tokens": 0,
        "cached_input_tokens": 0,
        "cache_write_tokens": 0,
        "cache_write_1h_tokens": 0,
        "reasoning_tokens": 0,
        "cost_usd": None,
        "model": "",
        "response_id": "",
        "synthetic": False,
        "possibly_paid": False,
        "possible_usd": 0.0,
        "error_type": "",
        "queue_wait_s": None,
        "response_s": None,
    }


def outcome_row(outcome: AttemptOutcome) -> dict[str, Any]:
    """What an outcome changes in its attempt's row, with the key."""
    usage = outcome.usage
    return {
        "custom_id": outcome.custom_id,
        "outcome": outcome.outcome.value,
        "winner": outcome.winner,
        "strength": outcome.strength,
        "reason": outcome.reason,
        "error": outcome.error,
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens,
        "cached_input_tokens": usage.cached_input_tokens,
        "cache_write_tokens": usage.cache_write_tokens,
        "cache_write_1h_tokens": usage.cache_write_1h_tokens,
        "reasoning_tokens": usage.reasoning_tokens,
        "cost_usd": outcome.cost_usd,
        "model": outcome.model,
        "response_id": outcome.response_id,
        "synthetic": outcome.synthetic,
        "possibly_paid": outcome.possibly_paid,
        "possible_usd": outcome.possible_usd,
        "error_type": (outcome.error_type or ""),
        "queue_wait_s": outcome.queue_wait_s,
        "response_s": outcome.response_s,
    }


def verdict_row(outcome: AttemptOutcome, comparison_id: str) -> dict[str, Any]:
    """What an outcome changes in its comparison's row, with the key; counts are to be added."""
    return {
        "comparison_id": comparison_id,
        "status": outcome.outcome.value,
        "retryable": outcome.retryable,
        "winner": outcome.winner,
        "strength": outcome.strength,
        "reason": outcome.reason,
        "error": outcome.error,
        "synthetic": outcome.synthetic,
        "n_excused": int(outcome.excused),
        "n_possibly_paid": int(outcome.possibly_paid),
    }
