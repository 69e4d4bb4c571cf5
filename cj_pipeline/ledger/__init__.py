"""The ledger: what was asked, paid for and answered, in SQLite or PostgreSQL."""
