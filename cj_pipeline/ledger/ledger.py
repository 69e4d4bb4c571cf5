"""The ledger over SQLAlchemy, put together from its parts. Every method is one transaction."""

from contextlib import AbstractContextManager
from datetime import datetime

from cj_pipeline.ledger.job_rows import JobRows
from cj_pipeline.ledger.leases import hold_lease
from cj_pipeline.ledger.plan_rows import PlanRows
from cj_pipeline.ledger.result_rows import ResultRows


class SqlLedger(PlanRows, JobRows, ResultRows):
    """The ledger. Implements `engine.ports.Ledger`.

    Args:
        engine: A database from `database.open_database`.
    """

    def lease(self, name: str, ttl_s: float, now: datetime) -> AbstractContextManager[None]:
        """Hold `name` exclusively."""
        return hold_lease(self._engine, name, ttl_s, now)

    def close(self) -> None:
        """Give back the database connections."""
        self._engine.dispose()
