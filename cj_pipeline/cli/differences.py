"""`cj diff`: two judging sessions beside each other."""

import os
from contextlib import closing
from pathlib import Path
from typing import Final

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cj_pipeline.engine.rank import SYNTHETIC_JUDGE
from cj_pipeline.engine.session_difference import SessionDifference, compare_sessions, describe, find_session
from cj_pipeline.reporting.shown_numbers import rounded_table, shown
from cj_pipeline.settings import load_settings
from cj_pipeline.storage.atomic import atomic_write
from cj_pipeline.wiring import open_workbench

_MOST: Final = 15
"""Essays shown on a terminal; --out writes all."""


def show_difference(one: str, other: str, out: Path | None) -> None:
    """Compare two judging sessions, print what differs, and write it where asked.

    Args:
        one: A session, by the beginning of its name, or an assessment.
        other: The other.
        out: Folder for the tables; None: they are not written.

    Raises:
        CjError: A session is not known, or has no ranking.
    """
    with closing(open_workbench(load_settings(os.environ))) as bench:
        names = bench.assessments()
        sessions = [find_session(bench.engine, names, wanted) for wanted in (one, other)]
        found = compare_sessions(bench.engine, *sessions)
    console = Console(highlight=False)
    for label, session in zip(("one  ", "other"), sessions, strict=True):
        console.print(f"{label} {session.session_id}  {escape(describe(session))}", soft_wrap=True)
    print_difference(console, found)
    if out is not None:
        for name, table in (("essays", found.essays), ("figures", found.figures)):
            with atomic_write(out / f"{name}.csv") as file:
                file.write(rounded_table(table).to_csv(index=False).encode())
        console.print(f"\nWritten to {out}: essays.csv, figures.csv", soft_wrap=True)


def print_difference(console: Console, found: SessionDifference) -> None:
    """Print how two sessions differ."""
    console.print(_figures(found))
    for line in summary(found):
        console.print(escape(line), soft_wrap=True)
    if found.scales.beyond_error.any():
        console.print(_essays(found))


def summary(found: SessionDifference) -> list[str]:
    """What differs, in sentences."""
    scales, same = found.scales, found.verdicts
    n, beyond = len(scales.change), int(scales.beyond_error.sum())
    spearman, kendall = (shown(name, value) for name, value in (("r", scales.spearman), ("tau", scales.kendall)))
    by_chance = shown("n_essays_above_band_by_chance", scales.expected_beyond)
    lines = [f"{n} essays in common. Order: Spearman {spearman}, Kendall {kendall}."]
    lines.append(f"{beyond} of {n} changed their place by more than errors explain; by chance up to about {by_chance}.")
    if same.n:
        low, high = (shown("agrees_with_scale", v) for v in (same.low, same.high))
        value = shown("agrees_with_scale", same.value)
        lines.append(f"On {same.n:.0f} common pairs both prefer the same essay in {value} (95 %: {low} to {high}).")
    else:
        lines.append("No pair was judged clearly in both.")
    synthetic = sum(ranking.totals.n_synthetic > 0 for ranking in found.rankings)
    return [*lines, f"Made by the {SYNTHETIC_JUDGE}: {synthetic} of the two sessions."] if synthetic else lines


def _figures(found: SessionDifference) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1))
    for name in ("figure", "one", "other"):
        table.add_column(name, justify="left" if name == "figure" else "right")
    for name, one, other in found.figures.itertuples(index=False, name=None):
        cells = [shown(name, value) for value in (one, other)]
        if any(cells):
            table.add_row(name.replace("_", " ").removeprefix("n "), *(cell or "none" for cell in cells))
    return table


def _essays(found: SessionDifference) -> Table:
    table = Table(
        box=box.SIMPLE_HEAD, padding=(0, 1), title="Changes beyond error, largest first", title_justify="left"
    )
    names = ("essay_id", "rank", "rank_then", "change", "change_error")
    for label in ("essay", "rank in one", "in other", "change, logits", "± standard error"):
        table.add_column(label, justify="left" if label == "essay" else "right")
    changed = found.essays[found.essays["beyond_error"]]
    for row in changed.head(_MOST).to_dict("records"):
        table.add_row(*(escape(shown(name, row[name])) for name in names))
    if len(changed) > _MOST:
        table.caption = f"and {len(changed) - _MOST} more"
    return table
