"""Chat completions and responses through the unmodified SDK."""

# ruff: noqa: D103 - the name of a test is its sentence

import asyncio
import json

import openai
import pytest

from cj_pipeline.emulator import RunningEmulator
from cj_pipeline_tests.unit.emulator.samples import BAD, GOOD, MODEL, SCHEMA, chat_body, prompt


def test_chat_answers_into_the_schema_it_was_sent(oa: openai.OpenAI) -> None:
    completion = oa.chat.completions.create(**chat_body())
    verdict = json.loads(completion.choices[0].message.content or "")
    assert list(verdict) == ["which", "how_clearly", "because"]
    assert verdict["which"] == "left"
    assert verdict["how_clearly"] in (1, 2, 3, 4)
    assert verdict["because"].startswith("Synthetic judge: ")
    assert completion.choices[0].finish_reason == "stop"


def test_chat_is_marked_and_billed_by_length(oa: openai.OpenAI) -> None:
    raw = oa.chat.completions.with_raw_response.create(**chat_body())
    completion = raw.parse()
    assert completion.id.startswith("chatcmpl-synthetic-")
    assert raw.headers["x-synthetic-judge"] == "surface"
    assert raw.headers["x-request-id"]
    assert completion.usage
    assert completion.usage.prompt_tokens == -(-len(prompt()) // 4) + -(-len("You judge.") // 4)
    assert completion.usage.total_tokens == completion.usage.prompt_tokens + completion.usage.completion_tokens


def test_responses_answers_into_the_schema(oa: openai.OpenAI) -> None:
    response = oa.responses.create(
        model=MODEL,
        instructions="You judge.",
        input=prompt(BAD, GOOD),
        text={"format": {"type": "json_schema", "name": "verdict", "strict": True, "schema": SCHEMA}},
        metadata={"purpose": "test"},
    )
    assert response.id.startswith("resp_synthetic_")
    assert response.status == "completed"
    assert json.loads(response.output_text)["which"] == "right"
    assert response.usage
    assert response.usage.input_tokens_details.cached_tokens == 0


def test_user_text_may_be_split_over_content_parts(oa: openai.OpenAI) -> None:
    whole = oa.chat.completions.create(**chat_body())
    half = len(prompt()) // 2
    parts = [{"type": "text", "text": prompt()[:half]}, {"type": "text", "text": prompt()[half:]}]
    split = oa.chat.completions.create(**chat_body() | {"messages": [{"role": "user", "content": parts}]})
    assert split.choices[0].message.content == whole.choices[0].message.content


def test_without_schema_the_answer_is_a_sentence(oa: openai.OpenAI) -> None:
    response = oa.responses.create(model=MODEL, input=prompt())
    assert response.output_text.startswith("The first essay is better.")


def test_a_prompt_without_essays_is_answered_honestly(oa: openai.OpenAI) -> None:
    completion = oa.chat.completions.create(**chat_body("Which is better?"))
    assert "no two essays" in json.loads(completion.choices[0].message.content or "")["because"]


def test_a_small_token_limit_cuts_the_answer_off(oa: openai.OpenAI) -> None:
    completion = oa.chat.completions.create(**chat_body(max_completion_tokens=5))
    assert completion.choices[0].finish_reason == "length"
    response = oa.responses.create(model=MODEL, input=prompt(), max_output_tokens=16)
    assert response.status == "incomplete"
    assert response.incomplete_details
    assert response.incomplete_details.reason == "max_output_tokens"


@pytest.mark.parametrize(
    "change",
    [
        {"n": 2},
        {"tools": [{"type": "function", "function": {"name": "f"}}]},
        {"max_completion_tokens": 0},
        {"messages": []},
        {"response_format": {"type": "json_object"}},
        {"response_format": {"type": "json_schema", "json_schema": {"name": "a b", "schema": SCHEMA}}},
        {
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "v", "strict": True, "schema": SCHEMA | {"additionalProperties": True}},
            }
        },
        {
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "v", "strict": True, "schema": SCHEMA | {"required": ["which"]}},
            }
        },
    ],
)
def test_what_the_api_refuses_or_the_emulator_cannot_do_is_a_400(oa: openai.OpenAI, change: dict[str, object]) -> None:
    with pytest.raises(openai.BadRequestError):
        oa.chat.completions.create(**chat_body() | change)


def test_the_async_sdk_speaks_to_it_too(emulator: RunningEmulator) -> None:
    async def ask() -> tuple[str | None, str]:
        async with openai.AsyncOpenAI(
            api_key="key-one", base_url=emulator.openai_base_url, _strict_response_validation=True
        ) as client:
            completion = await client.chat.completions.create(**chat_body())
            response = await client.responses.create(model=MODEL, input=prompt())
            return completion.choices[0].message.content, response.output_text

    content, text = asyncio.run(ask())
    assert json.loads(content or "")["which"] == "left"
    assert text
