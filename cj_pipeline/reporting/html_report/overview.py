"""The parts of a report about the whole: in brief, ranking, reliability, cost, how it was made."""

from collections.abc import Hashable, Mapping
from typing import Any, Final

import pandas as pd

from cj_pipeline.reporting.html_report.charts import ranking_chart
from cj_pipeline.reporting.html_report.saying import Saying
from cj_pipeline.reporting.html_report.tables import Cell, Table, number
from cj_pipeline.reporting.shown_numbers import is_missing, rounded

Row = Mapping[Hashable, Any]
_BEARS: Final = ("0.9", "0.8", "0.7", "0.5", "0")
"""Reliabilities from which a ranking bears more; keys of the wording."""

QUALITY_FIGURES: Final = (
    "reliability",
    "scale_separation_reliability",
    "split_half_by_comparison",
    "split_half_by_judge",
    "mean_standard_error",
    "expected_mean_standard_error",
    "circular_triads_share",
    "circular_triads_share_expected",
    "flip_rate",
    "flip_rate_expected",
    "people_agree_with_models",
    "correlation_with_length",
    "correlation_with_length_beyond_quality",
)
"""Figures of quality that a report explains, in its order."""


def in_brief(s: Saying) -> list[str]:
    """What to know before anything else, a sentence or two each."""
    size = ("n_essays", "n_verdicts", "n_models", "n_human_decisions", "n_people", "comparisons_per_essay")
    lines = [s.say("brief_size_people" if s.data.figures["n_people"] else "brief_size", **s.figures(*size))]
    if s.data.figures["n_without_verdict"]:
        lines.append(s.say("brief_failed", **s.figures("n_without_verdict")))
    if left_out := [name for name, _ in s.data.snapshot.left_out]:
        lines.append(s.say("brief_left_out", n=str(len(left_out)), names=s.named(left_out)))
    lines += [reliability_line(s), _about_grades(s), _about_misfit(s), _about_people(s)]
    error = s.figure("position_effect_standard_error")
    lines.append(s.say("brief_position", value=s.figure("position_effect"), error=error))
    return [*lines, s.say("brief_decide")]


def reliability_line(s: Saying) -> str:
    """The reliability and what it can bear."""
    value = s.data.figures["reliability"]
    if value is None:
        return s.say("brief_reliability", value="–", bears=s.say("bears_none"))  # noqa: RUF001 (a dash)
    # By the figure as it is shown: nobody should read 0.80 beside the words for less.
    seen = rounded("reliability", value)
    level = next((level for level in _BEARS if seen >= float(level)), _BEARS[-1])
    return s.say("brief_reliability", value=s.figure("reliability"), bears=s.say(f"bears_{level}"))


def _about_grades(s: Saying) -> str:
    if s.data.grades.empty:
        return s.say("brief_no_grades", why=s.why_no_grades)
    students = s.data.grades[s.data.grades["known_grade"].isna()]
    return s.say("brief_grades", n=str(len(students)), near=str(int(students["near_boundary"].sum())))


def _about_misfit(s: Saying) -> str:
    above = s.data.ranking.loc[s.data.ranking["misfit"] == "above", "essay_id"].tolist()
    if not above:
        return s.say("brief_no_misfit")
    by_chance = s.figure("n_essays_above_band_by_chance")
    return s.say("brief_misfit", n=str(len(above)), by_chance=by_chance, names=s.named(above))


def _about_people(s: Saying) -> str:
    if not s.data.figures["n_people"]:
        return s.say("brief_no_people")
    if s.data.figures["people_agree_with_models"] is None:
        return s.say("people_none") if not s.data.figures["n_human_decisions"] else ""
    return s.say("brief_people", value=s.figure("people_agree_with_models"), n=s.figure("n_pairs_of_people_and_models"))


def chart_of_ranking(s: Saying) -> dict[str, str]:
    """The chart of the ranking, and what it shows in words."""
    table = s.data.ranking
    width = float((table["interval_high"] - table["interval_low"]).mean())
    high, low = (s.show("measure", v) for v in (table["measure"].max(), table["measure"].min()))
    alt = s.say("ranking_chart_alt", n=str(len(table)), high=high, low=low, width=s.show("width", width))
    names = [s.data.name_of(essay_id) for essay_id in table["essay_id"]]
    return {"svg": ranking_chart(table, names, s.w), "title": s.w["ranking_chart"], "alt": alt}


