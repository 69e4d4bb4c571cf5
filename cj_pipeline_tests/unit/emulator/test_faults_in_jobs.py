"""Scripted faults that go with a batch job: its course, its rows, its answers."""

# ruff: noqa: D103 - the name of a test is its sentence

import json
from collections import Counter
from typing import Any

import anthropic
import openai
import pytest

from cj_pipeline.emulator import RunningEmulator
from cj_pipeline_tests.unit.emulator.helpers import END_S, ended, result_types, rows, submit, submit_messages
from cj_pipeline_tests.unit.emulator.samples import SCHEMA, chat_body, lines, message_params, prompt

DAY_S = 86_400.0


def ended_messages(emulator: RunningEmulator, client: anthropic.Anthropic, count: int = 4) -> str:
    batch_id = submit_messages(client, count)
    emulator.advance(END_S)
    return batch_id


def lenient(client: openai.OpenAI) -> openai.OpenAI:
    """Return a client as most use it: without strict checks, which a faulty answer is meant to fail."""
    return openai.OpenAI(api_key=client.api_key, base_url=client.base_url, max_retries=0)


def test_delayed_list_visibility(emulator: RunningEmulator, oa: openai.OpenAI, an: anthropic.Anthropic) -> None:
    emulator.script_faults({"kind": "delayed_list_visibility", "seconds": 30, "times": 2})
    batch, batch_id = submit(oa), submit_messages(an)
    assert oa.batches.retrieve(batch.id).id == batch.id
    assert (oa.batches.list().data, an.messages.batches.list().data) == ([], [])
    emulator.advance(30)
    assert [one.id for one in oa.batches.list()] == [batch.id]
    assert [one.id for one in an.messages.batches.list()] == [batch_id]


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"kind": "enqueued_limit"}, "token_limit_exceeded"),
        ({"kind": "late_validation_failure", "code": "file_not_found"}, "file_not_found"),
    ],
)
def test_late_failures(emulator: RunningEmulator, oa: openai.OpenAI, fault: dict[str, object], code: str) -> None:
    emulator.script_faults(fault)
    batch = ended(emulator, oa)
    assert batch.status == "failed"
    assert batch.errors
    assert batch.errors.data
    assert batch.errors.data[0].code == code
    assert (batch.output_file_id, batch.error_file_id) == (None, None)


def test_stuck_finalizing_ends_after_its_time(emulator: RunningEmulator, oa: openai.OpenAI) -> None:
    emulator.script_faults({"kind": "stuck_finalizing", "seconds": 7200})
    batch = ended(emulator, oa)
    assert batch.status == "finalizing"
    assert batch.request_counts
    assert batch.request_counts.completed == 4
    emulator.advance(7200)
    assert oa.batches.retrieve(batch.id).status == "completed"


@pytest.mark.parametrize("phase", ["validating", "in_progress", "finalizing"])
def test_stuck_for_ever(emulator: RunningEmulator, oa: openai.OpenAI, an: anthropic.Anthropic, phase: str) -> None:
    emulator.script_faults({"kind": "stuck", "phase": phase, "times": 2})
    batch, batch_id = submit(oa), submit_messages(an)
    emulator.advance(3 * DAY_S)
    assert oa.batches.retrieve(batch.id).status == phase
    assert an.messages.batches.retrieve(batch_id).processing_status == "in_progress"
    oa.batches.cancel(batch.id)
    an.messages.batches.cancel(batch_id)
    emulator.advance(END_S)
    assert oa.batches.retrieve(batch.id).status == "cancelled"
    assert an.messages.batches.retrieve(batch_id).processing_status == "ended"


def test_stuck_may_expire(emulator: RunningEmulator, oa: openai.OpenAI) -> None:
    emulator.script_faults({"kind": "stuck", "phase": "finalizing", "expires": True})
    batch = submit(oa)
    emulator.advance(DAY_S)
    assert oa.batches.retrieve(batch.id).status == "expired"


def test_stuck_cancelling(emulator: RunningEmulator, oa: openai.OpenAI) -> None:
    emulator.script_faults({"kind": "stuck", "phase": "cancelling"})
    batch = submit(oa)
    oa.batches.cancel(batch.id)
    emulator.advance(3 * DAY_S)
    assert oa.batches.retrieve(batch.id).status == "cancelling"


def test_unknown_status(emulator: RunningEmulator, oa: openai.OpenAI) -> None:
    emulator.script_faults({"kind": "unknown_status", "seconds": 60})
    with lenient(oa) as client:
        batch = submit(client)
        assert str(batch.status) == "hibernating"
        emulator.advance(60)
        assert str(client.batches.retrieve(batch.id).status) != "hibernating"


