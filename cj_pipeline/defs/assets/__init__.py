"""One module per stage, from essays to rankings."""
