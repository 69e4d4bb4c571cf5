"""What the providers demand of a schema for structured output before they run a request."""

import re
from collections.abc import Iterator

from cj_pipeline.emulator.answers import fill
from cj_pipeline.emulator.questions import Judgement
from cj_pipeline.emulator.wire import ApiError, JsonObject

_NAME = re.compile(r"^[a-zA-Z0-9_-]{1,64}$")
_REFUSED_BY_ANTHROPIC = (
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
)


def check_openai_format(given: JsonObject, where: str) -> JsonObject | None:
    """Return the schema of an OpenAI format object, None for plain text, or refuse.

    Args:
        given: ``{"type": "json_schema", "name", "strict", "schema"}``, for chat completions already unwrapped.
        where: The parameter that an error names.
    """
    kind = given.get("type")
    if kind == "text":
        return None
    if kind != "json_schema":
        raise ApiError(400, f"Only text and json_schema are emulated, not {kind!r}.", param=f"{where}.type")
    if not isinstance(given.get("name"), str) or not _NAME.match(given["name"]):
        raise ApiError(
            400, f"Invalid '{where}.name': {given.get('name')!r}.", code="invalid_value", param=f"{where}.name"
        )
    schema = check_fillable(given.get("schema"), where)
    if given.get("strict"):
        _check_strict(schema, where)
    return schema


def check_anthropic_format(given: object) -> JsonObject | None:
    """Return the schema of ``output_config.format``, None if there is none, or refuse."""
    if given is None:
        return None
    if not isinstance(given, dict) or given.get("type") != "json_schema":
        raise ApiError(400, "output_config.format.type: Input should be 'json_schema'")
    schema = check_fillable(given.get("schema"), "output_config.format")
    for node in _nodes(schema):
        if _is_object(node) and node.get("additionalProperties") is not False:
            raise ApiError(400, "output_config.format.schema: For 'object' type, 'additionalProperties' must be false")
        for word in _REFUSED_BY_ANTHROPIC:
            if word in node and not isinstance(node[word], dict):
                raise ApiError(400, f"output_config.format.schema: property '{word}' is not supported")
    return schema


def check_fillable(schema: object, where: str) -> JsonObject:
    """Return an object schema that the emulator can fill, or refuse: broken references, empty enums and the like."""
    found = _object_schema(schema, where)
    try:
        fill(found, Judgement(first_wins=True, clearness=0.0, reason=""))
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise ApiError(
            400, f"Invalid schema for {where}: {error!r}", code="invalid_json_schema", param=where
        ) from error
    return found


def _check_strict(schema: JsonObject, where: str) -> None:
    for node in _nodes(schema):
        if not _is_object(node):
            continue
        if node.get("additionalProperties") is not False:
            _refuse(where, "'additionalProperties' is required to be supplied and to be false.")
        missing = sorted(set(node.get("properties", {})) - set(node.get("required", [])))
        if missing:
            _refuse(where, f"'required' is required to be supplied and to include every key. Missing '{missing[0]}'.")


def _refuse(where: str, why: str) -> None:
    raise ApiError(400, f"Invalid schema for {where}: {why}", code="invalid_json_schema", param=where)


def _object_schema(schema: object, where: str) -> JsonObject:
    if not isinstance(schema, dict) or not (_is_object(schema) or "$ref" in schema or "anyOf" in schema):
        raise ApiError(
            400, f"Invalid schema for {where}: schema must be a JSON Schema of 'type: \"object\"'.", param=where
        )
    return schema


def _is_object(node: JsonObject) -> bool:
    return node.get("type") == "object" or isinstance(node.get("properties"), dict)


def _nodes(node: object) -> Iterator[JsonObject]:
    if isinstance(node, list):
        for part in node:
            yield from _nodes(part)
    elif isinstance(node, dict):
        yield node
        for name, part in node.items():
            # The keys below "properties" and "$defs" are names, not keywords.
            yield from _nodes(
                list(part.values()) if name in ("properties", "$defs") and isinstance(part, dict) else part
            )
