"""Standings of assessments and what was learned about queues: one row each, the latest counts."""

from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from cj_pipeline.domain.continuation import Standing
from cj_pipeline.engine.records import QueueLimit, StandingRecord
from cj_pipeline.ledger.part import LedgerPart
from cj_pipeline.ledger.tables import queue_limits, standings


class StandingRows(LedgerPart):
    """The ledger's part about what may be sent."""

    def standing(self, assessment: str) -> StandingRecord | None:
        """What is wanted of an assessment; None if it was never submitted."""
        query = sa.select(standings).where(standings.c.assessment == assessment)
        with self._engine.begin() as connection:
            row = connection.execute(query).mappings().first()
        return _standing(row) if row else None

    def set_standing(self, record: StandingRecord) -> None:
        """Keep what is wanted of an assessment; the latest counts."""
        self._replace(standings, {**asdict(record), "standing": record.standing.value})

    def standings(self, standing: Standing) -> list[StandingRecord]:
        """All assessments of this standing, by name."""
        query = sa.select(standings).where(standings.c.standing == standing.value).order_by(standings.c.assessment)
        with self._engine.begin() as connection:
            return [_standing(row) for row in connection.execute(query).mappings()]

    def queue_limit(self, provider: str, account: str, model: str) -> QueueLimit | None:
        """What was learned about an account's queue for a model."""
        c = queue_limits.c
        query = sa.select(queue_limits).where((c.provider == provider) & (c.account == account) & (c.model == model))
        with self._engine.begin() as connection:
            row = connection.execute(query).mappings().first()
        return QueueLimit(**row) if row else None

    def learn_queue_limit(self, limit: QueueLimit) -> None:
        """Keep what was learned; the latest counts."""
        self._replace(queue_limits, asdict(limit))

    def _replace(self, table: sa.Table, row: dict[str, Any]) -> None:
        """Write a row over the one with its key; a statement that serves SQLite and PostgreSQL alike."""
        key = sa.and_(*(column == row[column.name] for column in table.primary_key))
        try:
            with self._engine.begin() as connection:
                if connection.execute(sa.update(table).where(key).values(row)).rowcount == 0:
                    connection.execute(sa.insert(table).values(row))
        except sa.exc.IntegrityError:
            # Another process inserted it in between.
            with self._engine.begin() as connection:
                connection.execute(sa.update(table).where(key).values(row))


def _standing(row: sa.RowMapping) -> StandingRecord:
    return StandingRecord(**{**row, "standing": Standing(row["standing"])})
