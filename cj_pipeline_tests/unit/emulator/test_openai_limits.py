"""OpenAI's limits and validation: one below, at, and one above each limit."""

# ruff: noqa: D103 - the name of a test is its sentence

from collections.abc import Iterator

import openai
import pytest
from openai.types import Batch

from cj_pipeline.emulator import Limits, RunningEmulator
from cj_pipeline_tests.unit.emulator.conftest import openai_client
from cj_pipeline_tests.unit.emulator.helpers import END_S, submit, upload
from cj_pipeline_tests.unit.emulator.samples import CHAT, RESPONSES, chat_body, line, lines


@pytest.fixture
def client(strict_emulator: RunningEmulator) -> Iterator[openai.OpenAI]:
    with openai_client(strict_emulator) as found:
        yield found


def after_validation(emulator: RunningEmulator, client: openai.OpenAI, content: bytes, endpoint: str = CHAT) -> Batch:
    batch = submit(client, content, endpoint)
    assert batch.status == "validating"
    assert batch.errors is None
    emulator.advance(END_S)
    return client.batches.retrieve(batch.id)


def roomy(count: int) -> bytes:
    return "".join(line(f"item-{n}", body=chat_body("short", model="roomy")) for n in range(count)).encode()


def test_the_documented_limits_are_the_defaults() -> None:
    limits = Limits()
    assert (limits.openai_requests, limits.openai_bytes) == (50_000, 200_000_000)
    assert (limits.anthropic_requests, limits.anthropic_bytes) == (100_000, 256_000_000)


@pytest.mark.parametrize(("count", "status"), [(4, "completed"), (5, "completed"), (6, "failed")])
def test_requests_per_file(strict_emulator: RunningEmulator, client: openai.OpenAI, count: int, status: str) -> None:
    batch = after_validation(strict_emulator, client, roomy(count))
    assert batch.status == status
    if status == "failed":
        assert batch.errors
        assert batch.errors.data
        assert batch.errors.data[0].code == "too_many_tasks"
        assert batch.request_counts
        assert (batch.request_counts.total, batch.output_file_id) == (0, None)
        assert batch.in_progress_at is None
        assert batch.failed_at


@pytest.mark.parametrize("excess", [-1, 0, 1])
def test_bytes_per_file(client: openai.OpenAI, excess: int) -> None:
    content = b"x" * (20_000 + excess)
    if excess <= 0:
        assert upload(client, content)
        return
    with pytest.raises(openai.APIStatusError) as refused:
        upload(client, content)
    assert refused.value.status_code == 413


OTHER_MODEL = line("two", body=chat_body(model="model-two"))


@pytest.mark.parametrize(
    ("content", "code", "number"),
    [
        ("", "empty_file", None),
        ("not json\n", "invalid_json_line", 1),
        (line("one") + "\n" + line("two"), "invalid_json_line", 2),
        (line("one") + line("one"), "duplicate_custom_id", 2),
        (line("one") + line("two", url=RESPONSES), "url_mismatch", 2),
        (line("one") + OTHER_MODEL, "model_mismatch", 2),
        (line(""), "missing_required_parameter", 1),
        (line("one", method="GET"), "invalid_method", 1),
        (line("one", body={"messages": []}), "missing_required_parameter", 1),
        (line("one", body=None).replace('"body"', '"corpus"'), "missing_required_parameter", 1),
    ],
)
def test_a_bad_file_is_accepted_and_fails_later(
    emulator: RunningEmulator, oa: openai.OpenAI, content: str, code: str, number: int | None
) -> None:
    batch = after_validation(emulator, oa, content.encode())
    assert batch.status == "failed"
    assert batch.errors
    assert batch.errors.data
    assert (batch.errors.data[0].code, batch.errors.data[0].line) == (code, number)
    assert emulator.summary()["billed_answers"] == 0


def test_the_endpoint_must_match_every_line(emulator: RunningEmulator, oa: openai.OpenAI) -> None:
    batch = after_validation(emulator, oa, lines(1), RESPONSES)
    assert batch.errors
    assert batch.errors.data
    assert batch.errors.data[0].code == "url_mismatch"


@pytest.mark.parametrize(
    ("metadata", "accepted"),
    [
        ({f"k{n}": "v" for n in range(16)}, True),
        ({f"k{n}": "v" for n in range(17)}, False),
        ({"k" * 64: "v" * 512}, True),
        ({"k" * 65: "v"}, False),
        ({"k": "v" * 513}, False),
    ],
)
def test_metadata(oa: openai.OpenAI, metadata: dict[str, str], accepted: bool) -> None:  # noqa: FBT001 - a parameter
    if accepted:
        assert submit(oa, metadata=metadata).metadata == metadata
        return
    with pytest.raises(openai.BadRequestError):
        submit(oa, metadata=metadata)


@pytest.mark.parametrize("seconds", [3_599, 2_592_001])
def test_expiry_settings_have_bounds(oa: openai.OpenAI, seconds: int) -> None:
    with pytest.raises(openai.BadRequestError):
        submit(oa, output_expires_after={"anchor": "created_at", "seconds": seconds})
    with pytest.raises(openai.BadRequestError):
        oa.files.create(file=b"x", purpose="batch", expires_after={"anchor": "created_at", "seconds": seconds})


def test_a_batch_needs_a_batch_file_and_a_known_endpoint(oa: openai.OpenAI) -> None:
    other = oa.files.create(file=("x.jsonl", lines(1)), purpose="user_data").id
    for file_id in ("file-nowhere", other):
        with pytest.raises(openai.BadRequestError):
            oa.batches.create(input_file_id=file_id, endpoint="/v1/responses", completion_window="24h")
    with pytest.raises(openai.BadRequestError):
        submit(oa, endpoint="/v1/embeddings")


def test_enqueued_tokens_are_counted_until_a_job_ends(strict_emulator: RunningEmulator, client: openai.OpenAI) -> None:
    text = "x" * 4 * 1400
    one = line("one", body=chat_body(text)).encode()
    batches = [submit(client, one) for _ in range(3)]
    strict_emulator.advance(95)
    statuses = [client.batches.retrieve(batch.id) for batch in batches]
    assert [batch.status == "failed" for batch in statuses] == [False, False, True]
    assert statuses[2].errors
    assert statuses[2].errors.data
    assert statuses[2].errors.data[0].code == "token_limit_exceeded"
    strict_emulator.advance(END_S)
    assert after_validation(strict_emulator, client, one).status == "completed"
    assert after_validation(strict_emulator, client, one.replace(b"model-one", b"roomy")).status == "completed"
