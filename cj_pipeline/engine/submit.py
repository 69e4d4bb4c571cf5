"""Submit: intent before money, one job at a time.

For every job: the request bytes are stored and its row written (`prepared`); the intent is committed (`submitting`);
only then the provider is called, once; only a clear answer moves it on. A job found in `submitting` belongs to a
process that died or got no clear answer: the provider is asked what became of it before anything is sent again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from cj_pipeline.domain.assessment import JudgeSpec
from cj_pipeline.domain.batches import JobPhase
from cj_pipeline.domain.snapshot import AssessmentSnapshot
from cj_pipeline.engine.cost import require_within_limit, spending, worst_case_usd
from cj_pipeline.engine.plan import load_snapshot, needs_asking, planned_session, split_current
from cj_pipeline.engine.poll import is_ours
from cj_pipeline.engine.ports import Engine
from cj_pipeline.engine.reconcile import settle
from cj_pipeline.engine.records import ComparisonRecord, JobRecord, SessionRecord
from cj_pipeline.engine.requests import RequestWriter
from cj_pipeline.errors import (
    IndeterminateProviderError,
    PermanentProviderError,
    TransientProviderError,
)

EMULATOR_ACCOUNT = "emulator"
"""Account name of the loopback emulator: its answers are synthetic and cost nothing."""


@dataclass
class Submission:
    """What a submission did.

    Attributes:
        session: Judging session.
        n_requests: Requests sent just now.
        sent: Jobs created just now.
        adopted: Jobs found at the provider whose create call had no clear answer.
        waiting: Why a job could not be sent yet, one line per job.
        cancelled_duplicates: Provider ids of jobs that existed twice and were cancelled.
    """

    session: SessionRecord
    n_requests: int = 0
    sent: list[str] = field(default_factory=list)
    adopted: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    cancelled_duplicates: list[str] = field(default_factory=list)


def submit(engine: Engine, name: str) -> Submission:
    """Send what has to be asked. Repeating it sends nothing twice.

    Args:
        engine: The engine.
        name: The assessment.

    Raises:
        ConfigurationError: The pair set was never planned.
        LeaseHeldError: Another process is submitting this assessment.
        CostLimitError: A job could pass the cost limit; it was not sent.
        ProviderError: A job was refused; the message says what to do. Jobs sent before it stay sent.
    """
    snapshot = load_snapshot(engine, name)
    session = planned_session(engine, snapshot)
    with engine.ledger.lease(f"submit:{name}", engine.options.lease_s, engine.clock.now()):
        report = Submission(session)
        _resume(engine, name, report)
        for job in _prepare(engine, snapshot, session):
            _send(engine, job, report)
    return report


def _resume(engine: Engine, name: str, report: Submission) -> None:
    """Bring jobs of earlier, interrupted submissions to a known state; release those that were never sent.

    Also those of an earlier judging session, which would otherwise keep their reservation for ever.
    """
    for job in _ours(engine, name, JobPhase.SUBMITTING):
        settled = settle(engine, job)
        report.cancelled_duplicates += settled.cancelled
        if settled.adopted:
            report.adopted.append(settled.adopted)
        elif settled.waiting:
            report.waiting.append(settled.waiting)
    for job in _ours(engine, name, JobPhase.PREPARED):
        # Its comparisons are planned again below, against the essays and the limits as they are now.
        engine.ledger.mark_rejected(job.job_id, "never sent; planned again")


def _ours(engine: Engine, name: str, phase: JobPhase) -> list[JobRecord]:
    return [job for job in engine.ledger.jobs(assessment=name, phases=[phase]) if is_ours(engine, job)]


def _prepare(engine: Engine, snapshot: AssessmentSnapshot, session: SessionRecord) -> Iterator[JobRecord]:
    """Write the next job to the ledger; each is sent before the one after it is written."""
    current, _ = split_current(engine.ledger.comparisons(session.session_id), snapshot)
    open_ = [c for c in current if needs_asking(c, engine.options.max_attempts)]
    for judge in snapshot.assessment.judges:
        mine = [c for c in open_ if c.judge == judge.name]
        writer = RequestWriter(snapshot, session, judge, engine.managers[judge.provider])
        for group in writer.split(mine):
            yield _prepare_one(engine, snapshot, session, judge=judge, writer=writer, group=group)


def _prepare_one(
    engine: Engine,
    snapshot: AssessmentSnapshot,
    session: SessionRecord,
    *,
    judge: JudgeSpec,
    writer: RequestWriter,
    group: Sequence[ComparisonRecord],
) -> JobRecord:
    manager = engine.managers[judge.provider]
    job_id, attempts, lines = writer.job(group)
    reserved = worst_case_usd(judge, [len(line) for line in lines])
    so_far = spending(engine, snapshot.name, session)
    require_within_limit(snapshot.assessment, so_far, reserved, live=manager.account != EMULATOR_ACCOUNT)
    stored = engine.raw.put(f"{snapshot.name}/{job_id}", "requests.jsonl", (line + b"\n" for line in lines))
    job = JobRecord(
        job_id=job_id,
        session_id=session.session_id,
        assessment=snapshot.name,
        provider=judge.provider,
        account=manager.account,
        model=judge.model,
        phase=JobPhase.PREPARED,
        n_requests=len(lines),
        request_path=stored.path,
        request_sha256=stored.sha256,
        reserved_usd=reserved,
        created_at=engine.clock.now(),
    )
    engine.ledger.prepare_job(job, attempts)
    return job


def _send(engine: Engine, job: JobRecord, report: Submission) -> None:
    manager = engine.managers[job.provider]
    cursor = manager.cursor()
    now = engine.clock.now()
    look_at = now + timedelta(seconds=engine.options.lease_s)
    if not engine.ledger.begin_submitting(job.job_id, now, cursor, look_at):
        report.waiting.append(f"job {job.job_id}: another process is sending it.")
        return
    try:
        ref = manager.schedule(replace(job, intent_at=now, cursor=cursor), engine.raw.lines(job.request_path))
    except TransientProviderError as error:
        engine.ledger.mark_not_sent(job.job_id, str(error))
        raise
    except PermanentProviderError as error:
        engine.ledger.mark_rejected(job.job_id, str(error))
        raise
    except IndeterminateProviderError as error:
        report.waiting.append(f"job {job.job_id}: {error} It is looked for at the provider before it is sent again.")
        return
    engine.ledger.mark_submitted(job.job_id, ref, now + timedelta(seconds=engine.options.poll_min_s))
    report.sent.append(job.job_id)
    report.n_requests += job.n_requests