def ranking_table(s: Saying) -> Table:
    """All essays, best first."""
    with_grades = not s.data.grades.empty
    head = ["rank", "essay", "rank_range", "measure", "interval", "standard_error", "won_of"]
    head += ["grade"] if with_grades else []
    graded: dict[str, Row] = {}
    if with_grades:
        graded = {str(row["essay_id"]): row for row in s.data.grades.to_dict("records")}
    rows = [_ranked(s, row, graded.get(str(row["essay_id"]))) for row in s.data.ranking.to_dict("records")]
    return Table(s.w["ranking_table"], [s.w[key] for key in [*head, "remark"]], rows)


def _ranked(s: Saying, row: Row, graded: Row | None) -> list[Cell]:
    cells = [
        number(s.show("rank", row["rank"])),
        s.essay(row["essay_id"]),
        number(f"{row['rank_low']}–{row['rank_high']}"),  # noqa: RUF001 (a range)
        s.number("measure", row["measure"]),
        number(interval(s, row)),
        s.number("standard_error", row["standard_error"]),
        number(f"{s.show('n_wins', row['n_wins'])} / {s.show('n_comparisons', row['n_comparisons'])}"),
    ]
    if graded is not None:
        cells.append(Cell(grade_of(s, graded)))
    return [*cells, Cell(", ".join(_remarks(s, row, graded)), is_marked=row["misfit"] == "above")]


def interval(s: Saying, row: Row) -> str:
    """The interval of a measure."""
    low, high = (s.show(name, row[name]) for name in ("interval_low", "interval_high"))
    return f"{low} … {high}"


def grade_of(s: Saying, graded: Row) -> str:
    """A grade with its probability; the known one of an anchor."""
    if not is_missing(graded["known_grade"]):
        return f"{graded['known_grade']}\u00a0({s.w['remark_anchor']})"
    return f"{graded['grade']}{graded['mark']}\u00a0({s.show('probability', graded['probability'])})"


def _remarks(s: Saying, row: Row, graded: Row | None) -> list[str]:
    is_anchor = not is_missing(row["anchor_grade"])
    found = [f"{s.w['remark_anchor']} ({row['anchor_grade']})"] if graded is None and is_anchor else []
    found += [s.w[f"remark_{row['misfit']}"]] if row["misfit"] else []
    if graded is not None and is_missing(graded["known_grade"]):
        found += [s.w["remark_near"]] if graded["near_boundary"] else []
        found += [s.w["remark_beyond"]] if graded["beyond_anchors"] else []
    return found


def quality_table(s: Saying) -> Table:
    """Every figure of quality with how to read it; those that there are."""
    rows = [
        [Cell(s.w[f"f_{name}"]), number(s.figure(name)), Cell(s.w[f"m_{name}"])]
        for name in QUALITY_FIGURES
        if s.data.figures[name] is not None
    ]
    return Table(s.w["quality_table"], [s.w["figure"], s.w["value"], s.w["meaning"]], rows)


def cost_lines(s: Saying) -> list[str]:
    """What it cost."""
    figures = s.data.figures
    lines = [s.say("cost_line", **s.figures("spent_usd", "n_attempts", "input_tokens", "output_tokens"))]
    lines += [s.say("cost_possible", **s.figures("possible_usd"))] if figures["possible_usd"] else []
    lines += [s.say("cost_unpriced", **s.figures("n_unpriced"))] if figures["n_unpriced"] else []
    return [*lines, s.say("cost_synthetic")] if s.data.is_synthetic else lines


def manifest_tables(s: Saying) -> list[Table]:
    """How it was made, a table for every section."""
    head = [s.w["item"], s.w["value"]]
    sections: list[tuple[Any, pd.DataFrame]] = list(s.data.manifest.groupby("section", sort=False))
    return [Table(s.w[f"s_{name}"], head, _manifest_rows(s, name, rows)) for name, rows in sections]


def _manifest_rows(s: Saying, section: str, rows: pd.DataFrame) -> list[list[Cell]]:
    if section != "left_out":
        return [[Cell(s.item(item)), Cell(value)] for item, value in _items(rows)]
    # Why a file was left out is said as its reader said it, in English.
    spoken = "" if s.w["lang"] == "en" else "en"
    return [[Cell(s.data.name_of(name)), Cell(why, lang=spoken)] for name, why in _items(rows)]


def _items(rows: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(rows["item"].astype(str), rows["value"].astype(str), strict=True))
