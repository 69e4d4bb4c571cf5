"""The ledger over SQLAlchemy, put together from its parts. Every method is one transaction."""

from contextlib import AbstractContextManager
from datetime import datetime

from cj_pipeline.domain.error_types import ErrorType
from cj_pipeline.ledger.activity_rows import ActivityRows
from cj_pipeline.ledger.answer_rows import AnswerRows
from cj_pipeline.ledger.asking_rows import AskingRows
from cj_pipeline.ledger.event_rows import count_call_error
from cj_pipeline.ledger.forgetting_rows import ForgettingRows
from cj_pipeline.ledger.job_rows import JobRows
from cj_pipeline.ledger.leases import HeldLease, hold_lease, lease_is_free, other_host
from cj_pipeline.ledger.people_rows import PeopleRows
from cj_pipeline.ledger.plan_rows import PlanRows
from cj_pipeline.ledger.result_rows import ResultRows
from cj_pipeline.ledger.standing_rows import StandingRows
from cj_pipeline.ledger.tally_rows import TallyRows
from cj_pipeline.ledger.totals_rows import TotalsRows
from cj_pipeline.ledger.watching_rows import WatchingRows


class SqlLedger(
    PlanRows,
    JobRows,
    WatchingRows,
    AskingRows,
    ResultRows,
    AnswerRows,
    TotalsRows,
    StandingRows,
    TallyRows,
    PeopleRows,
    ForgettingRows,
    ActivityRows,
):
    """The ledger. Implements `engine.ledger_port.Ledger`.

    Args:
        engine: A database from `database.open_database`.
    """

    def lease(self, name: str, ttl_s: float, now: datetime) -> AbstractContextManager[HeldLease]:
        """Hold `name` exclusively."""
        return hold_lease(self._engine, name, ttl_s, now)

    def lease_is_free(self, name: str, now: datetime) -> bool:
        """Whether nobody holds `name`."""
        return lease_is_free(self._engine, name, now)

    def other_host(self, now: datetime) -> str | None:
        """A machine, other than this one, that works with this ledger right now; None if none is seen."""
        return other_host(self._engine, now)

    def count_call_error(self, provider: str, error_type: ErrorType) -> None:
        """Count a call to a provider that failed."""
        count_call_error(self._engine, provider, error_type)

    def close(self) -> None:
        """Give back the database connections."""
        self._engine.dispose()
