"""What Dagster's sensors, daemon and event log cost beside the work: ticks, idle CPU and memory, rows and bytes."""
