"""Steps that several tests take: submit a batch, let it end, read its rows."""

import json
from typing import Any, Literal, cast

import anthropic
import openai
from openai.types import Batch

from cj_pipeline.emulator import RunningEmulator
from cj_pipeline_tests.unit.emulator.samples import CHAT, lines, message_requests

END_S = 3600.0
Endpoint = Literal["/v1/chat/completions", "/v1/responses"]


def upload(client: openai.OpenAI, content: bytes) -> str:
    """Upload a batch input file and return its id."""
    return client.files.create(file=("input.jsonl", content), purpose="batch").id


def submit(client: openai.OpenAI, content: bytes | None = None, endpoint: str = CHAT, **more: Any) -> Batch:  # noqa: ANN401 - SDK arguments
    """Upload and create a batch, by default one of four requests."""
    return client.batches.create(
        input_file_id=upload(client, lines(4) if content is None else content),
        endpoint=cast("Endpoint", endpoint),
        completion_window="24h",
        **more,
    )


def ended(emulator: RunningEmulator, client: openai.OpenAI, content: bytes | None = None) -> Batch:
    """Submit a batch and return it after its end."""
    batch = submit(client, content)
    emulator.advance(END_S)
    return client.batches.retrieve(batch.id)


def rows(client: openai.OpenAI, file_id: str | None) -> list[dict[str, Any]]:
    """Return a result file's rows, split on newline bytes only."""
    assert file_id
    content = client.files.content(file_id).content
    assert content.endswith(b"\n")
    return [json.loads(row) for row in content.split(b"\n")[:-1]]


def submit_messages(client: anthropic.Anthropic, count: int = 4, **more: object) -> str:
    """Create a message batch and return its id."""
    return client.messages.batches.create(requests=message_requests(count, **more)).id


def result_types(client: anthropic.Anthropic, batch_id: str) -> dict[str, str]:
    """Return each row's result type by custom_id."""
    return {row.custom_id: row.result.type for row in client.messages.batches.results(batch_id)}
