"""The verbs: plan, submit, poll, collect, rank. They know ports, never a database, a vendor or Dagster."""
