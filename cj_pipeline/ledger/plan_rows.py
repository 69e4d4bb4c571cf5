"""Sessions, comparisons and decisions: what is planned."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from itertools import islice
from typing import Any

import sqlalchemy as sa

from cj_pipeline.engine.records import PLANNED, ComparisonRecord, DecisionRecord, SessionRecord
from cj_pipeline.ledger.activity_rows import may_be_asked
from cj_pipeline.ledger.bulk import insert_rows
from cj_pipeline.ledger.part import CHUNK, LedgerPart
from cj_pipeline.ledger.rows import comparison_record, session_record
from cj_pipeline.ledger.tables import comparisons, decisions, judging_sessions


class PlanRows(LedgerPart):
    """The ledger's part about plans."""

    def open_session(self, session: SessionRecord) -> SessionRecord:
        """Keep a session unless one with its key exists; returns the one that counts."""
        row = {**asdict(session), "processing_metadata": session.metadata}
        del row["metadata"]
        try:
            with self._engine.begin() as connection:
                connection.execute(sa.insert(judging_sessions).values(row))
        except sa.exc.IntegrityError:
            pass  # it was opened before, or by another process just now
        kept = self.session(session.key)
        if kept is None:
            raise AssertionError("a session that was just inserted is not there")
        return kept

    def session(self, key: str) -> SessionRecord | None:
        """The session with this key."""
        query = sa.select(judging_sessions).where(judging_sessions.c.key == key)
        with self._engine.begin() as connection:
            row = connection.execute(query).mappings().first()
        return session_record(row) if row else None

    def sessions(self, assessment: str) -> list[SessionRecord]:
        """All sessions of an assessment, oldest first."""
        table = judging_sessions
        query = sa.select(table).where(table.c.assessment == assessment).order_by(table.c.created_at)
        with self._engine.begin() as connection:
            return [session_record(row) for row in connection.execute(query).mappings()]

    def sessions_of_night(self, night: str) -> list[SessionRecord]:
        """All sessions that something was sent for in a night, oldest first."""
        table = judging_sessions
        joined = table.c.processing_metadata["nights"][night]["from_usd"].as_float()
        query = sa.select(table).where(joined.is_not(None)).order_by(table.c.created_at, table.c.session_id)
        with self._engine.begin() as connection:
            return [session_record(row) for row in connection.execute(query).mappings()]

    def add_comparisons(self, new: Sequence[ComparisonRecord]) -> int:
        """Keep planned comparisons; those known already stay as they are. Returns the number of new ones."""
        if not new:
            return 0
        with self._engine.begin() as connection:
            query = sa.select(comparisons.c.comparison_id).where(comparisons.c.session_id == new[0].session_id)
            known = set(connection.execute(query).scalars())
            missing = (c for c in new if c.comparison_id not in known)
            n_new = 0
            while chunk := list(islice(missing, CHUNK)):
                insert_rows(connection, comparisons, [asdict(c) for c in chunk])
                n_new += len(chunk)
        return n_new

    def comparisons(self, session_id: str) -> list[ComparisonRecord]:
        """All comparisons of a session in the order of the plan."""
        query = (
            sa.select(comparisons)
            .where(comparisons.c.session_id == session_id)
            .order_by(comparisons.c.sequence, comparisons.c.comparison_id)
        )
        with self._engine.begin() as connection:
            return [comparison_record(row) for row in connection.execute(query).mappings()]

    def comparison(self, comparison_id: str) -> ComparisonRecord:
        """One comparison.

        Raises:
            KeyError: It was never planned.
        """
        query = sa.select(comparisons).where(comparisons.c.comparison_id == comparison_id)
        with self._engine.begin() as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            raise KeyError(comparison_id)
        return comparison_record(row)

    def n_to_ask(self, session_id: str, max_attempts: int) -> int:
        """Comparisons of a session that `plan.needs_asking` would ask, earlier versions of essays included."""
        to_ask = (comparisons.c.session_id == session_id) & may_be_asked(max_attempts)
        query = sa.select(sa.func.count()).where(to_ask)
        with self._engine.begin() as connection:
            return connection.execute(query).scalar_one()

    def drop_planned(self, comparison_ids: Sequence[str]) -> int:
        """Forget comparisons that were planned and never asked. Returns the number dropped."""
        if not comparison_ids:
            return 0
        never_asked = (
            (comparisons.c.comparison_id == sa.bindparam("b_id"))
            & (comparisons.c.status == PLANNED)
            & (comparisons.c.n_attempts == 0)
        )
        with self._engine.begin() as connection:
            result = connection.execute(
                sa.delete(comparisons).where(never_asked), [{"b_id": c} for c in comparison_ids]
            )
        return result.rowcount

    def merge_metadata(self, session_id: str, changes: Mapping[str, Any]) -> SessionRecord:
        """Set keys of a session's metadata, leaving the others; returns the session as it is then."""
        table = judging_sessions
        which = table.c.session_id == session_id
        with self._engine.begin() as connection:
            row = connection.execute(sa.select(table).where(which).with_for_update()).mappings().one()
            merged = {**row["processing_metadata"], **changes}
            if merged != row["processing_metadata"]:
                connection.execute(sa.update(table).where(which).values(processing_metadata=merged))
        return replace(session_record(row), metadata=merged)

    def latest_decision(self, session_id: str) -> DecisionRecord | None:
        """The last decision that was kept, None if there was none."""
        query = _decisions(session_id).order_by(decisions.c.decision_id.desc()).limit(1)
        with self._engine.begin() as connection:
            row = connection.execute(query).mappings().first()
        return DecisionRecord(**row) if row else None

    def decisions(self, session_id: str) -> list[DecisionRecord]:
        """All decisions that were kept, oldest first."""
        with self._engine.begin() as connection:
            rows = connection.execute(_decisions(session_id).order_by(decisions.c.decision_id)).mappings()
            return [DecisionRecord(**row) for row in rows]

    def record_decision(
        self, session_id: str, wave: int, decision: str, numbers: Mapping[str, Any], now: datetime
    ) -> None:
        """Keep a decision with the numbers it saw."""
        row = {
            "session_id": session_id,
            "wave": wave,
            "decision": decision,
            "numbers": dict(numbers),
            "decided_at": now,
        }
        with self._engine.begin() as connection:
            connection.execute(sa.insert(decisions).values(row))


def _decisions(session_id: str) -> sa.Select[Any]:
    c = decisions.c
    return sa.select(c.wave, c.decision, c.numbers, c.decided_at).where(c.session_id == session_id)
