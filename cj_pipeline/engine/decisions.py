"""Decisions by name, of one table or several, as arrays for the scale.

How an answer is counted follows from what its table can say: a plain winner has two ordered categories, with ties
three, with strengths six, with both seven. Tables that can say the same share their cut points.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from cj_pipeline.domain.decision_answers import Answer
from cj_pipeline.domain.decision_rows import DecisionRows, RecordedDecision, read_rows
from cj_pipeline.domain.verdicts import STRENGTHS
from cj_pipeline.errors import ConfigurationError, TooFewVerdictsError
from cj_pipeline.scaling.comparison_data import ComparisonData, comparison_data

_MISSING: Final = frozenset({"None", "nan", "NaT", "<NA>"})
_CHANCE_IS_OUT: Final = 20
"""So many decisions tell: where the first column won all of them, it is the column of the winners, not a position."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """Decisions ready to be fitted.

    Attributes:
        essay_ids: Names of the essays, sorted; their place is their index.
        judges: Names of the judges, sorted; an empty name stands for all whom the tables do not name.
        rows: The decisions that count, in the order of the tables.
        data: The same as arrays, one row per decision.
        order_unknown: Why no position effect can be seen; empty where it can.
        dropped: Essays that were left out because they have too few comparisons.
        tables: What was read.
    """

    essay_ids: tuple[str, ...]
    judges: tuple[str, ...]
    rows: tuple[RecordedDecision, ...] = field(repr=False)
    data: ComparisonData
    order_unknown: str
    dropped: tuple[str, ...]
    tables: tuple[DecisionRows, ...]

    @property
    def names_judges(self) -> bool:
        """Whether any table says who judged."""
        return self.judges != ("",)


def read_table(table: Mapping[str, Sequence[object]], source: str = "table") -> DecisionRows:
    """Read decisions from a table in memory.

    Args:
        table: A data frame, or a mapping of column names to arrays of equal length. The names of the columns decide
            what it is, as for files (docs/reference/decisions-files.md): for example left, right, winner and judge.
        source: What the table is called in messages.

    Raises:
        ConfigurationError: The columns cannot be understood, or differ in length.
    """
    names = [str(name) for name in table]
    if len({len(table[name]) for name in table}) > 1:
        raise ConfigurationError(f"{source}: the columns differ in length; give every decision a cell in each.")
    rows = zip(*(table[name] for name in table), strict=True)
    return read_rows(names, ((i + 2, [_text(cell) for cell in row]) for i, row in enumerate(rows)), source)


def gather(tables: Sequence[DecisionRows], *, min_comparisons: int = 0) -> Decisions:
    """Put the decisions of tables together; the same name is the same essay, or the same judge, in all of them.

    Args:
        tables: What was read.
        min_comparisons: Essays with fewer are left out with their comparisons, again and again until all have as many.

    Raises:
        TooFewVerdictsError: No decision is left.
    """
    every = [_Row(d, *_counted(d.answer, said)) for said in map(_Answers.of, tables) for d in said.decisions]
    if not every:
        raise TooFewVerdictsError(f"no decision counts: {_reasons(tables)}.")
    kept = _often_enough([row.decision for row in every], min_comparisons)
    rows = [row for row in every if row.decision.first in kept and row.decision.second in kept]
    if not rows:
        raise TooFewVerdictsError(
            f"no decision is left: no essays have {min_comparisons} comparisons with one another; ask for fewer."
        )
    essays, judges = sorted(kept), sorted({row.decision.judge for row in rows})
    dropped = {name for row in every for name in (row.decision.first, row.decision.second)} - kept
    return Decisions(
        tuple(essays),
        tuple(judges),
        tuple(row.decision for row in rows),
        _as_data(rows, essays, judges),
        _order_unknown(tables),
        tuple(sorted(dropped)),
        tuple(tables),
    )


class _Row(NamedTuple):
    """A decision as an ordered category."""

    decision: RecordedDecision
    n_categories: int
    category: int


def _as_data(rows: Sequence[_Row], essays: Sequence[str], judges: Sequence[str]) -> ComparisonData:
    formats = sorted({row.n_categories for row in rows})
    essay_at, judge_at = ({name: i for i, name in enumerate(names)} for names in (essays, judges))
    format_at = {k: i for i, k in enumerate(formats)}
    return comparison_data(
        [essay_at[row.decision.first] for row in rows],
        [essay_at[row.decision.second] for row in rows],
        [row.category for row in rows],
        len(essays),
        n_categories=tuple(formats),
        response_format=[format_at[row.n_categories] for row in rows],
        judge=[judge_at[row.decision.judge] for row in rows],
        n_judges=len(judges),
    )


def _reasons(tables: Sequence[DecisionRows]) -> str:
    said = [f"{len(group.lines)}: {group.reason}" for table in tables for group in table.left_out]
    return "; ".join(said) or "there are no rows"


@dataclass(frozen=True, slots=True)
class _Answers:
    """What a table can say."""

    decisions: tuple[RecordedDecision, ...]
    ties: bool
    strengths: bool

    @classmethod
    def of(cls, table: DecisionRows) -> "_Answers":
        said = {d.answer for d in table.decisions}
        return cls(table.decisions, any(a.winner == "tie" for a in said), any(a.strength for a in said))


def _counted(answer: Answer, table: _Answers) -> tuple[int, int]:
    """Number of categories, and the category, higher in favour of the first essay."""
    tie = answer.winner == "tie"
    steps = len(STRENGTHS) if answer.strength or (tie and table.strengths) else 1
    middle = table.ties and (tie or steps > 1 or not table.strengths)
    if tie:
        return 2 * steps + 1, steps
    away = max(answer.strength, 1)
    return 2 * steps + middle, (steps - 1 + middle + away if answer.winner == "first" else steps - away)


def _often_enough(decisions: Sequence[RecordedDecision], least: int) -> set[str]:
    kept = {name for d in decisions for name in (d.first, d.second)}
    while True:
        times = Counter(n for d in decisions if d.first in kept and d.second in kept for n in (d.first, d.second))
        enough = {name for name in kept if times[name] >= max(least, 1)}
        if enough == kept:
            return kept
        kept = enough


def _order_unknown(tables: Sequence[DecisionRows]) -> str:
    silent = [table for table in tables if not table.shows_order]
    if silent:
        return f"{silent[0].source} does not say which essay was shown first ({silent[0].convention})"
    for table in tables:
        winners = {d.answer.winner for d in table.decisions}
        if len(table.decisions) >= _CHANCE_IS_OUT and winners == {"first"}:
            return f"in {table.source} the essay named first won every comparison: that column is for winners"
    return ""


def _text(cell: object) -> str:
    """A cell as a file would have it: nothing for a missing value, no decimal point in a whole number."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = str(cell)
    return "" if text in _MISSING else text
