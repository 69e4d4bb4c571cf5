"""One bench per `BatchJobManager`, so that the contract's tests need not know which one they hold."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import anthropic
import openai

from cj_pipeline.domain.batches import BatchJobItem, BatchJobRef, JobLimits, JobPhase, custom_id
from cj_pipeline.domain.prompting import answer_schema
from cj_pipeline.emulator.embedding import RunningEmulator
from cj_pipeline.engine.ports import BatchJobManager
from cj_pipeline.engine.records import JobRecord
from cj_pipeline.providers.anthropic_jobs import AnthropicJobs
from cj_pipeline.providers.openai_jobs import OpenAIJobs
from cj_pipeline.storage.raw_files import RawFiles
from cj_pipeline_tests.support.benches import TestClock
from cj_pipeline_tests.support.folders import essay_text
from cj_pipeline_tests.support.memory_jobs import MemoryJobs

MANAGERS = ("openai", "anthropic", "memory")
NARROW = {"openai_bytes": 40_000, "anthropic_bytes": 40_000, "anthropic_queued_requests": 10}
"""Limits of a provider at which a job can be too large, and a queue full, with a few requests."""

NARROW_TOKENS = 2_000
"""Prompt tokens that its queue takes: one job of 8 requests, not two."""


@dataclass(frozen=True)
class ManagerBench:
    """A manager, its provider's clock, and the buttons of its provider.

    Attributes:
        manager: The manager.
        raw: Where it stores results.
        now: The provider's time.
        advance: Moves it.
        lose_reply: Lets the next call of this kind (`create` or `ask`) have its effect without a reply.
        drop_request: Lets the next create call vanish.
        hide_next_job: Keeps the next job out of lists for some seconds.
        n_jobs: Jobs that exist at the provider.
    """

    manager: BatchJobManager
    raw: RawFiles
    now: Callable[[], datetime]
    advance: Callable[[float], object]
    lose_reply: Callable[[str], object]
    drop_request: Callable[[], object]
    hide_next_job: Callable[[float], object]
    n_jobs: Callable[[], int]

    def items(self, job_id: str, n: int, **changes: object) -> list[BatchJobItem]:
        """The requests of a job; changes replace fields of each."""
        made = [_item(custom_id(job_id, index), index) for index in range(n)]
        return [replace(item, **changes) for item in made]  # type: ignore[arg-type]  # any field of an item

    def prepared(self, job_id: str, requests: list[bytes]) -> JobRecord:
        """The record of a job that is about to be created."""
        now = self.now()
        return JobRecord(
            job_id=job_id,
            session_id="s" * 16,
            assessment="small",
            provider=self.manager.provider,
            account=self.manager.account,
            model="model-one",
            phase=JobPhase.SUBMITTING,
            n_requests=len(requests),
            request_path="requests.jsonl",
            request_sha256=hashlib.sha256(b"\n".join(requests)).hexdigest(),
            reserved_usd=None,
            created_at=now,
            intent_at=now,
            cursor=self.manager.cursor(),
        )

    def create(self, job_id: str, n: int = 8, **changes: object) -> JobRecord:
        """Create a job and return its record with the provider's id."""
        requests = [self.manager.encode(item) for item in self.items(job_id, n, **changes)]
        job = self.prepared(job_id, requests)
        return replace(job, provider_batch_id=self.manager.schedule(job, iter(requests)).provider_batch_id)

    def ended(self, job: JobRecord) -> BatchJobRef:
        """Let a job come to its end."""
        self.advance(2000)
        return self.manager.status(job)

    def rows(self, job: JobRecord) -> list[bytes]:
        """Result lines of an ended job."""
        files = self.manager.collect(job, self.raw, job.job_id)
        return [line for file in files for line in self.raw.lines(file.path)]


def _item(name: str, number: int) -> BatchJobItem:
    code = hashlib.sha256(name.encode()).hexdigest()[:16]
    essays = "".join(
        f'<essay_{side} nonce="{code}">\n{essay_text(number + place)}\n</essay_{side} nonce="{code}">\n'
        for place, side in enumerate("ab")
    )
    return BatchJobItem(
        name, "model-one", "You judge.", "The task.", essays, answer_schema(), {"max_output_tokens": 500}
    )


@contextmanager
def open_bench(name: str, emulator: RunningEmulator, folder: Path, *, narrow: bool = False) -> "Iterator[ManagerBench]":
    """A bench for the manager of this name; close it on leaving.

    Args:
        name: One of `MANAGERS`.
        emulator: Serves the two real adapters; started with `NARROW` for a narrow bench.
        folder: For results.
        narrow: Whether the twin is to have the narrow limits.
    """
    bench = _memory_bench(folder, narrow=narrow) if name == "memory" else _emulator_bench(name, emulator, folder)
    yield bench
    bench.manager.close()


def _memory_bench(folder: Path, *, narrow: bool) -> ManagerBench:
    clock = TestClock()
    limits = JobLimits(100, NARROW["openai_bytes"]) if narrow else JobLimits(100, 1_000_000)
    twin = MemoryJobs(clock, limits=limits, max_waiting=10 if narrow else None)
    script = twin.remote.script

    def hide(seconds: float) -> None:
        script.hidden = timedelta(seconds=seconds)

    def count(name: str) -> Callable[..., None]:
        return lambda *_: setattr(script, name, getattr(script, name) + 1)

    return ManagerBench(
        manager=twin,
        raw=RawFiles(folder),
        now=clock.now,
        advance=clock.advance,
        lose_reply=count("lost_replies"),
        drop_request=count("dropped_requests"),
        hide_next_job=hide,
        n_jobs=lambda: len(twin.remote.jobs),
    )


def _emulator_bench(name: str, emulator: RunningEmulator, folder: Path) -> ManagerBench:
    paths = {"create": "batches$", "ask": "(/messages|/chat/completions)$"}
    return ManagerBench(
        manager=manager_at(name, emulator),
        raw=RawFiles(folder),
        now=lambda: datetime.fromtimestamp(emulator.now(), UTC),
        advance=emulator.advance,
        lose_reply=lambda kind: emulator.script_faults({"kind": "commit_then_drop", "path": paths[kind]}),
        drop_request=lambda: emulator.script_faults({"kind": "drop_before_commit", "path": paths["create"]}),
        hide_next_job=lambda s: emulator.script_faults({"kind": "delayed_list_visibility", "seconds": s}),
        n_jobs=lambda: len(emulator.journal("job")),
    )


def manager_at(name: str, emulator: RunningEmulator, *, timeout_s: float = 20.0) -> OpenAIJobs | AnthropicJobs:
    """A real adapter that asks the emulator through its SDK."""
    if name == "openai":
        return OpenAIJobs(lambda: openai_client(emulator.openai_base_url, timeout_s), "emulator")
    return AnthropicJobs(lambda: anthropic_client(emulator.anthropic_base_url, timeout_s), "emulator")


def openai_client(url: str, timeout_s: float = 20.0) -> openai.OpenAI:
    """The SDK's client as `wiring` makes it."""
    http = openai.DefaultHttpxClient(trust_env=False, follow_redirects=False)
    return openai.OpenAI(api_key="key", base_url=url, max_retries=0, timeout=timeout_s, http_client=http)


def anthropic_client(url: str, timeout_s: float = 20.0) -> anthropic.Anthropic:
    """The SDK's client as `wiring` makes it."""
    http = anthropic.DefaultHttpxClient(trust_env=False, follow_redirects=False)
    return anthropic.Anthropic(api_key="key", base_url=url, max_retries=0, timeout=timeout_s, http_client=http)
