"""Render a judgement into whatever JSON schema was sent, as a model under structured output does.

The emulator knows no field names. It reads the schema: an enum of two values is the winner (the first value stands for
the essay shown first), an enum of three or more is the strength (weakest first), a bounded number is a strength too, a
free string is the reason. Without a schema the answer is a plain sentence.
"""

import json
from collections.abc import Callable, Sequence

from cj_pipeline.emulator.questions import Judgement
from cj_pipeline.emulator.wire import JsonObject

LINE_SEPARATORS = " “\u2028\u2029\u0085”"
UNREADABLE = "Synthetic judge: Both essays have their merits, and {verdict, I would rather not put it into fields."
REFUSAL = "Synthetic judge: I'm sorry, but I cannot help with that request."
_WINNER_VALUES = 2
_DEEPEST = 12


def plain_sentence(judgement: Judgement) -> str:
    """Return the judgement as prose."""
    which = "first" if judgement.first_wins else "second"
    return f"The {which} essay is better. {judgement.reason}"


def render(schema: JsonObject, judgement: Judgement) -> str:
    """Return the judgement as JSON text that satisfies the schema."""
    return json.dumps(fill(schema, judgement), ensure_ascii=False)


def fill(schema: JsonObject, judgement: Judgement) -> object:
    """Return the judgement as a value that satisfies the schema."""
    return _value(schema, judgement, schema, 0)


def _value(node: JsonObject, judgement: Judgement, root: JsonObject, depth: int) -> object:
    if depth > _DEEPEST:
        return None
    node = _resolved(node, root)
    if "const" in node:
        return node["const"]
    if "enum" in node:
        return _from_enum(node["enum"], judgement)
    return _BY_TYPE.get(_type_of(node), _reason)(node, judgement, root, depth)


def _resolved(node: JsonObject, root: JsonObject) -> JsonObject:
    if "$ref" in node:
        found: JsonObject = root
        for step in str(node["$ref"]).split("/")[1:]:
            found = found[step]
        return _resolved(found, root)
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in node:
            options = [option for option in node[choice] if option.get("type") != "null"]
            return _resolved(options[0] if options else {"type": "null"}, root)
    return node


def _type_of(node: JsonObject) -> str:
    kind = node.get("type", "object" if "properties" in node else "string")
    if isinstance(kind, list):
        return next((str(one) for one in kind if one != "null"), "null")
    return str(kind)


def _from_enum(values: Sequence[object], judgement: Judgement) -> object:
    if len(values) == 1:
        return values[0]
    if len(values) == _WINNER_VALUES:
        return values[0] if judgement.first_wins else values[1]
    return values[min(len(values) - 1, int(judgement.clearness * len(values)))]


def _object(node: JsonObject, judgement: Judgement, root: JsonObject, depth: int) -> object:
    return {name: _value(part, judgement, root, depth + 1) for name, part in node.get("properties", {}).items()}


def _array(node: JsonObject, judgement: Judgement, root: JsonObject, depth: int) -> object:
    return [_value(node.get("items", {}), judgement, root, depth + 1) for _ in range(max(1, node.get("minItems", 1)))]


def _reason(node: JsonObject, judgement: Judgement, _root: JsonObject, _depth: int) -> object:
    return judgement.reason[: node.get("maxLength")]


def _whole_number(node: JsonObject, judgement: Judgement, _root: JsonObject, _depth: int) -> object:
    low, high = int(node.get("minimum", 1)), int(node.get("maximum", 5))
    return min(high, low + int(judgement.clearness * (high - low + 1)))


def _number(node: JsonObject, judgement: Judgement, _root: JsonObject, _depth: int) -> object:
    low, high = float(node.get("minimum", 0)), float(node.get("maximum", 1))
    return round(low + judgement.clearness * (high - low), 3)


_BY_TYPE: dict[str, Callable[[JsonObject, Judgement, JsonObject, int], object]] = {
    "object": _object,
    "array": _array,
    "string": _reason,
    "integer": _whole_number,
    "number": _number,
    "boolean": lambda _node, judgement, _root, _depth: judgement.first_wins,
    "null": lambda _node, _judgement, _root, _depth: None,
}
