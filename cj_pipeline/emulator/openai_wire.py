"""OpenAI's request and answer bodies: chat completions and responses. No files, no batches."""

from typing import Any

from cj_pipeline.emulator.asking import Answer, Asked
from cj_pipeline.emulator.prompt_reading import beginning_of
from cj_pipeline.emulator.schema_checks import check_openai_format
from cj_pipeline.emulator.wire import ApiError, JsonObject, mapping

CHAT = "/v1/chat/completions"
RESPONSES = "/v1/responses"
ENDPOINTS = (CHAT, RESPONSES)
_SYSTEM_ROLES = ("system", "developer")
_NOT_EMULATED = ("tools", "functions", "background", "previous_response_id", "conversation", "prompt")


def understand(endpoint: str, body: JsonObject) -> Asked:
    """Return what a body asks, or refuse it as the API would."""
    _check_common(body)
    return _understand_chat(body) if endpoint == CHAT else _understand_response(body)


def render(endpoint: str, asked: Asked, body: JsonObject, answer: Answer, now: float) -> JsonObject:
    """Return the answer in the endpoint's shape."""
    if endpoint == CHAT:
        return _chat_completion(asked, answer, now)
    return _response(asked, body, answer, now)


def _check_common(body: JsonObject) -> None:
    if not isinstance(body.get("model"), str) or not body["model"]:
        raise ApiError(400, "you must provide a model parameter", param="model")
    if body.get("stream"):
        raise ApiError(400, "Streaming is not emulated.", code="unsupported_value", param="stream")
    if body.get("n", 1) != 1:
        raise ApiError(400, "Only n=1 is emulated.", code="unsupported_value", param="n")
    for name in _NOT_EMULATED:
        if body.get(name):
            raise ApiError(400, f"'{name}' is not emulated.", code="unsupported_parameter", param=name)


def _understand_chat(body: JsonObject) -> Asked:
    messages = _message_list(body.get("messages"), "messages")
    given = mapping(body, "response_format") or {"type": "text"}
    if given.get("type") == "json_schema":
        given = {"type": "json_schema"} | mapping(given, "json_schema")
    most = body.get("max_completion_tokens", body.get("max_tokens"))
    system, user = _split(messages)
    schema = check_openai_format(given, "response_format")
    most_tokens, beginning = _positive(most, "max_completion_tokens"), beginning_of(system + user)
    return Asked(body["model"], system, user, most_tokens, schema, beginning=beginning)


def _understand_response(body: JsonObject) -> Asked:
    given = body.get("input")
    messages = (
        [{"role": "user", "content": given}] if isinstance(given, str) and given else _message_list(given, "input")
    )
    system, user = _split(messages)
    instructions = body.get("instructions") or ""
    if not isinstance(instructions, str):
        raise ApiError(400, "Only a string is emulated for 'instructions'.", code="invalid_type", param="instructions")
    system = "\n".join(filter(None, (instructions, system)))
    wanted = mapping(mapping(body, "text"), "format") or {"type": "text"}
    most = _positive(body.get("max_output_tokens"), "max_output_tokens")
    schema = check_openai_format(wanted, "text.format")
    return Asked(body["model"], system, user, most, schema, beginning=beginning_of(system + user))


def _message_list(given: object, param: str) -> list[JsonObject]:
    if not isinstance(given, list) or not given or not all(isinstance(one, dict) for one in given):
        raise ApiError(400, f"Missing or invalid parameter: '{param}'.", code="missing_required_parameter", param=param)
    return given


def _split(messages: list[JsonObject]) -> tuple[str, str]:
    system = [_joined(one.get("content")) for one in messages if one.get("role") in _SYSTEM_ROLES]
    user = [_joined(one.get("content")) for one in messages if one.get("role") == "user"]
    return "\n".join(system), "\n".join(user)


def _joined(content: Any) -> str:  # noqa: ANN401 - a string or any list of content parts
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        raise ApiError(400, "Invalid message content.", code="invalid_type", param="content")
    return "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))


def _positive(value: object, param: str) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        message = f"Invalid '{param}': integer below minimum value."
        raise ApiError(400, message, code="integer_below_min_value", param=param)
    return value


def _chat_completion(asked: Asked, answer: Answer, now: float) -> JsonObject:
    refused = answer.outcome == "refused"
    message: JsonObject = {
        "role": "assistant",
        "content": None if refused else answer.text,
        "refusal": answer.text if refused else None,
        "annotations": [],
    }
    reason = "length" if answer.outcome == "truncated" else "stop"
    return {
        "id": f"chatcmpl-synthetic-{answer.token}",
        "object": "chat.completion",
        "created": int(now),
        "model": asked.model,
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": reason}],
        "usage": {
            "prompt_tokens": answer.input_tokens,
            "completion_tokens": answer.output_tokens,
            "total_tokens": answer.input_tokens + answer.output_tokens,
            "prompt_tokens_details": {
                "cached_tokens": answer.kept.read,
                "cache_write_tokens": answer.kept.written,
                "audio_tokens": 0,
            },
            "completion_tokens_details": {
                "reasoning_tokens": answer.reasoning_tokens,
                "audio_tokens": 0,
                "accepted_prediction_tokens": 0,
                "rejected_prediction_tokens": 0,
            },
        },
        "service_tier": "default",
        "system_fingerprint": "fp_synthetic",
    }


def _response(asked: Asked, body: JsonObject, answer: Answer, now: float) -> JsonObject:
    truncated = answer.outcome == "truncated"
    status = "incomplete" if truncated else "completed"
    return {
        "id": f"resp_synthetic_{answer.token}",
        "object": "response",
        "created_at": int(now),
        "status": status,
        "error": None,
        "incomplete_details": {"reason": "max_output_tokens"} if truncated else None,
        "instructions": body.get("instructions"),
        "max_output_tokens": asked.max_tokens,
        "metadata": body.get("metadata") or {},
        "model": asked.model,
        "output": [_output_message(answer, status)],
        "parallel_tool_calls": True,
        "temperature": body.get("temperature"),
        "text": {"format": mapping(mapping(body, "text"), "format") or {"type": "text"}},
        "tool_choice": "auto",
        "tools": [],
        "top_p": body.get("top_p"),
        "truncation": "disabled",
        "usage": {
            "input_tokens": answer.input_tokens,
            "input_tokens_details": {
                "cached_tokens": answer.kept.read,
                "cache_write_tokens": answer.kept.written,
            },
            "output_tokens": answer.output_tokens,
            "output_tokens_details": {"reasoning_tokens": answer.reasoning_tokens},
            "total_tokens": answer.input_tokens + answer.output_tokens,
        },
    }


def _output_message(answer: Answer, status: str) -> JsonObject:
    part: JsonObject = {"type": "output_text", "text": answer.text, "annotations": [], "logprobs": []}
    if answer.outcome == "refused":
        part = {"type": "refusal", "refusal": answer.text}
    token = f"msg_synthetic_{answer.token}"
    return {"id": token, "type": "message", "role": "assistant", "status": status, "content": [part]}
