"""Small tables for Dagster's pages.

No essay text but flagged passages: metadata is kept in the event log, which every user of the UI can read.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

import dagster as dg
import pandas as pd

from cj_pipeline.domain.hostile_text import Passage
from cj_pipeline.domain.snapshot import AssessmentSnapshot
from cj_pipeline.domain.visible_text import visible
from cj_pipeline.engine.deciding import PairSet
from cj_pipeline.engine.records import JobRecord
from cj_pipeline.reporting.columns import COLUMNS
from cj_pipeline.reporting.grade_columns import PER_GRADE
from cj_pipeline.reporting.shown_numbers import shown

_PASSAGE_CHARS = 120
_ROWS = 60
_IN_PLACE_CHARS = 940
"""Dagster shows Markdown in place up to 1,000 characters, and behind a link beyond. What is left says how much."""

_FIT = (
    ("infit", "float", "Squared surprise of the verdicts beside what the scale expects, weighted by information."),
    ("infit_low", "float", "Lower end of where infit lies by chance alone."),
    ("infit_high", "float", "Upper end of it."),
    ("outfit", "float", "The same unweighted, so that single big surprises count more."),
    ("outfit_low", "float", "Lower end of where outfit lies by chance alone."),
    ("outfit_high", "float", "Upper end of it."),
    ("misfit", "string", "above: less predictable than chance explains; below: more; empty: within both bands."),
)

COLUMNS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "comparisons": (
        ("comparison_id", "string", "Name of the comparison in the ledger."),
        ("wave", "int", "1 for what was planned first."),
        ("judge", "string", "Provider and model asked."),
        ("answered_by", "string", "Who gave the verdict; says so if it was the synthetic judge."),
        ("first", "string", "Essay shown first."),
        ("second", "string", "Essay shown second."),
        ("outcome", "string", "How the request ended; only ok has a verdict."),
        ("winner", "string", "Essay judged better; empty without a verdict."),
        ("winner_position", "string", "Whether the winner was shown first or second."),
        ("strength", "int", "1 slightly, 2 clearly, 3 much better; 0 without a verdict."),
        ("reason", "string", "The judge's reason."),
        ("error", "string", "Why there is no verdict."),
        ("n_attempts", "int", "Times it was asked."),
    ),
    "human_decisions": (
        ("judge", "string", "Who decided."),
        ("first", "string", "Essay shown first, or named first in the file."),
        ("second", "string", "The other essay."),
        ("winner", "string", "Essay found better; empty for a tie."),
        ("winner_position", "string", "first, second or tie; empty where the order is not known."),
        ("time_ms", "float", "How long it took, milliseconds; empty where not known."),
        ("source", "string", "page, or the name of the file."),
        ("decided_at", "string", "When it was made, ISO 8601."),
        ("models_prefer", "string", "Essay that most models preferred; empty where none judged the pair, or a draw."),
    ),
    "rankings": (
        ("rank", "int", "1 is best; equal measures share a rank."),
        ("essay_id", "string", "Essay."),
        ("measure", "float", "Place on the scale, logits, mean zero."),
        ("standard_error", "float", "Standard error of the measure, logits."),
        ("interval_low", "float", "Lower end of the measure's 95 % interval, from a fit with a weak prior, logits."),
        ("interval_high", "float", "Upper end of it, logits."),
        ("diagonal_error", "float", "Standard error as if all other essays were known, as other software prints it."),
        ("rank_low", "int", "Best rank the data allow (90 % interval)."),
        ("rank_high", "int", "Worst rank the data allow (90 % interval)."),
        ("n_comparisons", "int", "Comparisons it took part in."),
        ("n_wins", "int", "Comparisons it won."),
        *_FIT,
        ("anchor_grade", "string", "Known grade, anchors only."),
        ("n_words", "int", "Length in words."),
        ("made_by", "string", "Judges whose verdicts it rests on; says so if it was the synthetic judge."),
    ),
    "judges": (
        ("judge", "string", "Provider and model asked."),
        ("n_comparisons", "int", "Verdicts it gave."),
        *_FIT,
        ("agrees_with_scale", "float", "Share of its verdicts for the essay that the scale places higher."),
        ("agreement_expected", "float", "Share that the scale expects."),
        ("agrees_with_others", "float", "Share of pairs that another judge saw too on which both agree."),
        ("n_common_pairs", "float", "How many such pairs there are, counted once for every other judge."),
        ("first_share", "float", "Share of its verdicts for the essay shown first."),
        ("position_effect", "float", "Advantage of being shown first to this judge, logits."),
        ("discrimination", "float", "How sharply it tells essays apart beside the others; 1 where it was not fitted."),
    ),
    **GRADE_COLUMNS,
}
"""Columns of the published tables: name, type, meaning."""


def column_schema(table: str, grades: Sequence[str] = ()) -> dg.TableSchema:
    """Dagster's column schema of a published table.

    Args:
        table: Its name.
        grades: Labels of the grade scale, for columns that there is one of per grade.
    """
    columns = [
        dg.TableColumn(name.replace(PER_GRADE, grade), kind, description=text)
        for name, kind, text in COLUMNS[table]
        for grade in (grades if PER_GRADE in name else ("",))
    ]
    return dg.TableSchema(columns)


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
