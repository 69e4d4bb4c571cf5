"""Readers, one format at a time."""
