# ruff: noqa: D103 - the names of the tests say it
"""OpenAI's adapter where the provider's answers are odd: full queues, late files, jobs that are ending."""

from pathlib import Path
from typing import Any

import httpx2
import pytest

from cj_pipeline.domain.batches import BatchJobStatus, Usage
from cj_pipeline.errors import PermanentProviderError, TransientProviderError
from cj_pipeline.storage.raw_files import RawFiles
from cj_pipeline_tests.unit.providers.wires import Handler, job, openai_batch, openai_with

FULL = {"code": "token_limit_exceeded", "message": "Enqueued token limit reached.", "line": None, "param": None}
BAD = {"code": "invalid_json_line", "message": "Not JSON.", "line": 1, "param": None}


def showing(batch: dict[str, Any], seen: list[httpx2.Request] | None = None) -> Handler:
    """Shows this batch; every file holds one row."""

    def handle(request: httpx2.Request) -> httpx2.Response:
        if seen is not None:
            seen.append(request)
        if request.url.path.endswith("/content"):
            return httpx2.Response(200, content=b"{}\n")
        if "/files/" in request.url.path:
            return httpx2.Response(404, json={"error": {"message": "No such file."}})
        return httpx2.Response(200, json=batch)

    return handle


@pytest.mark.parametrize(
    ("status", "errors", "full"),
    [
        ("failed", [FULL], True),
        ("failed", [FULL, FULL], True),
        ("failed", [FULL, BAD], False),
        ("failed", [BAD], False),
        ("failed", [], False),
        ("in_progress", [FULL], False),
    ],
)
def test_a_queue_is_full_only_where_nothing_else_is_wrong(status: str, errors: list[object], *, full: bool) -> None:
    ref = openai_with(showing(openai_batch(status, errors={"object": "list", "data": errors}))).status(job("openai"))

    assert ref.queue_full is full
    assert ("Enqueued token limit" in ref.message) == (FULL in errors)


@pytest.mark.parametrize(
    ("usage", "read"),
    [
        (None, None),
        (
            {
                "input_tokens": 100,
                "input_tokens_details": {"cached_tokens": 60},
                "output_tokens": 30,
                "output_tokens_details": {"reasoning_tokens": 20},
                "total_tokens": 130,
            },
            Usage(100, 30, 60, 0, 20),
        ),
        ({"input_tokens": 100, "output_tokens": 30}, Usage(100, 30)),
        ({"input_tokens": 100, "output_tokens": 30, "input_tokens_details": None}, Usage(100, 30)),
    ],
)
def test_a_jobs_own_usage_is_read(usage: object, read: Usage | None) -> None:
    assert openai_with(showing(openai_batch("completed", usage=usage))).status(job("openai")).usage == read


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("validating", BatchJobStatus.SCHEDULED),
        ("in_progress", BatchJobStatus.RUNNING),
        ("finalizing", BatchJobStatus.RUNNING),
        ("cancelling", BatchJobStatus.RUNNING),
        ("completed", BatchJobStatus.COMPLETED),
        ("failed", BatchJobStatus.FAILED),
        ("expired", BatchJobStatus.EXPIRED),
        ("cancelled", BatchJobStatus.CANCELLED),
        ("hibernating", BatchJobStatus.INDETERMINATE),
    ],
)
def test_where_a_job_stands(word: str, status: BatchJobStatus) -> None:
    assert openai_with(showing(openai_batch(word))).status(job("openai")).status is status


def counted(total: int, completed: int, failed: int) -> dict[str, int]:
    """Request counts."""
    return {"total": total, "completed": completed, "failed": failed}


@pytest.mark.parametrize(
    "batch",
    [
        openai_batch("in_progress", output_file_id="file-out"),
        openai_batch("completed", request_counts=counted(2, 2, 0)),
        openai_batch("completed", request_counts=counted(2, 2, 0), output_file_id="", error_file_id=""),
        openai_batch("completed", request_counts=counted(2, 0, 2)),
        openai_batch("completed", request_counts=counted(2, 1, 1), error_file_id="file-err"),
        openai_batch("expired", request_counts=counted(2, 1, 0), error_file_id="file-err"),
        openai_batch("cancelled", request_counts=counted(2, 1, 0)),
    ],
)
def test_answers_that_no_file_holds_yet_are_waited_for(batch: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(TransientProviderError, match="not there yet"):
        openai_with(showing(batch)).collect(job("openai"), RawFiles(tmp_path), "here")


@pytest.mark.parametrize(
    ("batch", "n_files"),
    [
        (openai_batch("completed", request_counts=counted(1, 1, 0), output_file_id="file-out"), 1),
        (openai_batch("completed", request_counts=counted(1, 0, 1), error_file_id="file-err"), 1),
        (openai_batch("expired", request_counts=counted(2, 0, 0), error_file_id="file-err"), 1),
        (openai_batch("completed", request_counts=None, output_file_id="a", error_file_id="b"), 2),
        (openai_batch("cancelled", request_counts=counted(2, 0, 0)), 0),
        (openai_batch("failed", request_counts=counted(0, 0, 0)), 0),
    ],
)
def test_every_file_there_is_is_fetched(batch: dict[str, Any], n_files: int, tmp_path: Path) -> None:
    assert len(openai_with(showing(batch)).collect(job("openai"), RawFiles(tmp_path), "here")) == n_files


@pytest.mark.parametrize(
    ("word", "is_fine"), [("completed", True), ("finalizing", True), ("cancelling", True), ("in_progress", False)]
)
@pytest.mark.parametrize("refusal", [400, 409])
def test_a_refused_cancel_is_fine_only_where_the_job_is_ending(word: str, refusal: int, *, is_fine: bool) -> None:
    def handle(request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith("/cancel"):
            return httpx2.Response(refusal, json={"error": {"message": "No."}})
        return httpx2.Response(200, json=openai_batch(word))

    manager = openai_with(handle)
    if is_fine:
        manager.cancel("batch-1")
    else:
        with pytest.raises((PermanentProviderError, TransientProviderError)):
            manager.cancel("batch-1")


def test_purging_goes_on_past_files_that_are_gone() -> None:
    seen: list[httpx2.Request] = []
    batch = openai_batch("completed", output_file_id="file-out", error_file_id="")

    openai_with(showing(batch, seen)).purge(job("openai"))

    deleted = [request.url.path for request in seen if request.method == "DELETE"]
    assert deleted == ["/v1/files/file-in", "/v1/files/file-out"]
