"""How long, and in how much memory, 100,000 comparisons are planned, recorded and collected; see `python -m`."""
