"""OpenAI's files and batches from upload to download, through the unmodified SDK."""

# ruff: noqa: D103 - the name of a test is its sentence

import asyncio
import json

import openai
import pytest

from cj_pipeline.emulator import RunningEmulator
from cj_pipeline_tests.unit.emulator.conftest import openai_client
from cj_pipeline_tests.unit.emulator.helpers import END_S, ended, rows, submit, upload
from cj_pipeline_tests.unit.emulator.samples import MODEL, RESPONSES, SCHEMA, chat_body, line, lines, prompt

DAY_S = 86_400.0


def test_files_round_trip(oa: openai.OpenAI) -> None:
    content = "{}\nä\u2028\n".encode()
    file = oa.files.create(
        file=("abc.jsonl", content), purpose="batch", expires_after={"anchor": "created_at", "seconds": 3600}
    )
    assert (file.filename, file.bytes, file.purpose) == ("abc.jsonl", len(content), "batch")
    assert file.expires_at == file.created_at + 3600
    assert oa.files.retrieve(file.id) == file
    assert oa.files.content(file.id).content == content
    assert oa.files.delete(file.id).deleted
    with pytest.raises(openai.NotFoundError):
        oa.files.retrieve(file.id)


def test_files_are_paged_in_both_orders(oa: openai.OpenAI) -> None:
    made = [upload(oa, b"{}\n") for _ in range(5)]
    assert [file.id for file in oa.files.list(limit=2)] == made[::-1]
    assert [file.id for file in oa.files.list(limit=2, order="asc", purpose="batch")] == made
    assert not list(oa.files.list(purpose="batch_output"))


def test_batch_files_expire_after_30_days(emulator: RunningEmulator, oa: openai.OpenAI) -> None:
    file_id = upload(oa, b"{}\n")
    emulator.advance(30 * DAY_S - 5)
    assert oa.files.retrieve(file_id).id == file_id
    emulator.advance(5)
    with pytest.raises(openai.NotFoundError):
        oa.files.content(file_id)


def test_a_batch_passes_through_every_phase(emulator: RunningEmulator, oa: openai.OpenAI) -> None:
    batch = submit(oa, lines(10), metadata={"run": "1", "part": "2"})
    assert batch.status == "validating"
    assert batch.id.startswith("batch_synthetic_")
    assert (batch.output_file_id, batch.error_file_id, batch.usage) == (None, None, None)
    seen, done = [], []
    for _ in range(360):
        batch = oa.batches.retrieve(batch.id)
        if batch.status not in seen:
            seen.append(batch.status)
        assert batch.request_counts
        done.append(batch.request_counts.completed)
        if batch.status == "completed":
            break
        assert batch.output_file_id is None
        emulator.advance(5)
    assert seen == ["validating", "in_progress", "finalizing", "completed"]
    assert done == sorted(done)
    assert len(set(done)) > 5
    assert batch.metadata == {"run": "1", "part": "2"}
    assert batch.in_progress_at
    assert batch.finalizing_at
    assert batch.completed_at
    assert batch.created_at <= batch.in_progress_at <= batch.finalizing_at <= batch.completed_at
    assert batch.expires_at == batch.created_at + DAY_S
    assert batch.error_file_id is None


def test_results_are_complete_shuffled_and_add_up(emulator: RunningEmulator, oa: openai.OpenAI) -> None:
    batch = ended(emulator, oa, lines(20))
    found = rows(oa, batch.output_file_id)
    ids = [row["custom_id"] for row in found]
    assert sorted(ids) == sorted(f"item-{n}" for n in range(20))
    assert ids != [f"item-{n}" for n in range(20)]
    assert batch.usage
    assert batch.model == MODEL
    assert batch.usage.total_tokens == sum(row["response"]["body"]["usage"]["total_tokens"] for row in found)
    assert len({row["response"]["body"]["id"] for row in found}) == 20
    assert all(row["error"] is None and row["response"]["status_code"] == 200 for row in found)


def test_a_batch_answers_as_the_synchronous_call_does(emulator: RunningEmulator, oa: openai.OpenAI) -> None:
    (row,) = rows(oa, ended(emulator, oa, line("one").encode()).output_file_id)
    alone = oa.chat.completions.create(**chat_body())
    assert row["response"]["body"]["choices"][0]["message"]["content"] == alone.choices[0].message.content


def test_responses_batches(emulator: RunningEmulator, oa: openai.OpenAI) -> None:
    form = {"format": {"type": "json_schema", "name": "v", "strict": True, "schema": SCHEMA}}
    content = line("one", url=RESPONSES, body={"model": MODEL, "input": prompt(), "text": form}).encode()
    batch = submit(oa, content, endpoint=RESPONSES)
    emulator.advance(END_S)
    (row,) = rows(oa, oa.batches.retrieve(batch.id).output_file_id)
    text = row["response"]["body"]["output"][0]["content"][0]["text"]
    assert json.loads(text)["which"] == "left"


