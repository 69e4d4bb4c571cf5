"""Published numbers and reference data."""
