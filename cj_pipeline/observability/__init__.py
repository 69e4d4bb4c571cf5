"""Prometheus metrics, counted from the ledger: they survive restarts, and every process says the same."""
