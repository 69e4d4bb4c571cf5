"""Rendering a judgement into schemas whose field names the emulator has never heard of."""

# ruff: noqa: D103 - the name of a test is its sentence

import json
from typing import Any

import pytest

from cj_pipeline.emulator.answers import fill, render
from cj_pipeline.emulator.questions import Judgement
from cj_pipeline.emulator.schema_checks import check_anthropic_format, check_openai_format
from cj_pipeline.emulator.wire import ApiError
from cj_pipeline_tests.unit.emulator.samples import SCHEMA

FIRST = Judgement(first_wins=True, clearness=0.99, reason="Because.")
SECOND = Judgement(first_wins=False, clearness=0.0, reason="Because.")


def properties(**parts: object) -> dict[str, Any]:
    return {"type": "object", "properties": parts}


@pytest.mark.parametrize(("judgement", "which", "clearly"), [(FIRST, "left", 4), (SECOND, "right", 1)])
def test_winner_strength_and_reason(judgement: Judgement, which: str, clearly: int) -> None:
    assert fill(SCHEMA, judgement) == {"which": which, "how_clearly": clearly, "because": "Because."}


@pytest.mark.parametrize("clearness", [0.0, 0.3, 0.5, 0.8, 0.999])
def test_strength_rises_with_clearness(clearness: float) -> None:
    words = ["slightly", "clearly", "greatly"]
    found = fill(properties(s={"enum": words}), Judgement(first_wins=True, clearness=clearness, reason=""))
    assert found == {"s": words[min(2, int(clearness * 3))]}


def test_every_kind_of_schema_is_filled() -> None:
    schema = properties(
        w={"$ref": "#/$defs/side"},
        n={"type": "integer", "minimum": 2, "maximum": 6},
        f={"type": "number"},
        b={"type": "boolean"},
        c={"const": 7},
        o=properties(inner={"type": "string", "maxLength": 3}),
        l={"type": "array", "items": {"type": "string"}, "minItems": 2},
        m={"anyOf": [{"type": "null"}, {"type": "string"}]},
        t={"type": ["null", "string"]},
        e={"enum": ["only"]},
        z={"type": "null"},
    ) | {"$defs": {"side": {"type": "string", "enum": ["A", "B"]}}}
    assert fill(schema, FIRST) == {
        "w": "A",
        "n": 6,
        "f": 0.99,
        "b": True,
        "c": 7,
        "o": {"inner": "Bec"},
        "l": ["Because.", "Because."],
        "m": "Because.",
        "t": "Because.",
        "e": "only",
        "z": None,
    }


def test_a_recursive_schema_ends() -> None:
    schema = properties(child={"$ref": "#"})
    assert json.loads(render(schema, FIRST))


def test_anthropic_refuses_bounds() -> None:
    bounded = SCHEMA | {"properties": {"n": {"type": "integer", "minimum": 1}}}
    with pytest.raises(ApiError, match="minimum"):
        check_anthropic_format({"type": "json_schema", "schema": bounded})


def test_a_property_may_be_called_like_a_keyword() -> None:
    schema = SCHEMA | {"properties": {"minimum": {"type": "string"}}, "required": ["minimum"]}
    assert check_anthropic_format({"type": "json_schema", "schema": schema}) == schema
    form = {"type": "json_schema", "name": "v", "strict": True, "schema": schema}
    assert check_openai_format(form, "text.format") == schema


def test_nested_objects_are_checked_too() -> None:
    inner = {"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": False}
    schema = SCHEMA | {"properties": {"inner": inner}, "required": ["inner"]}
    with pytest.raises(ApiError, match="Missing 'a'"):
        check_openai_format({"type": "json_schema", "name": "v", "strict": True, "schema": schema}, "text.format")
