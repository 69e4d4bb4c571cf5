"""Anthropic's Message Batches as a `BatchJobManager`. No call is repeated inside."""

import json
from collections.abc import Callable, Collection, Iterable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from cj_pipeline.domain.batches import BatchJobItem, BatchJobRef, BatchJobResult, BatchJobStatus, JobLimits
from cj_pipeline.domain.plain_text import storable
from cj_pipeline.engine.ports import Located, RawStore, StoredFile
from cj_pipeline.engine.records import JobRecord
from cj_pipeline.errors import PermanentProviderError, TransientProviderError
from cj_pipeline.providers import anthropic_rows
from cj_pipeline.providers.downloads import fetch_whole
from cj_pipeline.providers.lazy_client import LazyClient
from cj_pipeline.providers.transport import translated

if TYPE_CHECKING:
    from anthropic import Anthropic
    from anthropic.types.messages import MessageBatch

_ALREADY_ENDED = (400, 409)
_LIMITS = JobLimits(max_requests=100_000, max_bytes=243_000_000)


class AnthropicJobs:
    """Batch jobs at Anthropic. Implements `engine.ports.BatchJobManager`.

    Args:
        connect: Makes the SDK's client, with its own retries off; called when first needed.
        account: Who is asked: a host name, or `emulator`.
        limits: What one job may hold. The defaults are the documented 100,000 requests and 256 MB with 5 % to spare.
    """

    provider = "anthropic"

    def __init__(self, connect: "Callable[[], Anthropic]", account: str, limits: JobLimits = _LIMITS) -> None:
        self._lazy = LazyClient(connect)
        self.account = account
        self.limits = limits

    @property
    def _client(self) -> "Anthropic":
        return self._lazy.get()

    def close(self) -> None:
        """Give back connections."""
        self._lazy.close()

    def encode(self, item: BatchJobItem) -> bytes:
        """The request as one entry of a batch."""
        return anthropic_rows.encode(item)

    def decode(self, line: bytes) -> BatchJobResult | None:
        """One line of a results file."""
        return anthropic_rows.decode(line)

    def cursor(self) -> str:
        """Id of the newest job there is: a job of ours that is created next can only be newer."""
        with self._errors("list batch jobs"):
            newest = self._client.messages.batches.list(limit=1).data
        return newest[0].id if newest else ""

    def schedule(self, job: JobRecord, requests: Iterable[bytes]) -> BatchJobRef:
        """Create the job from its stored request lines."""
        entries = [json.loads(line) for line in requests]
        with self._errors("create batch job", creates=True):
            batch = self._client.messages.batches.create(requests=entries)
        return _ref(job.job_id, batch)

    def locate(self, job: JobRecord, known: Collection[str]) -> Located:
        """Find the job among those newer than the cursor, by its size and then by its first result row.

        A batch carries no metadata here and names its requests only when it has ended. So one of the same size that
        still runs, and is not another job of ours, keeps the question open.

        Args:
            job: The job.
            known: Provider ids of our other jobs.
        """
        found, running = [], []
        for batch in self._newer_than(job.cursor):
            if batch.id in known or _n_requests(batch) != job.n_requests:
                continue
            if batch.processing_status != "ended":
                running.append(batch.id)
            elif self._first_custom_id(batch).startswith(f"{job.job_id}-"):
                found.append(batch)
        if found or not running:
            return Located(tuple(_ref(job.job_id, batch) for batch in reversed(found)))
        return Located(
            unsettled=f"anthropic batch {', '.join(running)} has as many requests as this job ({job.n_requests}) and "
            "may be it; that can be told when it has ended. Nothing is sent again until then."
        )

    def _newer_than(self, cursor: str) -> "list[MessageBatch]":
        newer = []
        with self._errors("list batch jobs"):
            for batch in self._client.messages.batches.list(limit=100):
                if batch.id == cursor:
                    break
                newer.append(batch)
        return newer

    def _first_custom_id(self, batch: "MessageBatch") -> str:
        self._require_own_host(batch)
        with (
            self._errors("read first result"),
            self._client.messages.batches.with_streaming_response.results(batch.id) as response,
        ):
            head = b""
            for chunk in response.iter_bytes():
                head += chunk
                if b"\n" in head:
                    break
        row = anthropic_rows.decode(head.split(b"\n", 1)[0])
        return row.custom_id if row else ""

    def status(self, job: JobRecord) -> BatchJobRef:
        """Where the job stands."""
        return _ref(job.job_id, self._retrieve(job))

    def collect(self, job: JobRecord, raw: RawStore, folder: str) -> list[StoredFile]:
        """Store the results file."""
        batch = self._retrieve(job)
        if not batch.results_url:
            raise TransientProviderError(
                f"{batch.id} has ended but its results are not there yet; they are fetched at the next collection.",
                provider=self.provider,
                operation="collect results",
            )
        self._require_own_host(batch)
        operation = "download results"

        def fetch() -> StoredFile:
            with (
                self._errors(operation),
                self._client.messages.batches.with_streaming_response.results(batch.id) as response,
            ):
                return raw.put(folder, "results.jsonl", response.iter_bytes())

        return [fetch_whole(fetch, raw, _n_requests(batch), provider=self.provider, operation=operation)]

    def cancel(self, provider_batch_id: str) -> None:
        """Ask for the end of a job; one that has ended already is left as it is."""
        try:
            with self._errors("cancel batch job"):
                self._client.messages.batches.cancel(provider_batch_id)
        except (TransientProviderError, PermanentProviderError) as error:
            if error.status_code not in _ALREADY_ENDED:
                raise

    def _require_own_host(self, batch: "MessageBatch") -> None:
        """The SDK sends the key to whatever host `results_url` names: refuse any but the one we talk to."""
        target, own = urlsplit(batch.results_url or ""), urlsplit(str(self._client.base_url))
        if target.netloc and (target.scheme, target.netloc) != (own.scheme, own.netloc):
            raise PermanentProviderError(
                f"the results of {batch.id} are said to be at {target.netloc}, not at {own.netloc}; they were not "
                "fetched, because the key would be sent there.",
                provider=self.provider,
                operation="collect results",
            )

    def _retrieve(self, job: JobRecord) -> "MessageBatch":
        with self._errors("retrieve batch job"):
            return self._client.messages.batches.retrieve(job.provider_batch_id)

    def _errors(self, operation: str, *, creates: bool = False) -> AbstractContextManager[None]:
        import anthropic  # noqa: PLC0415 (seconds to import, and only processes that ask a provider need it)

        return translated(anthropic, self.provider, operation, creates=creates)


def _n_requests(batch: "MessageBatch") -> int:
    counts = batch.request_counts
    return counts.processing + counts.succeeded + counts.errored + counts.canceled + counts.expired


def _status(batch: "MessageBatch") -> BatchJobStatus:
    match cast("str", batch.processing_status):
        case "in_progress" | "canceling":
            return BatchJobStatus.RUNNING
        case "ended" if batch.request_counts.expired:
            return BatchJobStatus.EXPIRED
        case "ended" if batch.cancel_initiated_at and batch.request_counts.canceled:
            return BatchJobStatus.CANCELLED
        case "ended":
            return BatchJobStatus.COMPLETED
        case _:
            return BatchJobStatus.INDETERMINATE


def _ref(job_id: str, batch: "MessageBatch") -> BatchJobRef:
    status = _status(batch)
    return BatchJobRef(
        job_id=job_id,
        provider="anthropic",
        provider_batch_id=batch.id,
        status=status,
        n_requests=_n_requests(batch),
        # Counts stay at zero until the batch has ended: there is no progress to show.
        n_done=_n_requests(batch) if status.is_terminal else None,
        provider_status=storable(batch.processing_status, 50),
    )
