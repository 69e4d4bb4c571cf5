"""Where bytes and tables are kept: raw provider bytes (immutable) and tables of results."""
