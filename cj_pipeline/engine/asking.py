"""Asking: a worker of ours puts requests to a model one by one. For the synchronous modes and for canaries.

Every request is written down before it is sent, its answer is stored before it is read, and a request without a clear
answer counts as possibly paid. A worker that dies leaves nothing in doubt but the requests it had sent just then; the
next one takes up the rest. What does not belong here: which comparisons are asked, and in which order (submit).
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from threading import Event

from cj_pipeline.domain.batches import JobPhase, index_in_job
from cj_pipeline.domain.snapshot import AssessmentSnapshot
from cj_pipeline.engine.ledger_port import Lease
from cj_pipeline.engine.outcomes import answered, price_of, unclear
from cj_pipeline.engine.poll import is_ours
from cj_pipeline.engine.ports import Engine
from cj_pipeline.engine.records import AttemptOutcome, AttemptRecord, JobRecord
from cj_pipeline.engine.standing import why_stopped
from cj_pipeline.errors import (
    IndeterminateProviderError,
    PermanentProviderError,
    ProviderError,
    SpendLimitError,
    TransientProviderError,
)

_MOST_REFUSALS = 8
_LOOK_S = 2.0
"""How often a worker looks whether it is to stop, and renews its lease."""

_FIRST_PAUSE_S = 1.0
_LONGEST_PAUSE_S = 120.0


@dataclass
class Asker:
    """Puts the requests of jobs to their models.

    Args:
        engine: The engine.
        snapshot: Essays and settings; prices come from it.
        lease: Held while it works, and renewed.
        on_answer: Called after every outcome.
    """

    engine: Engine
    snapshot: AssessmentSnapshot
    lease: Lease
    on_answer: Callable[[], None] = lambda: None
    _stop: Event = field(default_factory=Event)

    def ask_side_by_side(self, job: JobRecord) -> None:
        """Ask all requests of a job, several at a time."""
        with self._ending([job]):
            tasks = [partial(self._ask, job, attempt, line) for attempt, line in self._requests(job)]
            self._run(job.assessment, tasks)

    def ask_in_sequence(self, jobs: Sequence[JobRecord]) -> None:
        """Ask several bundles at a time, each request of a bundle after the one before it has been answered."""
        with self._ending(jobs):
            self._run(jobs[0].assessment, [partial(self._ask_bundle, job) for job in jobs])

    @contextmanager
    def _ending(self, jobs: Sequence[JobRecord]) -> Iterator[None]:
        """End jobs when their requests were asked, or the provider stopped it. After any other fault they stay open.

        The next worker then finds out what had been sent.
        """
        try:
            yield
        except ProviderError:
            with suppress(ValueError):  # a request in doubt as well: that one is settled by the next worker
                self._end(jobs)
            raise
        self._end(jobs)

    def _requests(self, job: JobRecord) -> list[tuple[AttemptRecord, bytes]]:
        attempts = self.engine.ledger.attempts(job.job_id)
        lines = self.engine.raw.lines(job.request_path)
        return list(zip(attempts.values(), lines, strict=True))

    def _ask_bundle(self, job: JobRecord) -> None:
        for attempt, line in self._requests(job):
            self._ask(job, attempt, line)

    def _run(self, name: str, tasks: Sequence[Callable[[], None]]) -> None:
        """Run tasks on the workers; the first fault lets the others finish what they have sent, and no more."""
        with ThreadPoolExecutor(self.engine.options.sync_workers, "asking") as pool:
            open_: set[Future[None]] = {pool.submit(task) for task in tasks}
            try:
                while open_:
                    done, open_ = wait(
                        open_, timeout=min(_LOOK_S, self.engine.options.lease_s / 3), return_when=FIRST_EXCEPTION
                    )
                    self.lease.renew(self.engine.clock.now())
                    if why_stopped(self.engine, name):
                        self._stop.set()
                    for task in done:
                        task.result()
            finally:
                # Also where the loop is left by an error: what is queued must not be sent any more.
                if open_:
                    self._stop.set()

    def _end(self, jobs: Sequence[JobRecord]) -> None:
        for job in jobs:
            self.engine.ledger.end_asking(job.job_id, self.engine.clock.now())

    def _ask(self, job: JobRecord, attempt: AttemptRecord, line: bytes) -> None:
        manager, ledger = self.engine.managers[job.provider], self.engine.ledger
        for refusals in range(_MOST_REFUSALS):
            if self._stop.is_set():
                return
            sent_at = self.engine.clock.now()
            ledger.mark_sent(attempt.custom_id, sent_at)
            sent = replace(attempt, sent_at=sent_at)
            try:
                row = manager.ask(line)
            except TransientProviderError as error:
                ledger.withdraw(attempt.custom_id)
                if refusals + 1 == _MOST_REFUSALS:
                    self._stop.set()
                    raise
                self._pause(refusals, error.retry_after_s)
            except IndeterminateProviderError as error:
                self._record(_timed(unclear(job, attempt.custom_id, str(error)), job, sent))
                return
            except PermanentProviderError:
                ledger.withdraw(attempt.custom_id)
                self._stop.set()
                raise
            except BaseException:
                # Whether it was answered is not known: the next worker counts it as possibly paid.
                self._stop.set()
                raise
            else:
                self._keep(job, sent, row)
                return

    def _pause(self, refusals: int, retry_after_s: float | None) -> None:
        pause = max(_FIRST_PAUSE_S * 2**refusals, retry_after_s or 0.0)
        self.engine.clock.wait(min(pause, _LONGEST_PAUSE_S))

    def _keep(self, job: JobRecord, attempt: AttemptRecord, row: bytes) -> None:
        """Store an answer, then record what it says."""
        answered_at = self.engine.clock.now()
        self.engine.raw.put(job.folder, f"{_stem(job, attempt)}.jsonl", [row + b"\n"])
        outcome = _timed(_read(self.engine, self.snapshot, job, attempt, row), job, attempt, answered_at)
        self._record(outcome)
        if outcome.excused:
            self._stop.set()
            raise SpendLimitError(outcome.error, provider=job.provider, operation="ask")

    def _record(self, outcome: AttemptOutcome) -> None:
        if self.engine.ledger.record_answer(outcome):
            self.on_answer()


def release_abandoned(engine: Engine, snapshot: AssessmentSnapshot) -> int:
    """Bring what a submission that died has left to a known state; the caller holds the assessment's lease.

    Jobs that were written down and never sent are dropped: their comparisons are planned again, against the essays and
    the limits as they will be then.

    Returns:
        Requests that may have been paid for.
    """
    n_unclear = settle_interrupted(engine, snapshot)
    for job in engine.ledger.jobs(assessment=snapshot.name, phases=[JobPhase.PREPARED]):
        if is_ours(engine, job):
            engine.ledger.mark_rejected(job.job_id, "never sent; planned again")
    return n_unclear


def settle_interrupted(engine: Engine, snapshot: AssessmentSnapshot) -> int:
    """Bring the jobs of a worker that died to an end; the caller holds the assessment's lease.

    An answer that was stored is recorded; a request that was sent and has no stored answer counts as possibly paid;
    one that was never sent leaves its job, and its comparison is planned again.

    Returns:
        Requests that may have been paid for.
    """
    n_unclear = 0
    for job in engine.ledger.jobs(assessment=snapshot.name, phases=[JobPhase.ASKING]):
        if not is_ours(engine, job):
            continue
        for attempt in engine.ledger.attempts(job.job_id).values():
            if attempt.sent_at is not None and attempt.outcome is None:
                outcome = _timed(_found_or_unclear(engine, snapshot, job, attempt), job, attempt)
                n_unclear += outcome.possibly_paid and engine.ledger.record_answer(outcome)
                if not outcome.possibly_paid:
                    engine.ledger.record_answer(outcome)
        engine.ledger.end_asking(job.job_id, engine.clock.now())
    return n_unclear


def _found_or_unclear(
    engine: Engine, snapshot: AssessmentSnapshot, job: JobRecord, attempt: AttemptRecord
) -> AttemptOutcome:
    for file in engine.raw.find(job.folder, _stem(job, attempt)):
        for row in engine.raw.lines(file.path):
            return _read(engine, snapshot, job, attempt, row)
    return unclear(job, attempt.custom_id, "the process that had sent it ended before an answer was stored")


def _read(
    engine: Engine, snapshot: AssessmentSnapshot, job: JobRecord, attempt: AttemptRecord, row: bytes
) -> AttemptOutcome:
    result = engine.managers[job.provider].decode(row)
    if result is None or result.custom_id != attempt.custom_id:
        return unclear(job, attempt.custom_id, "the answer could not be read as one")
    return answered(job, result, price_of(snapshot, job))


def _timed(
    outcome: AttemptOutcome, job: JobRecord, attempt: AttemptRecord, answered_at: datetime | None = None
) -> AttemptOutcome:
    """The outcome with how long its request waited until it was sent, and for its answer where there is one."""
    if attempt.sent_at is None:
        return outcome
    # Another machine may have prepared it, and clocks differ.
    wait_s = max(0.0, (attempt.sent_at - job.created_at).total_seconds())
    answer_s = max(0.0, (answered_at - attempt.sent_at).total_seconds()) if answered_at else None
    return replace(outcome, queue_wait_s=wait_s, response_s=answer_s)


def _stem(job: JobRecord, attempt: AttemptRecord) -> str:
    return f"answer-{index_in_job(job.job_id, attempt.custom_id, 1_000_000):06d}"
