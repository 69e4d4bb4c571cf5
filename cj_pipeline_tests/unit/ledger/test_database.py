"""Opening the database: migrations, refusals, settings."""

# ruff: noqa: D103 - the name of a test is its sentence

from collections.abc import Mapping
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

from cj_pipeline.errors import ConfigurationError, StorageError
from cj_pipeline.ledger import database
from cj_pipeline.ledger.database import migrate, open_database
from cj_pipeline.ledger.ledger import SqlLedger
from cj_pipeline.ledger.tables import metadata
from cj_pipeline_tests.support.postgres import Postgres
from cj_pipeline_tests.unit.ledger.conftest import OpenLedger
from cj_pipeline_tests.unit.ledger.records import SESSION

FIRST_VERSION: dict[str, dict[str, object]] = {
    "judging_sessions": {
        "session_id": "s1",
        "assessment": "holidays",
        "key": "k",
        "secret": "x",
        "created_at": "2026-03-01T12:00:00.000000+00:00",
        "processing_metadata": "{}",
    },
    "comparisons": {
        "comparison_id": "c0",
        "session_id": "s1",
        "wave": 1,
        "sequence": 0,
        "first_id": "a",
        "first_digest": "1",
        "second_id": "b",
        "second_digest": "2",
        "replicate": 0,
        "judge": "openai/gpt-4.1",
        "status": "in_flight",
        "n_attempts": 1,
        "retryable": False,
        "winner": "",
        "strength": 0,
        "reason": "",
        "error": "",
        "synthetic": False,
    },
    "batch_jobs": {
        "job_id": "job1",
        "session_id": "s1",
        "assessment": "holidays",
        "provider": "openai",
        "account": "emulator",
        "model": "gpt-4.1",
        "phase": "submitted",
        "n_requests": 1,
        "request_path": "p",
        "request_sha256": "d",
        "created_at": "2026-03-01T12:00:00.000000+00:00",
        "cursor": "",
        "provider_batch_id": "batch_1",
        "provider_status": "in_progress",
        "n_polls": 1,
        "n_poll_errors": 0,
        "message": "",
        "n_rows": 0,
        "n_duplicates": 0,
        "n_strangers": 0,
        "n_unreadable": 0,
        "result_files": "[]",
    },
    "attempts": {
        "custom_id": "job1-000000",
        "comparison_id": "c0",
        "number": 1,
        "job_id": "job1",
        "winner": "",
        "strength": 0,
        "reason": "",
        "error": "",
        "input_tokens": 0,
        "output_tokens": 0,
        "cached_input_tokens": 0,
        "reasoning_tokens": 0,
        "model": "",
        "response_id": "",
        "synthetic": False,
    },
}
"""One row of each table as the first version wrote it."""


def with_driver(url: str) -> str:
    """Return the URL with the installed PostgreSQL driver named."""
    return url.replace("postgresql://", "postgresql+psycopg2://")


