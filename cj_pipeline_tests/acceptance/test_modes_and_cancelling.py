# ruff: noqa: D103 - the names of the tests say it
"""`cj` in the synchronous modes, and `cj cancel`, as a user meets them: in processes of their own."""

from pathlib import Path

import pytest

from cj_pipeline.emulator.embedding import RunningEmulator
from cj_pipeline_tests.support.benches import A_DAY_S
from cj_pipeline_tests.support.folders import make_assessment
from cj_pipeline_tests.support.processes import run_cj


@pytest.mark.parametrize("mode", ["per_request", "serial_bundle"])
def test_judges_can_be_asked_at_once(tmp_path: Path, mode: str) -> None:
    make_assessment(tmp_path, llm_batching_mode=mode)

    done = run_cj(tmp_path, "run", "small", "--emulator")

    assert done.returncode == 0, done.stderr
    assert "12 new requests" in done.stdout
    assert "12/12 answered" in done.stdout
    assert "12 verdicts from 12 requests" in done.stdout


def test_cancelling_is_told_and_running_again_goes_on(tmp_path: Path, emulator: RunningEmulator) -> None:
    make_assessment(tmp_path)
    variables = {"CJ_EMULATOR_URL": emulator.url, "CJ_POLL_MIN_S": "0.2"}
    run_cj(tmp_path, "run", "small", "--no-wait", **variables)

    first = run_cj(tmp_path, "cancel", "small", **variables)
    second = run_cj(tmp_path, "cancel", "small", **variables)
    status = run_cj(tmp_path, "status", "small", **variables)
    emulator.advance(A_DAY_S)
    again = run_cj(tmp_path, "run", "small", "--no-wait", **variables)

    assert first.returncode == second.returncode == 0
    assert "asked to end: openai batch job" in first.stdout
    assert "still ending" in second.stdout
    assert "small is cancelled: a person ran `cj cancel`" in status.stdout
    assert again.returncode == 3, again.stderr


def test_there_is_nothing_to_cancel_before_a_submission(tmp_path: Path) -> None:
    make_assessment(tmp_path)

    refused = run_cj(tmp_path, "cancel", "small")

    assert refused.returncode == 2
    assert refused.stderr == "error: small was never submitted: there is nothing to cancel.\n"


def test_a_plan_shows_the_cost_and_sends_nothing(tmp_path: Path) -> None:
    make_assessment(tmp_path, "one")
    make_assessment(tmp_path, "two", provider="anthropic", max_cost_usd=0.0001)

    shown = run_cj(tmp_path, "plan", "one", "two")
    refused = run_cj(tmp_path, "plan", "one", "three")

    assert shown.returncode == 0, shown.stderr
    assert "openai/gpt-6.1-terra" in shown.stdout
    assert "anthropic/claude-haiku-5-5" in shown.stdout
    assert "cost limit 5.0000 USD: holds in the worst case too" in shown.stdout
    assert "cost limit 0.0001 USD: will be passed" in shown.stdout
    assert shown.stdout.count("nothing was sent") == 2
    assert refused.returncode == 2
    assert "there is no assessment 'three'" in refused.stderr


def test_a_plan_of_a_panel_adds_up_and_tells_the_rounds(tmp_path: Path) -> None:
    judges = [{"provider": "openai", "model": "gpt-4.1"}, {"provider": "anthropic", "model": "claude-haiku-5-5"}]
    make_assessment(tmp_path, judges=judges)

    shown = run_cj(tmp_path, "plan", "small", CJ_QUEUE_TOKENS='{"openai": 3000}')

    assert shown.returncode == 0, shown.stderr
    assert "all judges                        12" in shown.stdout
    assert "openai/gpt-4.1: its jobs follow one another in" in shown.stdout
    assert "mode provider_batch_api" in shown.stdout


def test_a_plan_names_file_and_line_of_a_parameter_the_model_rejects(tmp_path: Path) -> None:
    make_assessment(tmp_path, "good")
    judge = {"provider": "anthropic", "model": "claude-haiku-5-5", "parameters": {"temperature": 0.5}}
    make_assessment(tmp_path, "bad", judges=[judge])

    refused = run_cj(tmp_path, "plan", "good", "bad")

    assert refused.returncode == 2
    assert "bad/assessment.yaml:" in refused.stderr
    assert "claude-haiku-5-5 does not accept temperature; remove it" in refused.stderr
    assert "nothing was sent" not in refused.stdout
