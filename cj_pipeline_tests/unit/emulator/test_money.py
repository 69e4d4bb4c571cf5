"""An account without credit, and telling which question an answer was billed for."""

# ruff: noqa: D103 - the name of a test is its sentence

import anthropic
import openai
import pytest

from cj_pipeline.emulator import RunningEmulator
from cj_pipeline_tests.unit.emulator.helpers import END_S, ended, rows, submit, submit_messages
from cj_pipeline_tests.unit.emulator.samples import chat_body, message_params


def test_an_account_without_credit_is_told_so_at_a_create(
    emulator: RunningEmulator, oa: openai.OpenAI, an: anthropic.Anthropic
) -> None:
    emulator.script_faults({"kind": "no_credit", "times": 2})
    with pytest.raises(openai.RateLimitError) as refused:
        submit(oa)
    assert refused.value.code == "insufficient_quota"
    with pytest.raises(anthropic.BadRequestError, match="credit balance is too low"):
        submit_messages(an)
    assert emulator.journal("job") == []
    assert submit(oa).status == "validating"


def test_rows_without_credit(emulator: RunningEmulator, oa: openai.OpenAI, an: anthropic.Anthropic) -> None:
    emulator.script_faults({"kind": "rows_without_credit", "share": 0.5, "times": 2})
    batch, messages = ended(emulator, oa), submit_messages(an)
    emulator.advance(END_S)
    refused = rows(oa, batch.error_file_id)
    errored = [row for row in an.messages.batches.results(messages) if row.result.type == "errored"]
    assert [row["response"]["body"]["error"]["code"] for row in refused] == ["insufficient_quota"] * 2
    assert len(errored) == 2
    assert all("credit balance is too low" in str(row.result) for row in errored)
    assert emulator.summary()["billed_answers"] == 4


@pytest.mark.parametrize("kind", ["commit_then_drop", "commit_then_500"])
def test_a_synchronous_answer_that_is_lost_was_billed(
    emulator: RunningEmulator, oa: openai.OpenAI, an: anthropic.Anthropic, kind: str
) -> None:
    emulator.script_faults({"kind": kind, "path": r"/(chat/completions|messages)$", "times": 2})
    with pytest.raises(openai.APIError):
        oa.chat.completions.create(**chat_body())
    with pytest.raises(anthropic.APIError):
        an.messages.create(**message_params())
    assert emulator.summary()["billed_answers"] == 2
    exchanges = [entry for entry in emulator.journal("http") if entry["method"] == "POST"]
    assert [entry["status"] for entry in exchanges] == ([None] * 2 if kind == "commit_then_drop" else [500] * 2)


def test_every_answer_names_the_question_it_was_billed_for(emulator: RunningEmulator, oa: openai.OpenAI) -> None:
    essay = 'Which?\n<essay_{0} nonce="0123456789abcdef">\nText {0}.\n</essay_{0} nonce="0123456789abcdef">'
    prompt = essay.format("a") + essay.format("b").removeprefix("Which?")
    oa.chat.completions.create(model="m", messages=[{"role": "user", "content": prompt}])
    oa.chat.completions.create(model="m", messages=[{"role": "user", "content": "Hello."}])
    assert [entry["nonce"] for entry in emulator.journal("answer")] == ["0123456789abcdef", None]
