# ruff: noqa: D103 - the name of a test is its sentence
"""Calls that fail are counted by kind, and nothing else changes."""

from pathlib import Path
from typing import Any, cast

import pytest

from cj_pipeline.domain.error_types import ErrorType, error_type_of_status
from cj_pipeline.engine.counted_calls import CountedCalls, error_type_of
from cj_pipeline.engine.ledger_port import Ledger
from cj_pipeline.errors import (
    IndeterminateProviderError,
    PermanentProviderError,
    ProviderError,
    QueueFullError,
    ShortResultsError,
    SpendLimitError,
    TransientProviderError,
)
from cj_pipeline.storage.raw_files import RawFiles
from cj_pipeline_tests.support.benches import TestClock
from cj_pipeline_tests.support.manager_benches import open_bench
from cj_pipeline_tests.support.memory_jobs import MemoryJobs


class Counter:
    """The part of the ledger that is needed here."""

    def __init__(self) -> None:
        self.counted: list[tuple[str, ErrorType]] = []

    def count_call_error(self, provider: str, error_type: ErrorType) -> None:
        """Keep it."""
        self.counted.append((provider, error_type))


def error(kind: type[ProviderError], status_code: int | None = None, cause: Exception | None = None) -> ProviderError:
    """Return an error of this kind."""
    made = kind("it failed", provider="openai", operation="ask", status_code=status_code)
    made.__cause__ = cause
    return made


@pytest.mark.parametrize(
    ("failed", "expected"),
    [
        (error(TransientProviderError, 429), "rate_limit"),
        (error(TransientProviderError, 503), "overloaded"),
        (error(TransientProviderError, cause=OSError()), "connection"),
        (error(TransientProviderError), "not_ready"),
        (error(ShortResultsError), "not_ready"),
        (error(QueueFullError, 429), "queue_full"),
        (error(SpendLimitError, 429), "unpaid_account"),
        (error(PermanentProviderError, 401), "authentication"),
        (error(PermanentProviderError, 404), "not_found"),
        (error(PermanentProviderError), "unknown"),
        (error(IndeterminateProviderError, 500), "no_clear_answer"),
        (error(IndeterminateProviderError), "no_clear_answer"),
    ],
)
def test_every_failed_call_has_a_kind(failed: ProviderError, expected: str) -> None:
    assert error_type_of(failed) == expected


@pytest.mark.parametrize(
    ("status_code", "expected"),
    [
        (400, "client_error"),
        (401, "authentication"),
        (402, "unpaid_account"),
        (403, "authentication"),
        (404, "not_found"),
        (408, "server_error"),
        (409, "server_error"),
        (413, "client_error"),
        (422, "client_error"),
        (429, "rate_limit"),
        (500, "server_error"),
        (503, "overloaded"),
        (529, "overloaded"),
        (599, "server_error"),
    ],
)
def test_every_status_has_a_kind(status_code: int, expected: str) -> None:
    assert error_type_of_status(status_code) == expected


def test_what_fails_is_counted_and_raised_and_what_works_is_handed_on(tmp_path: Path) -> None:
    counter, twin = Counter(), MemoryJobs(TestClock())
    calls = CountedCalls(twin, cast("Ledger", counter))
    with open_bench("memory", cast("Any", None), tmp_path) as bench:
        job = bench.prepared("0" * 16, [calls.encode(item) for item in bench.items("0" * 16, 2)])
        requests = [calls.encode(item) for item in bench.items("0" * 16, 2)]

    assert calls.schedule(job, requests).n_requests == 2
    assert len(calls.locate(job, ()).refs) == 1
    assert calls.decode(calls.ask(requests[0])) is not None
    assert calls.cursor() == ""
    calls.cancel("job-1")
    assert counter.counted == []

    raw = RawFiles(tmp_path)
    failing = (
        lambda: calls.status(job),
        lambda: calls.collect(job, raw, "x"),
        lambda: calls.cancel("no-such-job"),
        lambda: calls.schedule(job, []),
    )
    for call in failing:
        with pytest.raises(PermanentProviderError):
            call()
    assert counter.counted == [("memory", ErrorType.NOT_FOUND)] * 3 + [("memory", ErrorType.CLIENT_ERROR)]
    calls.purge(job)
    calls.close()


def test_it_stands_for_the_manager_it_counts_for() -> None:
    twin = MemoryJobs(TestClock())
    calls = CountedCalls(twin, cast("Ledger", Counter()))

    assert (calls.provider, calls.account, calls.limits) == (twin.provider, twin.account, twin.limits)
