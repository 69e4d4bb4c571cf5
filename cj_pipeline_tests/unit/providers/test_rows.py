# ruff: noqa: D103 - the names of the tests say it
"""Lines of both providers: what is asked, what is read of an answer, and an answer that came at once as such a line."""

import json
from typing import Any

import httpx2
import pytest

from cj_pipeline.domain.batches import CacheLifetime, Outcome, Usage
from cj_pipeline.providers import anthropic_rows, openai_rows
from cj_pipeline_tests.unit.providers.wires import JOB, PROVIDERS, anthropic_with, item, manager_with, openai_with

NAME = f"{JOB}-000000"


def completion(text: str = "Yes.", usage: object = None) -> dict[str, Any]:
    """An answer of OpenAI."""
    message = {"role": "assistant", "content": text, "refusal": None}
    return {"id": "a-1", "model": "m", "choices": [{"message": message, "finish_reason": "stop"}], "usage": usage}


def message(text: str = "Yes.", usage: object = None) -> dict[str, Any]:
    """An answer of Anthropic."""
    content = [{"type": "text", "text": text}]
    return {"id": "a-1", "model": "m", "content": content, "stop_reason": "end_turn", "usage": usage}


def openai_row(status: int, body: object) -> bytes:
    """A result row of OpenAI."""
    return json.dumps({"custom_id": NAME, "error": None, "response": {"status_code": status, "body": body}}).encode()


def anthropic_row(result: object) -> bytes:
    """A result row of Anthropic."""
    return json.dumps({"custom_id": NAME, "result": result}).encode()


def test_openai_usage_is_read_in_full() -> None:
    usage = {
        "prompt_tokens": 100,
        "completion_tokens": 30,
        "prompt_tokens_details": {"cached_tokens": 60, "cache_write_tokens": 25},
        "completion_tokens_details": {"reasoning_tokens": 20},
    }

    read = openai_rows.decode(openai_row(200, completion(usage=usage)))

    assert read is not None
    assert read.usage == Usage(100, 30, 60, 25, 20)


def test_anthropic_usage_is_read_in_full() -> None:
    usage = {
        "input_tokens": 15,
        "output_tokens": 30,
        "cache_read_input_tokens": 60,
        "cache_creation_input_tokens": 25,
        "output_tokens_details": {"thinking_tokens": 20},
    }

    read = anthropic_rows.decode(anthropic_row({"type": "succeeded", "message": message(usage=usage)}))

    assert read is not None
    assert read.usage == Usage(100, 30, 60, 25, 20)


@pytest.mark.parametrize("usage", [None, {}, {"prompt_tokens": None, "input_tokens": None, "output_tokens": None}])
def test_an_answer_without_usage_is_still_an_answer(usage: object) -> None:
    ours = openai_rows.decode(openai_row(200, completion(usage=usage)))
    theirs = anthropic_rows.decode(anthropic_row({"type": "succeeded", "message": message(usage=usage)}))

    assert ours is not None
    assert theirs is not None
    assert (ours.outcome, ours.usage) == (theirs.outcome, theirs.usage) == (Outcome.OK, Usage())


@pytest.mark.parametrize(
    "row",
    [
        openai_row(400, {"error": {"type": "invalid_request_error", "message": "Your credit balance is too low."}}),
        openai_row(429, {"error": {"code": "insufficient_quota", "message": "You exceeded your current quota."}}),
        openai_row(402, {"error": {"message": "Pay first."}}),
        json.dumps({"custom_id": NAME, "response": None, "error": {"code": "billing_hard_limit_reached"}}).encode(),
    ],
)
def test_an_openai_row_of_an_unpaid_account_can_be_asked_again(row: bytes) -> None:
    read = openai_rows.decode(row)

    assert read is not None
    assert (read.outcome, read.unpaid_account, read.retryable) == (Outcome.ERRORED, True, True)


@pytest.mark.parametrize(
    "error",
    [
        {"type": "invalid_request_error", "message": "Your credit balance is too low to access the Anthropic API."},
        {"type": "billing_error", "message": "Payment required."},
        {"type": "rate_limit_error", "message": "No.", "details": {"error_code": "enforced_spend_limit_reached"}},
    ],
)
@pytest.mark.parametrize("wrapped", [True, False])
def test_an_anthropic_row_of_an_unpaid_account_can_be_asked_again(error: dict[str, Any], *, wrapped: bool) -> None:
    envelope = {"type": "error", "error": error, "request_id": "r"} if wrapped else error

    read = anthropic_rows.decode(anthropic_row({"type": "errored", "error": envelope}))

    assert read is not None
    assert (read.outcome, read.unpaid_account, read.retryable) == (Outcome.ERRORED, True, True)


def test_a_bad_request_is_not_the_accounts_fault() -> None:
    body = {"error": {"type": "invalid_request_error", "message": "temperature is not supported", "code": None}}

    ours = openai_rows.decode(openai_row(400, body))
    theirs = anthropic_rows.decode(anthropic_row({"type": "errored", "error": body["error"]}))

    assert ours is not None
    assert theirs is not None
    assert (ours.unpaid_account, ours.retryable) == (False, False)
    assert (theirs.unpaid_account, theirs.retryable) == (False, False)


