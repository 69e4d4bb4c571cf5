"""A ranking of decisions on a terminal."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cj_pipeline.engine.decision_ranking import CompatibleRanking, ScaleRanking
from cj_pipeline.engine.decision_tables import Columns
from cj_pipeline.reporting.counted import signed
from cj_pipeline.reporting.decision_fit_words import as_the_programs_print, how_well_it_fits
from cj_pipeline.reporting.decision_words import (
    how_it_was_fitted,
    how_reliable,
    what_was_read,
    whether_place_mattered,
)

_MOST_ROWS: Final = 60
_MOST_JUDGES: Final = 30
_ENDS: Final = 15
_LONGEST_NAME: Final = 40


@dataclass(frozen=True, slots=True)
class Cell:
    """A column as it is shown.

    Attributes:
        needs: Columns it is made of; without them it is left out.
        shows: Its text for a row.
        left: Whether it stands to the left.
    """

    needs: tuple[str, ...]
    shows: Callable[[dict[str, Any]], str]
    left: bool = False


def _number(name: str, digits: int = 2) -> Cell:
    return Cell((name,), lambda row: "" if row[name] is None else f"{row[name]:.{digits}f}")


def _name(name: str) -> Cell:
    return Cell((name,), lambda row: _cut(row[name]), left=True)


def _cut(name: str) -> str:
    plain = " ".join(name.split())
    return plain if len(plain) <= _LONGEST_NAME else plain[: _LONGEST_NAME - 1] + "\u2026"


_RANKED: Final = {
    "rank": _number("rank", 0),
    "essay": _name("essay_id"),
    "measure": Cell(("measure",), lambda row: signed(row["measure"])),
    "error": _number("standard_error"),
}
_WON: Final = Cell(("n_wins", "n_comparisons"), lambda row: f"{row['n_wins']:g} of {row['n_comparisons']:g}")
_INFIT_MARKED: Final = Cell(
    ("infit", "misfit"), lambda row: f"{row['infit']:.2f}{'!' if 'less' in row['misfit'] else ' '}"
)
_DECISIONS: Final = _number("n_comparisons", 0)
_SECONDS: Final = _number("median_duration_s", 1)
_SCALE: Final = {
    **_RANKED,
    "rank, 90 %": Cell(("rank_low", "rank_high"), lambda row: f"{row['rank_low']}-{row['rank_high']}"),
    "won": _WON,
    "infit": _INFIT_MARKED,
}
_COMPATIBLE: Final = {**_RANKED, "won": _WON, "infit": _number("infit"), "outfit": _number("outfit")}
_SCALE_JUDGES: Final = {
    "judge": _name("judge"),
    "decisions": _DECISIONS,
    "agree": Cell(("agreement",), lambda row: f"{row['agreement']:.0%}"),
    "infit": _INFIT_MARKED,
    "by chance": Cell(("infit_low", "infit_high"), lambda row: f"{row['infit_low']:.2f}-{row['infit_high']:.2f}"),
    "first, logits": Cell(("position_effect",), lambda row: signed(row["position_effect"])),
    "discrimination": _number("discrimination"),
    "median s": _SECONDS,
}
_COMPATIBLE_JUDGES: Final = {
    "judge": _name("judge"),
    "decisions": _DECISIONS,
    "infit": _number("infit"),
    "outfit": _number("outfit"),
    "median s": _SECONDS,
}


def print_ranked(console: Console, ranked: ScaleRanking | CompatibleRanking) -> None:
    """Print what was read, the ranking (only its ends where it is long), and what it is worth."""
    _print_lines(console, what_was_read(ranked.decisions))
    if isinstance(ranked, CompatibleRanking):
        console.print(_table(ranked.essays, _COMPATIBLE))
        _print_judges(console, ranked.judges, _COMPATIBLE_JUDGES)
        _print_lines(console, as_the_programs_print(ranked))
        return
    console.print(_table(ranked.essays, _SCALE))
    _print_judges(console, ranked.judges, _SCALE_JUDGES)
    _print_lines(console, how_reliable(ranked))
    _print_lines(console, whether_place_mattered(ranked))
    _print_lines(console, how_well_it_fits(ranked))
    _print_lines(console, [how_it_was_fitted(ranked.fit)])


def _print_judges(console: Console, judges: Columns, cells: Mapping[str, Cell]) -> None:
    if judges:
        console.print(_table(judges, cells, most=_MOST_JUDGES, bottom=0))


def _table(columns: Columns, cells: Mapping[str, Cell], most: int = _MOST_ROWS, bottom: int = _ENDS) -> Table:
    """Rows as text, those in the middle left out where there are very many."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1))
    known = {name for name, values in columns.items() if any(value is not None for value in values)}
    shown = {head: cell for head, cell in cells.items() if known.issuperset(cell.needs)}
    for head, cell in shown.items():
        table.add_column(head, justify="left" if cell.left else "right", no_wrap=True, overflow="ellipsis")
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    top = len(rows) if len(rows) <= most else _ENDS
    last = max(top, len(rows) - bottom)
    for row in rows[:top]:
        table.add_row(*(Text(cell.shows(row)) for cell in shown.values()))
    if last > top:
        table.add_row(*("..." if cell.left else "" for cell in shown.values()))
    for row in rows[last:]:
        table.add_row(*(Text(cell.shows(row)) for cell in shown.values()))
    return table


def _print_lines(console: Console, lines: Sequence[str]) -> None:
    for line in lines:
        console.print(Text(line))
    if lines:
        console.print()
