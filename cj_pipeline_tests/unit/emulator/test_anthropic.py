"""Anthropic's messages and message batches through the unmodified SDK."""

# ruff: noqa: D103 - the name of a test is its sentence

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import anthropic
import pytest

from cj_pipeline.emulator import RunningEmulator
from cj_pipeline_tests.unit.emulator.conftest import anthropic_client
from cj_pipeline_tests.unit.emulator.helpers import END_S, result_types, submit_messages
from cj_pipeline_tests.unit.emulator.samples import MODEL, SCHEMA, message_params, message_requests

DAY_S = 86_400.0
OLD_VERSION = {"anthropic-version": "2023-06-01"}


@pytest.fixture
def strict(strict_emulator: RunningEmulator) -> Iterator[anthropic.Anthropic]:
    with anthropic_client(strict_emulator) as client:
        yield client


def test_a_message_answers_into_the_schema(an: anthropic.Anthropic) -> None:
    raw = an.messages.with_raw_response.create(**message_params())
    message = raw.parse()
    assert message.id.startswith("msg_synthetic_")
    assert raw.headers["request-id"]
    assert raw.headers["x-synthetic-judge"] == "surface"
    assert message.stop_reason == "end_turn"
    assert message.content[0].type == "text"
    assert json.loads(message.content[0].text)["which"] == "left"
    assert message.usage.input_tokens > 300
    assert message.usage.cache_read_input_tokens == 0


def test_a_forced_tool_is_used(an: anthropic.Anthropic) -> None:
    params = message_params() | {
        "tools": [{"name": "decide", "input_schema": SCHEMA}],
        "tool_choice": {"type": "tool", "name": "decide"},
    }
    del params["output_config"]
    message = an.messages.create(**params)
    assert message.stop_reason == "tool_use"
    assert message.content[0].type == "tool_use"
    assert message.content[0].input["which"] == "left"


@pytest.mark.parametrize(
    "change",
    [
        {"extra_body": {"temperature": 1.0}},
        {"extra_body": {"top_p": 1.0}},
        {"extra_body": {"top_k": 40}},
        {"max_tokens": 0},
        {"output_config": {"format": {"type": "json_schema", "schema": SCHEMA | {"additionalProperties": True}}}},
        {"extra_body": {"nonsense": 1}},
        {"tool_choice": {"type": "tool", "name": "absent"}},
        {"extra_headers": {"anthropic-version": "1999-01-01"}},
    ],
)
def test_what_the_api_refuses_is_a_400(an: anthropic.Anthropic, change: dict[str, object]) -> None:
    with pytest.raises(anthropic.BadRequestError) as refused:
        an.messages.create(**message_params() | change)
    assert refused.value.body["type"] == "error"  # type: ignore[index]


def test_the_older_version_takes_sampling_parameters(an: anthropic.Anthropic) -> None:
    assert an.messages.create(**message_params(extra_body={"temperature": 0.5}, extra_headers=OLD_VERSION)).content


def test_a_batch_shows_no_progress_until_it_ends(emulator: RunningEmulator, an: anthropic.Anthropic) -> None:
    batch_id = submit_messages(an, 10)
    assert batch_id.startswith("msgbatch_synthetic_")
    while (batch := an.messages.batches.retrieve(batch_id)).processing_status != "ended":
        counts = batch.request_counts
        assert (counts.processing, counts.succeeded, batch.results_url, batch.ended_at) == (10, 0, None, None)
        emulator.advance(60)
    assert (batch.request_counts.processing, batch.request_counts.succeeded) == (0, 10)
    assert batch.ended_at
    assert batch.created_at < batch.ended_at < batch.expires_at
    assert batch.results_url == f"{emulator.url}/v1/messages/batches/{batch_id}/results"


def test_results_are_complete_and_shuffled(emulator: RunningEmulator, an: anthropic.Anthropic) -> None:
    batch_id = submit_messages(an, 20)
    with pytest.raises(anthropic.AnthropicError, match="No `results_url`"):
        an.messages.batches.results(batch_id)
    emulator.advance(END_S)
    found = list(an.messages.batches.results(batch_id))
    assert sorted(row.custom_id for row in found) == sorted(f"item-{n}" for n in range(20))
    assert [row.custom_id for row in found] != [f"item-{n}" for n in range(20)]
    for row in found:
        assert row.result.type == "succeeded"
        assert row.result.message.usage.service_tier == "batch"


def test_sampling_parameters_end_as_errored_rows(emulator: RunningEmulator, an: anthropic.Anthropic) -> None:
    requests = [*message_requests(2), {"custom_id": "hot", "params": message_params(temperature=1.0)}]
    batch = an.messages.batches.create(requests=requests)
    emulator.advance(END_S)
    assert result_types(an, batch.id) == {"item-0": "succeeded", "item-1": "succeeded", "hot": "errored"}
    (hot,) = [row for row in an.messages.batches.results(batch.id) if row.custom_id == "hot"]
    assert hot.result.type == "errored"
    assert hot.result.error.error.type == "invalid_request_error"
    assert emulator.summary()["billed_answers"] == 2


@pytest.mark.parametrize("change", [{"stream": True}, {"max_tokens": 0}, {"speed": "fast"}, {"nonsense": 1}])
def test_other_bad_params_end_as_errored_rows_too(
    emulator: RunningEmulator, an: anthropic.Anthropic, change: dict[str, object]
) -> None:
    batch_id = submit_messages(an, 2, **change)
    emulator.advance(END_S)
    assert set(result_types(an, batch_id).values()) == {"errored"}


