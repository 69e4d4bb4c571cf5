"""Results for people: pictures and tables. Nothing is computed here that is not in the ledger or a fitted scale."""