def test_unknown_status_of_a_message_batch(emulator: RunningEmulator, an: anthropic.Anthropic) -> None:
    emulator.script_faults({"kind": "unknown_status", "seconds": 60, "status": "thinking"})
    with anthropic.Anthropic(api_key="key-one", base_url=emulator.anthropic_base_url) as client:
        batch_id = submit_messages(client)
        assert str(client.messages.batches.retrieve(batch_id).processing_status) == "thinking"
    emulator.advance(60)
    assert an.messages.batches.retrieve(batch_id).processing_status in ("in_progress", "ended")


def test_completed_without_output_for_seconds(emulator: RunningEmulator, oa: openai.OpenAI) -> None:
    emulator.script_faults({"kind": "completed_without_output", "seconds": 4000})
    batch = ended(emulator, oa)
    assert (batch.status, batch.output_file_id) == ("completed", None)
    assert batch.request_counts
    assert batch.request_counts.completed == 4
    emulator.advance(4000)
    assert len(rows(oa, oa.batches.retrieve(batch.id).output_file_id)) == 4


def test_completed_without_output_for_polls(emulator: RunningEmulator, oa: openai.OpenAI) -> None:
    emulator.script_faults({"kind": "completed_without_output", "polls": 2})
    batch = ended(emulator, oa)
    assert batch.output_file_id is None
    assert oa.batches.retrieve(batch.id).output_file_id is None
    assert oa.batches.retrieve(batch.id).output_file_id


def test_ended_without_results_url(emulator: RunningEmulator, an: anthropic.Anthropic) -> None:
    emulator.script_faults({"kind": "completed_without_output", "polls": 1})
    batch_id = ended_messages(emulator, an)
    assert an.messages.batches.retrieve(batch_id).results_url is None
    assert len(result_types(an, batch_id)) == 4


def test_an_all_error_job_has_no_output_file(
    emulator: RunningEmulator, oa: openai.OpenAI, an: anthropic.Anthropic
) -> None:
    emulator.script_faults({"kind": "all_error_job", "times": 2})
    batch, batch_id = ended(emulator, oa), ended_messages(emulator, an)
    assert (batch.status, batch.output_file_id) == ("completed", None)
    assert batch.request_counts
    assert (batch.request_counts.completed, batch.request_counts.failed) == (0, 4)
    assert {row["response"]["status_code"] for row in rows(oa, batch.error_file_id)} == {400}
    assert set(result_types(an, batch_id).values()) == {"errored"}
    assert emulator.summary()["billed_answers"] == 0


@pytest.mark.parametrize(("status", "kind"), [(500, "api_error"), (529, "overloaded_error"), (429, "rate_limit_error")])
def test_item_errors(
    emulator: RunningEmulator, oa: openai.OpenAI, an: anthropic.Anthropic, status: int, kind: str
) -> None:
    emulator.script_faults({"kind": "item_errors", "share": 0.5, "status": status, "times": 2})
    batch, batch_id = ended(emulator, oa), ended_messages(emulator, an)
    assert len(rows(oa, batch.output_file_id)) == 2
    assert [row["response"]["status_code"] for row in rows(oa, batch.error_file_id)] == [status, status]
    errored = [row for row in an.messages.batches.results(batch_id) if row.result.type == "errored"]
    assert len(errored) == 2
    assert {row.result.error.error.type for row in errored if row.result.type == "errored"} == {kind}


def test_a_cancel_may_come_too_late(emulator: RunningEmulator, oa: openai.OpenAI, an: anthropic.Anthropic) -> None:
    emulator.script_faults({"kind": "cancel_race", "times": 2})
    batch, batch_id = submit(oa), submit_messages(an)
    assert oa.batches.cancel(batch.id).status == "cancelling"
    assert an.messages.batches.cancel(batch_id).processing_status == "canceling"
    emulator.advance(END_S)
    after = oa.batches.retrieve(batch.id)
    assert after.status == "completed"
    assert len(rows(oa, after.output_file_id)) == 4
    assert set(result_types(an, batch_id).values()) == {"succeeded"}


def test_missing_duplicate_and_foreign_rows(
    emulator: RunningEmulator, oa: openai.OpenAI, an: anthropic.Anthropic
) -> None:
    for kind, more, sizes in (
        ("missing_rows", {"share": 0.5}, (2, 2)),
        ("duplicate_rows", {"share": 0.5}, (6, 4)),
        ("foreign_rows", {"count": 2}, (6, 6)),
    ):
        emulator.script_faults({"kind": kind, "times": 2, **more})
        found = Counter(row["custom_id"] for row in rows(oa, ended(emulator, oa).output_file_id))
        assert (found.total(), len(found)) == sizes
        results = an.messages.batches.results(ended_messages(emulator, an))
        found = Counter(row.custom_id for row in results)
        assert (found.total(), len(found)) == sizes
    assert emulator.summary()["billed_answers"] == 24


