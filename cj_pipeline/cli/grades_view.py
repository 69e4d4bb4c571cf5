"""Grades on a terminal."""

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cj_pipeline.domain.grading import GradingMethod
from cj_pipeline.engine.anchor_evidence import AnchorEvidence
from cj_pipeline.engine.grade_tables import boundaries_table, grades_table
from cj_pipeline.engine.grades import Grades

_COLUMNS = ("essay", "grade", "probability", "or", "probability", "near a boundary")


def print_grades(console: Console, grades: Grades) -> None:
    """Print the students' grades with their probabilities, and what speaks for and against the anchors."""
    console.print()
    if grades.given is None:
        text = grades.status
        console.print(f"[yellow]{escape(text[0].upper() + text[1:])}[/yellow]", highlight=False)
    else:
        console.print(escape(_heading(grades)), highlight=False)
        console.print(_students(grades))
        console.print(_boundaries(grades), highlight=False)
    for line in _remarks(grades):
        console.print(escape(line), highlight=False)


def _heading(grades: Grades) -> str:
    bases = {
        GradingMethod.ANCHORS: "by the anchors' grades",
        GradingMethod.KNOWN_MEASURES: "by the anchors' known measures",
        GradingMethod.NATIONAL_PERCENTAGES: "by the percentages each grade should have",
        GradingMethod.BOUNDARY_CALL: "by the boundaries called",
    }
    final = "" if grades.ranking.is_final else ", not final"
    return f"Grades proposed {bases[grades.method]}{final}: the likeliest and the next likeliest of every essay"


def _students(grades: Grades) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1))
    for name in _COLUMNS:
        table.add_column(name, justify="right" if name == "probability" else "left", no_wrap=name == "essay")
    assert grades.given is not None  # noqa: S101 (asked for only then)
    for row in grades_table(grades, grades.given).to_dict("records"):
        if isinstance(row["known_grade"], str):
            continue
        best, other = (f"{float(row[name]):.0%}" for name in ("probability", "runner_up_probability"))
        near = "yes" if row["near_boundary"] else ""
        cells = (row["essay_id"], f"{row['grade']}{row['mark']}", best, row["runner_up"], other, near)
        table.add_row(*(escape(str(cell)) for cell in cells))
    return table


def _boundaries(grades: Grades) -> str:
    assert grades.given is not None  # noqa: S101 (asked for only then)
    rows = boundaries_table(grades.scale, grades.given).to_dict("records")[1:]
    begins = (f"{r['grade']} {float(r['from_measure']):+.2f} ± {float(r['standard_error']):.2f}" for r in rows)
    return escape(f"Grades begin at (logits, ± standard error): {', '.join(begins)}.")


def _remarks(grades: Grades) -> list[str]:
    lines = list(grades.placed.remarks) if grades.placed is not None else []
    return [*lines, *_about_anchors(grades.evidence)] if grades.evidence is not None else lines


def _about_anchors(evidence: AnchorEvidence) -> list[str]:
    """What speaks for and against the anchors, a line each."""
    foretold, n_pairs = evidence.foretold, len(evidence.by_measure)
    n_tried = int(foretold.tried.sum())
    lines = []
    if n_tried:
        within = n_tried - len(evidence.far_off)
        lines.append(
            f"Each anchor graded by the others alone: {evidence.right} of {n_tried} right, {within} within one grade, "
            f"{foretold.mean_error:.2f} grades off on average (guessing the commonest grade: "
            f"{foretold.guess_error:.2f}); right in {evidence.right / n_tried:.0%}, where "
            f"{float(foretold.stated.mean()):.0%} were stated."
        )
    lines.append(
        f"Pairs of anchors the wrong way round: {n_pairs} by measure, {len(evidence.unexplained)} of them by more than "
        f"errors explain; {len(evidence.direct)} in verdicts. Anchors without a win: "
        f"{', '.join(evidence.zero_wins) or 'none'}."
    )
    return lines
