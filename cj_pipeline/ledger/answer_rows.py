"""Attempts with their answers, as an account of a run reads them."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from cj_pipeline.domain.batches import Outcome, Usage
from cj_pipeline.engine.answer_records import AnswerRecord
from cj_pipeline.ledger.part import LedgerPart
from cj_pipeline.ledger.tables import attempts, batch_jobs

_USAGE = (
    "input_tokens",
    "output_tokens",
    "cached_input_tokens",
    "cache_write_tokens",
    "reasoning_tokens",
    "cache_write_1h_tokens",
)
_COPIED = ("custom_id", "comparison_id", "number", "job_id", "cost_usd", "model", "response_id", "possibly_paid")


class AnswerRows(LedgerPart):
    """The ledger's part about answers."""

    def answers(self, session_id: str) -> list[AnswerRecord]:
        """All attempts of a session, by comparison and number."""
        a, j = attempts.c, batch_jobs.c
        job = (j.mode, j.provider, j.model.label("asked_model"), j.intent_at, j.ended_at)
        query = (
            sa.select(attempts, *job)
            .join_from(attempts, batch_jobs)
            .where(j.session_id == session_id)
            .order_by(a.comparison_id, a.number)
        )
        with self._engine.begin() as connection:
            return [_answer(row) for row in connection.execute(query).mappings()]


def _answer(row: sa.RowMapping) -> AnswerRecord:
    copied: dict[str, Any] = {name: row[name] for name in (*_COPIED, "mode", "provider", "asked_model")}
    sent_at, latency_s = row["sent_at"], row["response_s"]
    came_at = sent_at + timedelta(seconds=latency_s) if sent_at and latency_s is not None else None
    outcome = Outcome(row["outcome"]) if row["outcome"] else None
    return AnswerRecord(
        **copied,
        started_at=sent_at or row["intent_at"],
        completed_at=(came_at if sent_at else row["ended_at"]) if outcome else None,
        outcome=outcome,
        error_type=row["error_type"],
        usage=Usage(**{name: row[name] for name in _USAGE}),
        latency_s=latency_s,
    )
