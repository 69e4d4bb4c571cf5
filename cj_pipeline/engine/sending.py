"""Sending: batch jobs of one judge to their provider, one at a time, as many as may wait there."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from cj_pipeline.domain.batching_mode import BatchingMode
from cj_pipeline.domain.judges import JudgeSpec
from cj_pipeline.engine.admission import learn_from_refusal, next_job_size, room_for
from cj_pipeline.engine.ledger_port import Lease
from cj_pipeline.engine.ports import Engine
from cj_pipeline.engine.preparing import JobWriter
from cj_pipeline.engine.records import ComparisonRecord, JobRecord, SessionRecord
from cj_pipeline.engine.standing import is_cancelled, why_stopped
from cj_pipeline.errors import (
    IndeterminateProviderError,
    PermanentProviderError,
    QueueFullError,
    TransientProviderError,
)


@dataclass
class Submission:
    """What a submission did.

    Attributes:
        session: Judging session.
        n_requests: Requests sent just now.
        sent: Jobs created just now, or asked one by one.
        adopted: Jobs found at the provider whose create call had no clear answer.
        waiting: Why something could not be sent yet, one line each.
        cancelled_duplicates: Provider ids of jobs that existed twice and were cancelled.
        n_held: Comparisons that wait for room in a provider's queue; they follow when jobs have ended.
        n_possibly_paid: Requests of an interrupted worker that may have been paid for.
        proven: Judges that have given a verdict in this judging session, so that they need no canary.
    """

    session: SessionRecord
    n_requests: int = 0
    sent: list[str] = field(default_factory=list)
    adopted: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    cancelled_duplicates: list[str] = field(default_factory=list)
    n_held: int = 0
    n_possibly_paid: int = 0
    proven: set[str] = field(default_factory=set)


class BatchSender:
    """Sends batch jobs and notes what happened.

    Args:
        engine: The engine.
        name: The assessment.
        lease: Held while it works, and renewed before each job.
        report: What happened.
    """

    def __init__(self, engine: Engine, name: str, lease: Lease, report: Submission) -> None:
        self._engine, self._name, self._lease, self._report = engine, name, lease, report

    def send(self, judge: JudgeSpec, writer: JobWriter, comparisons: Sequence[ComparisonRecord]) -> None:
        """Send comparisons in as many jobs as it takes, and as may wait at the provider."""
        sizes = writer.sizes(comparisons)
        start = 0
        while start < len(comparisons):
            if stopped := why_stopped(self._engine, self._name):
                self._report.waiting.append(stopped)
                return
            room = room_for(self._engine, judge.provider, judge.model)
            n = next_job_size(room, sizes[start:])
            if not n or not self._send_one(writer.prepare(comparisons[start : start + n], _BATCH)):
                self._hold(len(comparisons) - start, judge, room.wait)
                return
            start += n

    def _hold(self, n_held: int, judge: JudgeSpec, why: str) -> None:
        self._report.n_held += n_held
        why = why or f"as many tokens wait for {judge.model} as the account may have."
        self._report.waiting.append(f"{n_held} comparisons of {judge.name} follow when there is room: {why}")

    def _send_one(self, job: JobRecord) -> bool:
        """Create a job; False if the provider's queue was full after all."""
        engine = self._engine
        manager, now = engine.managers[job.provider], engine.clock.now()
        self._lease.renew(now)
        cursor = manager.cursor()
        look_at = now + timedelta(seconds=engine.options.lease_s)
        if not engine.ledger.begin_submitting(job.job_id, now, cursor, look_at):
            self._report.waiting.append(f"job {job.job_id}: another process is sending it.")
            return True
        try:
            ref = manager.schedule(replace(job, intent_at=now, cursor=cursor), engine.raw.lines(job.request_path))
        except QueueFullError as error:
            engine.ledger.mark_rejected(job.job_id, str(error))
            learn_from_refusal(engine, job)
            return False
        except TransientProviderError as error:
            engine.ledger.mark_not_sent(job.job_id, str(error))
            raise
        except PermanentProviderError as error:
            engine.ledger.mark_rejected(job.job_id, str(error))
            raise
        except IndeterminateProviderError as error:
            looked_for = "It is looked for at the provider before it is sent again."
            self._report.waiting.append(f"job {job.job_id}: {error} {looked_for}")
            return True
        engine.ledger.mark_submitted(job.job_id, ref, now + timedelta(seconds=engine.options.poll_min_s))
        self._report.sent.append(job.job_id)
        self._report.n_requests += job.n_requests
        if is_cancelled(engine, self._name):
            # It was cancelled while this job was on its way.
            manager.cancel(ref.provider_batch_id)
            engine.ledger.request_cancel(job.job_id, engine.clock.now())
        return True


_BATCH = BatchingMode.PROVIDER_BATCH_API.value
