"""Odd request bodies: each is understood or refused, none breaks the emulator."""

# ruff: noqa: D103 - the name of a test is its sentence

import json
from contextlib import suppress
from typing import Any

import openai
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cj_pipeline.emulator import RunningEmulator, anthropic_wire, openai_wire
from cj_pipeline.emulator.openai_input import inspect
from cj_pipeline.emulator.schema_checks import check_fillable
from cj_pipeline.emulator.wire import ApiError, compact
from cj_pipeline_tests.unit.emulator.helpers import ended, rows
from cj_pipeline_tests.unit.emulator.samples import CHAT, RESPONSES, SCHEMA, chat_body, line, message_params, prompt

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
RESPONSE_BODY: dict[str, Any] = {
    "model": "m",
    "input": prompt(),
    "instructions": "You judge.",
    "text": {"format": {"type": "text"}},
}


@settings(deadline=None)
@given(st.sampled_from(sorted(chat_body())), anything)
def test_any_chat_body_is_understood_or_refused(name: str, value: object) -> None:
    _understood_or_refused(CHAT, chat_body() | {name: value})


@settings(deadline=None)
@given(st.sampled_from([*sorted(RESPONSE_BODY), "max_output_tokens"]), anything)
def test_any_response_body_is_understood_or_refused(name: str, value: object) -> None:
    _understood_or_refused(RESPONSES, RESPONSE_BODY | {name: value})


@settings(deadline=None)
@given(st.sampled_from([*sorted(message_params()), "tools", "tool_choice"]), anything)
def test_any_message_is_understood_or_refused(name: str, value: object) -> None:
    with suppress(ApiError):
        anthropic_wire.understand(message_params() | {name: value}, "2026-10-21", in_batch=True)


def _understood_or_refused(endpoint: str, body: dict[str, Any]) -> None:
    with suppress(ApiError):
        openai_wire.understand(endpoint, body)


@given(st.lists(anything.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=20), max_size=5))
def test_any_input_file_is_inspected(content: list[bytes]) -> None:
    assert inspect(content, CHAT, 3).n_requests == len(content)


@pytest.mark.parametrize(
    "part",
    [
        {"$ref": "#/$defs/nowhere"},
        {"$ref": "#/$defs/loop"},
        {"enum": []},
        {"enum": 3},
        {"type": "integer", "minimum": "x"},
    ],
)
def test_a_schema_nobody_could_fill_is_refused(part: dict[str, object]) -> None:
    schema = {"type": "object", "properties": {"p": part}, "$defs": {"loop": {"$ref": "#/$defs/loop"}}}
    with pytest.raises(ApiError, match="Invalid schema"):
        check_fillable(schema, "here")
    assert check_fillable(SCHEMA, "here") == SCHEMA


def test_lone_surrogates_go_through(emulator: RunningEmulator, oa: openai.OpenAI) -> None:
    assert json.loads(compact({"a": "\ud800"})) == {"a": "\ud800"}
    (row,) = rows(
        oa, ended(emulator, oa, line("id-\ud800", body=chat_body(prompt("\ud800", "b"))).encode()).output_file_id
    )
    assert row["custom_id"] == "id-\ud800"
