"""Sums over the whole ledger, for metrics: what happened how often, by a few fixed words. Numbers only, no ids.

Sums of money and time are whole numbers of a small unit: fractions, added up in another order, come to a little more or
less, and a counter that goes back by a hair looks like one that began anew.

What does not belong here: how they are read (tally_rows), and what they are called in Prometheus (observability).
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Bounds:
    """Upper bounds of histograms' buckets, ascending; what is above the last one falls into a bucket of its own.

    Attributes:
        items: Of requests per job or bundle.
        job_s: Of seconds from a job's create call to its end.
        wait_s: Of seconds that a request waited.
        response_s: Of seconds until a request was answered.
    """

    items: tuple[float, ...]
    job_s: tuple[float, ...]
    wait_s: tuple[float, ...]
    response_s: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class EventTally:
    """Events of jobs that have all this in common.

    Attributes:
        mode: A `BatchingMode`, or `canary`.
        provider: Provider's name.
        model: Model asked.
        event: A `JobEvent`.
        items_bucket: Place of the bucket by requests per job, 0 for the first.
        seconds_bucket: Place of the bucket by seconds to the end; None where it has not ended.
        n: Number of events.
        n_requests: Requests in all of them.
        duration_us: Sum of the seconds, microseconds.
    """

    mode: str
    provider: str
    model: str
    event: str
    items_bucket: int
    seconds_bucket: int | None
    n: int
    n_requests: int
    duration_us: int


@dataclass(frozen=True, slots=True)
class AttemptTally:
    """Attempts with an outcome that have all this in common.

    Attributes:
        mode: A `BatchingMode`, or `canary`.
        provider: Provider's name.
        model: Model asked.
        outcome: An `Outcome`.
        error_type: An `ErrorType`, or empty.
        possibly_paid: Whether no clear answer came.
        synthetic: Whether a synthetic judge answered.
        wait_bucket: Place of the bucket by seconds waited; None where that is not known.
        response_bucket: Place of the bucket by seconds until the answer; None where there is none.
        n: Number of attempts.
        n_unpriced: Attempts that used tokens whose price is unknown.
        wait_us: Sum of the seconds waited, microseconds.
        response_us: Sum of the seconds until the answer, microseconds.
        input_tokens: Sum.
        output_tokens: Sum.
        cached_input_tokens: Sum.
        cache_write_tokens: Sum.
        reasoning_tokens: Sum.
        cost_nano_usd: Sum of the known costs, billionths of a US dollar.
    """

    mode: str
    provider: str
    model: str
    outcome: str
    error_type: str
    possibly_paid: bool
    synthetic: bool
    wait_bucket: int | None
    response_bucket: int | None
    n: int
    n_unpriced: int
    wait_us: int
    response_us: int
    input_tokens: int
    output_tokens: int
    cached_input_tokens: int
    cache_write_tokens: int
    reasoning_tokens: int
    cost_nano_usd: int


@dataclass(frozen=True, slots=True)
class OpenJobTally:
    """Jobs that are under way or wait to be collected, of one kind.

    Attributes:
        mode: A `BatchingMode`, or `canary`.
        provider: Provider's name.
        phase: A `JobPhase`.
        n: Number of jobs.
        n_requests: Requests in them.
        since: When the oldest was created, or ended where it waits to be collected.
        poll_due_at: When the next of them is, or was, to be polled; None where none is.
    """

    mode: str
    provider: str
    phase: str
    n: int
    n_requests: int
    since: datetime | None
    poll_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class FlagTally:
    """Final decisions, and how many of them were made over verdicts with a flaw.

    Attributes:
        bt_se_inflated: With large standard errors.
        comparison_coverage_sparse: With few verdicts per essay.
        has_isolated_items: With an essay that has no verdict.
    """

    bt_se_inflated: int = 0
    comparison_coverage_sparse: int = 0
    has_isolated_items: int = 0


@dataclass(frozen=True, slots=True)
class Tallies:
    """The whole ledger in sums, as it was at one moment.

    Attributes:
        models: Every pair of provider and model that a job was written for.
        started: Judging sessions whose comparisons began to be asked, by mode.
        events: Events of jobs.
        attempts: Attempts with an outcome.
        open_jobs: Jobs that are under way or wait to be collected.
        decisions: Decisions, by kind.
        flags: Final decisions with a flaw.
        call_errors: Failed calls, by provider and kind of error.
        standings: Assessments, by standing.
    """

    models: tuple[tuple[str, str], ...]
    started: dict[str, int]
    events: tuple[EventTally, ...]
    attempts: tuple[AttemptTally, ...]
    open_jobs: tuple[OpenJobTally, ...]
    decisions: dict[str, int]
    flags: FlagTally
    call_errors: dict[tuple[str, str], int]
    standings: dict[str, int]
