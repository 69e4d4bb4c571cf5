"""The reference of decisions files: which are read, and what `cj rank` writes."""

from typing import Final

from cj_pipeline.domain.decision_conventions import CONVENTIONS, Convention
from cj_pipeline.engine.decision_table_columns import ESSAY_COLUMNS, JUDGE_COLUMNS
from tools.pages import table

INTRODUCTION: Final = """\
`cj rank` and `cj_pipeline.rank_comparisons` read verdicts that were made elsewhere. A file is known by the names of its
columns. Capitals, spaces, dots, dashes and underscores in them do not matter, and further columns do no harm. Text may
be UTF-8 (with or without byte-order mark), UTF-16 or Windows-1252, with commas, semicolons or tabs between the cells.
Columns that can be read in two ways are refused.

A row that names no winner counts for neither essay. It is left out, and its line and the reason are said. Where a file
shows which essay stood first (left), the advantage of that place is fitted and taken out. Where it names the chosen
essay first, or where the first column won every time, there is no such effect to see."""

MANIFEST: Final = """\
Versions, options, SHA-256 of the files, what was left out, the fit with its certificate, and all figures of
reliability."""


def decisions_files_parts() -> tuple[str, ...]:
    """Paragraphs and tables of the page."""
    return (
        INTRODUCTION,
        "## Files that are read",
        table(
            ("kind", "columns it must have", "shows who stood first", "judge", "time", "ties", ""),
            [_row(convention) for convention in CONVENTIONS],
        ),
        "## ranking.csv, ranking.parquet",
        "What `cj rank --out` writes about essays, best first. With `--compatible` some columns are left out.",
        table(("column", "type", "meaning"), [(f"`{name}`", kind, text) for name, kind, text in ESSAY_COLUMNS]),
        "## judges.csv, judges.parquet",
        "About judges, highest infit first; only where the files name them.",
        table(("column", "type", "meaning"), [(f"`{name}`", kind, text) for name, kind, text in JUDGE_COLUMNS]),
        "## manifest.json",
        MANIFEST,
    )


def _row(convention: Convention) -> tuple[str, ...]:
    needs = ", ".join(" or ".join(f"`{name}`" for name in names) for names in convention.needs.values())
    times = [*convention.duration, *convention.time]
    return (
        convention.name,
        needs,
        "yes" if convention.shows_order else "no",
        ", ".join(f"`{name}`" for name in convention.judge),
        ", ".join(f"`{name}`" for name in times),
        convention.ties or "none",
        convention.note,
    )
