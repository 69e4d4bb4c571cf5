"""Whole runs from outside: the ENG5 runner with its artefact and reports, and the suites that try every mode.

What it needs of an assessment it asks the engine's verbs for. What does not belong here: options and exit codes (cli).
"""
