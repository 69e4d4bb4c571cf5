"""What the ledger knows of an attempt that was asked: for accounts of a whole run, not for the engine's own work."""

from dataclasses import dataclass
from datetime import datetime

from cj_pipeline.domain.batches import Outcome, Usage


@dataclass(frozen=True, slots=True)
class AnswerRecord:
    """One attempt with its answer, or without one so far.

    Attributes:
        custom_id: Its name at the provider.
        comparison_id: What was asked.
        number: 1 for the first try.
        job_id: The job that carried it.
        mode: How it reached the model.
        provider: Whose model was asked.
        asked_model: The model that was asked.
        started_at: When it was sent by itself, or its batch job was; None if it was not yet.
        completed_at: When its answer came, or the end of its batch job was seen; None before, and where no answer came.
        outcome: How it ended; None if it has not.
        error_type: Kind of the error; empty without one.
        usage: Tokens.
        cost_usd: Cost at the rate of its mode; None where the price is unknown or there is no answer.
        model: The model that answered; empty without an answer.
        response_id: The provider's id of the answer; empty without one.
        possibly_paid: Whether no clear answer came, so that it may have been paid for.
        latency_s: From when it was sent by itself until its answer was there; None in batch jobs and without an answer.
    """

    custom_id: str
    comparison_id: str
    number: int
    job_id: str
    mode: str
    provider: str
    asked_model: str
    started_at: datetime | None
    completed_at: datetime | None
    outcome: Outcome | None
    error_type: str
    usage: Usage
    cost_usd: float | None
    model: str
    response_id: str
    possibly_paid: bool
    latency_s: float | None
