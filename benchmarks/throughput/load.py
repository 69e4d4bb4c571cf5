"""A large assessment, a provider that costs no time, and a bare loop over the same bytes."""

import json
import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from cj_pipeline.domain.assessment import Assessment
from cj_pipeline.domain.batches import (
    BatchJobItem,
    BatchJobRef,
    BatchJobResult,
    BatchJobStatus,
    JobLimits,
    custom_id,
)
from cj_pipeline.domain.essays import Essay, normalise_text
from cj_pipeline.domain.snapshot import AssessmentSnapshot
from cj_pipeline.engine.ports import Located, RawStore
from cj_pipeline.engine.records import JobRecord, StoredFile
from cj_pipeline.providers import openai_rows

NAME = "large"
ESSAY_CHARS = 3400
_SENTENCE = "the essay argues that many people should learn to listen because a town without patience is a loud place"
_WORDS = np.array(_SENTENCE.split())
_CHUNK = 1 << 20


class FixedClock:
    """A clock that stands."""

    def now(self) -> datetime:
        """Always the same."""
        return datetime(2026, 11, 22, 8, 0, tzinfo=UTC)

    def wait(self, seconds: float) -> None:
        """Nothing waits here."""


class InstantProvider:
    """A `BatchJobManager` that writes and reads OpenAI's rows and answers at once, from memory of nothing.

    Args:
        reason_chars: Length of every answer's reason.
        max_bytes: Size of a job's requests; OpenAI's limit with 5 % to spare, or more for one large result file.
    """

    provider = "openai"
    account = "emulator"

    def __init__(self, reason_chars: int = 250, max_bytes: int = 190_000_000) -> None:
        self.limits = JobLimits(max_requests=50_000, max_bytes=max_bytes)
        self._reason = ("A clear line of thought, and a wide range of words. " * 200)[:reason_chars]

    def encode(self, item: BatchJobItem) -> bytes:
        """As the real adapter does."""
        return openai_rows.encode(item)

    def decode(self, line: bytes) -> BatchJobResult | None:
        """As the real adapter does."""
        return openai_rows.decode(line)

    def cursor(self) -> str:
        """Nothing is searched here."""
        return ""

    def schedule(self, job: JobRecord, requests: Iterable[bytes]) -> BatchJobRef:
        """Read the requests once, as an upload does."""
        n = sum(1 for _ in requests)
        return BatchJobRef(job.job_id, self.provider, f"batch_{job.job_id}", BatchJobStatus.SCHEDULED, n)

    def ask(self, request: bytes) -> bytes:
        """Not asked here."""
        raise NotImplementedError

    def locate(self, job: JobRecord, known: Collection[str]) -> Located:
        """Not searched here."""
        raise NotImplementedError

    def status(self, job: JobRecord) -> BatchJobRef:
        """Every job has ended."""
        done = job.n_requests
        return BatchJobRef(
            job.job_id, self.provider, job.provider_batch_id, BatchJobStatus.COMPLETED, done, done, "completed"
        )

    def collect(
        self,
        job: JobRecord,
        raw: RawStore,
        folder: str,
        *,
        accept_short: bool = False,  # noqa: ARG002 (never short)
    ) -> list[StoredFile]:
        """Store a result file of the right size."""
        return [raw.put(folder, "output.jsonl", in_chunks(self.rows(job.job_id, job.n_requests)))]

    def rows(self, job_id: str, n: int) -> Iterator[bytes]:
        """Result rows as OpenAI writes them."""
        for i in range(n):
            yield result_row(custom_id(job_id, i), i, self._reason)

    def cancel(self, provider_batch_id: str) -> None:
        """Nothing runs here."""

    def purge(self, job: JobRecord) -> None:
        """Nothing is kept here."""

    def close(self) -> None:
        """Nothing is open here."""


def result_row(name: str, i: int, reason: str) -> bytes:
    """One result row with a verdict and usage."""
    verdict = {"reason": reason, "better_essay": "AB"[i % 2], "strength": ("slightly", "clearly", "much")[i % 3]}
    body = {
        "id": f"chatcmpl-synthetic-{i}",
        "object": "chat.completion",
        "created": 1790000000,
        "model": "gpt-6.1-terra-2026-09-01",
        "choices": [
            {
                "index": 0,
                "finish_reason": "stop",
                "logprobs": None,
                "message": {"role": "assistant", "content": json.dumps(verdict), "refusal": None},
            }
        ],
        "usage": {"prompt_tokens": 2000, "completion_tokens": 90, "total_tokens": 2090},
    }
    response = {"status_code": 200, "request_id": f"req_{i}", "body": body}
    row = {"id": f"batch_req_{i}", "custom_id": name, "response": response, "error": None}
    return json.dumps(row, separators=(",", ":")).encode() + b"\n"


def in_chunks(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Bytes as a download gives them."""
    buffer = bytearray()
    for line in lines:
        buffer += line
        if len(buffer) >= _CHUNK:
            yield bytes(buffer)
            buffer.clear()
    yield bytes(buffer)


def large_snapshot(n_comparisons: int, seed: int = 1) -> AssessmentSnapshot:
    """An assessment whose pair set has this many comparisons of about 8 KB each; 100 for every essay."""
    rng = np.random.default_rng(seed)
    n_essays = max(4, n_comparisons // 50)
    per_essay = min(100, n_comparisons * 2 // n_essays)
    essays = tuple(_essay(i, rng) for i in range(n_essays))
    assessment = Assessment(
        title="A large cohort",
        task="Write about something that matters to you. " * 4,
        rubric="The better essay says more, more clearly, in better language. " * 6,
        language="en",
        grade_scale="eng5_np_legacy_9_step",
        judges=({"provider": "openai", "model": "gpt-6.1-terra"},),
        llm_batching_mode="provider_batch_api",
        comparisons_per_essay=per_essay,
        max_pairs_cap=n_comparisons,
        reversed_repeats_share=0.0,
        max_cost_usd=1e6,
        seed=seed,
    )
    return AssessmentSnapshot(NAME, assessment, essays)


def _essay(number: int, rng: np.random.Generator) -> Essay:
    words = rng.choice(_WORDS, size=ESSAY_CHARS // 5)
    text = normalise_text(f"Essay {number}.\n\n" + " ".join(words)[:ESSAY_CHARS])
    return Essay(f"essay-{number:05d}", text)


def bare_loop(texts: Sequence[str], pairs: Iterable[tuple[int, int]], results: Iterable[Path], target: Path) -> int:
    """What cannot be avoided: write every request as JSON and sync the file; then read and parse every result row.

    Args:
        texts: The essays.
        pairs: Which essays stand in each request.
        results: Result files.
        target: File for the requests.

    Returns:
        Verdicts read.
    """
    system, context = "You are an experienced assessor. " * 20, "Decide which essay is better as a whole. " * 30
    with target.open("wb") as file:
        for i, (a, b) in enumerate(pairs):
            user = f"{context}\n\n<essay_a>\n{texts[a]}\n</essay_a>\n\n<essay_b>\n{texts[b]}\n</essay_b>"
            messages = [{"role": "system", "content": system}, {"role": "user", "content": user}]
            body = {"model": "gpt-6.1-terra", "messages": messages, "max_completion_tokens": 1200}
            row = {"custom_id": f"{i:023d}", "method": "POST", "url": openai_rows.ENDPOINT, "body": body}
            file.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    n = 0
    for path in results:
        with path.open("rb") as source:
            for line in source:
                found = json.loads(line)
                json.loads(found["response"]["body"]["choices"][0]["message"]["content"])
                n += 1
    return n
