"""Asset checks: statements that ought to hold, with evidence and a remedy."""
