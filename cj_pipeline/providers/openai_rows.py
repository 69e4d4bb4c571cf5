"""OpenAI's batch lines: a request out, a result in. Pure."""

import json
from http import HTTPStatus
from typing import Any, Final

from cj_pipeline.domain.batches import BatchJobItem, BatchJobResult, Outcome, Usage
from cj_pipeline.domain.error_types import ErrorType, error_type_of_status
from cj_pipeline.providers.account_faults import inner_error, is_unpaid
from cj_pipeline.providers.at_once import Reply, is_json
from cj_pipeline.providers.transport import retryable_row

ENDPOINT: Final = "/v1/chat/completions"


def encode(item: BatchJobItem) -> bytes:
    """The request as one line of an input file, canonical JSON."""
    body: dict[str, Any] = {
        "model": item.model,
        "messages": [
            {"role": "system", "content": item.system},
            {"role": "user", "content": f"{item.context}\n\n{item.essays}"},
        ],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "verdict", "strict": True, "schema": item.schema},
        },
        "max_completion_tokens": item.parameters["max_output_tokens"],
    }
    for name in ("temperature", "reasoning_effort", "verbosity"):
        if name in item.parameters:
            body[name] = item.parameters[name]
    line = {"custom_id": item.custom_id, "method": "POST", "url": ENDPOINT, "body": body}
    return json.dumps(line, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def body_of(request: bytes) -> tuple[str, dict[str, Any]]:
    """A request line's name and the body that its endpoint takes."""
    line = json.loads(request)
    return str(line["custom_id"]), line["body"]


def row_of(name: str, reply: Reply) -> bytes:
    """The result row of a request that was asked at once, its answer's bytes unchanged."""
    body = reply.body if is_json(reply.body) else _as_error(reply.body)
    return (b'{"custom_id":%b,"error":null,"id":%b,"response":{"body":%b,"request_id":%b,"status_code":%d}}') % (
        _json(name),
        _json(reply.request_id),
        body,
        _json(reply.request_id),
        reply.status_code,
    )


def _as_error(body: bytes) -> bytes:
    return _json({"error": {"message": body.decode("utf-8", "replace")}})


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def decode(line: bytes) -> BatchJobResult | None:
    """One line of an output or error file; None where it is no result row."""
    try:
        row = json.loads(line)
        name = str(row["custom_id"])
        response, error = row.get("response"), row.get("error")
        if response is None:
            return _never_run(name, error or {})
        if response["status_code"] != HTTPStatus.OK:
            return _rejected(name, int(response["status_code"]), inner_error(response.get("body")))
        return _answered(name, response["body"])
    except (ValueError, RecursionError, KeyError, TypeError, IndexError, AttributeError):
        return None


def _never_run(name: str, error: dict[str, Any]) -> BatchJobResult:
    code = str(error.get("code", "unknown"))
    outcome = {"batch_expired": Outcome.EXPIRED, "batch_cancelled": Outcome.CANCELLED}.get(code, Outcome.ERRORED)
    message = f"{code}: {error.get('message', '')}"
    unpaid = is_unpaid(error)
    kind = ErrorType.UNPAID_ACCOUNT if unpaid else ErrorType.UNKNOWN
    return BatchJobResult(
        name,
        outcome,
        error=message,
        retryable=True,
        unpaid_account=unpaid,
        error_type=kind if outcome is Outcome.ERRORED else None,
    )


def _rejected(name: str, status_code: int, error: dict[str, Any]) -> BatchJobResult:
    message = f"HTTP {status_code} {error.get('code') or error.get('type') or ''}: {error.get('message', '')}"
    unpaid = is_unpaid(error) or status_code == HTTPStatus.PAYMENT_REQUIRED
    again = unpaid or retryable_row(status_code)
    kind = ErrorType.UNPAID_ACCOUNT if unpaid else error_type_of_status(status_code)
    return BatchJobResult(name, Outcome.ERRORED, error=message, retryable=again, unpaid_account=unpaid, error_type=kind)


def _answered(name: str, body: dict[str, Any]) -> BatchJobResult:
    choice = body["choices"][0]
    message, finish = choice["message"], choice["finish_reason"]
    refusal = message.get("refusal")
    outcome = Outcome.OK
    if refusal or finish == "content_filter":
        outcome = Outcome.REFUSED
    elif finish == "length":
        outcome = Outcome.TRUNCATED
    return BatchJobResult(
        custom_id=name,
        outcome=outcome,
        text=message.get("content") or "",
        error=str(refusal) if refusal else ("" if outcome is Outcome.OK else f"finish_reason {finish}"),
        usage=_usage(body.get("usage") or {}),
        model=str(body.get("model", "")),
        response_id=str(body.get("id", "")),
    )


def _usage(usage: dict[str, Any]) -> Usage:
    prompt = usage.get("prompt_tokens_details") or {}
    completion = usage.get("completion_tokens_details") or {}
    return Usage(
        input_tokens=int(usage.get("prompt_tokens") or 0),
        output_tokens=int(usage.get("completion_tokens") or 0),
        cached_input_tokens=int(prompt.get("cached_tokens") or 0),
        cache_write_tokens=int(prompt.get("cache_write_tokens") or 0),
        reasoning_tokens=int(completion.get("reasoning_tokens") or 0),
    )
