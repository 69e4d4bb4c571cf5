"""What survives a SIGKILL of the emulator, and what the journal says."""

# ruff: noqa: D103 - the name of a test is its sentence

import json
from pathlib import Path

import pytest

from cj_pipeline.emulator import RunningEmulator, running_emulator
from cj_pipeline_tests.unit.emulator.conftest import anthropic_client, openai_client
from cj_pipeline_tests.unit.emulator.helpers import END_S, ended, rows, submit, submit_messages
from cj_pipeline_tests.unit.emulator.samples import chat_body, lines


def test_everything_survives_a_sigkill(state_dir: Path) -> None:
    with (
        running_emulator(state_dir, seed=3) as emulator,
        openai_client(emulator) as oa,
        anthropic_client(emulator) as an,
    ):
        batch, batch_id = submit(oa, lines(6), metadata={"a": "b"}), submit_messages(an, 6)
        emulator.script_faults({"kind": "commit_then_500", "times": 2})
        emulator.advance(40)
        before = oa.batches.retrieve(batch.id), an.messages.batches.retrieve(batch_id), emulator.now()
        emulator.kill()
        emulator.restart()
        assert (oa.batches.retrieve(batch.id), an.messages.batches.retrieve(batch_id), emulator.now()) == before
        assert emulator.faults()[0]["times_left"] == 2
        emulator.advance(END_S)
        assert len(rows(oa, oa.batches.retrieve(batch.id).output_file_id)) == 6
        content = oa.files.content(oa.batches.retrieve(batch.id).output_file_id or "").content
        emulator.kill()
        emulator.restart()
        assert oa.files.content(oa.batches.retrieve(batch.id).output_file_id or "").content == content
        assert emulator.summary()["billed_answers"] == 12
        assert emulator.summary()["jobs"] == {"openai": 1, "anthropic": 1}
        emulator.clear_faults()
        assert submit(oa).id != batch.id


def test_two_emulators_of_one_seed_answer_alike(tmp_path: Path) -> None:
    contents = []
    for name in ("one", "two"):
        with running_emulator(tmp_path / name, seed=5) as emulator, openai_client(emulator) as oa:
            found = rows(oa, ended(emulator, oa, lines(12)).output_file_id)
            choices = [(row["id"], row["custom_id"], row["response"]["body"]["choices"]) for row in found]
            contents.append(json.dumps(choices))
    assert contents[0] == contents[1]


def test_an_unfrozen_clock_follows_real_time(state_dir: Path) -> None:
    with running_emulator(state_dir, frozen_clock=False) as emulator:
        first = emulator.now()
        assert emulator.advance(1000) >= first + 1000
        assert emulator.now() > first + 1000


def test_the_journal_counts_jobs_calls_and_answers(emulator: RunningEmulator) -> None:
    with openai_client(emulator) as oa, anthropic_client(emulator) as an:
        oa.chat.completions.create(**chat_body())
        batch = submit(oa, lines(3), metadata={"part": "7"})
        batch_id = submit_messages(an, 2)
        assert [entry["n_requests"] for entry in emulator.journal("job")] == [3, 2]
        assert sorted(emulator.summary()["live_jobs"]) == sorted([batch.id, batch_id])
        emulator.advance(END_S)
        summary = emulator.summary()
        assert (summary["billed_answers"], summary["live_jobs"], summary["billed_more_than_once"]) == (6, [], [])
        (job, _) = emulator.journal("job")
        assert (job["job_id"], job["metadata"], len(job["request_sha256"])) == (batch.id, {"part": "7"}, 64)
        answers = [entry for entry in emulator.journal("answer") if entry["job_id"] == batch.id]
        assert {entry["custom_id"] for entry in answers} == {"item-0", "item-1", "item-2"}
        assert len({entry["body_sha256"] for entry in answers}) == 3
        first = emulator.journal("http")[0]
        assert (first["path"], first["status"], first["retry_count"]) == ("/v1/chat/completions", 200, "0")
        assert first["key_sha256"]
        assert "key-one" not in json.dumps(emulator.journal())


def test_the_journal_shows_what_was_billed_twice(emulator: RunningEmulator) -> None:
    with openai_client(emulator) as oa:
        submit(oa, lines(2))
        submit(oa, lines(1))
    emulator.advance(END_S)
    assert emulator.summary()["billed_more_than_once"] == [{"provider": "openai", "custom_id": "item-0", "times": 2}]


def test_looking_twice_bills_once(emulator: RunningEmulator) -> None:
    with openai_client(emulator) as oa:
        batch = ended(emulator, oa)
        for _ in range(3):
            rows(oa, oa.batches.retrieve(batch.id).output_file_id)
    assert emulator.summary()["billed_answers"] == 4


def test_a_late_reader_is_billed_at_the_jobs_end(emulator: RunningEmulator) -> None:
    with openai_client(emulator) as oa:
        batch = submit(oa)
        emulator.advance(10 * END_S)
        assert batch.created_at < emulator.journal("answer")[0]["at"] < batch.created_at + END_S


@pytest.mark.parametrize("kind", ["http", "job", "answer"])
def test_an_empty_journal_is_empty(emulator: RunningEmulator, kind: str) -> None:
    assert emulator.journal(kind) == []
