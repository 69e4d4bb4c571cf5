"""The balance of a session: every request sent has exactly one outcome."""

from dataclasses import dataclass

from cj_pipeline.domain.batches import JobPhase
from cj_pipeline.engine.ports import Engine
from cj_pipeline.engine.records import CollectionCounts


@dataclass(frozen=True, slots=True)
class Balance:
    """What was sent against what came back, over a session's collected jobs.

    Attributes:
        n_sent: Requests in collected jobs.
        n_outcomes: Attempts with an outcome.
        counts: Rows that did not belong.
    """

    n_sent: int
    n_outcomes: int
    counts: CollectionCounts

    @property
    def fault(self) -> str:
        """What does not add up, empty if everything does."""
        if self.n_sent != self.n_outcomes:
            return f"{self.n_sent} requests were sent and {self.n_outcomes} have an outcome."
        if self.counts.n_strangers:
            return f"{self.counts.n_strangers} result rows name no request of ours."
        if self.counts.n_duplicates:
            return f"{self.counts.n_duplicates} requests were answered twice; the first answer counts."
        if self.counts.n_unreadable:
            return f"{self.counts.n_unreadable} lines of the result files are not result rows."
        return ""

    @property
    def holds(self) -> bool:
        """Whether everything adds up."""
        return not self.fault


def reconcile_session(engine: Engine, session_id: str) -> Balance:
    """Balance a session's collected jobs."""
    jobs = engine.ledger.jobs(session_id=session_id, phases=[JobPhase.COLLECTED])
    return Balance(
        n_sent=sum(job.n_requests for job in jobs),
        n_outcomes=engine.ledger.n_outcomes(session_id),
        counts=engine.ledger.collection_counts(session_id),
    )
