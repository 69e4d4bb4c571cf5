# ruff: noqa: D103 - the names of the tests say it
"""Anthropic's adapter where the provider's answers are odd: results elsewhere, unreadable, or of another job."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from cj_pipeline.domain.batches import BatchJobStatus
from cj_pipeline.errors import PermanentProviderError, TransientProviderError
from cj_pipeline.providers.anthropic_jobs import AnthropicJobs
from cj_pipeline.storage.raw_files import RawFiles
from cj_pipeline_tests.unit.providers.wires import JOB, NOW, Handler, anthropic_with, job, message_batch

OTHER = "fedcba9876543210"
RESULTS = "https://api.anthropic.com/v1/messages/batches/batch-1/results"


def rows(owner: str, n: int = 2) -> bytes:
    """Result rows of a job."""
    result = {"type": "canceled"}
    lines = [json.dumps({"custom_id": f"{owner}-{i:06d}", "result": result}, separators=(",", ":")) for i in range(n)]
    return "".join(line + "\n" for line in lines).encode()


def provider(*batches: dict[str, Any], results: object = b"", seen: list[httpx2.Request] | None = None) -> Handler:
    """Lists and shows these batches, newest first; every results file is the same (bytes, or a status)."""

    def handle(request: httpx2.Request) -> httpx2.Response:
        if seen is not None:
            seen.append(request)
        if request.url.path.endswith("/results"):
            missing = isinstance(results, int)
            return httpx2.Response(results) if missing else httpx2.Response(200, content=results)  # type: ignore[arg-type]  # bytes or an iterator
        if request.url.path.endswith("/batches"):
            return httpx2.Response(200, json={"data": batches, "has_more": False, "first_id": None, "last_id": None})
        return httpx2.Response(200, json=batches[0])

    return handle


def collected(manager: AnthropicJobs, folder: Path) -> bytes:
    """The bytes of the one file that a collection stores."""
    [stored] = manager.collect(job(), RawFiles(folder), "here")
    return (folder / stored.path).read_bytes()


@pytest.mark.parametrize(
    "url",
    [
        RESULTS,
        "/v1/messages/batches/batch-1/results",
        RESULTS.replace(".com/", ".com:443/"),
        RESULTS.upper()[:25] + RESULTS[25:],
    ],
)
def test_results_on_the_providers_own_host_are_fetched(url: str, tmp_path: Path) -> None:
    seen: list[httpx2.Request] = []
    manager = anthropic_with(provider(message_batch(results_url=url), results=rows(JOB), seen=seen))

    assert collected(manager, tmp_path) == rows(JOB)
    assert seen[-1].url == RESULTS
    assert seen[-1].headers["authorization"] == "Bearer key"
    assert seen[-1].headers["anthropic-version"]


@pytest.mark.parametrize(
    "url",
    [
        RESULTS.replace("https", "http"),
        RESULTS.replace("api.anthropic.com", "api.anthropic.com.example.org"),
        RESULTS.replace("api.anthropic.com", "api.anthropic.com:8443"),
        RESULTS.replace("api.anthropic.com", "user@api.anthropic.com"),
        RESULTS.replace("api.anthropic.com", "api.anthropic.com@example.org"),
        "//example.org/results",
        "ftp://api.anthropic.com/results",
    ],
)
def test_the_key_is_sent_nowhere_else(url: str, tmp_path: Path) -> None:
    seen: list[httpx2.Request] = []
    manager = anthropic_with(provider(message_batch(results_url=url), results=rows(JOB), seen=seen))

    with pytest.raises(PermanentProviderError, match="key would be sent there"):
        collected(manager, tmp_path)
    with pytest.raises(PermanentProviderError, match="key would be sent there"):
        manager.locate(job(), set())
    assert {request.url.host for request in seen} == {"api.anthropic.com"}
    assert not any(request.url.path.endswith("/results") for request in seen)


def test_ended_without_results_is_asked_again_later(tmp_path: Path) -> None:
    manager = anthropic_with(provider(message_batch(results_url=None)))

    with pytest.raises(TransientProviderError, match="not there yet"):
        collected(manager, tmp_path)


def test_a_download_that_breaks_off_is_asked_again_later(tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield rows(JOB)
        raise httpx2.ReadError("cut")

    with pytest.raises(TransientProviderError, match="while the answer was read"):
        collected(anthropic_with(provider(message_batch(), results=broken())), tmp_path)
    assert list((tmp_path / "here").iterdir()) == []


GARBLED = rows(JOB)[:40] + b"\n"
FOREIGN = b'{"custom_id":"nobody-sent-this","result":{"type":"canceled"}}\n'


@pytest.mark.parametrize("head", [b"", GARBLED, FOREIGN, FOREIGN + GARBLED])
def test_a_job_is_known_by_any_of_its_first_rows(head: bytes) -> None:
    manager = anthropic_with(provider(message_batch(), results=head + rows(JOB)))

    [found] = manager.locate(job(), set()).refs

    assert found.provider_batch_id == "batch-1"
    assert found.job_id == JOB


def test_a_cut_off_row_alone_names_the_job() -> None:
    assert anthropic_with(provider(message_batch(), results=GARBLED)).locate(job(), set()).refs


def test_a_batch_of_other_names_is_another_job() -> None:
    located = anthropic_with(provider(message_batch(), results=rows(OTHER))).locate(job(), set())

    assert located.refs == ()
    assert located.unsettled == ""


@pytest.mark.parametrize(
    ("batch", "results"),
    [
        (message_batch("in_progress"), 404),
        (message_batch("canceling"), 404),
        (message_batch("hibernating"), 404),
        (message_batch(results_url=None), 404),
        (message_batch(), 404),
        (message_batch(), b""),
        (message_batch(), b"what is this\n"),
    ],
)
def test_a_batch_that_cannot_be_told_yet_keeps_the_question_open(batch: dict[str, Any], results: object) -> None:
    manager = anthropic_with(provider(batch, results=results))

    located = manager.locate(job(), set())

    assert located.refs == ()
    assert "batch-1" in located.unsettled
    assert manager.locate(job(), {"batch-1"}).unsettled == ""


def test_only_batches_of_the_same_size_since_the_intent_are_read() -> None:
    seen: list[httpx2.Request] = []
    larger = message_batch(
        id="larger", request_counts={"processing": 0, "succeeded": 3, "errored": 0, "canceled": 0, "expired": 0}
    )
    before = message_batch(id="before", created_at=(NOW - timedelta(days=2)).isoformat())
    manager = anthropic_with(provider(larger, before, results=rows(JOB), seen=seen))

    # The batch that the cursor names was deleted: the walk ends by time.
    assert manager.locate(job(cursor="deleted"), set()).refs == ()
    assert len(seen) == 1


def test_the_walk_ends_at_the_cursor() -> None:
    manager = anthropic_with(provider(message_batch(id="newest"), message_batch(), results=rows(JOB)))

    assert [ref.provider_batch_id for ref in manager.locate(job(cursor="batch-1"), set()).refs] == ["newest"]
    assert manager.locate(job(cursor="newest"), set()).refs == ()


def test_a_decoys_large_results_are_not_read_to_the_end() -> None:
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield FOREIGN.rstrip(b"\n") + b" " * 60_000

    assert anthropic_with(provider(message_batch(), results=endless())).locate(job(), set()).refs == ()
    assert taken < 10


def counts(**changes: int) -> dict[str, int]:
    """Request counts."""
    return {"processing": 0, "succeeded": 0, "errored": 0, "canceled": 0, "expired": 0} | changes


@pytest.mark.parametrize(
    ("batch", "status"),
    [
        (message_batch("in_progress", request_counts=counts(processing=2)), BatchJobStatus.RUNNING),
        (message_batch("canceling", request_counts=counts(processing=2)), BatchJobStatus.RUNNING),
        (message_batch("hibernating", request_counts=counts(processing=2)), BatchJobStatus.INDETERMINATE),
        (message_batch(), BatchJobStatus.COMPLETED),
        (message_batch(request_counts=counts(succeeded=1, expired=1)), BatchJobStatus.EXPIRED),
        (
            message_batch(request_counts=counts(canceled=2), cancel_initiated_at=NOW.isoformat()),
            BatchJobStatus.CANCELLED,
        ),
        (message_batch(cancel_initiated_at=NOW.isoformat()), BatchJobStatus.COMPLETED),
    ],
)
def test_where_a_job_stands(batch: dict[str, Any], status: BatchJobStatus) -> None:
    ref = anthropic_with(provider(batch)).status(job())

    assert ref.status is status
    assert ref.n_requests == 2
    assert ref.n_done == (2 if status.is_terminal else None)


@pytest.mark.parametrize(("word", "is_fine"), [("ended", True), ("canceling", True), ("in_progress", False)])
@pytest.mark.parametrize("refusal", [400, 409])
def test_a_refused_cancel_is_fine_only_where_the_job_is_ending(word: str, refusal: int, *, is_fine: bool) -> None:
    def handle(request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith("/cancel"):
            return httpx2.Response(refusal, json={"type": "error", "error": {"type": "e", "message": "No."}})
        return httpx2.Response(200, json=message_batch(word))

    manager = anthropic_with(handle)
    if is_fine:
        manager.cancel("batch-1")
    else:
        with pytest.raises((PermanentProviderError, TransientProviderError)):
            manager.cancel("batch-1")


def test_a_job_is_sent_with_its_length_and_the_apis_headers() -> None:
    seen: list[tuple[httpx2.Headers, bytes]] = []

    def handle(request: httpx2.Request) -> httpx2.Response:
        seen.append((request.headers, request.read()))
        return httpx2.Response(200, json=message_batch("in_progress"))

    entries = [{"custom_id": f"{JOB}-{i:06d}", "params": {"text": "é\u2028"}} for i in range(3)]
    anthropic_with(handle).schedule(job(), (json.dumps(entry, ensure_ascii=False).encode() for entry in entries))

    [(headers, body)] = seen
    assert json.loads(body) == {"requests": entries}
    assert headers["content-length"] == str(len(body))
    assert headers["content-type"] == "application/json"
    assert headers["authorization"] == "Bearer key"
    assert headers["anthropic-version"]
    assert headers["x-stainless-retry-count"] == "0"
