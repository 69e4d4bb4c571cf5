# ruff: noqa: D103 - the names of the tests say it
"""Input files at OpenAI: how long they live, and that an upload whose job came to nothing is used again."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest

from cj_pipeline.emulator.embedding import RunningEmulator
from cj_pipeline.errors import PermanentProviderError
from cj_pipeline.providers.openai_jobs import OpenAIJobs
from cj_pipeline_tests.support.manager_benches import ManagerBench, open_bench, openai_client
from cj_pipeline_tests.unit.providers.wires import JOB, NOW, job, openai_batch, openai_with

A_DAY_S = 86_400


@pytest.fixture
def bench(emulator: RunningEmulator, tmp_path: Path) -> Iterator[ManagerBench]:
    with open_bench("openai", emulator, tmp_path) as made:
        yield made


def uploads(emulator: RunningEmulator) -> int:
    """Uploads that were made."""
    calls = [(entry["method"], entry["path"]) for entry in emulator.journal("http")]
    return calls.count(("POST", "/v1/files"))


def refuse_one_create(emulator: RunningEmulator) -> None:
    """Let the upload work and the create call fail without effect."""
    emulator.script_faults({"kind": "http_error", "status": 400, "path": "batches$", "method": "POST"})


def test_an_upload_whose_job_was_refused_is_used_again(bench: ManagerBench, emulator: RunningEmulator) -> None:
    refuse_one_create(emulator)
    with pytest.raises(PermanentProviderError):
        bench.create(JOB)

    made = bench.create(JOB)

    assert uploads(emulator) == 1
    assert bench.ended(made).n_done == 8


def test_an_upload_of_other_requests_is_not_used(bench: ManagerBench, emulator: RunningEmulator) -> None:
    refuse_one_create(emulator)
    with pytest.raises(PermanentProviderError):
        bench.create(JOB)

    bench.create(JOB, context="Another task.")
    bench.create("fedcba9876543210")

    assert uploads(emulator) == 3


def test_an_upload_that_soon_expires_is_not_used(bench: ManagerBench, emulator: RunningEmulator) -> None:
    refuse_one_create(emulator)
    with pytest.raises(PermanentProviderError):
        bench.create(JOB)
    bench.advance(29.5 * A_DAY_S)

    bench.create(JOB)

    assert uploads(emulator) == 2


@pytest.mark.parametrize(
    ("found", "reused"),
    [
        ({}, True),
        ({"expires_at": None}, True),
        ({"bytes": 3}, False),
        ({"filename": "other.jsonl"}, False),
        ({"status": "error"}, False),
        ({"expires_at": int(NOW.timestamp()) + A_DAY_S - 1}, False),
    ],
)
def test_what_makes_an_upload_fit(found: dict[str, object], *, reused: bool) -> None:
    file = {
        "id": "file-old",
        "object": "file",
        "bytes": 4,
        "created_at": int(NOW.timestamp()) - 60,
        "expires_at": int(NOW.timestamp()) + A_DAY_S,
        "filename": f"{JOB}-{'f' * 16}.jsonl",
        "purpose": "batch",
        "status": "processed",
    }
    used: list[str] = []

    def handle(request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith("/batches"):
            used.append(json.loads(request.content)["input_file_id"])
            return httpx2.Response(200, json=openai_batch("validating"))
        if request.method == "POST":
            return httpx2.Response(200, json=file | {"id": "file-new"})
        return httpx2.Response(200, json={"object": "list", "data": [file | found], "has_more": True})

    openai_with(handle).schedule(job("openai"), iter([b"{}1"]))

    assert used == ["file-old" if reused else "file-new"]


def test_a_key_that_may_not_list_files_can_still_send_jobs(bench: ManagerBench, emulator: RunningEmulator) -> None:
    emulator.script_faults({"kind": "http_error", "status": 403, "path": "files$", "method": "GET"})

    assert bench.ended(bench.create(JOB)).n_done == 8


@pytest.mark.parametrize("keep_s", [3_600, 2_592_000])
def test_files_are_kept_as_long_as_was_asked(emulator: RunningEmulator, bench: ManagerBench, keep_s: int) -> None:
    client = openai_client(emulator.openai_base_url)
    manager = OpenAIJobs(lambda: client, "emulator", keep_files_s=keep_s)

    made = replace(bench, manager=manager).create(JOB)
    bench.ended(made)

    batch = client.batches.retrieve(made.provider_batch_id)
    files = [client.files.retrieve(name) for name in (batch.input_file_id, batch.output_file_id) if name]
    assert [(file.expires_at or 0) - file.created_at for file in files] == [keep_s, keep_s]
    manager.close()


@pytest.mark.parametrize("keep_s", [0, 3_599, 2_592_001])
def test_a_time_that_openai_does_not_take_is_refused_at_once(emulator: RunningEmulator, keep_s: int) -> None:
    with pytest.raises(ValueError, match="3600 to 2592000"):
        OpenAIJobs(lambda: openai_client(emulator.openai_base_url), "emulator", keep_files_s=keep_s)
