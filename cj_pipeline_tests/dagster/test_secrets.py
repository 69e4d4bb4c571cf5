# ruff: noqa: D103 - the names of the tests say it
"""A key that a provider repeats in its errors is in nothing that is written: ledger, logs, raw, events, tables."""

import logging
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import dagster as dg
import pytest
import sqlalchemy as sa

from cj_pipeline.cli.home import dagster_home
from cj_pipeline.defs import resources
from cj_pipeline.emulator.embedding import RunningEmulator
from cj_pipeline.providers.redaction import redacted
from cj_pipeline_tests.support.benches import A_DAY_S, Rig, make_rig
from cj_pipeline_tests.support.dagster import MiniDaemon
from cj_pipeline_tests.support.folders import make_assessment
from cj_pipeline_tests.support.postgres import Postgres

KEYS = {"OPENAI_API_KEY": "sk-proj-MARKED0123456789abcdef", "ANTHROPIC_API_KEY": "a gateway's own key, MARKED too"}
PROVIDERS = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY"}


@pytest.fixture
def rig(tmp_path: Path, emulator: RunningEmulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    """A rig that asks the emulator as if it were the providers, with keys of its own."""
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DAGSTER_HOME", "")
    as_providers = {
        "CJ_EMULATOR_URL": "",
        "OPENAI_BASE_URL": f"{emulator.url}/v1",
        "ANTHROPIC_BASE_URL": emulator.url,
        "CJ_CANARY_FROM": "0",
    }
    made = make_rig(tmp_path, emulator, **as_providers)
    monkeypatch.setattr(resources, "_bench", lambda _environment: made.bench)
    yield made
    made.bench.close()


@pytest.fixture
def daemon(rig: Rig, postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> Iterator[MiniDaemon]:
    """A daemon on an instance whose storage can be read as a whole."""
    monkeypatch.setenv("CJ_DAGSTER_URL", postgres.new_database())
    dagster_home(replace(rig.bench.settings, dagster_url=os.environ["CJ_DAGSTER_URL"]))
    with dg.DagsterInstance.get() as instance:
        yield MiniDaemon(instance, resources.PipelineResource(environment={"CJ_DATA_DIR": str(rig.root)}))


def refused(status: int, key: str, path: str, **more: object) -> dict[str, object]:
    """Return a fault: an error whose message repeats the key."""
    return {"kind": "http_error", "status": status, "path": path, "message": f"Incorrect key: {key}.", **more}


def written(root: Path) -> str:
    """Return everything that was written, but for the provider's own state."""
    files = [path for path in (root / "work").rglob("*") if path.is_file()]
    texts = [path.read_bytes().decode("utf-8", "replace") for path in files]
    engine = sa.create_engine(os.environ["CJ_DAGSTER_URL"])
    with engine.connect() as connection:
        tables = sa.inspect(connection).get_table_names()
        for name in tables:
            texts += connection.execute(sa.text(f"select t::text from {name} t")).scalars()  # noqa: S608 (its own names)
    engine.dispose()
    assert {"event_logs", "runs", "job_ticks"} <= set(tables)
    return "".join(texts)


@pytest.mark.parametrize(("provider", "mode"), [("openai", "provider_batch_api"), ("anthropic", "per_request")])
def test_the_key_is_in_nothing_that_is_written(
    rig: Rig, daemon: MiniDaemon, caplog: pytest.LogCaptureFixture, provider: str, mode: str
) -> None:
    caplog.set_level(logging.DEBUG)
    key = KEYS[PROVIDERS[provider]]
    make_assessment(rig.root, n_essays=4, provider=provider, llm_batching_mode=mode)
    daemon.tick("assessment_folder_sensor")
    rig.emulator.script_faults(refused(401, key, r"/(files|batches|completions|messages)$", method="POST"))
    failed = daemon.run("submit_assessment", "small")
    submitted = daemon.run("submit_assessment", "small")
    rig.advance(A_DAY_S)
    rig.emulator.script_faults(
        refused(500, key, r"/batches/[^/]+$", method="GET"), refused(403, key, r"/(content|results)$", method="GET")
    )
    for _ in range(3):
        daemon.tick("batch_job_sensor")
        rig.advance(3600)
        daemon.run("collect_assessment", "small")
    [failure] = [event for event in failed.all_events if event.is_step_failure]

    assert (failed.success, submitted.success) == (False, True)
    assert daemon.materialised("small") >= {"batch_submissions", "rankings"}
    assert "MARKED" not in str(failure)
    assert "[redacted]" in str(failure)
    assert "MARKED" not in written(rig.root)
    assert "[redacted]" in written(rig.root)
    assert "MARKED" not in caplog.text


def test_keys_are_redacted_by_value_and_by_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "no shape that is known")
    monkeypatch.setenv("SHORT_API_KEY", "word")

    assert redacted("key no shape that is known, sk-ant-api03-abc_DEF-123, sk-proj****wxyz, word") == (
        "key [redacted], [redacted], [redacted], word"
    )
    assert redacted("Authorization: Bearer abcdefghij and task-oriented work") == (
        "Authorization: Bearer [redacted] and task-oriented work"
    )
