# ruff: noqa: D103 - the names of the tests say it
"""`cj eng5` and `cj harness` as a user meets them: by what is printed, written and returned."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cj_pipeline.cli import main
from cj_pipeline_tests.support.folders import copy_sample, make_assessment
from cj_pipeline_tests.support.processes import run_cj


def cj(root: Path, *arguments: str) -> Result:
    """Run `cj` in this process, which has loaded everything already."""
    return CliRunner(env={"CJ_DATA_DIR": str(root), "COLUMNS": "140"}).invoke(main, arguments)


def artefacts(root: Path) -> list[Path]:
    """All artefacts below a test's work folder, oldest first."""
    return sorted((root / "work" / "eng5" / "artefacts").glob("*.json"))


def read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_bytes())
    return found


def test_plan_and_dry_run_send_nothing_and_say_what_there_is(tmp_path: Path) -> None:
    copy_sample(tmp_path, "eng5-role-models")

    plan = cj(tmp_path, "eng5", "plan", "eng5-role-models", "--max-comparisons", "60")
    dry = cj(tmp_path, "eng5", "dry-run", "eng5-role-models", "--course-id", "ENG 5", "--reasoning-effort", "low")

    assert plan.exit_code == 0, plan.stderr
    for said in ("12 anchors, 12 students", "F+: 1", "276 possible", "at most 60", "OPENAI_API_KEY is not set"):
        assert said in plan.stdout
    assert dry.exit_code == 0, dry.stderr
    [path] = artefacts(tmp_path)
    artefact = read(path)
    assert artefact["metadata"]["course_id"] == "ENG 5"
    assert artefact["metadata"]["judges"][0]["reasoning_effort"] == "low"
    assert artefact["validation"]["cli_environment"]["arguments"][:3] == ["eng5", "dry-run", "eng5-role-models"]
    assert not (tmp_path / "work" / "ledger.db").exists()


def test_an_alignment_writes_report_picture_and_artefact_that_verify(tmp_path: Path) -> None:
    copy_sample(tmp_path, "eng5-role-models")
    rubric = tmp_path / "rubric.md"
    rubric.write_text("Judge accuracy alone.")

    made = cj(tmp_path, "eng5", "anchor-align", "eng5-role-models", "--emulator", "--rubric", str(rubric))
    [path] = artefacts(tmp_path)
    verified = cj(tmp_path, "eng5", "verify", str(path))
    path.write_text(path.read_text().replace('"n_anchors": 12', '"n_anchors": 11'))
    altered = cj(tmp_path, "eng5", "verify", str(path))

    assert made.exit_code == 0, made.stderr
    report = path.with_suffix(".md").read_text()
    assert "Kendall's tau-b" in report
    assert "Judge accuracy alone." in report
    assert "`openai/gpt-6.1-terra` at emulator" in report
    assert path.with_suffix(".png").stat().st_size > 1000
    assert verified.exit_code == 0
    assert "valid, unaltered, version 1.0.0" in verified.stdout
    assert altered.exit_code == 2
    assert "was altered after it was written" in altered.stderr


def test_execute_ends_with_a_complete_artefact_and_dagsters_tables(tmp_path: Path) -> None:
    make_assessment(tmp_path)

    result = run_cj(tmp_path, "eng5", "execute", "small", "--emulator", "--llm-batching-mode", "per_request")

    assert result.returncode == 0, result.stderr
    assert "execute complete" in result.stdout
    [path] = artefacts(tmp_path)
    assert {c["status"] for c in read(path)["llm_comparisons"]} == {"succeeded"}
    assert (tmp_path / "work" / "tables" / "small" / "rankings.csv").is_file()


def test_boundary_shows_win_rates_and_bad_input_is_a_message(tmp_path: Path) -> None:
    make_assessment(tmp_path)
    pair = ("--pair", "essay-01:essay-02")

    good = cj(tmp_path, "eng5", "boundary", "small", *pair, "--iterations", "2", "--emulator")
    bad = cj(tmp_path, "eng5", "boundary", "small", "--pair", "essay-01", "--emulator")
    unknown = cj(tmp_path, "eng5", "dry-run", "small", "--model", "gpt-0")

    assert good.exit_code == 0, good.stderr
    assert "of 4" in good.stdout
    assert "by Wilson" in good.stdout
    assert (bad.exit_code, unknown.exit_code) == (2, 2)
    assert "give two essays as ESSAY:ESSAY" in bad.stderr
    assert "unknown model 'gpt-0'" in unknown.stderr
    assert "Traceback" not in bad.stderr + unknown.stderr


@pytest.mark.slow
def test_a_worker_is_paused_at_the_limit_and_the_next_run_goes_on(tmp_path: Path) -> None:
    make_assessment(tmp_path, comparisons_per_essay=None, max_pairs_cap=15)
    wanted = ("eng5", "execute", "small", "--emulator", "--emulator-judge", "eng5-lower5")
    mode = ("--llm-batching-mode", "per_request")

    first = run_cj(tmp_path, *wanted, *mode, "--wait-limit", "2", CJ_SYNC_WORKERS="1")
    second = run_cj(tmp_path, *wanted, *mode, CJ_SYNC_WORKERS="4")

    assert first.returncode == 3, first.stdout + first.stderr
    assert "the time limit was reached" in first.stdout
    partial, complete = map(read, artefacts(tmp_path))
    statuses = [c["status"] for c in partial["llm_comparisons"]]
    assert 0 < statuses.count("succeeded") < 15
    assert set(statuses) == {"succeeded", "pending"}
    assert partial["validation"]["runner_status"]["state"] == "partial"
    assert second.returncode == 0, second.stdout + second.stderr
    assert complete["costs"]["token_counts"][0]["n_attempts"] == 15


def test_harness_prints_one_table_and_unknown_suites_are_named(tmp_path: Path) -> None:
    good = cj(tmp_path, "harness", "cj-generic", "--mode", "per_request", "--provider", "openai")
    unknown = cj(tmp_path, "harness", "irregular")
    idle = cj(tmp_path, "harness", "batch-api", "--mode", "per_request")

    assert good.exit_code == 0, good.stdout + good.stderr
    assert "1 of 1 passed" in good.stdout
    for title in ("suite", "mode", "provider", "result", "comparisons", "waves", "wall time", "virtual time"):
        assert title in good.stdout
    assert (unknown.exit_code, idle.exit_code) == (2, 2)
    assert "unknown suite irregular; known: all, cj, profiles, regular" in unknown.stderr
    assert "batch-api: does not apply to mode per_request; nothing was run." in idle.stderr
    assert not (tmp_path / "work").exists()
