"""What the verbs need from the outside: a clock, a ledger, stores, and one manager per provider.

Adapters live in `providers`, `ledger` and `storage` and are put together in `wiring`.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import pandas as pd

from cj_pipeline.domain.batches import BatchJobItem, BatchJobRef, BatchJobResult, JobLimits, JobPhase
from cj_pipeline.domain.snapshot import AssessmentSnapshot
from cj_pipeline.engine.records import (
    AttemptOutcome,
    AttemptRecord,
    CollectionCounts,
    ComparisonRecord,
    JobRecord,
    SessionRecord,
    SessionTotals,
)


class Clock(Protocol):
    """Tells the time; tests bring their own."""

    def now(self) -> datetime:
        """The current time, aware, UTC."""
        ...


@dataclass(frozen=True, slots=True)
class Located:
    """A provider was searched for a job whose create call had no clear answer.

    Attributes:
        refs: Jobs at the provider that hold exactly this job's requests, oldest first; empty if there are none.
        unsettled: Why the search cannot be trusted yet, empty if it can.
    """

    refs: tuple[BatchJobRef, ...] = ()
    unsettled: str = ""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """Raw bytes that were stored for good.

    Attributes:
        path: Where, relative to the raw store.
        sha256: Digest of the bytes.
        size_bytes: Their number.
    """

    path: str
    sha256: str
    size_bytes: int


class RawStore(Protocol):
    """Keeps the bytes that went to and came from providers, immutable and named by their digest."""

    def put(self, folder: str, name: str, chunks: Iterable[bytes]) -> StoredFile:
        """Store bytes under `folder/name-<digest>`, durable before this returns."""
        ...

    def lines(self, path: str) -> Iterator[bytes]:
        r"""Lines of a stored file, split at `\n` only, without it; empty ones are left out. Altered bytes raise."""
        ...


class TableStore(Protocol):
    """Keeps what was read and what was computed, per assessment."""

    def save_snapshot(self, snapshot: AssessmentSnapshot) -> None:
        """Keep a snapshot; the latest one counts."""
        ...

    def load_snapshot(self, assessment: str) -> AssessmentSnapshot | None:
        """The latest snapshot, or None."""
        ...

    def save_table(self, assessment: str, name: str, table: pd.DataFrame) -> None:
        """Keep a table as Parquet and CSV."""
        ...


class BatchJobManager(Protocol):
    """One provider's batch API in neutral words.

    Calls that fail raise `TransientProviderError`, `PermanentProviderError` or, where the call may have had its
    effect, `IndeterminateProviderError`. No call is repeated inside.
    """

    provider: str
    account: str
    limits: JobLimits

    def encode(self, item: BatchJobItem) -> bytes:
        """The request as this provider's batch line, canonical JSON, without a line end."""
        ...

    def cursor(self) -> str:
        """What `locate` needs to know from before a create call; empty where it needs nothing."""
        ...

    def schedule(self, job: JobRecord, requests: Iterable[bytes]) -> BatchJobRef:
        """Create the job. It is billed from here on."""
        ...

    def locate(self, job: JobRecord, known: Collection[str]) -> Located:
        """Find out whether a create call without a clear answer had its effect; `known` are ids of other jobs."""
        ...

    def status(self, job: JobRecord) -> BatchJobRef:
        """Where the job stands."""
        ...

    def collect(self, job: JobRecord, raw: RawStore, folder: str) -> list[StoredFile]:
        """Store all result files of an ended job, byte for byte."""
        ...

    def decode(self, line: bytes) -> BatchJobResult | None:
        """Read one result line; None where it is no result row."""
        ...

    def cancel(self, provider_batch_id: str) -> None:
        """Ask for the end of a job; a job that has ended already is left as it is."""
        ...

    def close(self) -> None:
        """Give back connections."""
        ...


