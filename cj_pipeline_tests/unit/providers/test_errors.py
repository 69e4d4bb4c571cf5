# ruff: noqa: D103 - the names of the tests say it
"""What a failed call means: it did not happen, it may have happened, or the account is at fault."""

import json
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from cj_pipeline.errors import (
    IndeterminateProviderError,
    PermanentProviderError,
    ProviderError,
    QueueFullError,
    SpendLimitError,
    TransientProviderError,
)
from cj_pipeline.providers.retry_after import retry_after_s
from cj_pipeline_tests.unit.providers.wires import PROVIDERS, Handler, item, job, manager_with

TRANSIENT, PERMANENT = TransientProviderError, PermanentProviderError
UNCLEAR = IndeterminateProviderError


def error(message: str = "No.", **fields: object) -> dict[str, Any]:
    """An error's body that both SDKs read."""
    return {"type": "error", "error": {"message": message, "type": "some_error"} | fields}


def answering(status: int, body: object, headers: dict[str, str] | None = None) -> Handler:
    """A provider that takes uploads, and answers everything else like this."""

    def handle(request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith("/files"):
            return httpx2.Response(200, json={"id": "file-1", "object": "list", "data": [], "has_more": False})
        return httpx2.Response(status, json=body, headers=headers)

    return handle


def failing(error: Exception) -> Handler:
    """A provider whose uploads work, and to whom every other call breaks like this."""

    def handle(request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith("/files"):
            return httpx2.Response(200, json={"id": "file-1", "object": "list", "data": [], "has_more": False})
        raise error

    return handle


def raised(provider: str, call: str, handler: Handler) -> ProviderError:
    """What a call raises."""
    manager = manager_with(provider, handler)
    request = manager.encode(item())
    calls: dict[str, Callable[[], object]] = {
        "create": lambda: manager.schedule(job(provider), iter([request])),
        "ask": lambda: manager.ask(request),
        "read": lambda: manager.status(job(provider)),
    }
    with pytest.raises(ProviderError) as caught:
        calls[call]()
    manager.close()
    return caught.value


KINDS = {
    # status: read, create, ask; None where it is the request's own matter and no error
    400: (PERMANENT, PERMANENT, None),
    401: (PERMANENT, PERMANENT, PERMANENT),
    402: (SpendLimitError, SpendLimitError, SpendLimitError),
    403: (PERMANENT, PERMANENT, PERMANENT),
    404: (PERMANENT, PERMANENT, PERMANENT),
    408: (TRANSIENT, UNCLEAR, UNCLEAR),
    409: (TRANSIENT, UNCLEAR, UNCLEAR),
    413: (PERMANENT, PERMANENT, None),
    422: (PERMANENT, PERMANENT, None),
    429: (TRANSIENT, TRANSIENT, TRANSIENT),
    500: (TRANSIENT, UNCLEAR, UNCLEAR),
    502: (TRANSIENT, UNCLEAR, UNCLEAR),
    503: (TRANSIENT, UNCLEAR, TRANSIENT),
    529: (TRANSIENT, UNCLEAR, TRANSIENT),
}
CASES = [
    pytest.param(status, call, kind, id=f"{status}-{call}")
    for status, kinds in KINDS.items()
    for call, kind in zip(("read", "create", "ask"), kinds, strict=True)
    if kind is not None
]


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize(("status", "call", "kind"), CASES)
def test_a_status_means_the_same_at_both_providers(
    provider: str, status: int, call: str, kind: type[ProviderError]
) -> None:
    found = raised(provider, call, answering(status, error()))

    assert type(found) is kind
    assert found.status_code == status
    assert found.provider == provider
    assert "No." in str(found)


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize(
    ("broken", "read", "create"),
    [
        (httpx2.ConnectError("refused"), TRANSIENT, TRANSIENT),
        (httpx2.ConnectTimeout("slow"), TRANSIENT, TRANSIENT),
        (httpx2.PoolTimeout("busy"), TRANSIENT, TRANSIENT),
        (httpx2.ReadTimeout("slow"), TRANSIENT, UNCLEAR),
        (httpx2.WriteError("cut"), TRANSIENT, UNCLEAR),
        (httpx2.RemoteProtocolError("dropped"), TRANSIENT, UNCLEAR),
    ],
)
def test_only_a_connection_that_was_never_made_is_certain_to_have_done_nothing(
    provider: str, broken: Exception, read: type[ProviderError], create: type[ProviderError]
) -> None:
    assert type(raised(provider, "read", failing(broken))) is read
    assert type(raised(provider, "create", failing(broken))) is create
    assert type(raised(provider, "ask", failing(broken))) is create


UNPAID = [
    ("openai", 429, error("You exceeded your current quota, please check your plan.", code="insufficient_quota")),
    ("openai", 429, error("You exceeded your current quota, please check your plan.")),
    ("openai", 400, error("Billing hard limit has been reached", code="billing_hard_limit_reached")),
    ("anthropic", 429, error("Rate limited.", details={"error_code": "enforced_spend_limit_reached"})),
    ("anthropic", 400, error("Your credit balance is too low to access the API.", type="invalid_request_error")),
    ("anthropic", 402, error("Payment required.", type="billing_error")),
    ("anthropic", 403, error("Payment required.", type="billing_error")),
]


@pytest.mark.parametrize("call", ["create", "ask", "read"])
@pytest.mark.parametrize(("provider", "status", "body"), UNPAID)
def test_an_account_without_credit_is_told_apart(provider: str, status: int, body: object, call: str) -> None:
    found = raised(provider, call, answering(status, body))

    assert type(found) is SpendLimitError
    assert "top it up" in str(found)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_failure_of_the_server_stays_unclear_whatever_it_says(provider: str) -> None:
    body = error("Your credit balance is too low; enqueued token limit.", code="insufficient_quota")

    assert type(raised(provider, "create", answering(500, body))) is UNCLEAR


@pytest.mark.parametrize(
    ("provider", "status", "body"),
    [
        ("openai", 400, error("Too much.", code="token_limit_exceeded")),
        ("openai", 429, error("Enqueued token limit reached for model-one in organization. Limit: 90000.")),
        ("anthropic", 429, error("This would exceed the limit of 10 requests in the batch processing queue.")),
    ],
)
def test_a_full_queue_is_told_apart_for_jobs_only(provider: str, status: int, body: object) -> None:
    found = raised(provider, "create", answering(status, body, {"retry-after": "12"}))

    assert type(found) is QueueFullError
    assert found.retry_after_s == 12
    if status == 429:
        assert type(raised(provider, "ask", answering(status, body))) is TRANSIENT


@pytest.mark.parametrize("provider", PROVIDERS)
def test_too_many_creates_in_an_hour_is_no_full_queue(provider: str) -> None:
    body = error("Rate limit reached: 2000 batches per hour.", code="rate_limit_exceeded")

    found = raised(provider, "create", answering(429, body, {"retry-after": "60"}))

    assert type(found) is TRANSIENT
    assert found.retry_after_s == 60


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("body", [b"", b"<html>busy</html>", b'"busy"', b'{"error":"busy"}', b"[1]"])
def test_an_error_with_a_strange_body_is_still_an_error(provider: str, body: bytes) -> None:
    found = raised(provider, "read", lambda _: httpx2.Response(503, content=body))

    assert type(found) is TRANSIENT
    assert "HTTP 503" in str(found)


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("body", [b"", b"{", b"<html>", b"[]", b"{}", json.dumps(error()).encode()])
@pytest.mark.parametrize("status", [200, 201])
def test_an_unreadable_success_may_have_been_paid(provider: str, body: bytes, status: int) -> None:
    found = raised(provider, "ask", lambda _: httpx2.Response(status, content=body))

    assert type(found) is UNCLEAR
    assert found.status_code == status


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after": "-3"}, 0),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "Sun, 22 Nov 2026 08:01:00 GMT", "date": "Sun, 22 Nov 2026 08:00:00 GMT"}, 60),
        ({"retry-after": "Sun, 22 Nov 2026 08:01:00 GMT", "date": "Sun, 22 Nov 2026 09:00:00 GMT"}, 0),
        ({"retry-after": "Sun, 22 Nov 2026 08:01:00 GMT"}, None),
        ({"retry-after": "Sun, 22 Nov 2026 08:01:00 -0000", "date": "Sun, 22 Nov 2026 08:00:00 GMT"}, None),
    ],
)
def test_the_wait_that_is_asked_for(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after_s(headers) == seconds
