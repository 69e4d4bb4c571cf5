"""An empty ledger for every test, once on SQLite and once on a real PostgreSQL server."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from cj_pipeline.ledger.database import open_database
from cj_pipeline.ledger.ledger import SqlLedger
from cj_pipeline_tests.support.postgres import Postgres
from cj_pipeline_tests.unit.ledger.records import SESSION, comparisons

OpenLedger = Callable[[], SqlLedger]


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an SQLite file with the ledger's tables, to be copied."""
    path = tmp_path_factory.mktemp("ledger") / "template.db"
    open_database(f"sqlite:///{path}").dispose()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """Return the kind of database that the test runs on."""
    return str(request.param)


@pytest.fixture
def empty_url(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """Return the URL of a database without tables."""
    if kind == "sqlite":
        return f"sqlite:///{tmp_path}/empty.db"
    server: Postgres = request.getfixturevalue("postgres")
    return server.new_database()


@pytest.fixture
def url(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """Return the URL of a database with the ledger's tables and nothing in them."""
    if kind == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_sqlite"), tmp_path / "ledger.db")
        return f"sqlite:///{tmp_path}/ledger.db"
    server: Postgres = request.getfixturevalue("postgres")
    return server.emptied_ledger()


@pytest.fixture
def engine(url: str) -> Iterator[sa.Engine]:
    """Return the database behind `ledger`, for looking at rows."""
    opened = open_database(url)
    yield opened
    opened.dispose()


@pytest.fixture
def empty_ledger(engine: sa.Engine) -> SqlLedger:
    """Return a ledger without anything in it."""
    return SqlLedger(engine)


@pytest.fixture
def ledger(empty_ledger: SqlLedger) -> SqlLedger:
    """Return a ledger that holds a session and six planned comparisons."""
    empty_ledger.open_session(SESSION)
    empty_ledger.add_comparisons(comparisons(6))
    return empty_ledger


@pytest.fixture
def open_ledger(url: str) -> Iterator[OpenLedger]:
    """Return a way to open the same ledger again, as another process would."""
    opened: list[SqlLedger] = []

    def open_again() -> SqlLedger:
        opened.append(SqlLedger(open_database(url)))
        return opened[-1]

    yield open_again
    for each in opened:
        each.close()