class Ledger(Protocol):
    """The one place that knows what was asked, paid for and answered. Every method is one transaction."""

    def lease(self, name: str, ttl_s: float, now: datetime) -> AbstractContextManager[None]:
        """Hold `name` exclusively; raises `LeaseHeldError` while somebody else does."""
        ...

    def open_session(self, session: SessionRecord) -> SessionRecord:
        """Keep a session unless one with its key exists; returns the one that counts."""
        ...

    def session(self, key: str) -> SessionRecord | None:
        """The session with this key."""
        ...

    def sessions(self, assessment: str) -> list[SessionRecord]:
        """All sessions of an assessment, oldest first."""
        ...

    def add_comparisons(self, comparisons: Sequence[ComparisonRecord]) -> int:
        """Keep planned comparisons; those known already stay as they are. Returns the number of new ones."""
        ...

    def comparisons(self, session_id: str) -> list[ComparisonRecord]:
        """All comparisons of a session in the order of the plan."""
        ...

    def drop_planned(self, comparison_ids: Sequence[str]) -> int:
        """Forget comparisons that were planned and never asked. Returns the number dropped."""
        ...

    def prepare_job(self, job: JobRecord, attempts: Sequence[AttemptRecord]) -> bool:
        """Keep a job and its attempts and mark their comparisons in flight; False if the job is known already."""
        ...

    def begin_submitting(self, job_id: str, now: datetime, cursor: str, look_at: datetime) -> bool:
        """Write the intent to create; False if somebody else was faster.

        `look_at` is when a poller may start to look for the job, should its sender never come back.
        """
        ...

    def mark_submitted(self, job_id: str, ref: BatchJobRef, next_poll_at: datetime) -> None:
        """Keep the provider's id."""
        ...

    def mark_not_sent(self, job_id: str, message: str) -> None:
        """The create call certainly had no effect: back to prepared."""
        ...

    def mark_rejected(self, job_id: str, message: str) -> None:
        """The provider refused the job for good: its comparisons are planned again, its attempts never happened."""
        ...

    def record_poll(self, job_id: str, ref: BatchJobRef, next_poll_at: datetime, now: datetime) -> None:
        """Keep where a job stands."""
        ...

    def record_poll_error(self, job_id: str, message: str, next_poll_at: datetime) -> None:
        """Keep that a poll failed."""
        ...

    def jobs(
        self,
        *,
        session_id: str | None = None,
        assessment: str | None = None,
        phases: Sequence[JobPhase] | None = None,
        limit: int | None = None,
        due_at: datetime | None = None,
    ) -> list[JobRecord]:
        """Jobs, oldest first; those due for a poll at `due_at`, longest overdue first."""
        ...

    def attempts(self, job_id: str) -> dict[str, AttemptRecord]:
        """Attempts of a job by custom id."""
        ...

    def record_results(
        self,
        job_id: str,
        outcomes: Iterable[AttemptOutcome],
        counts: CollectionCounts,
        files: Sequence[StoredFile],
        now: datetime,
    ) -> bool:
        """Give every attempt its outcome and close the job; False if it was collected before."""
        ...

    def collection_counts(self, session_id: str) -> CollectionCounts:
        """Sums over the session's collected jobs."""
        ...

    def n_outcomes(self, session_id: str) -> int:
        """Attempts of a session that have their outcome."""
        ...

    def totals(self, session_id: str) -> SessionTotals:
        """What the session has come to so far."""
        ...

    def record_decision(
        self, session_id: str, wave: int, decision: str, numbers: Mapping[str, Any], now: datetime
    ) -> None:
        """Keep a decision with the numbers it saw."""
        ...


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """Every wait of the engine, so that tests need no sleeping.

    Attributes:
        poll_min_s: First pause between two polls of a job.
        poll_max_s: Longest pause between two polls of a job.
        settle_s: How long a create call without a clear answer is searched for before its job is sent again.
        lease_s: How long work is held for a process that may have died.
        max_attempts: Most times a comparison is asked.
        max_polls_per_tick: Most jobs polled in one go.
    """

    poll_min_s: float = 30.0
    poll_max_s: float = 300.0
    settle_s: float = 600.0
    lease_s: float = 60.0
    max_attempts: int = 3
    max_polls_per_tick: int = 50


@dataclass(frozen=True, slots=True)
class Engine:
    """Everything a verb needs.

    Attributes:
        ledger: Knows what was asked, paid for and answered.
        raw: Keeps providers' bytes.
        tables: Keeps snapshots and tables.
        managers: One per provider, by name.
        clock: Tells the time.
        options: Waits and bounds.
    """

    ledger: Ledger
    raw: RawStore
    tables: TableStore
    managers: Mapping[str, BatchJobManager]
    clock: Clock
    options: EngineOptions

    @property
    def accounts(self) -> dict[str, str]:
        """Who is asked, by provider."""
        return {name: manager.account for name, manager in self.managers.items()}
