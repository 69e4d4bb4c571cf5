"""Errors in each provider's own shape, keys, and the control endpoints' refusals."""

# ruff: noqa: D103 - the name of a test is its sentence

import json
import urllib.error
import urllib.request
from typing import Any

import anthropic
import openai
import pytest

from cj_pipeline.emulator import RunningEmulator
from cj_pipeline_tests.unit.emulator.samples import chat_body, message_params

BEARER = {"authorization": "Bearer k"}


def call(
    emulator: RunningEmulator, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
) -> tuple[int, dict[str, str], dict[str, Any]]:
    request = urllib.request.Request(emulator.url + path, body, headers or {})  # noqa: S310 - loopback
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request) as response:
            return response.status, dict(response.headers), json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, dict(error.headers), json.load(error)


def test_openai_errors(oa: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as missing:
        oa.batches.retrieve("batch_nowhere")
    assert missing.value.request_id
    assert missing.value.type == "invalid_request_error"
    assert missing.value.param == "batch_id"


def test_anthropic_errors(an: anthropic.Anthropic) -> None:
    with pytest.raises(anthropic.NotFoundError) as missing:
        an.messages.batches.retrieve("msgbatch_nowhere")
    assert missing.value.request_id
    assert missing.value.type == "not_found_error"


def test_a_missing_key_is_refused_in_the_providers_shape(emulator: RunningEmulator) -> None:
    status, headers, body = call(emulator, "/v1/batches")
    assert (status, "error" in body, "type" in body) == (401, True, False)
    assert headers["x-request-id"]
    status, headers, body = call(emulator, "/v1/messages/batches")
    assert (status, body["type"]) == (401, "error")
    assert headers["request-id"] == body["request_id"]


def test_either_header_carries_the_key_of_one_account(emulator: RunningEmulator, an: anthropic.Anthropic) -> None:
    batch = an.messages.batches.create(requests=[{"custom_id": "a", "params": message_params()}])  # type: ignore[typeddict-item]
    for header in ({"x-api-key": "key-one"}, {"authorization": "Bearer key-one"}):
        headers = header | {"anthropic-version": "2023-06-01"}
        assert call(emulator, f"/v1/messages/batches/{batch.id}", headers=headers)[0] == 200


def test_anthropic_wants_its_version_header(emulator: RunningEmulator) -> None:
    assert call(emulator, "/v1/messages/batches", headers={"x-api-key": "k"})[0] == 400


def test_what_is_not_spoken_is_a_404_in_shape(emulator: RunningEmulator) -> None:
    status, _, body = call(emulator, "/v1/embeddings", b"{}", BEARER)
    assert (status, body["error"]["code"]) == (404, "unknown_url")
    status, _, body = call(emulator, "/v1/messages/count_tokens", b"{}", BEARER)
    assert (status, body["type"]) == (404, "error")


@pytest.mark.parametrize("body", [b"", b"{", b"[]"])
def test_a_body_that_is_no_object_is_a_400(emulator: RunningEmulator, body: bytes) -> None:
    assert call(emulator, "/v1/chat/completions", body, BEARER)[0] == 400


def test_page_sizes_have_bounds(oa: openai.OpenAI, an: anthropic.Anthropic) -> None:
    for limit in (0, 101):
        with pytest.raises(openai.BadRequestError):
            oa.batches.list(limit=limit)
    for limit in (0, 1001):
        with pytest.raises(anthropic.BadRequestError):
            an.messages.batches.list(limit=limit)
    assert an.messages.batches.list(limit=1000).data == []


def test_bodies_of_requests_can_be_looked_at(emulator: RunningEmulator, oa: openai.OpenAI) -> None:
    oa.chat.completions.create(**chat_body("A very special prompt."))
    (kept,) = emulator.requests()
    assert kept["path"] == "/v1/chat/completions"
    assert "A very special prompt." in kept["body"]


def test_the_clock_does_not_run_backwards_or_by_itself(emulator: RunningEmulator) -> None:
    before = emulator.now()
    assert emulator.advance(12.5) == pytest.approx(before + 12.5)
    assert emulator.now() == emulator.now()
    with pytest.raises(ValueError, match="backwards"):
        emulator.advance(-1)
