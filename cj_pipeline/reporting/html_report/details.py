"""The parts of a report about grades, anchors, judges and disagreements."""

from collections.abc import Mapping
from typing import Any, Final

from cj_pipeline.reporting.html_report.charts import grades_chart
from cj_pipeline.reporting.html_report.overview import Row
from cj_pipeline.reporting.html_report.saying import Saying
from cj_pipeline.reporting.html_report.tables import Cell, Table, number
from cj_pipeline.reporting.shown_numbers import is_missing

MOST_DISAGREEMENTS: Final = 20
"""Disagreements that stand in the report; the workbook has all."""


def chart_of_grades(s: Saying) -> dict[str, str] | None:
    """The chart of grades and what it shows in words; None where there are no grades."""
    table, levels = s.data.grades, s.data.levels
    if table.empty:
        return None
    names = [s.data.name_of(essay_id) for essay_id in table["essay_id"]]
    alt = s.say("grades_chart_alt", levels=", ".join(levels), n=str(len(table)))
    return {"svg": grades_chart(table, levels, names, s.w), "title": s.w["grades_chart"], "alt": alt}


def grade_tables(s: Saying) -> list[Table]:
    """Boundary cases (where there are any), all grades, and where grades begin."""
    if s.data.grades.empty:
        return []
    students = [row for row in s.data.grades.to_dict("records") if is_missing(row["known_grade"])]
    near = [row for row in students if row["near_boundary"]]
    tables = [_graded(s, s.w["grades_near"], near)] if near else []
    return [*tables, _graded(s, s.w["grades_table"], students), _boundaries(s)]


def _graded(s: Saying, caption: str, rows: list[Any]) -> Table:
    every = [f"p_{level}" for level in s.data.levels]
    head = [s.w[key] for key in ("essay", "likeliest", "next")]
    cells = [
        [
            s.essay(row["essay_id"]),
            Cell(f"{row['grade']}{row['mark']} ({s.show('probability', row['probability'])})"),
            Cell(f"{row['runner_up']} ({s.show('runner_up_probability', row['runner_up_probability'])})"),
            *(s.number(name, row[name]) for name in every),
        ]
        for row in rows
    ]
    return Table(caption, [*head, *s.data.levels], cells)


def _boundaries(s: Saying) -> Table:
    head = [s.w[key] for key in ("grade", "from_measure", "standard_error", "n_anchors", "expected_share")]
    columns = ("from_measure", "standard_error", "n_anchors", "expected_share")
    rows = [
        [Cell(row["grade"]), *(s.number(name, row[name]) for name in columns)]
        for row in s.data.boundaries.to_dict("records")
    ]
    return Table(s.w["boundaries_table"], head, rows)


def anchors_table(s: Saying) -> Table | None:
    """The anchors with what was found without them; None where there are none."""
    if s.data.anchors.empty:
        return None
    keys = ("essay", "known_grade", "measure", "standard_error", "foretold", "probability", "wrong_with")
    rows = [_anchor(s, row) for row in s.data.anchors.to_dict("records")]
    return Table(s.w["anchors_table"], [s.w[key] for key in keys], rows)


def anchors_line(s: Saying) -> str:
    """How well anchors are graded by the others alone; empty where none could be."""
    tried = [row for row in s.data.anchors.to_dict("records") if not is_missing(row["foretold_grade"])]
    if not tried:
        return ""
    steps = [abs(s.data.levels.index(row["foretold_grade"]) - s.data.levels.index(row["grade"])) for row in tried]
    right, near = sum(step == 0 for step in steps), sum(step <= 1 for step in steps)
    return s.say("anchors_line", n=str(len(steps)), right=str(right), near=str(near))


def _anchor(s: Saying, row: Row) -> list[Cell]:
    tried = not is_missing(row["foretold_grade"])
    others = str(row["inverted_by_measure"]).split()
    return [
        s.essay(row["essay_id"]),
        Cell(row["grade"]),
        s.number("measure", row["measure"]),
        s.number("standard_error", row["standard_error"]),
        Cell(row["foretold_grade"] if tried else "–", is_marked=tried and row["foretold_grade"] != row["grade"]),  # noqa: RUF001 (a dash)
        s.number("foretold_probability", row["foretold_probability"] if tried else None),
        Cell(s.named(others) if others else "–"),  # noqa: RUF001 (a dash)
    ]


def judges_table(s: Saying) -> Table:
    """Every judge with its fit and its agreement."""
    keys = ("judge", "decisions", "infit", "band", "agrees_with_scale", "agrees_with_models", "agrees_with_people")
    rows = [_judge(s, row) for row in s.data.judges.to_dict("records")]
    return Table(s.w["judges_table"], [s.w[key] for key in (*keys, "first_share")], rows)


def _judge(s: Saying, row: Row) -> list[Cell]:
    band = "–".join(s.show(name, row[name]) for name in ("infit_low", "infit_high"))  # noqa: RUF001 (a range)
    return [
        Cell(s.judge(row["judge"])),
        s.number("n_comparisons", row["n_comparisons"]),
        Cell(s.show("infit", row["infit"]), is_number=True, is_marked=bool(row["misfit"])),
        number(band),
        s.number("agrees_with_scale", row["agrees_with_scale"]),
        _agreement(s, row, "models"),
        _agreement(s, row, "people"),
        s.number("first_share", row["first_share"]),
    ]


def _agreement(s: Saying, row: Mapping[Any, Any], kind: str) -> Cell:
    n = row[f"n_pairs_with_{kind}"]
    share = s.show(f"agrees_with_{kind}", row[f"agrees_with_{kind}"])
    return number(f"{share} ({s.show('n_pairs', n)})" if n else "–")  # noqa: RUF001 (a dash)


def position_lines(s: Saying) -> list[str]:
    """What the place did to verdicts."""
    error = s.figure("position_effect_standard_error")
    lines = [s.say("position", value=s.figure("position_effect"), error=error)]
    if s.data.figures["flip_rate"] is None:
        return [*lines, s.say("no_flips")]
    n = s.figure("n_reversed_repeats")
    return [*lines, s.say("flips", n=n, value=s.figure("flip_rate"), expected=s.figure("flip_rate_expected"))]


def disagreements_table(s: Saying) -> Table | None:
    """People's largest disagreements; None where there are none."""
    found = s.data.disagreements.head(MOST_DISAGREEMENTS)
    if found.empty:
        return None
    keys = ("judge", "person_preferred", "person_rejected", "distance", "against", "models_said")
    rows = [
        [
            Cell(s.judge(row["judge_id"])),
            s.essay(row["preferred"]),
            s.essay(row["other"]),
            s.number("gap", row["gap"]),
            Cell(s.w[f"against_{row['against']}"]),
            Cell(row["model_reason"], lang=s.reasons_lang),
        ]
        for row in found.to_dict("records")
    ]
    return Table(s.w["disagreements_table"], [s.w[key] for key in keys], rows)
