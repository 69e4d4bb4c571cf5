"""Anthropic's request and answer bodies: the Messages API. No batches."""

import json
from collections.abc import Mapping
from typing import Any

from cj_pipeline.emulator.asking import Answer, Asked
from cj_pipeline.emulator.prompt_reading import beginning_of
from cj_pipeline.emulator.schema_checks import check_anthropic_format, check_fillable
from cj_pipeline.emulator.wire import ApiError, JsonObject, mapping

SAMPLING_FREE_VERSION = "2026-10-21"
VERSIONS = ("2023-06-01", SAMPLING_FREE_VERSION)
_SAMPLING = ("temperature", "top_p", "top_k")
_NOT_EMULATED = ("mcp_servers", "container")
_KNOWN_TEXT = """
    model messages max_tokens system stream temperature top_p top_k stop_sequences metadata output_config tools
    tool_choice thinking service_tier cache_control inference_geo speed container mcp_servers
"""
_KNOWN = frozenset(_KNOWN_TEXT.split())


def check_version(headers: Mapping[str, str]) -> str:
    """Return the API version a call names, or refuse."""
    version = headers.get("anthropic-version")
    if version is None:
        raise ApiError(400, "anthropic-version: header is required")
    if version not in VERSIONS:
        raise ApiError(400, f"anthropic-version: {version!r} is not a valid version")
    return version


def understand(body: JsonObject, version: str, *, in_batch: bool) -> Asked:
    """Return what a body asks, or refuse it as the API would."""
    _check_parameters(body, version, in_batch=in_batch)
    if not isinstance(body.get("model"), str) or not body["model"]:
        raise ApiError(400, "model: Field required")
    _check_max_tokens(body.get("max_tokens"))
    tool = _forced_tool(body)
    schema = tool["input_schema"] if tool else check_anthropic_format(mapping(body, "output_config").get("format"))
    system, user = _joined(body.get("system") or "", "system"), _user_text(body.get("messages"))
    marked = _marked(body)
    return Asked(
        model=body["model"],
        system=system,
        user_text=user,
        max_tokens=body["max_tokens"],
        schema=schema,
        tool=tool["name"] if tool else None,
        beginning=beginning_of(system + user) if marked else "",
        kept_hour=any(mark.get("ttl") == "1h" for mark in marked),
    )


def render(asked: Asked, answer: Answer, *, in_batch: bool) -> JsonObject:
    """Return the answer as a message."""
    refused = answer.outcome == "refused"
    details = {"type": "refusal", "category": None, "explanation": answer.text} if refused else None
    return {
        "id": f"msg_synthetic_{answer.token}",
        "type": "message",
        "role": "assistant",
        "model": asked.model,
        "content": [] if refused else [_block(asked, answer)],
        "stop_reason": _stop_reason(asked, answer),
        "stop_sequence": None,
        "stop_details": details,
        "usage": {
            "input_tokens": answer.input_tokens - answer.kept.read - answer.kept.written,
            "cache_creation_input_tokens": answer.kept.written,
            "cache_read_input_tokens": answer.kept.read,
            "cache_creation": {
                "ephemeral_5m_input_tokens": 0 if asked.kept_hour else answer.kept.written,
                "ephemeral_1h_input_tokens": answer.kept.written if asked.kept_hour else 0,
            },
            "output_tokens": answer.output_tokens,
            "service_tier": "batch" if in_batch else "standard",
        },
    }


def _check_parameters(body: JsonObject, version: str, *, in_batch: bool) -> None:
    for name in body:
        if name not in _KNOWN:
            raise ApiError(400, f"{name}: Extra inputs are not permitted")
    if version == SAMPLING_FREE_VERSION:
        for name in _SAMPLING:
            if name in body:
                raise ApiError(400, f"{name}: sampling parameters are not supported with anthropic-version {version}")
    if body.get("stream"):
        raise ApiError(400, "stream: not supported" + (" in a batch" if in_batch else " by the emulator"))
    if in_batch and body.get("speed") is not None:
        raise ApiError(400, "speed: not supported in a batch")
    for name in _NOT_EMULATED:
        if body.get(name):
            raise ApiError(400, f"{name}: not emulated")


def _check_max_tokens(value: object) -> None:
    if value is None:
        raise ApiError(400, "max_tokens: Field required")
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ApiError(400, "max_tokens: Input should be greater than or equal to 1")


def _forced_tool(body: JsonObject) -> JsonObject | None:
    tools = body.get("tools") or []
    if not isinstance(tools, list) or not all(isinstance(tool, dict) for tool in tools):
        raise ApiError(400, "tools: Input should be a valid list")
    choice = mapping(body, "tool_choice")
    if choice.get("type") not in ("tool", "any"):
        return None
    wanted = [tool for tool in tools if choice["type"] == "any" or tool.get("name") == choice.get("name")]
    if not wanted or not isinstance(wanted[0].get("name"), str):
        raise ApiError(400, f"tool_choice: Tool '{choice.get('name')}' not found in provided tools")
    found: JsonObject = wanted[0]
    check_fillable(found.get("input_schema"), "tools.input_schema")
    return found


def _user_text(messages: object) -> str:
    if not isinstance(messages, list) or not messages or not all(isinstance(one, dict) for one in messages):
        raise ApiError(400, "messages: Field required")
    return "\n".join(_joined(one.get("content"), "messages") for one in messages if one.get("role") == "user")


def _joined(content: Any, where: str) -> str:  # noqa: ANN401 - a string or any list of content blocks
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        raise ApiError(400, f"{where}: Input should be a valid string or list")
    return "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))


def _marked(body: JsonObject) -> list[JsonObject]:
    """Return the wishes to keep what stands before them in the prompt cache."""
    parts = [body.get("system"), *(message.get("content") for message in body["messages"])]
    blocks = [block for part in parts if isinstance(part, list) for block in part if isinstance(block, dict)]
    return [block["cache_control"] for block in blocks if isinstance(block.get("cache_control"), dict)]


def _stop_reason(asked: Asked, answer: Answer) -> str:
    if answer.outcome == "refused":
        return "refusal"
    if answer.outcome == "truncated":
        return "max_tokens"
    return "tool_use" if asked.tool and answer.outcome == "ok" else "end_turn"


def _block(asked: Asked, answer: Answer) -> JsonObject:
    if asked.tool is None or answer.outcome == "unreadable":
        return {"type": "text", "text": answer.text, "citations": None}
    # A cut-off tool call reaches the client as what could be parsed of it, which is nothing.
    given = json.loads(answer.text) if answer.outcome == "ok" else {}
    return {"type": "tool_use", "id": f"toolu_synthetic_{answer.token}", "name": asked.tool, "input": given}
