"""The page on which people judge: two essays, one decision. Loopback only, written straight to the ledger."""
