"""Anthropic's batch entries: a request out, a result in. Pure."""

import json
from typing import Any

from cj_pipeline.domain.batches import BatchJobItem, BatchJobResult, Outcome, Usage

_RETRYABLE = {"api_error", "overloaded_error", "rate_limit_error", "timeout_error"}


def encode(item: BatchJobItem) -> bytes:
    """The request as one entry of a batch, canonical JSON."""
    config: dict[str, Any] = {"format": {"type": "json_schema", "schema": item.schema}}
    if "reasoning_effort" in item.parameters:
        config["effort"] = item.parameters["reasoning_effort"]
    params: dict[str, Any] = {
        "model": item.model,
        "max_tokens": item.parameters["max_output_tokens"],
        "system": [{"type": "text", "text": item.system}],
        "messages": [
            {
                "role": "user",
                "content": [{"type": "text", "text": item.context}, {"type": "text", "text": item.essays}],
            }
        ],
        "output_config": config,
    }
    if "temperature" in item.parameters:
        params["temperature"] = item.parameters["temperature"]
    entry = {"custom_id": item.custom_id, "params": params}
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def decode(line: bytes) -> BatchJobResult | None:
    """One line of a results file; None where it is no result row."""
    try:
        row = json.loads(line)
        name, result = str(row["custom_id"]), row["result"]
        match result["type"]:
            case "succeeded":
                return _answered(name, result["message"])
            case "errored":
                return _errored(name, result.get("error") or {})
            case "expired":
                return BatchJobResult(name, Outcome.EXPIRED, error="the job's time ran out", retryable=True)
            case "canceled":
                return BatchJobResult(name, Outcome.CANCELLED, error="the job was cancelled", retryable=True)
            case unknown:
                return BatchJobResult(name, Outcome.ERRORED, error=f"unknown result type {unknown!r}")
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        return None


def _errored(name: str, envelope: dict[str, Any]) -> BatchJobResult:
    error = envelope.get("error") or envelope
    kind = str(error.get("type", "unknown"))
    return BatchJobResult(
        name, Outcome.ERRORED, error=f"{kind}: {error.get('message', '')}", retryable=kind in _RETRYABLE
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
        input_tokens=int(usage.get("input_tokens", 0)) + cached + written,
        output_tokens=int(usage.get("output_tokens", 0)),
        cached_input_tokens=cached,
    )
