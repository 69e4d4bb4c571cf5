"""Preparing: the next job is written down, with its bytes stored and its worst case reserved, before it is sent."""

from collections.abc import Sequence

from cj_pipeline.domain.batches import JobPhase, Outcome, input_tokens_of
from cj_pipeline.domain.batching_mode import BatchingMode
from cj_pipeline.domain.judges import JudgeSpec
from cj_pipeline.domain.snapshot import AssessmentSnapshot
from cj_pipeline.engine.cost import require_within_limit, spending, worst_case_usd
from cj_pipeline.engine.modes import cache_lifetime, session_mode
from cj_pipeline.engine.night import within_night
from cj_pipeline.engine.ports import Engine
from cj_pipeline.engine.records import ComparisonRecord, JobRecord, SessionRecord
from cj_pipeline.engine.requests import RequestWriter

EMULATOR_ACCOUNT = "emulator"
"""Account name of the loopback emulator: its answers are synthetic and cost nothing."""

_WANT_MORE_ROOM = {Outcome.TRUNCATED.value, Outcome.INVALID.value}


class JobWriter:
    """Prepares the jobs of one judge.

    Args:
        engine: The engine.
        snapshot: Essays and settings.
        session: Judging session.
        judge: Who is asked.
        enlarged: Whether the output allowance is enlarged.
    """

    def __init__(
        self,
        engine: Engine,
        snapshot: AssessmentSnapshot,
        session: SessionRecord,
        judge: JudgeSpec,
        *,
        enlarged: bool,
    ) -> None:
        mode = session_mode(session, engine.options)
        self._engine, self._snapshot, self._session, self._judge = engine, snapshot, session, judge
        self._enlarged, self._cache = enlarged, cache_lifetime(mode)
        manager = engine.managers[judge.provider]
        self._writer = RequestWriter(snapshot, session, judge, manager, enlarged=enlarged, cache=self._cache)

    def sizes(self, comparisons: Sequence[ComparisonRecord]) -> list[int]:
        """Bytes of every request, line end included."""
        return [self._writer.size(c) for c in comparisons]

    def prepare(self, comparisons: Sequence[ComparisonRecord], mode: str) -> JobRecord:
        """Write a job to the ledger.

        Raises:
            CostLimitError: It could pass the cost limit, or the night's budget; nothing was written.
            LeaseHeldError: Other submissions of the night held it up for too long.
        """
        engine, name = self._engine, self._snapshot.name
        manager = engine.managers[self._judge.provider]
        sizes = self.sizes(comparisons)
        allowance = self._writer.parameters["max_output_tokens"]
        is_batch = mode == BatchingMode.PROVIDER_BATCH_API
        kept = self._writer.static_bytes if self._cache else 0
        reserved = worst_case_usd(self._judge, sizes, max_output_tokens=allowance, batch=is_batch, kept_bytes=kept)
        so_far = spending(engine, name, self._session)
        live = manager.account != EMULATOR_ACCOUNT
        require_within_limit(self._snapshot.assessment, so_far, reserved, live=live)
        job_id, attempts = self._writer.job(comparisons)
        lines = self._writer.lines(comparisons, attempts)
        stored = engine.raw.put(f"{name}/{job_id}", "requests.jsonl", (line + b"\n" for line in lines))
        job = JobRecord(
            job_id=job_id,
            session_id=self._session.session_id,
            assessment=name,
            provider=self._judge.provider,
            account=manager.account,
            model=self._judge.model,
            phase=JobPhase.PREPARED,
            n_requests=len(attempts),
            request_path=stored.path,
            request_sha256=stored.sha256,
            reserved_usd=reserved,
            created_at=engine.clock.now(),
            mode=mode,
            judge=self._judge.name,
            parameters=self._writer.parameters,
            enlarged=self._enlarged,
            queued_tokens=sum(map(input_tokens_of, sizes)) if is_batch else 0,
        )
        with within_night(engine, self._session, reserved, live=live):
            engine.ledger.prepare_job(job, attempts)
        return job


def wants_more_room(comparison: ComparisonRecord) -> bool:
    """Whether the last answer was cut off or was no verdict, so that the next try gets a larger output allowance."""
    return comparison.status in _WANT_MORE_ROOM