def test_a_bad_request_goes_to_the_error_file(emulator: RunningEmulator, oa: openai.OpenAI) -> None:
    content = line("good") + line("bad", body=chat_body(stream=True))
    batch = ended(emulator, oa, content.encode())
    assert batch.status == "completed"
    assert batch.request_counts
    assert (batch.request_counts.completed, batch.request_counts.failed) == (1, 1)
    assert [row["custom_id"] for row in rows(oa, batch.output_file_id)] == ["good"]
    (bad,) = rows(oa, batch.error_file_id)
    assert (bad["custom_id"], bad["response"]["status_code"], bad["error"]) == ("bad", 400, None)
    assert bad["response"]["body"]["error"]["type"] == "invalid_request_error"


def test_output_expires_when_asked_to(emulator: RunningEmulator, oa: openai.OpenAI) -> None:
    batch = submit(oa, output_expires_after={"anchor": "created_at", "seconds": 7200})
    emulator.advance(END_S)
    done = oa.batches.retrieve(batch.id)
    assert done.output_file_id
    assert done.completed_at
    file = oa.files.retrieve(done.output_file_id)
    assert file.expires_at == file.created_at + 7200
    emulator.advance(7200)
    with pytest.raises(openai.NotFoundError):
        oa.files.content(done.output_file_id)


def test_batches_are_listed_newest_first_and_paged(oa: openai.OpenAI) -> None:
    made = [submit(oa, lines(1)).id for _ in range(5)]
    assert [batch.id for batch in oa.batches.list(limit=2)] == made[::-1]
    page = oa.batches.list(limit=2, after=made[4])
    assert [batch.id for batch in page.data] == [made[3], made[2]]
    assert page.has_more


def test_another_key_sees_nothing(emulator: RunningEmulator, oa: openai.OpenAI) -> None:
    batch = submit(oa)
    with openai_client(emulator, "key-two") as other:
        assert not other.batches.list().data
        with pytest.raises(openai.NotFoundError):
            other.batches.retrieve(batch.id)


def test_cancel_keeps_what_was_done(emulator: RunningEmulator, oa: openai.OpenAI) -> None:
    batch = submit(oa, lines(40))
    while (counts := oa.batches.retrieve(batch.id).request_counts) and counts.completed < 10:
        emulator.advance(10)
    cancelled = oa.batches.cancel(batch.id)
    assert cancelled.status == "cancelling"
    assert oa.batches.cancel(batch.id).cancelling_at == cancelled.cancelling_at
    emulator.advance(END_S)
    after = oa.batches.retrieve(batch.id)
    assert after.status == "cancelled"
    assert after.cancelled_at
    assert after.request_counts
    found = rows(oa, after.output_file_id)
    assert 10 <= len(found) == after.request_counts.completed < 40
    assert after.error_file_id is None
    with pytest.raises(openai.ConflictError):
        oa.batches.cancel(batch.id)


def test_cancel_before_validation_leaves_nothing(emulator: RunningEmulator, oa: openai.OpenAI) -> None:
    batch = submit(oa)
    oa.batches.cancel(batch.id)
    emulator.advance(END_S)
    after = oa.batches.retrieve(batch.id)
    assert (after.status, after.output_file_id, after.error_file_id) == ("cancelled", None, None)
    assert after.in_progress_at is None
    assert emulator.summary()["billed_answers"] == 0


def test_expiry_after_24_hours_keeps_what_was_done(emulator: RunningEmulator, oa: openai.OpenAI) -> None:
    emulator.script_faults({"kind": "partial_expiry", "share": 0.25})
    batch = submit(oa, lines(8))
    emulator.advance(DAY_S - 1)
    assert oa.batches.retrieve(batch.id).status == "in_progress"
    emulator.advance(1)
    after = oa.batches.retrieve(batch.id)
    assert after.status == "expired"
    assert after.expired_at == after.expires_at
    assert len(rows(oa, after.output_file_id)) == 2
    errors = rows(oa, after.error_file_id)
    assert len(errors) == 6
    assert {row["error"]["code"] for row in errors} == {"batch_expired"}
    assert all(row["response"] is None for row in errors)


def test_the_async_sdk_runs_a_whole_batch(emulator: RunningEmulator) -> None:
    async def whole() -> list[str]:
        async with openai.AsyncOpenAI(
            api_key="key-one", base_url=emulator.openai_base_url, _strict_response_validation=True
        ) as client:
            file = await client.files.create(file=("x.jsonl", lines(3)), purpose="batch")
            batch = await client.batches.create(
                input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h"
            )
            emulator.advance(END_S)
            batch = await client.batches.retrieve(batch.id)
            content = await client.files.content(batch.output_file_id or "")
            listed = [one.id async for one in client.batches.list()]
            assert listed == [batch.id]
            return [json.loads(row)["custom_id"] for row in content.content.split(b"\n")[:-1]]

    assert sorted(asyncio.run(whole())) == ["item-0", "item-1", "item-2"]
