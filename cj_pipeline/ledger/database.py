"""Opening the ledger's database: URL, SQLite settings, migrations."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from cj_pipeline.errors import ConfigurationError, StorageError

_MIGRATIONS = Path(__file__).parent / "migrations"
_MIGRATION_LOCK = 0x436A4C65
"""Any fixed number: PostgreSQL's advisory lock under which migrations run, so that two starts do not collide."""


def open_database(url: str) -> sa.Engine:
    """Open the ledger's database and bring its tables up to date.

    Args:
        url: `sqlite:///path` or `postgresql://user@host/name`.

    Raises:
        ConfigurationError: The URL is of another kind, or the database cannot be reached.
        StorageError: The ledger was written by a newer version.
    """
    try:
        return _opened(sa.create_engine(_with_driver(url), pool_pre_ping=True))
    except (sa.exc.SQLAlchemyError, ImportError, OSError, ValueError) as error:
        cause = getattr(error, "orig", None) or error
        raise ConfigurationError(f"CJ_LEDGER_URL: cannot open the ledger at {_shown(url)}: {cause}") from error


def _opened(engine: sa.Engine) -> sa.Engine:
    try:
        if engine.dialect.name == "sqlite":
            _set_up_sqlite(engine)
        migrate(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _shown(url: str) -> str:
    """The URL without its password."""
    try:
        return sa.make_url(url).render_as_string(hide_password=True)
    except (sa.exc.ArgumentError, ValueError):
        return url.partition("://")[0] + "://..."


def _with_driver(url: str) -> str:
    """Name the installed PostgreSQL driver; SQLAlchemy 2.1 would read a bare URL as another one."""
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg2://" + url.removeprefix(prefix)
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
        return url
    if url.startswith("postgresql+"):
        return url
    raise ValueError("the URL must begin with sqlite:/// or postgresql://")


def _set_up_sqlite(engine: sa.Engine) -> None:
    """Write-ahead log, full durability, patience with other writers, and transactions that lock at their start."""

    @sa.event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:  # noqa: ANN401 (sqlite3.Connection behind SQLAlchemy)
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        # A transaction that starts as a reader and turns into a writer fails at once when another writer is active.
        # One that only reads says so, and waits for nobody.
        connection.exec_driver_sql(connection.get_execution_options().get("sqlite_begin", "BEGIN IMMEDIATE"))


def migrate(engine: sa.Engine) -> None:
    """Bring the tables to this version's state; does nothing when they are.

    Raises:
        StorageError: The ledger was written by a newer version.
    """
    from alembic import command  # noqa: PLC0415 (half a second, and only this function needs it)
    from alembic.config import Config  # noqa: PLC0415
    from alembic.migration import MigrationContext  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    scripts = ScriptDirectory.from_config(config)
    with engine.connect() as connection, connection.begin():
        found = MigrationContext.configure(connection).get_current_revision()
    if found == scripts.get_current_head():
        return
    if found is not None and found not in {script.revision for script in scripts.walk_revisions()}:
        raise StorageError(
            f"the ledger at {engine.url.render_as_string(hide_password=True)} was written by a newer version of "
            f"cj_pipeline (revision {found}); upgrade this installation, or point CJ_LEDGER_URL elsewhere."
        )
    with engine.connect() as connection, connection.begin(), _exclusive(connection):
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@contextmanager
def _exclusive(connection: sa.Connection) -> Iterator[None]:
    """One migration at a time. On SQLite the transaction has locked the file already."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
    yield
