"""Submit: the only verb that spends money. Repeating it sends nothing twice.

A job is written to the ledger first (prepared), then the intent to create it (submitting), then the provider's id
(submitted). Wherever a process dies in between, the next one knows what may exist at the provider and looks before it
sends. What does not belong here: how a job at a provider, or a request by itself, is sent (sending, asking).
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from cj_pipeline.domain.batches import OPEN_PHASES, JobPhase
from cj_pipeline.domain.batching_mode import BatchingMode
from cj_pipeline.domain.continuation import Standing
from cj_pipeline.domain.judges import JudgeSpec
from cj_pipeline.domain.snapshot import AssessmentSnapshot
from cj_pipeline.engine.asking import Asker, release_abandoned
from cj_pipeline.engine.canary import fly_canary
from cj_pipeline.engine.deciding import needs_asking
from cj_pipeline.engine.ledger_port import Lease
from cj_pipeline.engine.modes import session_mode
from cj_pipeline.engine.night import Night, enter
from cj_pipeline.engine.plan import load_snapshot, planned_session, split_current
from cj_pipeline.engine.poll import is_ours
from cj_pipeline.engine.ports import Engine
from cj_pipeline.engine.preparing import JobWriter, wants_more_room
from cj_pipeline.engine.reconcile import settle
from cj_pipeline.engine.records import ComparisonRecord, JobRecord, SessionRecord
from cj_pipeline.engine.sending import BatchSender, Submission
from cj_pipeline.engine.standing import set_standing, why_stopped
from cj_pipeline.errors import CanaryError, CostLimitError, PausedError, PermanentProviderError

Thing = TypeVar("Thing")
Progress = Callable[[int, int], None]
"""Called with the number of requests answered so far and the number to be answered, in the synchronous modes."""


def submit(
    engine: Engine,
    name: str,
    *,
    continues: bool = False,
    night: Night | None = None,
    progress: Progress = lambda _done, _all: None,
) -> Submission:
    """Send what has to be asked. Repeating it sends nothing twice.

    In batch mode it returns when the jobs are accepted, or when no more may wait at the provider. In the synchronous
    modes it returns when every comparison has its outcome.

    Args:
        engine: The engine.
        name: The assessment.
        continues: Whether this goes on with an earlier submission, without a person asking: then it sends nothing for
            an assessment that was paused or cancelled since.
        night: The night whose budget binds it; None: a person submits. A continuation stays in its night.
        progress: Told about every answer in the synchronous modes.

    Raises:
        ConfigurationError: The pair set was never planned.
        LeaseHeldError: Another process is submitting this assessment.
        CostLimitError: A job could pass the cost limit; it was not sent.
        CanaryError: The first requests of a large job failed; the job was not sent.
        PausedError: It continues, and the assessment was paused or cancelled.
        ProviderError: A job was refused; the message says what to do. Jobs sent before it stay sent.
    """
    snapshot = load_snapshot(engine, name)
    session = planned_session(engine, snapshot)
    with engine.ledger.lease(f"submit:{name}", engine.options.lease_s, engine.clock.now()) as lease:
        if continues and (stopped := why_stopped(engine, name)):
            raise PausedError(f"{stopped} Nothing was sent; submit it again to go on.")
        if not continues:
            set_standing(engine, name, Standing.ACTIVE)
            session = enter(engine, session, night)
        report = Submission(session)
        try:
            _Submitting(engine, snapshot, session, lease, report=report, progress=progress).run()
        except (PermanentProviderError, CanaryError) as error:
            # It would meet every request: nothing goes on by itself until a person has looked.
            set_standing(engine, name, Standing.PAUSED, str(error))
            raise
        except CostLimitError as error:
            if not engine.ledger.jobs(assessment=name, phases=[*OPEN_PHASES, JobPhase.ENDED]):
                set_standing(engine, name, Standing.PAUSED, str(error))
                raise
            if not continues:
                raise
            report.waiting.append(f"{error} It is tried again when running jobs have been collected.")
    return report


class _Submitting:
    """One submission under its lease."""

    def __init__(
        self,
        engine: Engine,
        snapshot: AssessmentSnapshot,
        session: SessionRecord,
        lease: Lease,
        *,
        report: Submission,
        progress: Progress,
    ) -> None:
        self._engine, self._snapshot, self._session = engine, snapshot, session
        self._lease, self._report, self._progress = lease, report, progress
        self._mode = session_mode(session, engine.options)
        self._n_answered = 0

    def run(self) -> None:
        self._resume()
        if self._mode is BatchingMode.PROVIDER_BATCH_API:
            self._send_batches()
        else:
            # Each pass asks again what the one before it could not get; attempts are bounded, and so are passes.
            while not self._stopped() and self._ask_all():
                pass

    def _resume(self) -> None:
        """Bring work of earlier, interrupted submissions to a known state; release what was never sent.

        Also that of an earlier judging session, which would otherwise keep its reservation for ever.
        """
        for job in self._ours(JobPhase.SUBMITTING):
            settled = settle(self._engine, job)
            self._report.cancelled_duplicates += settled.cancelled
            if settled.adopted:
                self._report.adopted.append(settled.adopted)
            elif settled.waiting:
                self._report.waiting.append(settled.waiting)
        self._report.n_possibly_paid += release_abandoned(self._engine, self._snapshot)

    def _ours(self, phase: JobPhase) -> list[JobRecord]:
        jobs = self._engine.ledger.jobs(assessment=self._snapshot.name, phases=[phase])
        return [job for job in jobs if is_ours(self._engine, job)]

    def _stopped(self) -> bool:
        stopped = why_stopped(self._engine, self._snapshot.name)
        if stopped:
            self._report.waiting.append(stopped)
        return bool(stopped)

    def _to_ask(self) -> list[ComparisonRecord]:
        current, _ = split_current(self._engine.ledger.comparisons(self._session.session_id), self._snapshot)
        self._report.proven |= {c.judge for c in current if c.winner}
        return [c for c in current if needs_asking(c, self._engine.options.max_attempts)]

    def _groups(self) -> Iterator[tuple[JudgeSpec, JobWriter, list[ComparisonRecord]]]:
        """What is to be asked, by judge and output allowance."""
        open_ = self._to_ask()
        for judge in self._snapshot.assessment.judges:
            for enlarged in (False, True):
                mine = [c for c in open_ if c.judge == judge.name and wants_more_room(c) == enlarged]
                if mine:
                    writer = JobWriter(self._engine, self._snapshot, self._session, judge, enlarged=enlarged)
                    yield judge, writer, mine

    def _send_batches(self) -> None:
        sender = BatchSender(self._engine, self._snapshot.name, self._lease, self._report)
        for judge, writer, mine in self._groups():
            if 0 < self._engine.options.canary_from <= len(mine) and judge.name not in self._report.proven:
                mine = fly_canary(self._asker(), self._engine, writer, mine)  # noqa: PLW2901 (the rest of the group)
                self._report.n_requests += 1
            sender.send(judge, writer, mine)

    def _ask_all(self) -> bool:
        """Ask everything that needs asking once; False if there was nothing."""
        groups = list(self._groups())
        total = self._n_answered + sum(len(mine) for _, _, mine in groups)
        asker = self._asker(total)
        for _, writer, mine in groups:
            for bundles in _chunks(list(_chunks(mine, self._engine.options.bundle_size)), self._bundles_at_a_time()):
                if self._stopped():
                    return False
                self._ask_bundles(asker, writer, bundles)
        return bool(groups)

    def _bundles_at_a_time(self) -> int:
        is_serial = self._mode is BatchingMode.SERIAL_BUNDLE
        return self._engine.options.sync_workers if is_serial else 1

    def _ask_bundles(self, asker: Asker, writer: JobWriter, bundles: Sequence[Sequence[ComparisonRecord]]) -> None:
        jobs = []
        for bundle in bundles:
            job = writer.prepare(bundle, self._mode)
            if self._engine.ledger.begin_asking(job.job_id, self._engine.clock.now()):
                jobs.append(job)
        self._report.sent += [job.job_id for job in jobs]
        self._report.n_requests += sum(job.n_requests for job in jobs)
        if jobs and self._mode is BatchingMode.SERIAL_BUNDLE:
            asker.ask_in_sequence(jobs)
        for job in jobs if self._mode is BatchingMode.PER_REQUEST else ():
            asker.ask_side_by_side(job)

    def _asker(self, total: int = 0) -> Asker:
        def told() -> None:
            self._n_answered += 1
            self._progress(self._n_answered, max(total, self._n_answered))

        return Asker(self._engine, self._snapshot, self._lease, told)


def _chunks(things: Sequence[Thing], size: int) -> Iterator[Sequence[Thing]]:
    for start in range(0, len(things), size):
        yield things[start : start + size]