def test_garbled_rows(emulator: RunningEmulator, oa: openai.OpenAI) -> None:
    emulator.script_faults({"kind": "garbled_rows", "share": 0.5})
    content = oa.files.content(ended(emulator, oa).output_file_id or "").content
    broken = 0
    for row in content.split(b"\n")[:-1]:
        try:
            json.loads(row)
        except ValueError:
            broken += 1
    assert broken == 2


def test_absent_file_ids_as_empty_strings(emulator: RunningEmulator, oa: openai.OpenAI) -> None:
    emulator.script_faults(
        {"kind": "empty_string_file_ids"}, {"kind": "all_error_job", "skip": 1, "provider": "openai"}
    )
    batch = ended(emulator, oa)
    assert batch.error_file_id == ""
    assert batch.output_file_id


def test_line_separators_stay_inside_their_rows(
    emulator: RunningEmulator, oa: openai.OpenAI, an: anthropic.Anthropic
) -> None:
    emulator.script_faults({"kind": "u2028_in_rows", "times": 2})
    batch, batch_id = ended(emulator, oa), ended_messages(emulator, an)
    content = oa.files.content(batch.output_file_id or "").content
    assert "\u2028".encode() in content
    assert len(content.decode().splitlines()) > 4
    for row in rows(oa, batch.output_file_id):
        reason = json.loads(row["response"]["body"]["choices"][0]["message"]["content"])["because"]
        assert {"\u2028", "\u2029", "\u0085"} <= set(reason)
    for result in an.messages.batches.results(batch_id):
        assert result.result.type == "succeeded"
        block = result.result.message.content[0]
        assert block.type == "text"
        assert "\u2028" in block.text


def test_spoiled_answers_in_chat_batches(emulator: RunningEmulator, oa: openai.OpenAI) -> None:
    emulator.script_faults(
        {"kind": "refusals", "share": 0.25},
        {"kind": "truncated_answers", "share": 0.25},
        {"kind": "unreadable_answers", "share": 0.25},
    )
    found = rows(oa, ended(emulator, oa, lines(40)).output_file_id)
    choices = [row["response"]["body"]["choices"][0] for row in found]
    outcomes = Counter(entry["outcome"] for entry in emulator.journal("answer"))
    assert outcomes["refused"] == 10 == sum(choice["message"]["refusal"] is not None for choice in choices)
    assert outcomes["truncated"] == sum(choice["finish_reason"] == "length" for choice in choices) > 0
    assert outcomes["unreadable"] > 0
    assert outcomes.total() == 40


@pytest.mark.parametrize(
    ("kind", "reason"),
    [("refusals", "refusal"), ("truncated_answers", "max_tokens"), ("unreadable_answers", "end_turn")],
)
def test_spoiled_messages(emulator: RunningEmulator, an: anthropic.Anthropic, kind: str, reason: str) -> None:
    emulator.script_faults({"kind": kind, "share": 1.0, "times": 3})
    batch_id = ended_messages(emulator, an)
    for row in an.messages.batches.results(batch_id):
        assert row.result.type == "succeeded"
        assert row.result.message.stop_reason == reason
    assert an.messages.create(**message_params()).stop_reason == reason
    tool: dict[str, Any] = {"tools": [{"name": "decide", "input_schema": SCHEMA}], "tool_choice": {"type": "any"}}
    assert an.messages.create(**message_params(**tool)).stop_reason == reason


def test_spoiled_responses(emulator: RunningEmulator, oa: openai.OpenAI) -> None:
    emulator.script_faults({"kind": "refusals", "share": 1.0}, {"kind": "truncated_answers", "share": 1.0, "skip": 1})
    refused = oa.responses.create(model="m", input=prompt())
    assert refused.output[0].type == "message"
    assert refused.output[0].content[0].type == "refusal"
    assert oa.responses.create(model="m", input=prompt()).status == "incomplete"


def test_item_errors_strike_synchronous_calls(emulator: RunningEmulator, oa: openai.OpenAI) -> None:
    emulator.script_faults({"kind": "item_errors", "share": 1.0, "status": 503})
    with pytest.raises(openai.InternalServerError):
        oa.chat.completions.create(**chat_body())
    assert oa.chat.completions.create(**chat_body())
    assert emulator.summary()["billed_answers"] == 1
