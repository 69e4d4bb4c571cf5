"""OpenAI's batch lines: a request out, a result in. Pure."""

import json
from http import HTTPStatus
from typing import Any, Final

from cj_pipeline.domain.batches import BatchJobItem, BatchJobResult, Outcome, Usage
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


def decode(line: bytes) -> BatchJobResult | None:
    """One line of an output or error file; None where it is no result row."""
    try:
        row = json.loads(line)
        name = str(row["custom_id"])
        response, error = row.get("response"), row.get("error")
        if response is None:
            return _never_run(name, error or {})
        if response["status_code"] != HTTPStatus.OK:
            return _rejected(name, int(response["status_code"]), response.get("body") or {})
        return _answered(name, response["body"])
    except (ValueError, RecursionError, KeyError, TypeError, IndexError, AttributeError):
        return None


def _never_run(name: str, error: dict[str, Any]) -> BatchJobResult:
    code = str(error.get("code", "unknown"))
    outcome = {"batch_expired": Outcome.EXPIRED, "batch_cancelled": Outcome.CANCELLED}.get(code, Outcome.ERRORED)
    return BatchJobResult(name, outcome, error=f"{code}: {error.get('message', '')}", retryable=True)


def _rejected(name: str, status_code: int, body: dict[str, Any]) -> BatchJobResult:
    error = body.get("error") or {}
    message = f"HTTP {status_code} {error.get('code') or error.get('type') or ''}: {error.get('message', '')}"
    return BatchJobResult(name, Outcome.ERRORED, error=message, retryable=retryable_row(status_code))


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
    return Usage(
        input_tokens=int(usage.get("prompt_tokens", 0)),
        output_tokens=int(usage.get("completion_tokens", 0)),
        cached_input_tokens=int((usage.get("prompt_tokens_details") or {}).get("cached_tokens") or 0),
        reasoning_tokens=int((usage.get("completion_tokens_details") or {}).get("reasoning_tokens") or 0),
    )
