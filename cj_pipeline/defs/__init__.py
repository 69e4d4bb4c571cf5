"""What Dagster shows: assets, checks, jobs, sensors. Bodies are a few lines; the work is done by the engine."""