def upgrade(connection: sa.Connection, revision: str) -> None:
    """Bring a database to a revision, as an earlier version of the program did."""
    config = Config()
    config.set_main_option("script_location", str(Path(database.__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def test_migrations_from_nothing_make_exactly_the_tables_of_the_code(empty_url: str) -> None:
    engine = open_database(empty_url)
    with engine.begin() as connection:
        # Defaults of the server are for rows of earlier versions; whatever is written now says every value.
        context = MigrationContext.configure(connection, opts={"compare_type": True})
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
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all() == ["0004"]


def test_what_was_kept_is_there_when_the_ledger_is_opened_again(ledger: SqlLedger, open_ledger: OpenLedger) -> None:
    again = open_ledger()

    assert again.session(SESSION.key) == SESSION
    assert again.comparisons(SESSION.session_id) == ledger.comparisons(SESSION.session_id)


def test_a_ledger_of_the_first_version_keeps_its_rows(empty_url: str) -> None:
    with sa.create_engine(with_driver(empty_url)).connect() as connection, connection.begin():
        upgrade(connection, "0001")
        for table, row in FIRST_VERSION.items():
            _insert(connection, table, row)
    connection.engine.dispose()

    engine = open_database(empty_url)
    ledger = SqlLedger(engine)
    [job], [attempt] = ledger.jobs(), ledger.attempts("job1").values()
    [comparison] = ledger.comparisons("s1")
    engine.dispose()

    assert (job.mode, job.parameters, job.enlarged, job.queued_tokens) == ("provider_batch_api", {}, False, 0)
    assert job.is_batch
    assert (attempt.sent_at, attempt.outcome) == (None, None)
    assert (comparison.n_excused, comparison.n_possibly_paid) == (0, 0)
    assert ledger.standing("holidays") is None


JOBS_OF_VERSION_3 = [
    # job_id, mode, phase, status, provider_batch_id, intent_at, ended_at
    ("j-ended", "provider_batch_api", "collected", "expired", "b1", "12:00:00", "13:00:30"),
    ("j-running", "provider_batch_api", "submitted", "running", "b2", "12:00:00", None),
    ("j-unclear", "provider_batch_api", "submitting", None, "", "12:00:00", None),
    ("j-refused", "provider_batch_api", "rejected", None, "", "12:00:00", None),
    ("j-queue-full", "provider_batch_api", "rejected", "failed", "b3", "12:00:00", "12:00:10"),
    ("j-never-sent", "provider_batch_api", "rejected", None, "", None, None),
    ("j-bundle", "serial_bundle", "collected", None, "", "12:00:00", "12:00:05"),
    ("j-asking", "per_request", "asking", None, "", "12:00:00", None),
]


def test_a_ledger_of_the_third_version_tells_what_has_happened_from_where_things_stand(empty_url: str) -> None:
    with sa.create_engine(with_driver(empty_url)).connect() as connection, connection.begin():
        upgrade(connection, "0003")
        for table in ("judging_sessions", "comparisons"):
            _insert(connection, table, FIRST_VERSION[table])
        for job, mode, phase, status, name, intent_at, ended_at in JOBS_OF_VERSION_3:
            times = {"intent_at": intent_at, "ended_at": ended_at}
            row = {k: v and f"2026-03-01T{v}.000000+00:00" for k, v in times.items()}
            row |= {"job_id": job, "mode": mode, "phase": phase, "status": status, "provider_batch_id": name}
            _insert(connection, "batch_jobs", FIRST_VERSION["batch_jobs"] | row)
        for number, (outcome, paid) in enumerate((("ok", False), ("errored", False), ("errored", True)), start=1):
            names = {"custom_id": f"a{number}", "job_id": "j-bundle", "outcome": outcome}
            more = {"number": number, "possibly_paid": paid}
            _insert(connection, "attempts", FIRST_VERSION["attempts"] | names | more)
    connection.engine.dispose()

    engine = open_database(empty_url)
    with engine.begin() as connection:
        events = connection.exec_driver_sql("SELECT job_id, event, seconds FROM job_events ORDER BY event_id").all()
        kinds = connection.exec_driver_sql("SELECT error_type FROM attempts ORDER BY number").scalars().all()
    engine.dispose()

    assert sorted(tuple(event) for event in events) == [
        ("j-asking", "scheduled", None),
        ("j-bundle", "completed", 5.0),
        ("j-bundle", "scheduled", None),
        ("j-ended", "expired", 3630.0),
        ("j-ended", "scheduled", None),
        ("j-queue-full", "failed", 10.0),
        ("j-queue-full", "scheduled", None),
        ("j-refused", "rejected", None),
        ("j-running", "scheduled", None),
    ]
    assert kinds == ["", "unknown", "no_clear_answer"]


def _insert(connection: sa.Connection, table: str, row: Mapping[str, object]) -> None:
    names, values = ", ".join(row), ", ".join(f":{name}" for name in row)
    connection.execute(sa.text(f"INSERT INTO {table} ({names}) VALUES ({values})"), dict(row))  # noqa: S608 (ours)


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