def test_an_error_whose_body_is_no_object_is_read() -> None:
    read = openai_rows.decode(openai_row(502, "Bad gateway"))

    assert read is not None
    assert (read.outcome, read.retryable) == (Outcome.ERRORED, True)
    assert "Bad gateway" in read.error


def test_anthropic_is_asked_to_keep_the_static_part_only_where_wanted() -> None:
    def blocks(cache: CacheLifetime) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(anthropic_rows.encode(item(cache=cache)))["params"]["messages"][0][
            "content"
        ]
        return found

    kept, an_hour = blocks(CacheLifetime.FIVE_MINUTES), blocks(CacheLifetime.ONE_HOUR)

    assert kept[0]["cache_control"] == {"type": "ephemeral", "ttl": "5m"}
    assert an_hour[0] == {"type": "text", "text": "The task.", "cache_control": {"type": "ephemeral", "ttl": "1h"}}
    assert kept[1] == {"type": "text", "text": "Two essays."}
    assert "cache_control" not in json.dumps(blocks(CacheLifetime.NONE))
    assert openai_rows.encode(item(cache=CacheLifetime.ONE_HOUR)) == openai_rows.encode(item())


@pytest.mark.parametrize("provider", PROVIDERS)
def test_an_answer_at_once_is_kept_byte_for_byte_on_one_line(provider: str) -> None:
    answer = completion("a\u2028b\n\u0085c") if provider == "openai" else message("a\u2028b\n\u0085c")
    body = json.dumps(answer, ensure_ascii=False, indent=1).replace("\n", "\r\n").encode()
    manager = manager_with(provider, lambda _: httpx2.Response(200, content=body, headers={"x-request-id": "r-1"}))

    row = manager.ask(manager.encode(item()))
    read = manager.decode(row)

    assert b"\n" not in row
    assert b"\r" not in row
    assert body.replace(b"\r\n", b"  ") in row
    assert read is not None
    assert (read.custom_id, read.text) == (NAME, "a\u2028b\n\u0085c")


def test_what_is_asked_at_once_is_what_a_job_would_ask() -> None:
    seen: list[tuple[str, object]] = []

    def handle(request: httpx2.Request) -> httpx2.Response:
        seen.append((request.url.path, json.loads(request.content)))
        return httpx2.Response(200, json=completion() | message())

    ours, theirs = openai_with(handle), anthropic_with(handle)
    ours.ask(ours.encode(item()))
    theirs.ask(theirs.encode(item()))

    line, entry = json.loads(ours.encode(item())), json.loads(theirs.encode(item()))
    assert seen == [(line["url"], line["body"]), ("/v1/messages", entry["params"])]


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("body", [b"", b"<html>no</html>", b'{"error":{"message":"no"}}', b'{"error":"no"}', b'"no"'])
def test_a_refusal_in_any_shape_is_a_row(provider: str, body: bytes) -> None:
    manager = manager_with(provider, lambda _: httpx2.Response(400, content=body))

    read = manager.decode(manager.ask(manager.encode(item())))

    assert read is not None
    assert (read.outcome, read.retryable, read.custom_id) == (Outcome.ERRORED, False, NAME)


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (openai_row(400, {"error": {"message": "no"}}), "client_error"),
        (openai_row(429, {"error": {"message": "slow down"}}), "rate_limit"),
        (openai_row(429, {"error": {"code": "insufficient_quota", "message": "no"}}), "unpaid_account"),
        (openai_row(500, {"error": {"message": "oh"}}), "server_error"),
        (json.dumps({"custom_id": NAME, "response": None, "error": {"code": "odd"}}).encode(), "unknown"),
        (json.dumps({"custom_id": NAME, "response": None, "error": {"code": "batch_expired"}}).encode(), None),
    ],
)
def test_openai_errors_have_a_kind(row: bytes, kind: str | None) -> None:
    read = openai_rows.decode(row)

    assert read is not None
    assert read.error_type == kind


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ("invalid_request_error", "client_error"),
        ("rate_limit_error", "rate_limit"),
        ("overloaded_error", "overloaded"),
        ("api_error", "server_error"),
        ("billing_error", "unpaid_account"),
        ("permission_error", "authentication"),
        ("an_error_of_tomorrow", "unknown"),
    ],
)
def test_anthropic_errors_have_a_kind(error: str, kind: str) -> None:
    envelope = {"type": "error", "error": {"type": error, "message": "no"}}
    read = anthropic_rows.decode(anthropic_row({"type": "errored", "error": envelope}))

    assert read is not None
    assert read.error_type == kind


def test_anthropic_results_of_an_unknown_type_are_errors_of_an_unknown_kind() -> None:
    read = anthropic_rows.decode(anthropic_row({"type": "postponed"}))

    assert read is not None
    assert (read.outcome, read.error_type) == (Outcome.ERRORED, "unknown")
