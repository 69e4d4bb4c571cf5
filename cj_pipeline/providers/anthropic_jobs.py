"""Anthropic's Message Batches as a `BatchJobManager`. No call is repeated inside."""

from collections.abc import Callable, Collection, Iterable
from contextlib import AbstractContextManager
from datetime import timedelta
from http import HTTPStatus
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, cast

from cj_pipeline.domain.batches import BatchJobItem, BatchJobRef, BatchJobResult, BatchJobStatus, JobLimits
from cj_pipeline.domain.plain_text import storable
from cj_pipeline.engine.ports import Located, RawStore
from cj_pipeline.engine.records import JobRecord, StoredFile
from cj_pipeline.errors import PermanentProviderError, TransientProviderError
from cj_pipeline.providers import anthropic_rows
from cj_pipeline.providers.anthropic_results import Results
from cj_pipeline.providers.at_once import OPERATION, checked_row, reply_to
from cj_pipeline.providers.deletion import gone_is_fine
from cj_pipeline.providers.downloads import fetch_whole
from cj_pipeline.providers.lazy_client import LazyClient
from cj_pipeline.providers.transport import Effect, translated

if TYPE_CHECKING:
    from anthropic import Anthropic
    from anthropic.types.messages import MessageBatch

_CLOCK_SLACK = timedelta(days=1)
"""How far the provider's clock may be from ours while we search for a job by its time."""

_NOTHING_TO_CANCEL = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT})
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
        self._results = Results(self._lazy.get, self._errors)
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
        """Create the job from its stored request lines, which are never all in memory."""
        import anthropic.types.messages as types  # noqa: PLC0415 (two seconds to import)

        with TemporaryFile() as body:
            _write_body(body, requests)
            with self._errors("create batch job", Effect.JOB):
                batch = self._client.post(
                    "/v1/messages/batches",
                    cast_to=types.MessageBatch,
                    content=body,
                    options={"headers": {"Content-Type": "application/json"}},
                )
        return _ref(job.job_id, batch)

    def ask(self, request: bytes) -> bytes:
        """Put one request to the model at once; the answer is a line as of a results file."""
        import httpx2  # noqa: PLC0415 (comes with the SDK, and is loaded with it)

        name, params = anthropic_rows.body_of(request)
        reply = reply_to(
            lambda: self._client.post("/v1/messages", cast_to=httpx2.Response, body=params),
            self._errors(OPERATION, Effect.ANSWER),
        )
        return checked_row(anthropic_rows.row_of(name, reply), self.decode, reply, self.provider)

    def locate(self, job: JobRecord, known: Collection[str]) -> Located:
        """Find the job among those newer than the cursor, by its size and then by the names in its results.

        A batch carries no metadata here and names its requests only when it has ended. So one of the same size that
        still runs, or whose results cannot be read yet, and is not another job of ours, keeps the question open.

        Args:
            job: The job.
            known: Provider ids of our other jobs.
        """
        found, unclear = [], []
        for batch in self._newer_than_intent(job):
            if batch.id in known or _n_requests(batch) != job.n_requests:
                continue
            # Asked for by itself: a list may lag behind, and then shows no results.
            now = self._retrieve(batch.id)
            names = self._results.names(now) if now.processing_status == "ended" else None
            if names is None:
                unclear.append(now)
            elif any(name.startswith(f"{job.job_id}-") for name in names):
                found.append(now)
        if found or not unclear:
            return Located(tuple(_ref(job.job_id, batch) for batch in reversed(found)))
        return Located(unsettled=_why_unsettled(job, unclear))

    def _newer_than_intent(self, job: JobRecord) -> "list[MessageBatch]":
        # The cursor is exact, but the batch it names may have been deleted since; then the time ends the walk.
        since = (job.intent_at or job.created_at) - _CLOCK_SLACK
        newer = []
        with self._errors("list batch jobs"):
            for batch in self._client.messages.batches.list(limit=100):
                if batch.id == job.cursor or batch.created_at < since:
                    break
                newer.append(batch)
        return newer

    def status(self, job: JobRecord) -> BatchJobRef:
        """Where the job stands."""
        return _ref(job.job_id, self._retrieve(job.provider_batch_id))

    def collect(self, job: JobRecord, raw: RawStore, folder: str, *, accept_short: bool = False) -> list[StoredFile]:
        """Store the results file."""
        batch = self._retrieve(job.provider_batch_id)
        if not batch.results_url:
            raise TransientProviderError(
                f"{batch.id} has ended but its results are not there yet; they are fetched at the next collection.",
                provider=self.provider,
                operation="collect results",
            )
        operation = "download results"

        def fetch() -> StoredFile:
            with self._results.opened(batch, operation) as response:
                return raw.put(folder, "results.jsonl", response.iter_bytes())

        n_rows = _n_requests(batch)
        stored = fetch_whole(fetch, raw, n_rows, accept_short=accept_short, provider=self.provider, operation=operation)
        return [stored]

    def cancel(self, provider_batch_id: str) -> None:
        """Ask for the end of a job; one that has ended already is left as it is."""
        try:
            with self._errors("cancel batch job"):
                self._client.messages.batches.cancel(provider_batch_id)
        except (TransientProviderError, PermanentProviderError) as error:
            if error.status_code not in _NOTHING_TO_CANCEL or not self._is_ending(provider_batch_id):
                raise

    def _is_ending(self, provider_batch_id: str) -> bool:
        return self._retrieve(provider_batch_id).processing_status in {"canceling", "ended"}

    def purge(self, job: JobRecord) -> None:
        """Delete the batch with its requests and results; the provider refuses that while it runs."""
        if not job.provider_batch_id:
            return
        with gone_is_fine(), self._errors("delete batch job"):
            self._client.messages.batches.delete(job.provider_batch_id)

    def _retrieve(self, provider_batch_id: str) -> "MessageBatch":
        with self._errors("retrieve batch job"):
            return self._client.messages.batches.retrieve(provider_batch_id)

    def _errors(self, operation: str, effect: Effect = Effect.NONE) -> AbstractContextManager[None]:
        import anthropic  # noqa: PLC0415 (seconds to import, and only processes that ask a provider need it)

        return translated(anthropic, self.provider, operation, effect)


def _write_body(body: IO[bytes], requests: Iterable[bytes]) -> None:
    body.write(b'{"requests":[')
    for number, line in enumerate(requests):
        body.write(b"," + line if number else line)
    body.write(b"]}")
    body.seek(0)


def _why_unsettled(job: JobRecord, unclear: "list[MessageBatch]") -> str:
    ids = ", ".join(batch.id for batch in unclear)
    return (
        f"anthropic batch {ids} has as many requests as this job ({job.n_requests}) and may be it; that can be told "
        "when it has ended and its results can be read. Nothing is sent again until then. If it is not ours, cancel or "
        "delete it in the provider's console."
    )


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
