"""Decisions of people: kept for good, taken back by a mark, never deleted."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa

from cj_pipeline.engine.people_records import HumanDecision
from cj_pipeline.ledger.part import CHUNK, LedgerPart
from cj_pipeline.ledger.tables import human_decisions


class PeopleRows(LedgerPart):
    """The ledger's part about people."""

    def add_human_decisions(self, decisions: Sequence[HumanDecision]) -> int:
        """Keep decisions; known ones stay, and count again if they were withdrawn. Returns how many are new."""
        n_new = 0
        for start in range(0, len(decisions), CHUNK):
            by_id = {decision.decision_id: asdict(decision) for decision in decisions[start : start + CHUNK]}
            known = human_decisions.c.decision_id.in_(list(by_id))
            with self._engine.begin() as connection:
                found = set(connection.execute(sa.select(human_decisions.c.decision_id).where(known)).scalars())
                connection.execute(sa.update(human_decisions).where(known).values(withdrawn_at=None))
                new = [row for key, row in by_id.items() if key not in found]
                if new:
                    connection.execute(sa.insert(human_decisions), new)
            n_new += len(new)
        return n_new

    def human_decisions(self, assessment: str) -> list[HumanDecision]:
        """Decisions that count, in the order in which they were recorded."""
        c = human_decisions.c
        query = (
            sa.select(human_decisions)
            .where((c.assessment == assessment) & c.withdrawn_at.is_(None))
            .order_by(c.recorded_at, c.decision_id)
        )
        with self._engine.begin() as connection:
            return [HumanDecision(**row) for row in connection.execute(query).mappings()]

    def withdraw_human_decisions(self, decision_ids: Collection[str], now: datetime) -> int:
        """Take decisions back; those taken back already stay so. Returns how many were."""
        n, ids = 0, sorted(decision_ids)
        for start in range(0, len(ids), CHUNK):
            mine = human_decisions.c.decision_id.in_(ids[start : start + CHUNK]) & human_decisions.c.withdrawn_at.is_(
                None
            )
            with self._engine.begin() as connection:
                n += connection.execute(sa.update(human_decisions).where(mine).values(withdrawn_at=now)).rowcount
        return n
