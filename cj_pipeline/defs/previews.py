"""Small tables for Dagster's pages.

No essay text but flagged passages: metadata is kept in the event log, which every user of the UI can read.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

import pandas as pd

from cj_pipeline.domain.hostile_text import Passage
from cj_pipeline.domain.snapshot import AssessmentSnapshot
from cj_pipeline.domain.visible_text import visible
from cj_pipeline.engine.deciding import PairSet
from cj_pipeline.engine.records import JobRecord
from cj_pipeline.reporting.shown_numbers import shown

_PASSAGE_CHARS = 120
_ROWS = 60
_IN_PLACE_CHARS = 940
"""Dagster shows Markdown in place up to 1,000 characters, and behind a link beyond. What is left says how much."""


def people_preview(table: pd.DataFrame) -> str:
    """How many decisions every person made, and how often most models preferred the same essay."""
    told = table[(table["winner"] != "") & (table["models_prefer"] != "")]
    same = told[told["winner"] == told["models_prefer"]]
    rows = [
        (judge, n, f"{int((same['judge'] == judge).sum())} of {int((told['judge'] == judge).sum())}")
        for judge, n in table["judge"].value_counts().head(_ROWS).items()
    ]
    return markdown_table(("person", "decisions", "agrees with most models"), rows)


def markdown_table(header: Sequence[str], rows: Iterable[Sequence[object]], total: int | None = None) -> str:
    """A Markdown table that Dagster shows in place; says how many rows are left out.

    Args:
        header: Column names.
        rows: Rows, most important first.
        total: Number of rows there are, where `rows` may hold fewer.
    """
    lines = ["|" + "|".join(header) + "|", "|" + "---|" * len(header)]
    room = _IN_PLACE_CHARS - sum(len(line) + 1 for line in lines)
    shown, given = 0, 0
    for given, row in enumerate(rows, 1):
        line = "|" + "|".join(_cell(value) for value in row) + "|"
        room -= len(line) + 1
        if room >= 0:
            lines.append(line)
            shown = given
    left_out = max(total or 0, given) - shown
    return "\n".join(lines) + (f"\n\n... and {left_out} more." if left_out else "")


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "" if pd.isna(value) else f"{value:.2f}"
    return "" if value is None or value is pd.NA else str(value).replace("|", "\\|").replace("\n", " ")


def essays_preview(snapshot: AssessmentSnapshot) -> str:
    """Ids, lengths and known grades."""
    rows = ((e.essay_id, e.n_words, e.anchor_grade or "", e.digest[:12]) for e in snapshot.essays[:_ROWS])
    return markdown_table(("essay", "words", "grade if anchor", "digest"), rows, len(snapshot.essays))


def pairs_preview(pairs: PairSet) -> str:
    """Comparisons per essay: how many, how often shown first."""
    first = Counter(c.first_id for c in pairs.comparisons)
    second = Counter(c.second_id for c in pairs.comparisons)
    essays = pairs.snapshot.essays
    rows = ((e.essay_id, first[e.essay_id] + second[e.essay_id], first[e.essay_id]) for e in essays[:_ROWS])
    return markdown_table(("essay", "comparisons", "of these shown first"), rows, len(essays))


def jobs_preview(jobs: Sequence[JobRecord]) -> str:
    """Jobs, newest first."""
    rows = (
        (j.provider, j.model, j.provider_batch_id or "(not confirmed)", j.phase.value, j.n_requests, j.message)
        for j in list(reversed(jobs))[:_ROWS]
    )
    return markdown_table(("provider", "model", "batch job", "phase", "requests", "message"), rows, len(jobs))


def outcomes_preview(pairs: PairSet) -> str:
    """Comparisons by judge and outcome."""
    counts = Counter((c.judge, c.status) for c in pairs.comparisons)
    rows = ((judge, outcome, n) for (judge, outcome), n in sorted(counts.items()))
    return markdown_table(("judge", "outcome", "comparisons"), rows)


def verdicts_preview(table: pd.DataFrame) -> str:
    """The first comparisons with their reasons."""
    columns = ["first", "second", "winner", "strength", "reason"]
    return markdown_table(columns, table[columns].head(_ROWS).itertuples(index=False), len(table))


def ranking_preview(table: pd.DataFrame) -> str:
    """The ranking, best first."""
    rows = (
        (
            r.rank,
            r.essay_id,
            shown("measure", r.measure),
            shown("standard_error", r.standard_error),
            f"{r.rank_low}-{r.rank_high}",
            r.misfit,
            r.anchor_grade,
        )
        for r in table.head(_ROWS).itertuples(index=False)
    )
    header = ("rank", "essay", "measure", "standard error", "rank, 90 % interval", "misfit", "grade if anchor")
    return markdown_table(header, rows, len(table))


def passages_preview(found: Sequence[tuple[str, Passage]]) -> str:
    """Passages that seem meant for the judge, each with its essay's id; invisible characters are spelt out."""
    rows = ["|essay|family|passage|", "|---|---|---|"]
    rows += [f"|{essay_id}|{p.family}|{visible(p.text, _PASSAGE_CHARS)}|" for essay_id, p in found[:_ROWS]]
    left_out = len(found) - _ROWS
    return "\n".join(rows) + (f"\n\n... and {left_out} more." if left_out > 0 else "")
