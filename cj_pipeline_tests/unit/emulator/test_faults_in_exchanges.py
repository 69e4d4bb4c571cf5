"""Scripted faults that strike an HTTP exchange."""

# ruff: noqa: D103 - the name of a test is its sentence

from collections.abc import Callable

import anthropic
import openai
import pytest

from cj_pipeline.emulator import RunningEmulator
from cj_pipeline_tests.unit.emulator.conftest import anthropic_client
from cj_pipeline_tests.unit.emulator.helpers import END_S, ended, rows, submit, submit_messages
from cj_pipeline_tests.unit.emulator.samples import chat_body, lines, message_params, message_requests


def n_jobs(emulator: RunningEmulator) -> int:
    return len(emulator.journal("job"))


@pytest.mark.parametrize(("kind", "made"), [("drop_before_commit", 0), ("commit_then_drop", 1), ("commit_then_500", 1)])
def test_ambiguous_creates(
    emulator: RunningEmulator, oa: openai.OpenAI, an: anthropic.Anthropic, kind: str, made: int
) -> None:
    emulator.script_faults({"kind": kind, "times": 2})
    wanted = openai.InternalServerError if kind.endswith("500") else openai.APIConnectionError
    with pytest.raises(wanted):
        submit(oa)
    assert len(oa.batches.list().data) == made
    wanted_too = anthropic.InternalServerError if kind.endswith("500") else anthropic.APIConnectionError
    with pytest.raises(wanted_too):
        submit_messages(an)
    assert len(an.messages.batches.list().data) == made
    assert n_jobs(emulator) == 2 * made
    assert submit(oa).status == "validating"


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_sdk_retries_after_dropped_replies_make_a_job_each(emulator: RunningEmulator, provider: str) -> None:
    emulator.script_faults({"kind": "commit_then_drop", "provider": provider, "times": 2})
    with (
        anthropic_client(emulator).with_options(max_retries=2) as an,
        openai.OpenAI(api_key="key-one", base_url=emulator.openai_base_url, max_retries=2) as oa,
    ):
        create: Callable[[], object] = (lambda: submit(oa)) if provider == "openai" else (lambda: submit_messages(an))
        create()
    assert n_jobs(emulator) == 3
    counts = [entry["retry_count"] for entry in emulator.journal("http") if entry["path"].endswith("batches")]
    assert counts == ["0", "1", "2"]


def test_a_fault_for_one_provider_spares_the_other(
    emulator: RunningEmulator, oa: openai.OpenAI, an: anthropic.Anthropic
) -> None:
    emulator.script_faults({"kind": "commit_then_500", "provider": "anthropic"})
    submit(oa)
    with pytest.raises(anthropic.InternalServerError):
        submit_messages(an)


def test_skip_lets_the_first_pass_and_times_ends_it(emulator: RunningEmulator, oa: openai.OpenAI) -> None:
    emulator.script_faults({"kind": "drop_before_commit", "skip": 1, "times": 1, "path": "chat/completions"})
    assert oa.chat.completions.create(**chat_body())
    with pytest.raises(openai.APIConnectionError):
        oa.chat.completions.create(**chat_body())
    assert oa.chat.completions.create(**chat_body())
    assert [fault["times_left"] for fault in emulator.faults()] == [0]


@pytest.mark.parametrize("retry_after", [None, 1.5, 3600])
def test_rate_limits(
    emulator: RunningEmulator, oa: openai.OpenAI, an: anthropic.Anthropic, retry_after: float | None
) -> None:
    emulator.script_faults(
        {"kind": "rate_limited", "times": 2, "retry_after": retry_after, "path": "^/v1/(messages|chat)"}
    )
    with pytest.raises(openai.RateLimitError) as refused:
        oa.chat.completions.create(**chat_body())
    assert refused.value.response.headers.get("retry-after") == (None if retry_after is None else str(retry_after))
    with pytest.raises(anthropic.RateLimitError) as refused_too:
        an.messages.create(**message_params())
    assert refused_too.value.type == "rate_limit_error"
    assert emulator.summary()["billed_answers"] == 0


def test_a_spend_limit_names_itself(emulator: RunningEmulator, an: anthropic.Anthropic) -> None:
    emulator.script_faults({"kind": "rate_limited", "error_code": "enforced_spend_limit_reached"})
    with pytest.raises(anthropic.RateLimitError) as refused:
        submit_messages(an)
    assert refused.value.body["error"]["details"]["error_code"] == "enforced_spend_limit_reached"  # type: ignore[index]
    assert n_jobs(emulator) == 0


