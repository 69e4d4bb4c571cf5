"""The room `harness`."""
