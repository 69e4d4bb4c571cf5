"""Writing many rows, each with values of its own, in as few round trips as the database allows."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa


def update_rows(
    connection: sa.Connection,
    key: sa.Column[Any],
    rows: Sequence[Mapping[str, Any]],
    added: Sequence[str] = (),
) -> None:
    """Update the rows of a table.

    Args:
        connection: An open transaction.
        key: Column that names the row.
        rows: New values by column, the key among them; all with the same columns.
        added: Columns whose value is added to the present one instead of replacing it.
    """
    if not rows:
        return
    columns = [name for name in rows[0] if name != key.name]
    if connection.dialect.name == "postgresql":
        # One statement for all rows: PostgreSQL would parse, plan and answer each by itself.
        payload = json.dumps([dict(row) for row in rows], ensure_ascii=False)
        connection.execute(sa.text(_from_json(connection, key, columns, added)), {"payload": payload})
        return
    table = key.table
    present = {name: table.c[name] + sa.bindparam(f"b_{name}") for name in added}
    values = {name: present.get(name, sa.bindparam(f"b_{name}")) for name in columns}
    update = sa.update(table).where(key == sa.bindparam(f"b_{key.name}")).values(values)
    connection.execute(update, [{f"b_{name}": value for name, value in row.items()} for row in rows])


def insert_rows(connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of plain values (no times, no JSON), all with the same columns."""
    if not rows:
        return
    if connection.dialect.name != "postgresql":
        connection.execute(sa.insert(table), [dict(row) for row in rows])
        return
    names = ", ".join(rows[0])
    source = f"json_to_recordset(CAST(:payload AS json)) AS x({_types(connection, table, list(rows[0]))})"
    payload = json.dumps([dict(row) for row in rows], ensure_ascii=False)
    statement = f"INSERT INTO {table.name} ({names}) SELECT {names} FROM {source}"  # noqa: S608 (names of our own columns)
    connection.execute(sa.text(statement), {"payload": payload})


def _types(connection: sa.Connection, table: sa.FromClause, columns: Sequence[str]) -> str:
    return ", ".join(f"{name} {table.c[name].type.compile(connection.dialect)}" for name in columns)


def _from_json(connection: sa.Connection, key: sa.Column[Any], columns: Sequence[str], added: Sequence[str]) -> str:
    table = key.table
    types = _types(connection, table, [key.name, *columns])
    changes = ", ".join(f"{name} = {f't.{name} + ' if name in added else ''}x.{name}" for name in columns)
    return (
        f"UPDATE {table.name} AS t SET {changes} FROM json_to_recordset(CAST(:payload AS json)) AS x({types}) "  # noqa: S608 (names of our own columns)
        f"WHERE t.{key.name} = x.{key.name}"
    )
