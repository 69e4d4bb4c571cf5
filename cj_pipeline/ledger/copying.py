"""The whole ledger as one SQLite file, and back: for backups, and to move from one database to another."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from cj_pipeline.errors import ConfigurationError
from cj_pipeline.ledger.database import open_database
from cj_pipeline.ledger.part import CHUNK
from cj_pipeline.ledger.tables import leases, metadata

_KEPT = [table for table in metadata.sorted_tables if table is not leases]
"""Leases say who works right now: nobody does in a copy."""


def dump_ledger(url: str, target: Path) -> None:
    """Write a ledger, as it is at one moment, into a new SQLite file. Others may go on writing to it meanwhile.

    Args:
        url: The ledger's database, opened before.
        target: The file; it must not exist.
    """
    if url.startswith("sqlite:///"):
        with (
            closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as source,
            closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy)
    else:
        _copy_between(url, f"sqlite:///{target}")
    with closing(sqlite3.connect(target)) as copy:
        copy.execute("PRAGMA journal_mode=DELETE")  # all of it in one file
        copy.execute(f"DELETE FROM {leases.name}")  # noqa: S608 (a name of our own)
        copy.commit()


def load_ledger(source: Path, url: str) -> None:
    """Fill an empty ledger from a dump, which may be of an earlier version; the dump itself is brought up to date.

    Args:
        source: From `dump_ledger`.
        url: The database of the ledger to be filled.

    Raises:
        ConfigurationError: That ledger holds something already; it is left as it is.
        StorageError: The dump was written by a newer version.
    """
    _copy_between(f"sqlite:///{source}", url)


def _copy_between(source: str, target: str) -> None:
    engines = open_database(source), open_database(target)
    try:
        require_empty(engines[1])
        _copy(*engines)
    finally:
        for engine in engines:
            engine.dispose()


def require_empty(engine: sa.Engine) -> None:
    """Make sure that a ledger holds nothing.

    Raises:
        ConfigurationError: It does.
    """
    with engine.connect() as connection:
        full = [table.name for table in _KEPT if connection.execute(sa.select(table).limit(1)).first()]
    if full:
        raise ConfigurationError(
            f"the ledger at {engine.url.render_as_string(hide_password=True)} is not empty ({', '.join(full)}): "
            "restore into a new place (CJ_WORK_DIR or CJ_LEDGER_URL), or move what is there out of the way first."
        )


def _copy(source: sa.Engine, target: sa.Engine) -> None:
    """Copy all rows; the source is seen as it is at one moment, the target gets all of it or nothing."""
    level = {} if source.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    with source.connect().execution_options(**level) as reading, reading.begin(), target.begin() as writing:
        for table in _KEPT:
            for rows in _chunks(reading, table):
                writing.execute(sa.insert(table), rows)
            _move_sequences(writing, table)


def _chunks(reading: sa.Connection, table: sa.Table) -> Iterator[list[dict[str, Any]]]:
    found = reading.execution_options(yield_per=CHUNK).execute(sa.select(table)).mappings()
    for rows in found.partitions(CHUNK):
        yield [dict(row) for row in rows]


def _move_sequences(writing: sa.Connection, table: sa.Table) -> None:
    """Let PostgreSQL number new rows after those that were copied."""
    column = table.autoincrement_column
    if column is None or writing.dialect.name != "postgresql":
        return
    last = writing.execute(sa.select(sa.func.max(column))).scalar_one()
    if last is not None:
        sequence = sa.func.pg_get_serial_sequence(table.name, column.name)
        writing.execute(sa.select(sa.func.setval(sequence, last)))
