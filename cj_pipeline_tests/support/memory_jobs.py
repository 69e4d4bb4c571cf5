"""A `BatchJobManager` without a network: the twin of the real adapters, held to the same contract tests.

It enforces what providers enforce: requests and bytes per job, one model, unique and valid names, a bounded queue.
Its lines have the shape of OpenAI's.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Protocol

from cj_pipeline.domain.batches import BatchJobItem, BatchJobRef, BatchJobResult, JobLimits, Usage
from cj_pipeline.domain.verdicts import STRENGTHS
from cj_pipeline.engine.ports import Located, RawStore
from cj_pipeline.engine.records import JobRecord, StoredFile
from cj_pipeline.errors import (
    IndeterminateProviderError,
    PermanentProviderError,
    QueueFullError,
    TransientProviderError,
)
from cj_pipeline.providers import openai_rows
from cj_pipeline_tests.support.memory_provider import Answer, MemoryProvider, QueueIsFullError, RefusedError, RemoteJob

_LIMITS = JobLimits(max_requests=1_000, max_bytes=10_000_000)


class Time(Protocol):
    """The part of a clock that is needed."""

    def now(self) -> datetime:
        """The time."""
        ...


def verdict_by_digest(body: dict[str, Any]) -> str:
    """A verdict that depends on the request alone."""
    digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).digest()
    better, strength = "AB"[digest[0] % 2], STRENGTHS[digest[1] % len(STRENGTHS)]
    return json.dumps({"better_essay": better, "strength": strength, "reason": "By digest."})


class MemoryJobs:
    """Batch jobs in memory. Implements `engine.ports.BatchJobManager`.

    Args:
        clock: Tells the time; jobs go on as it moves.
        provider: Name it goes by.
        limits: What one job may hold.
        max_waiting: Requests that may wait in all unfinished jobs, None for no limit.
        length: How long jobs take.
        answer: The model: a request's body in, the answer's text out.
    """

    def __init__(
        self,
        clock: Time,
        *,
        provider: str = "memory",
        limits: JobLimits = _LIMITS,
        max_waiting: int | None = None,
        length: timedelta = timedelta(minutes=10),
        answer: Answer = verdict_by_digest,
    ) -> None:
        self.remote = MemoryProvider(clock.now, limits, answer, max_waiting, length)
        self.provider = provider
        self.account = "memory"
        self.limits = limits

    def encode(self, item: BatchJobItem) -> bytes:
        """The request as a line."""
        return openai_rows.encode(item)

    def decode(self, line: bytes) -> BatchJobResult | None:
        """A result line, read."""
        return openai_rows.decode(line)

    def cursor(self) -> str:
        """Empty: jobs are found by their label."""
        return ""

    def schedule(self, job: JobRecord, requests: Iterable[bytes]) -> BatchJobRef:
        """Create the job."""
        lines = list(requests)
        with self._unclear("create batch job"):
            made = self.remote.create(job.request_sha256, lines)
        return self._ref(job.job_id, made)

    def ask(self, request: bytes) -> bytes:
        """Answer one request at once."""
        with self._unclear("ask at once"):
            row = self.remote.row(json.loads(request))
            self.remote.n_answered_at_once += row["response"]["status_code"] == HTTPStatus.OK
        return _bytes(row)

    def locate(self, job: JobRecord, known: Collection[str]) -> Located:  # noqa: ARG002 (the label is proof enough)
        """Find the job by its label."""
        found = [one for one in self.remote.listed() if one.label == job.request_sha256]
        return Located(tuple(self._ref(job.job_id, one) for one in found))

    def status(self, job: JobRecord) -> BatchJobRef:
        """Where the job stands."""
        with self._refusals("retrieve batch job"):
            return self._ref(job.job_id, self.remote.find(job.provider_batch_id))

    def collect(
        self,
        job: JobRecord,
        raw: RawStore,
        folder: str,
        *,
        accept_short: bool = False,  # noqa: ARG002 (what is in memory is never cut off)
    ) -> list[StoredFile]:
        """Store the result rows."""
        with self._refusals("collect results"):
            found = self.remote.find(job.provider_batch_id)
            if not found.status(self.remote.now()).is_terminal:
                message = f"{found.id} has not ended"
                raise TransientProviderError(message, provider=self.provider, operation="collect results")
            rows = self.remote.rows(found)
        return [raw.put(folder, "results.jsonl", (_bytes(row) + b"\n" for row in rows))]

    def cancel(self, provider_batch_id: str) -> None:
        """Ask for the end of a job."""
        with self._refusals("cancel batch job"):
            found = self.remote.find(provider_batch_id)
        if not found.status(self.remote.now()).is_terminal and found.cancelled_at is None:
            found.cancelled_at = self.remote.now()

    def purge(self, job: JobRecord) -> None:
        """Delete requests and results."""
        found = next((one for one in self.remote.jobs if one.id == job.provider_batch_id), None)
        if found is None:
            return
        with self._refusals("delete files"):
            if not found.status(self.remote.now()).is_terminal:
                raise RefusedError(HTTPStatus.BAD_REQUEST, f"{found.id} has not ended")
        found.purged = True

    def close(self) -> None:
        """Nothing is held."""

    def _ref(self, job_id: str, job: RemoteJob) -> BatchJobRef:
        now = self.remote.now()
        status = job.status(now)
        usage = self._usage(job) if status.is_terminal and not job.purged else None
        return BatchJobRef(
            job_id, self.provider, job.id, status, len(job.lines), job.n_done(now), status.value, usage=usage
        )

    def _usage(self, job: RemoteJob) -> Usage:
        used = [read.usage for row in self.remote.rows(job) if (read := self.decode(_bytes(row)))]
        return Usage(sum(one.input_tokens for one in used), sum(one.output_tokens for one in used))

    @contextmanager
    def _unclear(self, operation: str) -> Iterator[None]:
        script = self.remote.script
        if script.dropped_requests:
            script.dropped_requests -= 1
            raise IndeterminateProviderError("no reply", provider=self.provider, operation=operation)
        with self._refusals(operation):
            yield
        if script.lost_replies:
            script.lost_replies -= 1
            raise IndeterminateProviderError("no reply", provider=self.provider, operation=operation)

    @contextmanager
    def _refusals(self, operation: str) -> Iterator[None]:
        try:
            yield
        except RefusedError as error:
            kind = QueueFullError if isinstance(error, QueueIsFullError) else PermanentProviderError
            raise kind(
                error.message, provider=self.provider, operation=operation, status_code=error.status_code
            ) from error


def _bytes(row: dict[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()
