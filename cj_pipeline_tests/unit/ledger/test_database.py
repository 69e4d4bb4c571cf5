"""Opening the database: migrations, refusals, settings."""

# ruff: noqa: D103 - the name of a test is its sentence

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from cj_pipeline.errors import ConfigurationError, StorageError
from cj_pipeline.ledger.database import migrate, open_database
from cj_pipeline.ledger.ledger import SqlLedger
from cj_pipeline.ledger.tables import metadata
from cj_pipeline_tests.support.postgres import Postgres
from cj_pipeline_tests.unit.ledger.conftest import OpenLedger
from cj_pipeline_tests.unit.ledger.records import SESSION


def test_migrations_from_nothing_make_exactly_the_tables_of_the_code(empty_url: str) -> None:
    engine = open_database(empty_url)
    with engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        differences = compare_metadata(context, metadata)
    tables = set(sa.inspect(engine).get_table_names())
    engine.dispose()

    assert differences == []
    assert tables == {*metadata.tables, "alembic_version"}


def test_migrations_make_the_constraints_of_the_code(empty_url: str) -> None:
    engine = open_database(empty_url)
    inspector = sa.inspect(engine)
    unique = {c["name"] for name in metadata.tables for c in inspector.get_unique_constraints(name)}
    foreign = {c["name"] for name in metadata.tables for c in inspector.get_foreign_keys(name)}
    engine.dispose()

    assert unique == {"uq_judging_sessions_key", "uq_attempts_comparison_id_number"}
    assert foreign == {c.name for table in metadata.tables.values() for c in table.foreign_key_constraints}


def test_migrating_twice_changes_nothing(ledger: SqlLedger, engine: sa.Engine) -> None:
    migrate(engine)
    migrate(engine)

    assert ledger.session(SESSION.key) == SESSION
    with engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all() == ["0001"]


def test_what_was_kept_is_there_when_the_ledger_is_opened_again(ledger: SqlLedger, open_ledger: OpenLedger) -> None:
    again = open_ledger()

    assert again.session(SESSION.key) == SESSION
    assert again.comparisons(SESSION.session_id) == ledger.comparisons(SESSION.session_id)


def test_a_ledger_of_a_newer_version_is_refused(empty_url: str) -> None:
    engine = open_database(empty_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()

    with pytest.raises(StorageError, match=r"written by a newer version of cj_pipeline \(revision 9999\); upgrade"):
        open_database(empty_url)


@pytest.mark.parametrize(
    "url",
    [
        "mysql://user:hunter2@localhost/ledger",
        "postgresql://user:hunter2@127.0.0.1:1/ledger",
        "postgres://user:hunter2@127.0.0.1:1/ledger",
        "postgresql+nodriver://user:hunter2@127.0.0.1:1/ledger",
    ],
)
def test_a_url_that_cannot_be_opened_is_shown_without_its_password(url: str) -> None:
    with pytest.raises(ConfigurationError, match="CJ_LEDGER_URL: cannot open the ledger at") as caught:
        open_database(url)

    assert "user:***@" in str(caught.value)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("url", ["ledger.db", "", "sqlite://", "sqlite:ledger.db"])
def test_a_url_of_another_kind_is_answered_with_the_two_that_work(url: str) -> None:
    with pytest.raises(ConfigurationError, match=r"the URL must begin with sqlite:/// or postgresql://"):
        open_database(url)


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="unable to open database file"):
        open_database(f"sqlite:///{tmp_path}")


def test_the_folder_of_an_sqlite_ledger_is_made(tmp_path: Path) -> None:
    open_database(f"sqlite:///{tmp_path}/new/er/ledger.db").dispose()

    assert (tmp_path / "new" / "er" / "ledger.db").is_file()


def test_sqlite_keeps_what_was_committed_and_checks_its_references(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/ledger.db")
    names = ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
    with engine.begin() as connection:
        found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]
    engine.dispose()

    assert found == ["wal", 2, 30000, 1]


def test_a_url_may_name_its_driver(postgres: Postgres) -> None:
    engine = open_database(postgres.emptied_ledger().replace("postgresql://", "postgresql+psycopg2://"))
    found = SqlLedger(engine).session("none")
    engine.dispose()

    assert found is None


def test_a_bare_address_uses_the_installed_driver(url: str, kind: str) -> None:
    engine = open_database(url)
    driver = engine.dialect.driver
    engine.dispose()

    assert driver == {"sqlite": "pysqlite", "postgresql": "psycopg2"}[kind]
