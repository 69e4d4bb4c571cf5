"""What the verbs need from the outside: a clock, stores, and one manager per provider; and the engine they make up.

Adapters live in `providers`, `ledger` and `storage` and are put together in `wiring`. The ledger has its own module.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import pandas as pd

from cj_pipeline.domain.batches import BatchJobItem, BatchJobRef, BatchJobResult, JobLimits
from cj_pipeline.domain.snapshot import AssessmentSnapshot
from cj_pipeline.engine.ledger_port import Ledger
from cj_pipeline.engine.options import EngineOptions
from cj_pipeline.engine.records import JobRecord, StoredFile


class Clock(Protocol):
    """Tells the time and lets it pass; tests bring their own."""

    def now(self) -> datetime:
        """The current time, aware, UTC."""
        ...

    def wait(self, seconds: float) -> None:
        """Let time pass."""
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


class RawStore(Protocol):
    """Keeps the bytes that went to and came from providers, immutable and named by their digest."""

    def put(self, folder: str, name: str, chunks: Iterable[bytes]) -> StoredFile:
        """Store bytes under `folder/name-<digest>`, durable before this returns."""
        ...

    def find(self, folder: str, stem: str) -> list[StoredFile]:
        """The files that were stored under `folder` as `stem` and a digest, by path; empty if none."""
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

    def remove_table(self, assessment: str, name: str) -> None:
        """Remove a table that no longer holds; one that is not there is fine."""
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
        """Create the job. It is billed from here on.

        Raises:
            QueueFullError: Too much waits at the provider already; nothing was created.
            SpendLimitError: The account cannot pay; nothing was created.
        """
        ...

    def ask(self, request: bytes) -> bytes:
        """Put one request, as `encode` wrote it, to the model at once.

        Returns:
            The answer, or the model's refusal of this one request (4xx), as a result line that `decode` reads.

        Raises:
            TransientProviderError: Certainly not answered (429, 503, 529, never sent); repeat freely.
            PermanentProviderError: Certainly not answered, and no other request would be (key, model, permission).
            SpendLimitError: The account cannot pay.
            IndeterminateProviderError: It may have been answered and paid for; the answer is lost.
        """
        ...

    def locate(self, job: JobRecord, known: Collection[str]) -> Located:
        """Find out whether a create call without a clear answer had its effect; `known` are ids of other jobs."""
        ...

    def status(self, job: JobRecord) -> BatchJobRef:
        """Where the job stands."""
        ...

    def collect(self, job: JobRecord, raw: RawStore, folder: str, *, accept_short: bool = False) -> list[StoredFile]:
        """Store all result files of an ended job, byte for byte.

        Raises:
            ShortResultsError: A file has fewer rows than there should be, and `accept_short` is not set.
        """
        ...

    def decode(self, line: bytes) -> BatchJobResult | None:
        """Read one result line; None where it is no result row."""
        ...

    def cancel(self, provider_batch_id: str) -> None:
        """Ask for the end of a job; a job that has ended already is left as it is."""
        ...

    def purge(self, job: JobRecord) -> None:
        """Delete what the provider keeps of an ended job, requests and results; what is gone already is fine."""
        ...

    def close(self) -> None:
        """Give back connections."""
        ...


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
