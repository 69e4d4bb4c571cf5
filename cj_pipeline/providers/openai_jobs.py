"""OpenAI's Batch API as a `BatchJobManager`: upload, create, retrieve, download, cancel. No call is repeated inside."""

from collections.abc import Callable, Collection, Iterable
from contextlib import AbstractContextManager
from datetime import timedelta
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, cast

from cj_pipeline.domain.batches import BatchJobItem, BatchJobRef, BatchJobResult, BatchJobStatus, JobLimits
from cj_pipeline.domain.plain_text import storable
from cj_pipeline.engine.ports import Located, RawStore, StoredFile
from cj_pipeline.engine.records import JobRecord
from cj_pipeline.errors import PermanentProviderError, TransientProviderError
from cj_pipeline.providers import openai_rows
from cj_pipeline.providers.downloads import fetch_whole
from cj_pipeline.providers.lazy_client import LazyClient
from cj_pipeline.providers.transport import translated

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

_KEEP_INPUT_S = 30 * 24 * 3600
_IN_MEMORY_BYTES = 8_000_000
_LIMITS = JobLimits(max_requests=50_000, max_bytes=190_000_000)


class OpenAIJobs:
    """Batch jobs at OpenAI. Implements `engine.ports.BatchJobManager`.

    Args:
        connect: Makes the SDK's client, with its own retries off; called when first needed.
        account: Who is asked: a host name, or `emulator`.
        limits: What one job may hold. The defaults are the documented 50,000 requests and 200 MB with 5 % to spare.
    """

    provider = "openai"

    def __init__(self, connect: "Callable[[], OpenAI]", account: str, limits: JobLimits = _LIMITS) -> None:
        self._lazy = LazyClient(connect)
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
        file_id = self._upload(job, requests)
        with self._errors("create batch job", creates=True):
            batch = self._client.batches.create(
                input_file_id=file_id,
                endpoint=openai_rows.ENDPOINT,
                completion_window="24h",
                metadata={"cj_job": job.job_id, "cj_fingerprint": job.request_sha256},
            )
        return _ref(job.job_id, batch)

    def _upload(self, job: JobRecord, requests: Iterable[bytes]) -> str:
        with SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES) as body:
            for line in requests:
                body.write(line + b"\n")
            body.seek(0)
            with self._errors("upload requests"):
                uploaded = self._client.files.create(
                    file=(f"{job.job_id}-{job.request_sha256[:16]}.jsonl", body),
                    purpose="batch",
                    expires_after={"anchor": "created_at", "seconds": _KEEP_INPUT_S},
                )
        return uploaded.id

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
        return _ref(job.job_id, self._retrieve(job))

    def collect(self, job: JobRecord, raw: RawStore, folder: str) -> list[StoredFile]:
        """Store the output file and the error file, those of them that exist.

        Raises:
            TransientProviderError: The job has ended and its files are not there yet.
        """
        batch = self._retrieve(job)
        files = [(kind, file_id) for kind, file_id in _file_ids(batch) if file_id]
        counts = batch.request_counts
        if not files and batch.status == "completed" and counts is not None and counts.total:
            raise TransientProviderError(
                f"{batch.id} is completed but its files are not there yet; they are fetched at the next collection.",
                provider=self.provider,
                operation="collect results",
            )
        rows = {"output": counts.completed, "error": counts.failed} if counts else {}
        return [self._fetch(raw, folder, kind, file_id, rows.get(kind, 0)) for kind, file_id in files]

    def _fetch(self, raw: RawStore, folder: str, kind: str, file_id: str, n_rows: int) -> StoredFile:
        def fetch() -> StoredFile:
            return self._download(raw, folder, kind, file_id)

        return fetch_whole(fetch, raw, n_rows, provider=self.provider, operation=f"download {kind} file")

    def _download(self, raw: RawStore, folder: str, kind: str, file_id: str) -> StoredFile:
        with (
            self._errors(f"download {kind} file"),
            self._client.files.with_streaming_response.content(file_id) as response,
        ):
            return raw.put(folder, f"{kind}.jsonl", response.iter_bytes())

    def cancel(self, provider_batch_id: str) -> None:
        """Ask for the end of a job; one that has ended already is left as it is."""
        try:
            with self._errors("cancel batch job"):
                self._client.batches.cancel(provider_batch_id)
        except (TransientProviderError, PermanentProviderError) as error:
            if error.status_code != HTTPStatus.CONFLICT:
                raise

    def _retrieve(self, job: JobRecord) -> "Batch":
        with self._errors("retrieve batch job"):
            return self._client.batches.retrieve(job.provider_batch_id)

    def _errors(self, operation: str, *, creates: bool = False) -> "AbstractContextManager[None]":
        import openai  # noqa: PLC0415 (a second to import, and only processes that ask a provider need it)

        return translated(openai, self.provider, operation, creates=creates)


def _file_ids(batch: "Batch") -> list[tuple[str, str | None]]:
    return [("output", batch.output_file_id), ("error", batch.error_file_id)]


def _ref(job_id: str, batch: "Batch") -> BatchJobRef:
    counts = batch.request_counts
    faults = [f"{e.code}: {e.message}" for e in (batch.errors.data or [])] if batch.errors else []
    word = cast("str", batch.status)
    return BatchJobRef(
        job_id=job_id,
        provider="openai",
        provider_batch_id=batch.id,
        status=_STATUS.get(word, BatchJobStatus.INDETERMINATE),
        n_requests=counts.total if counts else 0,
        n_done=counts.completed + counts.failed if counts else None,
        provider_status=storable(word, 50),
        message=storable("; ".join(faults), 2000),
    )