def test_cancel_keeps_what_was_done(emulator: RunningEmulator, an: anthropic.Anthropic) -> None:
    emulator.script_faults({"kind": "stuck", "phase": "in_progress"})
    batch_id = submit_messages(an, 40)
    emulator.advance(30)
    assert an.messages.batches.cancel(batch_id).processing_status == "canceling"
    emulator.advance(END_S)
    batch = an.messages.batches.retrieve(batch_id)
    assert (batch.processing_status, batch.request_counts.processing) == ("ended", 0)
    assert batch.request_counts.succeeded + batch.request_counts.canceled == 40
    assert batch.request_counts.canceled > 0
    assert set(result_types(an, batch_id).values()) <= {"succeeded", "canceled"}
    with pytest.raises(anthropic.ConflictError):
        an.messages.batches.cancel(batch_id)


def test_expiry_after_24_hours(emulator: RunningEmulator, an: anthropic.Anthropic) -> None:
    emulator.script_faults({"kind": "partial_expiry", "share": 0.5})
    batch_id = submit_messages(an, 4)
    emulator.advance(DAY_S - 1)
    assert an.messages.batches.retrieve(batch_id).processing_status == "in_progress"
    emulator.advance(1)
    assert an.messages.batches.retrieve(batch_id).processing_status == "ended"
    assert sorted(result_types(an, batch_id).values()) == ["expired", "expired", "succeeded", "succeeded"]
    assert emulator.summary()["billed_answers"] == 2


def test_results_are_gone_29_days_after_creation(emulator: RunningEmulator, an: anthropic.Anthropic) -> None:
    batch_id = submit_messages(an)
    emulator.advance(29 * DAY_S - 1)
    assert an.messages.batches.retrieve(batch_id).results_url
    emulator.advance(1)
    batch = an.messages.batches.retrieve(batch_id)
    assert (batch.results_url, batch.archived_at is None) == (None, False)


def test_paging_in_both_directions(an: anthropic.Anthropic) -> None:
    made = [submit_messages(an, 1) for _ in range(5)]
    assert [batch.id for batch in an.messages.batches.list(limit=2)] == made[::-1]
    newer = an.messages.batches.list(limit=2, before_id=made[0])
    assert [batch.id for batch in newer.data] == [made[2], made[1]]
    assert sorted(batch.id for batch in newer) == sorted(made[1:])
    older = an.messages.batches.list(limit=2, after_id=made[3])
    assert ([batch.id for batch in older.data], older.has_more) == ([made[2], made[1]], True)


def test_delete_is_for_ended_batches(emulator: RunningEmulator, an: anthropic.Anthropic) -> None:
    batch_id = submit_messages(an)
    with pytest.raises(anthropic.BadRequestError):
        an.messages.batches.delete(batch_id)
    emulator.advance(END_S)
    assert an.messages.batches.delete(batch_id).type == "message_batch_deleted"
    with pytest.raises(anthropic.NotFoundError):
        an.messages.batches.retrieve(batch_id)
    assert emulator.summary()["billed_answers"] == 4


@pytest.mark.parametrize(("count", "accepted"), [(4, True), (5, True), (6, False)])
def test_requests_per_batch(strict: anthropic.Anthropic, count: int, accepted: bool) -> None:  # noqa: FBT001 - a parameter
    if accepted:
        assert submit_messages(strict, count)
        return
    with pytest.raises(anthropic.BadRequestError):
        submit_messages(strict, count)


@pytest.mark.parametrize("excess", [-1, 0, 1])
def test_bytes_per_batch(strict_emulator: RunningEmulator, strict: anthropic.Anthropic, excess: int) -> None:
    def create(text: str) -> None:
        requests: list[Any] = [{"custom_id": "one", "params": message_params(text)}]
        strict.messages.batches.create(requests=requests)

    create("x")
    overhead = strict_emulator.journal("http")[-1]["body_bytes"] - 1
    text = "x" * (20_000 - overhead + excess)
    if excess <= 0:
        create(text)
        return
    with pytest.raises(anthropic.APIStatusError) as refused:
        create(text)
    assert refused.value.status_code == 413


@pytest.mark.parametrize(
    ("custom_id", "accepted"),
    [("a" * 64, True), ("A-b_9", True), ("a" * 65, False), ("", False), ("a b", False), ("å", False), ("a\n", False)],
)
def test_custom_id_rules(an: anthropic.Anthropic, custom_id: str, accepted: bool) -> None:  # noqa: FBT001 - a parameter
    requests: list[Any] = [{"custom_id": custom_id, "params": message_params()}]
    if accepted:
        assert an.messages.batches.create(requests=requests).id
        return
    with pytest.raises(anthropic.BadRequestError):
        an.messages.batches.create(requests=requests)


def test_duplicate_ids_and_empty_batches_are_refused(an: anthropic.Anthropic) -> None:
    for requests in ([], message_requests(1) * 2):
        with pytest.raises(anthropic.BadRequestError):
            an.messages.batches.create(requests=requests)


def test_the_async_sdk_runs_a_whole_batch(emulator: RunningEmulator) -> None:
    async def whole() -> list[str]:
        async with anthropic.AsyncAnthropic(
            api_key="key-one", base_url=emulator.anthropic_base_url, _strict_response_validation=True
        ) as client:
            batch = await client.messages.batches.create(requests=message_requests(3))
            emulator.advance(END_S)
            assert [one.id async for one in client.messages.batches.list()] == [batch.id]
            assert (await client.messages.create(**message_params())).model == MODEL
            return [row.custom_id async for row in await client.messages.batches.results(batch.id)]

    assert sorted(asyncio.run(whole())) == ["item-0", "item-1", "item-2"]
