"""Many clients at once."""

# ruff: noqa: D103 - the name of a test is its sentence

from concurrent.futures import ThreadPoolExecutor

from cj_pipeline.emulator import RunningEmulator
from cj_pipeline_tests.unit.emulator.conftest import anthropic_client, openai_client
from cj_pipeline_tests.unit.emulator.helpers import END_S, submit, submit_messages
from cj_pipeline_tests.unit.emulator.samples import chat_body, lines


def test_clients_at_once_lose_and_double_nothing(emulator: RunningEmulator) -> None:
    with openai_client(emulator) as oa, anthropic_client(emulator) as an, ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(lambda: submit(oa, lines(2)).id) for _ in range(8)]
        jobs += [pool.submit(submit_messages, an, 2) for _ in range(8)]
        answers = [pool.submit(lambda: oa.chat.completions.create(**chat_body()).id) for _ in range(8)]
        made, ids = {job.result() for job in jobs}, {answer.result() for answer in answers}
    emulator.advance(END_S)
    summary = emulator.summary()
    assert (len(made), len(ids)) == (16, 8)
    assert summary["jobs"] == {"openai": 8, "anthropic": 8}
    assert (summary["billed_answers"], summary["live_jobs"]) == (8 * 2 + 8 * 2 + 8, [])
