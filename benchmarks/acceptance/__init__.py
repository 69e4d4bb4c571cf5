"""One night of thirty small assessments on real processes: what a night comes to, in one table."""
