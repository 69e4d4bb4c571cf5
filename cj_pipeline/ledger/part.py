"""What the parts of the ledger share: the database."""

import sqlalchemy as sa


class LedgerPart:
    """A part of the ledger.

    Args:
        engine: A database from `database.open_database`.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
