"""OpenAI's Batch API as a `BatchJobManager`: create, retrieve, download, cancel, delete. No call is repeated inside."""

from collections.abc import Callable, Collection, Iterable
from contextlib import AbstractContextManager
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, cast

from cj_pipeline.domain.batches import (
    BatchJobItem,
    BatchJobRef,
    BatchJobResult,
    BatchJobStatus,
    JobLimits,
    Usage,
)
from cj_pipeline.domain.plain_text import storable
from cj_pipeline.engine.ports import Located, RawStore
from cj_pipeline.engine.records import JobRecord, StoredFile
from cj_pipeline.errors import PermanentProviderError, TransientProviderError
from cj_pipeline.providers import openai_rows
from cj_pipeline.providers.account_faults import QUEUE_CODE
from cj_pipeline.providers.at_once import OPERATION, checked_row, reply_to
from cj_pipeline.providers.deletion import gone_is_fine
from cj_pipeline.providers.downloads import fetch_whole
from cj_pipeline.providers.lazy_client import LazyClient
from cj_pipeline.providers.openai_uploads import DEFAULT_KEEP_S, Uploads
from cj_pipeline.providers.transport import Effect, translated

if TYPE_CHECKING:
    from openai import OpenAI
    from openai.types import Batch

_STATUS = {
    "validating": BatchJobStatus.SCHEDULED,
    "in_progress": BatchJobStatus.RUNNING,
    "finalizing": BatchJobStatus.RUNNING,
    "cancelling": BatchJobStatus.RUNNING,
    "completed": BatchJobStatus.COMPLETED,
    "failed": BatchJobStatus.FAILED,
    "expired": BatchJobStatus.EXPIRED,
    "cancelled": BatchJobStatus.CANCELLED,
}
_CLOCK_SLACK = timedelta(minutes=10)
"""How far the provider's clock may run behind ours while we search for a job by its time."""

_NOTHING_TO_CANCEL = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT})
_ENDING = frozenset({"finalizing", "cancelling"})
_LIMITS = JobLimits(max_requests=50_000, max_bytes=190_000_000)


