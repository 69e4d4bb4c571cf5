"""From the ledger's sums to numbers on the board: which of them means what. Pure."""

from datetime import datetime
from typing import Final

from cj_pipeline.domain.batches import CANARY, JobEvent, Outcome
from cj_pipeline.domain.batching_mode import BatchingMode, QueueProcessingMode, queue_processing_mode
from cj_pipeline.ledger.tallies import AttemptTally, EventTally, OpenJobTally, Tallies
from cj_pipeline.observability import catalogue as known
from cj_pipeline.observability.board import Board
from cj_pipeline.observability.series import ExpiryReason, Result

_BATCH: Final = BatchingMode.PROVIDER_BATCH_API
_RESULTS: Final = {
    Outcome.OK: Result.SUCCESS,
    Outcome.EXPIRED: Result.EXPIRED,
    Outcome.CANCELLED: Result.CANCELLED,
}


def counted(tallies: Tallies, now: datetime) -> Board:
    """Put the whole ledger on a board.

    Args:
        tallies: The ledger in sums, by the bounds of the catalogue.
        now: The time, for ages.
    """
    board = Board(known.CATALOGUE, tallies.models)
    for event in tallies.events:
        _count_event(board, event)
    for attempt in tallies.attempts:
        _count_outcome(board, attempt)
        _count_usage(board, attempt)
    for job in tallies.open_jobs:
        _count_open(board, job, now)
    _count_assessments(board, tallies)
    for labels, n in tallies.call_errors.items():
        board.add(known.CALL_FAILURES, labels, n)
    return board


def _count_event(board: Board, tally: EventTally) -> None:
    model = (tally.provider, tally.model)
    if tally.mode == _BATCH:
        board.add(known.JOBS, (*model, tally.event), tally.n)
        if tally.event == JobEvent.SCHEDULED:
            board.add(known.REQUESTS, (tally.mode,), tally.n_requests)
            board.observe(known.ITEMS_PER_JOB, model, tally.items_bucket, tally.n, tally.n_requests)
        elif tally.seconds_bucket is not None:
            board.observe(known.JOB_DURATION, model, tally.seconds_bucket, tally.n, tally.duration_us)
    elif tally.mode == BatchingMode.SERIAL_BUNDLE and tally.event == JobEvent.COMPLETED:
        board.add(known.BUNDLES, model, tally.n)
        board.observe(known.ITEMS_PER_BUNDLE, model, tally.items_bucket, tally.n, tally.n_requests)


def _count_outcome(board: Board, tally: AttemptTally) -> None:
    model, outcome = (tally.provider, tally.model), Outcome(tally.outcome)
    queue = (queue_of(tally.mode), _RESULTS.get(outcome, Result.FAILURE))
    if tally.mode != _BATCH:
        board.add(known.REQUESTS, (batching_mode_of(tally.mode),), tally.n)
    board.add(known.CALLBACKS, queue, tally.n)
    if tally.wait_bucket is not None:
        board.observe(known.QUEUE_WAIT, queue, tally.wait_bucket, tally.n, tally.wait_us)
    if tally.response_bucket is not None:
        board.observe(known.RESPONSE_TIME, model, tally.response_bucket, tally.n, tally.response_us)
    if outcome is not Outcome.OK:
        kind = tally.error_type or "unknown" if outcome is Outcome.ERRORED else outcome.value
        board.add(known.ERRORS, (*model, kind), tally.n)
    if reason := _expiry_reason(tally, outcome):
        board.add(known.EXPIRY, (tally.provider, queue_of(tally.mode), reason), tally.n)


def _expiry_reason(tally: AttemptTally, outcome: Outcome) -> ExpiryReason | None:
    if outcome is Outcome.EXPIRED:
        return ExpiryReason.WINDOW
    is_gone = outcome is Outcome.MISSING and tally.possibly_paid
    return ExpiryReason.RETENTION if is_gone else None


def _count_usage(board: Board, tally: AttemptTally) -> None:
    model = (tally.provider, tally.model)
    board.add(known.TOKENS, (*model, "input"), tally.input_tokens)
    board.add(known.TOKENS, (*model, "output"), tally.output_tokens)
    board.add(known.REASONING_TOKENS, model, tally.reasoning_tokens)
    board.add(known.CACHE_TOKENS, (*model, "read"), tally.cached_input_tokens)
    board.add(known.CACHE_TOKENS, (*model, "write"), tally.cache_write_tokens)
    board.add(known.COST, (*model, "true" if tally.synthetic else "false"), tally.cost_nano_usd)
    board.add(known.UNPRICED, model, tally.n_unpriced)


def _count_open(board: Board, tally: OpenJobTally, now: datetime) -> None:
    labels = (tally.provider, tally.phase)
    board.add(known.OPEN_JOBS, labels, tally.n)
    board.add(known.OPEN_REQUESTS, labels, tally.n_requests)
    if tally.since is not None:
        board.raise_to(known.OLDEST_JOB, labels, (now - tally.since).total_seconds())
    if tally.poll_due_at is not None:
        board.raise_to(known.POLL_OVERDUE, (tally.provider,), (now - tally.poll_due_at).total_seconds())


def _count_assessments(board: Board, tallies: Tallies) -> None:
    for mode, n in tallies.started.items():
        board.add(known.STARTED, (mode,), n)
    for decision, n in tallies.decisions.items():
        board.add(known.DECISIONS, (decision,), n)
    for standing, n in tallies.standings.items():
        board.add(known.ASSESSMENTS, (standing,), n)
    board.add(known.SE_INFLATED, (), tallies.flags.bt_se_inflated)
    board.add(known.SPARSE_COVERAGE, (), tallies.flags.comparison_coverage_sparse)
    board.add(known.ISOLATED_ITEMS, (), tallies.flags.has_isolated_items)


def queue_of(mode: str) -> QueueProcessingMode:
    """How requests of a job's mode are worked off; a canary is asked by itself."""
    return QueueProcessingMode.PER_REQUEST if mode == CANARY else queue_processing_mode(BatchingMode(mode))


def batching_mode_of(mode: str) -> BatchingMode:
    """The batching mode behind a job's mode; a canary flies ahead of batch jobs."""
    return _BATCH if mode == CANARY else BatchingMode(mode)
