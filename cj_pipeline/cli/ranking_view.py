"""Rankings on a terminal."""

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cj_pipeline.engine.modes import MODE_KEY
from cj_pipeline.engine.rank import Ranking
from cj_pipeline.reporting.quality_words import fit_words, reliability_words
from cj_pipeline.reporting.ranking_picture import SYNTHETIC_NOTICE
from cj_pipeline.wiring import Workbench

_COLUMNS = ("essay", "measure", "standard error", "rank", "rank, 90 % interval", "won", "grade if anchor")
_STUDENT = "student"
_LEFT = {"essay", _STUDENT, "grade if anchor"}


def print_ranking(console: Console, ranking: Ranking, bench: Workbench) -> None:
    """Print a ranking with its uncertainty, and what it rests on; with names where there is a class list."""
    snapshot = ranking.pairs.snapshot
    rows = bench.with_students(snapshot.name, ranking.table).to_dict("records")
    named = any(row["student"] for row in rows)
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1))
    for name in (*_COLUMNS[:1], *[_STUDENT] * named, *_COLUMNS[1:]):
        table.add_column(name, justify="left" if name in _LEFT else "right", no_wrap=name in {"essay", _STUDENT})
    for row in rows:
        essay, *numbers = _cells({str(key): value for key, value in row.items()})
        table.add_row(essay, *[escape(str(row["student"]))] * named, *numbers)
    console.print()
    console.print(f"[bold]{snapshot.assessment.title}[/bold] ({snapshot.name})", highlight=False)
    console.print(table)
    for line in _summary(ranking):
        console.print(line, highlight=False)


def _cells(row: dict[str, object]) -> list[str]:
    grade = row["anchor_grade"]
    return [
        str(row["essay_id"]),
        _signed(float(str(row["measure"]))),
        f"{row['standard_error']:.2f}",
        str(row["rank"]),
        f"{row['rank_low']}-{row['rank_high']}",
        f"{row['n_wins']} of {row['n_comparisons']}",
        grade if isinstance(grade, str) else "",
    ]


def _signed(number: float) -> str:
    """With its sign and two decimals; what rounds to zero has no minus sign."""
    return f"{round(number, 2) + 0.0:+.2f}"


def _summary(ranking: Ranking) -> list[str]:
    totals, fit = ranking.totals, ranking.fit
    price = f"{totals.spent_usd:.4f} USD" if not totals.n_unpriced else "a price that is not known in full"
    judged = (
        f"{round(fit.n_comparisons.sum() / 2)} verdicts from {totals.n_attempts} requests; "
        f"{totals.input_tokens:,} + {totals.output_tokens:,} tokens, at list price {price}."
    )
    position = (
        f"Advantage of being shown first: {_signed(fit.position_effect)} logits (standard error "
        f"{fit.position_effect_se:.2f}); it is taken out of the measures."
    )
    n_waves, mode = max(c.wave for c in ranking.pairs.comparisons), ranking.pairs.session.metadata[MODE_KEY]
    final = "Final" if ranking.is_final else "Not final"
    course = f"{final}, after {n_waves} wave{'s' * (n_waves > 1)} in mode {mode}: {ranking.decided.explanation}."
    notice = [f"[yellow]{SYNTHETIC_NOTICE} Nothing was paid.[/yellow]"] if totals.n_synthetic else []
    above = ranking.table.loc[ranking.table["misfit"] == "above", "essay_id"]
    named = f" Read: {', '.join(above)}." if len(above) else ""
    quality = [reliability_words(ranking.quality), fit_words(ranking.quality) + named]
    return [judged, *quality, position, course, *notice]


def print_where(console: Console, bench: Workbench, names: Sequence[str]) -> None:
    """Say where everything is."""
    settings = bench.settings
    console.print()
    console.print("Where things are", style="bold")
    for name in names:
        console.print(
            f"  tables       {settings.tables_dir / name}/*.csv (grade_projections, rankings, comparisons, ...)",
            soft_wrap=True,
        )
        console.print(f"  report       {settings.reports_dir / name / 'report.html'}", soft_wrap=True)
        console.print(f"  raw answers  {settings.raw_dir / name}", soft_wrap=True)
    console.print("  web UI       make dev, then http://127.0.0.1:3000", highlight=False)
