"""Comparisons with verdicts, made for tests."""

import pandas as pd

from cj_pipeline.engine.records import ComparisonRecord


def verdict(first: str, second: str, winner: str, *, strength: int = 2, reason: str = "") -> ComparisonRecord:
    """A comparison in which `winner` (an essay's id) was preferred."""
    position = "first" if winner == first else "second"
    return ComparisonRecord(
        comparison_id=f"{first}-{second}-{winner}-{reason}",
        session_id="s",
        wave=1,
        sequence=0,
        first_id=first,
        first_digest="d",
        second_id=second,
        second_digest="d",
        replicate=0,
        judge="openai/gpt-6.1-terra",
        status="ok",
        winner=position,
        strength=strength,
        reason=reason,
    )


def rankings(*rows: tuple[str, float, float, int, int]) -> pd.DataFrame:
    """A rankings table of rows (essay, measure, standard error, wins, comparisons)."""
    columns = ["essay_id", "measure", "standard_error", "n_wins", "n_comparisons"]
    return pd.DataFrame(rows, columns=columns)