def test_any_status_can_be_scripted(emulator: RunningEmulator, oa: openai.OpenAI, an: anthropic.Anthropic) -> None:
    emulator.script_faults({"kind": "http_error", "status": 529}, {"kind": "http_error", "status": 403, "code": "gone"})
    with pytest.raises(anthropic.APIStatusError) as overloaded:
        an.messages.create(**message_params())
    assert (overloaded.value.status_code, overloaded.value.type) == (529, "overloaded_error")
    with pytest.raises(openai.PermissionDeniedError) as refused:
        oa.files.list()
    assert refused.value.code == "gone"


def test_a_held_reply_is_already_committed_and_journaled(emulator: RunningEmulator, oa: openai.OpenAI) -> None:
    emulator.script_faults({"kind": "hold_after_commit", "provider": "openai", "seconds": 60.0})
    with pytest.raises(openai.APITimeoutError):
        submit(oa.with_options(timeout=0.3))
    assert n_jobs(emulator) == 1
    assert len(oa.batches.list().data) == 1


def test_expired_files_are_404(emulator: RunningEmulator, oa: openai.OpenAI, an: anthropic.Anthropic) -> None:
    batch, other = ended(emulator, oa), submit_messages(an)
    emulator.advance(END_S)
    emulator.script_faults({"kind": "expired_file_404", "times": 2})
    with pytest.raises(openai.NotFoundError):
        oa.files.content(batch.output_file_id or "")
    with pytest.raises(anthropic.NotFoundError):
        an.messages.batches.results(other)
    assert len(rows(oa, batch.output_file_id)) == 4


@pytest.mark.parametrize("inside", [False, True])
def test_a_body_cut_off_with_length_breaks_the_connection(
    emulator: RunningEmulator,
    oa: openai.OpenAI,
    an: anthropic.Anthropic,
    inside: bool,  # noqa: FBT001 - a parameter
) -> None:
    batch = ended(emulator, oa, lines(8))
    emulator.script_faults({"kind": "truncated_body", "inside_row": inside})
    with pytest.raises(openai.APIConnectionError):
        oa.files.content(batch.output_file_id or "")
    batch_id = submit_messages(an, 8)
    emulator.advance(END_S)
    emulator.script_faults({"kind": "truncated_body", "inside_row": inside})
    found = []
    with pytest.raises(Exception, match=r"incomplete|closed") as broken:
        found += [row.custom_id for row in an.messages.batches.results(batch_id)]
    assert type(broken.value).__name__ in ("RemoteProtocolError", "APIConnectionError")


def test_a_body_cut_off_without_length_looks_whole(
    emulator: RunningEmulator, oa: openai.OpenAI, an: anthropic.Anthropic
) -> None:
    batch, batch_id = ended(emulator, oa, lines(8)), submit_messages(an, 8)
    emulator.advance(END_S)
    emulator.script_faults({"kind": "truncated_body", "content_length": False, "times": 2})
    assert len(rows(oa, batch.output_file_id)) == 4
    assert len(list(an.messages.batches.results(batch_id))) == 4
    assert len(rows(oa, batch.output_file_id)) == 8


@pytest.mark.parametrize(
    ("wish", "complaint"),
    [
        ({"kind": "gremlins"}, "commit_then_drop"),
        ({}, "unknown fault kind"),
        ({"kind": "missing_rows", "chance": 0.5}, "no option 'chance'"),
        ({"kind": "missing_rows", "share": "half"}, "must be like"),
        ({"kind": "missing_rows", "share": 1.5}, "between 0 and 1"),
        ({"kind": "missing_rows", "times": 0}, "times"),
        ({"kind": "missing_rows", "provider": "acme"}, "providers"),
        ({"kind": "late_validation_failure", "provider": "anthropic"}, "providers"),
        ({"kind": "http_error", "path": "("}, "regular expression"),
        ({"kind": "stuck", "phase": "sleeping"}, "one of"),
    ],
)
def test_a_script_that_makes_no_sense_is_refused_whole(
    emulator: RunningEmulator, wish: dict[str, object], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint.replace("(", r"\(")):
        emulator.script_faults({"kind": "commit_then_500"}, wish)
    assert emulator.faults() == []


def test_the_script_can_be_cleared(emulator: RunningEmulator, an: anthropic.Anthropic) -> None:
    emulator.script_faults({"kind": "commit_then_500", "times": None})
    emulator.clear_faults()
    assert an.messages.batches.create(requests=message_requests(1)).id
