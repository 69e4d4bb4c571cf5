"""Quotas over several jobs, and a client that dies between acceptance and reply."""

# ruff: noqa: D103 - the name of a test is its sentence

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import anthropic
import openai
import pytest

from cj_pipeline.emulator import RunningEmulator, running_emulator
from cj_pipeline_tests.unit.emulator.conftest import anthropic_client, openai_client
from cj_pipeline_tests.unit.emulator.helpers import END_S, submit, submit_messages
from cj_pipeline_tests.unit.emulator.samples import lines

QUOTAS = {"openai_creates_per_hour": 2, "anthropic_queued_requests": 5}
CLIENT = """
import sys, anthropic
client = anthropic.Anthropic(api_key="key-one", base_url=sys.argv[1], max_retries=0)
params = {"model": "m", "max_tokens": 5, "messages": [{"role": "user", "content": "x"}]}
client.messages.batches.create(requests=[{"custom_id": "one", "params": params}])
"""


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEmulator]:
    with running_emulator(tmp_path_factory.mktemp("narrow"), limits=QUOTAS) as running:
        yield running


def test_openai_batches_per_hour(narrow: RunningEmulator) -> None:
    with openai_client(narrow) as client:
        submit(client, lines(1))
        narrow.advance(1000)
        submit(client, lines(1))
        with pytest.raises(openai.RateLimitError) as refused:
            submit(client, lines(1))
        wait = int(refused.value.response.headers["retry-after"])
        assert 2590 <= wait <= 2600
        narrow.advance(wait)
        assert submit(client, lines(1)).id


def test_anthropic_requests_in_the_queue(narrow: RunningEmulator) -> None:
    with anthropic_client(narrow) as client:
        submit_messages(client, 3)
        with pytest.raises(anthropic.RateLimitError):
            submit_messages(client, 3)
        assert submit_messages(client, 2)
        narrow.advance(END_S)
        assert submit_messages(client, 5)


def test_a_client_may_be_killed_between_acceptance_and_reply(emulator: RunningEmulator) -> None:
    emulator.script_faults({"kind": "hold_after_commit", "seconds": 60.0})
    with subprocess.Popen([sys.executable, "-c", CLIENT, emulator.anthropic_base_url]) as client:
        while not emulator.journal("job"):
            assert client.poll() is None
        client.kill()
    (created,) = [entry for entry in emulator.journal("http") if entry["method"] == "POST"]
    assert (created["retry_count"], created["fault"]) == ("0", "hold_after_commit")
    with anthropic_client(emulator) as survivor:
        assert len(survivor.messages.batches.list().data) == 1


def test_stopping_does_not_wait_for_a_held_reply(tmp_path: Path) -> None:
    with running_emulator(tmp_path) as running, openai_client(running) as client:
        running.script_faults({"kind": "hold_after_commit", "seconds": 60.0})
        with pytest.raises(openai.APITimeoutError):
            submit(client.with_options(timeout=0.2))
    assert "Traceback" not in (tmp_path / "emulator.log").read_text()
