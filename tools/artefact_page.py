"""The reference of the ENG5 runner's artefact: every key, from its JSON schema."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from cj_pipeline.harness.eng5.schema import json_schema
from cj_pipeline.harness.eng5.schema_inputs import SCHEMA_VERSION
from tools.pages import table

_ABOUT: Final = f"""\
What `cj eng5 dry-run`, `execute`, `anchor-align` and `boundary` write: one JSON file per run, version
{SCHEMA_VERSION}, complete in itself. Its shape is kept as a JSON schema beside this page
([eng5-artefact.schema.json](eng5-artefact.schema.json)). It is checked when it is written and when it is read, also for
what has to hold between its parts, and by its checksum: `cj eng5 verify FILE`.

The checksum is SHA-256 over the artefact as canonical JSON (keys sorted, no spaces, UTF-8 without escapes) with
`validation.artefact_checksum` empty. Times are UTC. Files are named relative to the assessment's folder. A key is never
left out; what is not known is `null`."""

_PLAIN: Final = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "null": "null",
    "date-time": "time",
}

Schema = Mapping[str, Any]


def artefact_parts() -> Iterator[str]:
    """The page's paragraphs."""
    schema = json_schema()
    yield _ABOUT
    yield from _section("artefact", schema, schema["$defs"])
    for name in _in_reading_order(schema):
        yield from _section(name, schema["$defs"][name], schema["$defs"])


def _section(name: str, part: Schema, parts: Schema) -> Iterator[str]:
    if "properties" not in part:
        return
    yield f"## {name}"
    yield str(part.get("description", ""))
    rows = [(f"`{key}`", _kind(spec, parts), _meaning(spec, parts)) for key, spec in part["properties"].items()]
    yield table(("key", "type", "meaning"), rows)


def _meaning(spec: Schema, parts: Schema) -> str:
    """What a key says of itself, else what its part says."""
    own = spec.get("description")
    return str(own or parts.get(_referred(spec), {}).get("description", ""))


def _in_reading_order(schema: Schema) -> list[str]:
    """Names of all parts, each after the first one that holds it."""
    order: list[str] = []
    waiting = [schema]
    while waiting:
        for name in _references(waiting.pop(0).get("properties", {})):
            if name not in order:
                order.append(name)
                waiting.append(schema["$defs"][name])
    return order


def _references(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        if "$ref" in value:
            yield _referred(value)
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)


def _referred(spec: Mapping[str, Any]) -> str:
    return str(spec.get("$ref", "")).rpartition("/")[2]


def _kind(spec: Schema, parts: Schema) -> str:
    if name := _referred(spec):
        part = parts[name]
        return f"[{name}](#{name.lower()})" if "properties" in part else _kind(part, parts)
    if "anyOf" in spec:
        return " or ".join(_kind(choice, parts) for choice in spec["anyOf"])
    if "enum" in spec:
        return " or ".join(f"`{value}`" for value in spec["enum"])
    if spec["type"] == "array":
        return f"list of {_kind(spec['items'], parts)}"
    if spec["type"] == "object":
        return f"mapping to {_kind(spec['additionalProperties'], parts)}"
    return ", ".join([_PLAIN[spec.get("format", spec["type"])], *_bounds(spec)])


def _bounds(spec: Schema) -> Iterator[str]:
    for key, words in (("minimum", "at least"), ("maximum", "at most"), ("exclusiveMinimum", "above")):
        if key in spec:
            yield f"{words} {spec[key]}"
    if "pattern" in spec:
        yield f"like `{spec['pattern']}`"
