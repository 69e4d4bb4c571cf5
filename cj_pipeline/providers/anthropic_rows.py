"""Anthropic's batch entries: a request out, a result in. Pure."""

import json
from http import HTTPStatus
from typing import Any

from cj_pipeline.domain.batches import BatchJobItem, BatchJobResult, Outcome, Usage
from cj_pipeline.domain.error_types import ErrorType
from cj_pipeline.providers.account_faults import inner_error, is_unpaid
from cj_pipeline.providers.at_once import Reply, is_json

_RETRYABLE = {"api_error", "overloaded_error", "rate_limit_error", "timeout_error"}
_ERROR_TYPES = {
    "api_error": ErrorType.SERVER_ERROR,
    "authentication_error": ErrorType.AUTHENTICATION,
    "invalid_request_error": ErrorType.CLIENT_ERROR,
    "not_found_error": ErrorType.NOT_FOUND,
    "overloaded_error": ErrorType.OVERLOADED,
    "permission_error": ErrorType.AUTHENTICATION,
    "rate_limit_error": ErrorType.RATE_LIMIT,
    "request_too_large": ErrorType.CLIENT_ERROR,
    "timeout_error": ErrorType.SERVER_ERROR,
}


def encode(item: BatchJobItem) -> bytes:
    """The request as one entry of a batch, canonical JSON."""
    config: dict[str, Any] = {"format": {"type": "json_schema", "schema": item.schema}}
    if "reasoning_effort" in item.parameters:
        config["effort"] = item.parameters["reasoning_effort"]
    context: dict[str, Any] = {"type": "text", "text": item.context}
    if item.cache:
        # Everything up to here, the system text included, is kept.
        context["cache_control"] = {"type": "ephemeral", "ttl": item.cache.value}
    params: dict[str, Any] = {
        "model": item.model,
        "max_tokens": item.parameters["max_output_tokens"],
        "system": [{"type": "text", "text": item.system}],
        "messages": [
            {
                "role": "user",
                "content": [context, {"type": "text", "text": item.essays}],
            }
        ],
        "output_config": config,
    }
    if "temperature" in item.parameters:
        params["temperature"] = item.parameters["temperature"]
    entry = {"custom_id": item.custom_id, "params": params}
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def body_of(request: bytes) -> tuple[str, dict[str, Any]]:
    """A batch entry's name and the body that the messages endpoint takes."""
    entry = json.loads(request)
    return str(entry["custom_id"]), entry["params"]


def row_of(name: str, reply: Reply) -> bytes:
    """The result row of a request that was asked at once, its answer's bytes unchanged."""
    if reply.status_code == HTTPStatus.OK:
        return b'{"custom_id":%b,"result":{"message":%b,"type":"succeeded"}}' % (_json(name), reply.body)
    return b'{"custom_id":%b,"result":{"error":%b,"type":"errored"}}' % (_json(name), _envelope(reply.body))


def _envelope(body: bytes) -> bytes:
    if is_json(body):
        return body
    error = {"type": "invalid_request_error", "message": body.decode("utf-8", "replace")}
    return _json({"type": "error", "error": error})


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def decode(line: bytes) -> BatchJobResult | None:
    """One line of a results file; None where it is no result row."""
    try:
        row = json.loads(line)
        name, result = str(row["custom_id"]), row["result"]
        match result["type"]:
            case "succeeded":
                return _answered(name, result["message"])
            case "errored":
                return _errored(name, inner_error(result.get("error")))
            case "expired":
                return BatchJobResult(name, Outcome.EXPIRED, error="the job's time ran out", retryable=True)
            case "canceled":
                return BatchJobResult(name, Outcome.CANCELLED, error="the job was cancelled", retryable=True)
            case unknown:
                error = f"unknown result type {unknown!r}"
                return BatchJobResult(name, Outcome.ERRORED, error=error, error_type=ErrorType.UNKNOWN)
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        return None


def _errored(name: str, error: dict[str, Any]) -> BatchJobResult:
    kind = str(error.get("type", "unknown"))
    unpaid = is_unpaid(error)
    return BatchJobResult(
        name,
        Outcome.ERRORED,
        error=f"{kind}: {error.get('message', '')}",
        retryable=unpaid or kind in _RETRYABLE,
        unpaid_account=unpaid,
        error_type=ErrorType.UNPAID_ACCOUNT if unpaid else _ERROR_TYPES.get(kind, ErrorType.UNKNOWN),
    )


def _answered(name: str, message: dict[str, Any]) -> BatchJobResult:
    # A model that thinks puts other blocks before its text: choose by type, never by place.
    text = "".join(block["text"] for block in message["content"] if block["type"] == "text")
    stop = message["stop_reason"]
    outcome = {"refusal": Outcome.REFUSED, "max_tokens": Outcome.TRUNCATED}.get(stop, Outcome.OK)
    return BatchJobResult(
        custom_id=name,
        outcome=outcome,
        text=text,
        error="" if outcome is Outcome.OK else f"stop_reason {stop}",
        usage=_usage(message.get("usage") or {}),
        model=str(message.get("model", "")),
        response_id=str(message.get("id", "")),
    )


def _usage(usage: dict[str, Any]) -> Usage:
    cached = int(usage.get("cache_read_input_tokens") or 0)
    written = int(usage.get("cache_creation_input_tokens") or 0)
    return Usage(
        input_tokens=int(usage.get("input_tokens") or 0) + cached + written,
        output_tokens=int(usage.get("output_tokens") or 0),
        cached_input_tokens=cached,
        cache_write_tokens=written,
        cache_write_1h_tokens=int((usage.get("cache_creation") or {}).get("ephemeral_1h_input_tokens") or 0),
        reasoning_tokens=int((usage.get("output_tokens_details") or {}).get("thinking_tokens") or 0),
    )
