"""Partitions: one per assessment folder, added by the folder sensor, never removed by it."""

import dagster as dg

ASSESSMENTS = dg.DynamicPartitionsDefinition(name="assessments")
"""Every assessment is a partition; its key is the folder's name."""
