"""The decisions of one file or table, by name: which essays met, who judged, who won, and what was left out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from cj_pipeline.domain.decision_answers import Answer, pair_fault
from cj_pipeline.domain.decision_columns import Layout, layout_of

TOO_MANY_CELLS: Final = "it has more cells than there are columns"


@dataclass(frozen=True, slots=True)
class RecordedDecision:
    """One verdict of a decisions file that counts.

    Attributes:
        line: Line of the file it stands on (a table's header is line 1).
        first: Name of the essay in the first column: shown first where the file shows the order, else the chosen one.
        second: Name of the other.
        answer: Who won, and how clearly.
        judge: Name of the judge; empty where the file names none.
        duration_s: How long it took, seconds; None where the file does not say.
        decided_at: When it was made, as the file has it; empty where it does not say.
    """

    line: int
    first: str
    second: str
    answer: Answer
    judge: str = ""
    duration_s: float | None = None
    decided_at: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows that count for neither essay, for one reason.

    Attributes:
        reason: Why.
        lines: The lines they stand on.
    """

    reason: str
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DecisionRows:
    """What a file of decisions holds.

    Attributes:
        source: The file, or what the table is called.
        convention: The kind of file, by name.
        shows_order: Whether it says which essay was shown first.
        decisions: The decisions that count, in the order of the file.
        left_out: The others, by reason.
    """

    source: str
    convention: str
    shows_order: bool
    decisions: tuple[RecordedDecision, ...] = field(repr=False)
    left_out: tuple[LeftOut, ...]

    @property
    def n_left_out(self) -> int:
        """Rows that count for neither essay."""
        return sum(len(group.lines) for group in self.left_out)


def read_rows(header: Sequence[str], rows: Iterable[tuple[int, Sequence[str]]], source: str) -> DecisionRows:
    """Read the rows of a table of decisions.

    Args:
        header: Names of the columns; they decide what kind of table it is (`decision_columns`).
        rows: Line and cells of every row; missing cells at the end count as empty.
        source: What the table is called in messages.

    Raises:
        ConfigurationError: The header cannot be understood.
    """
    layout = layout_of(header, source)
    decisions: list[RecordedDecision] = []
    left_out: dict[str, list[int]] = {}
    for line, cells in rows:
        read = _row(layout, line, cells, len(header))
        if isinstance(read, str):
            left_out.setdefault(read, []).append(line)
        else:
            decisions.append(read)
    groups = tuple(LeftOut(reason, tuple(lines)) for reason, lines in left_out.items())
    kind = layout.convention
    return DecisionRows(source, kind.name, kind.shows_order, tuple(decisions), groups)


def _row(layout: Layout, line: int, raw: Sequence[str], n_columns: int) -> RecordedDecision | str:
    cells = [cell.strip() for cell in raw] + [""] * (n_columns - len(raw))
    if any(cells[n_columns:]):
        return TOO_MANY_CELLS
    said = {role: cells[place] for role, place in layout.cells.items()}
    fault = pair_fault(said["first"], said["second"])
    answer = fault or layout.convention.reads(said)
    if isinstance(answer, str):
        return answer
    return RecordedDecision(
        line,
        said["first"],
        said["second"],
        answer,
        cells[layout.judge] if layout.judge is not None else "",
        _duration(cells, layout.duration),
        cells[layout.time] if layout.time is not None else "",
    )


def _duration(cells: Sequence[str], column: tuple[int, float] | None) -> float | None:
    if column is None:
        return None
    place, unit = column
    try:
        return float(cells[place].replace(",", ".")) * unit
    except ValueError:
        return None
