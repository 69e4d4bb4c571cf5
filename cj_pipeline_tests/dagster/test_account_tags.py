# ruff: noqa: D103 - the names of the tests say it
"""Runs that submit carry the accounts they ask, whoever starts them, so that the run queue can bound them."""

from pathlib import Path

import pytest

from cj_pipeline.defs.account_tags import account_tags
from cj_pipeline_tests.support.benches import Rig, environment
from cj_pipeline_tests.support.dagster import MiniDaemon
from cj_pipeline_tests.support.folders import make_assessment, settings_of

BOTH = settings_of("openai")["judges"] + settings_of("anthropic")["judges"]


@pytest.fixture
def data(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the environment name the rig's folder, as it does for a code server."""
    for name, value in environment(rig.root, "").items():
        monkeypatch.setenv(name, value)
    return rig.root


def test_every_provider_that_judges_has_its_account(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_assessment(data, "one", provider="anthropic")
    make_assessment(data, "both", judges=BOTH)
    monkeypatch.setenv("OPENAI_BASE_URL", "https://eu.example/v1")

    assert account_tags("one") == {"cj/anthropic_account": "api.anthropic.com"}
    assert account_tags("both") == {
        "cj/openai_account": "eu.example",
        "cj/anthropic_account": "api.anthropic.com",
    }


def test_an_assessment_that_cannot_be_read_has_no_tags(data: Path) -> None:
    folder = make_assessment(data, "broken")
    (folder / "assessment.yaml").write_text("title: [")

    assert (account_tags("broken"), account_tags("nothing")) == ({}, {})


@pytest.mark.parametrize("job", ["submit_assessment", "continue_submission"])
def test_runs_that_submit_carry_the_tags(data: Path, daemon: MiniDaemon, job: str) -> None:
    make_assessment(data)
    daemon.tick("assessment_folder_sensor")
    run = daemon.run("submit_assessment", "small")
    if job != "submit_assessment":
        run = daemon.run(job, "small")

    assert run.success
    assert run.dagster_run.tags["cj/openai_account"] == "api.openai.com"
    assert "cj/anthropic_account" not in run.dagster_run.tags
