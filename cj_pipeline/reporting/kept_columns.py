"""Columns of what is kept in the snapshot and in the ledger, for Dagster's pages: these are no published tables."""

from typing import Final

KEPT_COLUMNS: Final[dict[str, tuple[tuple[str, str, str], ...]]] = {
    "essays": (
        ("essay_id", "string", "Essay: the file's name, or its label."),
        ("n_words", "int", "Length in words."),
        ("anchor_grade", "string", "Known grade, anchors only."),
        ("known_measure", "float", "Known measure on another scale, logits, where there is one."),
        ("known_measure_error", "float", "Its standard error, logits."),
        ("digest", "string", "SHA-256 of the text."),
    ),
    "pair_set": (
        ("comparison_id", "string", "Name of the comparison in the ledger."),
        ("wave", "int", "1 for what was planned first."),
        ("judge", "string", "Provider and model to be asked."),
        ("first", "string", "Essay shown first."),
        ("second", "string", "Essay shown second."),
        ("replicate", "int", "How often the pair was put before."),
    ),
    "batch_submissions": (
        ("job_id", "string", "Name of the job in the ledger."),
        ("provider_batch_id", "string", "The provider's name for it; empty where requests are asked at once."),
        ("judge", "string", "Provider and model asked."),
        ("mode", "string", "How its requests reach the model."),
        ("phase", "string", "Where it stands in the ledger."),
        ("n_requests", "int", "Requests in it."),
        ("reserved_usd", "float", "Most it can cost, US dollars."),
    ),
    "raw_results": (
        ("comparison_id", "string", "What was asked."),
        ("job_id", "string", "The job that carried it."),
        ("number", "int", "1 for the first try."),
        ("outcome", "string", "How the request ended: ok, refused, truncated, invalid, errored, expired, ..."),
        ("winner", "string", "first or second; empty without a verdict."),
        ("strength", "int", "1 slightly, 2 clearly, 3 much better; 0 without a verdict."),
        ("reason", "string", "The judge's reason."),
        ("error", "string", "Why there is no verdict."),
        ("cost_usd", "float", "Cost, US dollars; empty where the price is unknown."),
    ),
}
"""Columns by asset."""