class OpenAIJobs:
    """Batch jobs at OpenAI. Implements `engine.ports.BatchJobManager`.

    Args:
        connect: Makes the SDK's client, with its own retries off; called when first needed.
        account: Who is asked: a host name, or `emulator`.
        limits: What one job may hold. The defaults are the documented 50,000 requests and 200 MB with 5 % to spare.
        keep_files_s: How long the provider keeps input and output files, 3,600 to 2,592,000 seconds.
    """

    provider = "openai"

    def __init__(
        self,
        connect: "Callable[[], OpenAI]",
        account: str,
        limits: JobLimits = _LIMITS,
        *,
        keep_files_s: int = DEFAULT_KEEP_S,
    ) -> None:
        self._lazy = LazyClient(connect)
        self._uploads = Uploads(self._lazy.get, self._errors, keep_files_s)
        self._keep_files_s = keep_files_s
        self.account = account
        self.limits = limits

    @property
    def _client(self) -> "OpenAI":
        return self._lazy.get()

    def close(self) -> None:
        """Give back connections."""
        self._lazy.close()

    def encode(self, item: BatchJobItem) -> bytes:
        """The request as one line of an input file."""
        return openai_rows.encode(item)

    def decode(self, line: bytes) -> BatchJobResult | None:
        """One line of an output or error file."""
        return openai_rows.decode(line)

    def cursor(self) -> str:
        """Empty: jobs are found by their metadata."""
        return ""

    def schedule(self, job: JobRecord, requests: Iterable[bytes]) -> BatchJobRef:
        """Upload the requests and create the job. Only the second call is paid for."""
        file_id = self._uploads.ensure(job, requests)
        with self._errors("create batch job", Effect.JOB):
            batch = self._client.batches.create(
                input_file_id=file_id,
                endpoint=openai_rows.ENDPOINT,
                completion_window="24h",
                metadata={"cj_job": job.job_id, "cj_fingerprint": job.request_sha256},
                output_expires_after={"anchor": "created_at", "seconds": self._keep_files_s},
            )
        return _ref(job.job_id, batch)

    def ask(self, request: bytes) -> bytes:
        """Put one request to the model at once; the answer is a line as of an output or error file."""
        import httpx2  # noqa: PLC0415 (comes with the SDK, and is loaded with it)

        name, body = openai_rows.body_of(request)
        path = openai_rows.ENDPOINT.removeprefix("/v1")
        reply = reply_to(
            lambda: self._client.post(path, cast_to=httpx2.Response, body=body),
            self._errors(OPERATION, Effect.ANSWER),
        )
        return checked_row(openai_rows.row_of(name, reply), self.decode, reply, self.provider)

    def locate(self, job: JobRecord, known: Collection[str]) -> Located:  # noqa: ARG002 (metadata is proof enough)
        """Find the job by its metadata among the jobs created since the intent."""
        since = ((job.intent_at or job.created_at) - _CLOCK_SLACK).timestamp()
        found = []
        with self._errors("list batch jobs"):
            for batch in self._client.batches.list(limit=100):
                if batch.created_at < since:
                    break
                if (batch.metadata or {}).get("cj_fingerprint") == job.request_sha256:
                    found.append(batch)
        # A copy that still runs or has answers is worth more than one that was cancelled; then the oldest.
        found.sort(key=lambda b: (b.status in {"cancelling", "cancelled", "failed"}, b.created_at))
        return Located(tuple(_ref(job.job_id, batch) for batch in found))

    def status(self, job: JobRecord) -> BatchJobRef:
        """Where the job stands."""
        return _ref(job.job_id, self._retrieve(job.provider_batch_id))

    def collect(self, job: JobRecord, raw: RawStore, folder: str, *, accept_short: bool = False) -> list[StoredFile]:
        """Store the output file and the error file, those of them that exist.

        Raises:
            TransientProviderError: Its files are not there yet.
        """
        batch = self._retrieve(job.provider_batch_id)
        counts = batch.request_counts
        files = [(kind, file_id) for kind, file_id in _file_ids(batch) if file_id]
        if _is_waiting_for_files(batch):
            raise TransientProviderError(
                f"{batch.id} is {batch.status}, but its files are not there yet; they are fetched at the next "
                "collection.",
                provider=self.provider,
                operation="collect results",
            )
        rows = {"output": counts.completed, "error": counts.failed} if counts else {}
        fetched = []
        for kind, file_id in files:
            fetch = partial(self._download, raw, folder, kind, file_id)
            operation = f"download {kind} file"
            n_rows = rows.get(kind, 0)
            fetched.append(
                fetch_whole(fetch, raw, n_rows, accept_short=accept_short, provider=self.provider, operation=operation)
            )
        return fetched

    def _download(self, raw: RawStore, folder: str, kind: str, file_id: str) -> StoredFile:
        with (
            self._errors(f"download {kind} file"),
            self._client.files.with_streaming_response.content(file_id) as response,
        ):
            return raw.put(folder, f"{kind}.jsonl", response.iter_bytes())

    def cancel(self, provider_batch_id: str) -> None:
        """Ask for the end of a job; one that has ended already, or is about to, is left as it is."""
        try:
            with self._errors("cancel batch job"):
                self._client.batches.cancel(provider_batch_id)
        except (TransientProviderError, PermanentProviderError) as error:
            if error.status_code not in _NOTHING_TO_CANCEL or not self._is_ending(provider_batch_id):
                raise

    def _is_ending(self, provider_batch_id: str) -> bool:
        word = cast("str", self._retrieve(provider_batch_id).status)
        return word in _ENDING or _STATUS.get(word, BatchJobStatus.INDETERMINATE).is_terminal

    def purge(self, job: JobRecord) -> None:
        """Delete the job's input, output and error file. The job itself stays listed; it holds no text."""
        if not job.provider_batch_id:
            return
        with gone_is_fine():
            batch = self._retrieve(job.provider_batch_id)
            if not _ref(job.job_id, batch).status.is_terminal:
                raise PermanentProviderError(
                    f"{batch.id} has not ended; its files are deleted when it has, not before.",
                    provider=self.provider,
                    operation="delete files",
                )
            for file_id in (batch.input_file_id, batch.output_file_id, batch.error_file_id):
                if file_id:
                    self._uploads.delete(file_id)

    def _retrieve(self, provider_batch_id: str) -> "Batch":
        with self._errors("retrieve batch job"):
            return self._client.batches.retrieve(provider_batch_id)

    def _errors(self, operation: str, effect: Effect = Effect.NONE) -> AbstractContextManager[None]:
        import openai  # noqa: PLC0415 (a second to import, and only processes that ask a provider need it)

        return translated(openai, self.provider, operation, effect)


def _file_ids(batch: "Batch") -> list[tuple[str, str | None]]:
    return [("output", batch.output_file_id), ("error", batch.error_file_id)]


def _is_waiting_for_files(batch: "Batch") -> bool:
    if not _STATUS.get(batch.status, BatchJobStatus.INDETERMINATE).is_terminal:
        return True
    counts = batch.request_counts
    if counts is None or batch.output_file_id:
        return False
    # Answers were counted that no file holds; or everything failed, and the file that says why is not there either.
    return bool(counts.completed or (counts.total and batch.status == "completed" and not batch.error_file_id))


def _ref(job_id: str, batch: "Batch") -> BatchJobRef:
    counts = batch.request_counts
    faults = (batch.errors.data or []) if batch.errors else []
    word = cast("str", batch.status)
    return BatchJobRef(
        job_id=job_id,
        provider="openai",
        provider_batch_id=batch.id,
        status=_STATUS.get(word, BatchJobStatus.INDETERMINATE),
        n_requests=counts.total if counts else 0,
        n_done=counts.completed + counts.failed if counts else None,
        provider_status=storable(word, 50),
        message=storable("; ".join(f"{fault.code}: {fault.message}" for fault in faults), 2000),
        queue_full=word == "failed" and bool(faults) and all(fault.code == QUEUE_CODE for fault in faults),
        usage=_usage(batch),
    )


def _usage(batch: "Batch") -> Usage | None:
    used = batch.usage
    if used is None:
        return None
    return Usage(
        input_tokens=used.input_tokens or 0,
        output_tokens=used.output_tokens or 0,
        # The SDK does not check what it reads: a part that its types promise may be absent.
        cached_input_tokens=getattr(used.input_tokens_details, "cached_tokens", 0) or 0,
        reasoning_tokens=getattr(used.output_tokens_details, "reasoning_tokens", 0) or 0,
    )
