# ruff: noqa: D103 - the names of the tests say it
"""Dagster's own storage on a real PostgreSQL server, by `deploy/postgres/dagster.yaml`."""

from pathlib import Path

import dagster as dg
import pytest
import sqlalchemy as sa

from cj_pipeline.cli.home import dagster_home
from cj_pipeline.cli.migrating import MigrationError, migrate_everything
from cj_pipeline.defs.resources import PipelineResource
from cj_pipeline.defs.shared_storage import require_shared_storage
from cj_pipeline.emulator.embedding import RunningEmulator
from cj_pipeline.errors import ConfigurationError
from cj_pipeline.settings import load_settings
from cj_pipeline_tests.support.benches import environment
from cj_pipeline_tests.support.dagster import MiniDaemon
from cj_pipeline_tests.support.folders import make_assessment
from cj_pipeline_tests.support.postgres import Postgres


@pytest.fixture
def urls(tmp_path: Path, postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Set the environment of an installation whose databases are on the server; returns the two URLs."""
    found = {"CJ_LEDGER_URL": postgres.new_database(), "CJ_DAGSTER_URL": postgres.new_database()}
    # Removed again after the test, whatever the code under test sets.
    monkeypatch.setenv("DAGSTER_HOME", "")
    for name, value in {
        **found,
        "CJ_SEVERAL_HOSTS": "true",
        "CJ_DATA_DIR": str(tmp_path),
        "CJ_STORE_URL": str(tmp_path / "store"),
    }.items():
        monkeypatch.setenv(name, value)
    return found


def tables(url: str) -> set[str]:
    """Return the names of a database's tables."""
    engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg2://"))
    try:
        return set(sa.inspect(engine).get_table_names())
    finally:
        engine.dispose()


def test_a_submission_is_run_and_remembered_on_the_server(
    tmp_path: Path, urls: dict[str, str], emulator: RunningEmulator
) -> None:
    make_assessment(tmp_path)
    variables = {
        **environment(tmp_path, emulator.url),
        **urls,
        "CJ_SEVERAL_HOSTS": "true",
        "CJ_STORE_URL": str(tmp_path / "store"),
    }
    settings = load_settings(variables)
    home = dagster_home(settings)
    with dg.DagsterInstance.get() as instance:
        daemon = MiniDaemon(instance, PipelineResource(environment=variables))
        daemon.tick("assessment_folder_sensor")
        submitted = daemon.run("submit_assessment", "small")
        require_shared_storage(settings, instance)

    assert submitted.success
    assert home == tmp_path / "work" / "dagster-postgres"
    assert not list(home.rglob("*.db"))
    with dg.DagsterInstance.get() as again:
        assert again.get_dynamic_partitions("assessments") == ["small"]
        assert [run.status for run in again.get_runs()] == [dg.DagsterRunStatus.SUCCESS]


@pytest.mark.usefixtures("urls")
def test_dagsters_storage_in_a_file_is_refused_where_several_hosts_are_declared(
    tmp_path: Path, emulator: RunningEmulator
) -> None:
    make_assessment(tmp_path)
    pipeline = PipelineResource(environment={**environment(tmp_path, emulator.url)})
    with dg.DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions("assessments", ["small"])
        result = MiniDaemon(instance, pipeline).run("submit_assessment", "small")
        [failed] = [event for event in result.all_events if event.is_run_failure]

    assert not result.success
    assert "Dagster's own storage is InMemoryRunStorage, which several hosts cannot share" in str(
        failed.event_specific_data
    )
    assert emulator.summary()["billed_answers"] == 0


def test_one_command_makes_both_databases(urls: dict[str, str], capfd: pytest.CaptureFixture[str]) -> None:
    migrate_everything()
    migrate_everything()

    assert "leases" in tables(urls["CJ_LEDGER_URL"])
    assert "runs" in tables(urls["CJ_DAGSTER_URL"])
    assert capfd.readouterr().out.count("is up to date") == 4


@pytest.mark.slow
def test_a_server_that_is_not_there_is_said_to_be_so(
    urls: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CJ_DAGSTER_URL", f"postgresql://nobody@/cj?host={tmp_path}")
    with pytest.raises(MigrationError, match="could not be migrated; mend the cause and run it again"):
        migrate_everything()
    assert "leases" in tables(urls["CJ_LEDGER_URL"])


def test_both_in_one_database_are_refused(urls: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError, match="names the ledger's database; make a second one"):
        load_settings({"CJ_LEDGER_URL": urls["CJ_LEDGER_URL"], "CJ_DAGSTER_URL": urls["CJ_LEDGER_URL"]})
