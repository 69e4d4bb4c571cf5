"""What all sessions that may go on are at, in one query: sensors ask for it every few seconds."""

import sqlalchemy as sa

from cj_pipeline.domain.batches import Outcome
from cj_pipeline.domain.continuation import Standing
from cj_pipeline.engine.records import IN_FLIGHT, MOST_UNCLEAR, PLANNED
from cj_pipeline.engine.session_activity import SessionActivity
from cj_pipeline.ledger.part import LedgerPart
from cj_pipeline.ledger.tables import comparisons, decisions, judging_sessions, standings

_GOING_ON = (Standing.ACTIVE.value, Standing.CANCELLED.value)


class ActivityRows(LedgerPart):
    """The ledger's part about what is going on."""

    def session_activity(self, max_attempts: int) -> list[SessionActivity]:
        """All sessions of assessments that are active or cancelled, by assessment."""
        with self._engine.begin() as connection:
            return [SessionActivity(**row) for row in connection.execute(_activity(max_attempts)).mappings()]


def may_be_asked(max_attempts: int) -> sa.ColumnElement[bool]:
    """Condition on comparisons: those that `plan.needs_asking` would ask."""
    c = comparisons.c
    again = c.retryable & (c.status != Outcome.OK.value) & (c.status != IN_FLIGHT)
    bounded = (c.n_attempts - c.n_excused < max_attempts) & (c.n_possibly_paid < MOST_UNCLEAR)
    return (c.status == PLANNED) | (again & bounded)


def _activity(max_attempts: int) -> sa.Select[tuple[str, str, int, int, str]]:
    session, c, d = judging_sessions.c, comparisons.c, decisions.c
    latest = sa.select(d.session_id, sa.func.max(d.decision_id).label("decision_id")).group_by(d.session_id).subquery()
    counts = (
        sa.select(
            session.assessment,
            session.session_id,
            _number_of(c.status == IN_FLIGHT).label("n_in_flight"),
            _number_of(may_be_asked(max_attempts)).label("n_to_ask"),
        )
        .join(standings, standings.c.assessment == session.assessment)
        .join(comparisons, c.session_id == session.session_id, isouter=True)
        .where(standings.c.standing.in_(_GOING_ON))
        .group_by(session.assessment, session.session_id)
        .subquery()
    )
    return (
        sa.select(*counts.c, sa.func.coalesce(d.decision, "").label("last_decision"))
        .join(latest, latest.c.session_id == counts.c.session_id, isouter=True)
        .join(decisions, d.decision_id == latest.c.decision_id, isouter=True)
        .order_by(counts.c.assessment, counts.c.session_id)
    )


def _number_of(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)
