# ruff: noqa: D103 - the names of the tests say it
"""What every `BatchJobManager` says of a job that is too large or comes too early, at a provider with narrow limits."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cj_pipeline.domain.batches import BatchJobStatus
from cj_pipeline.emulator.embedding import RunningEmulator, running_emulator
from cj_pipeline.errors import PermanentProviderError, QueueFullError
from cj_pipeline_tests.support.manager_benches import MANAGERS, NARROW, NARROW_TOKENS, ManagerBench, open_bench

JOB, OTHER = "0123456789abcdef", "fedcba9876543210"


@pytest.fixture(scope="module")
def narrow_emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEmulator]:
    folder = tmp_path_factory.mktemp("narrow")
    with running_emulator(folder, limits=NARROW, enqueued_tokens={"*": NARROW_TOKENS}) as server:
        yield server


@pytest.fixture(params=MANAGERS)
def bench(request: pytest.FixtureRequest, narrow_emulator: RunningEmulator, tmp_path: Path) -> Iterator[ManagerBench]:
    narrow_emulator.reset()
    with open_bench(request.param, narrow_emulator, tmp_path, narrow=True) as made:
        yield made


def test_a_job_that_is_too_large_is_refused_for_good(bench: ManagerBench) -> None:
    with pytest.raises(PermanentProviderError) as caught:
        bench.create(JOB, 8, context="x" * 10_000)

    assert caught.value.status_code == 413
    assert bench.n_jobs() == 0


def test_a_job_that_finds_the_queue_full_says_so_and_goes_through_when_it_is_empty(bench: ManagerBench) -> None:
    first = bench.create(JOB)

    try:
        second = bench.create(OTHER)
    except QueueFullError:
        assert bench.n_jobs() == 1
    else:
        refused = bench.ended(second)
        assert refused.status is BatchJobStatus.FAILED
        assert refused.queue_full
    assert bench.ended(first).status is BatchJobStatus.COMPLETED

    again = bench.ended(bench.create(OTHER))
    assert again.status is BatchJobStatus.COMPLETED
    assert not again.queue_full
