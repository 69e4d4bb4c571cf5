"""Grades as tables: the grades of all essays, the boundaries, and the anchors."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cj_pipeline.domain.grade_scales import GradeScale
from cj_pipeline.domain.grading import GradingMethod
from cj_pipeline.engine.anchor_evidence import AnchorEvidence
from cj_pipeline.engine.grade_methods import Placed
from cj_pipeline.engine.grades import Grades
from cj_pipeline.engine.measured import MeasuredEssays
from cj_pipeline.engine.ports import TableStore
from cj_pipeline.scaling.projection import Projection, band_marks

GRADES_TABLE = "grade_projections"
BOUNDARIES_TABLE = "grade_boundaries"
ANCHORS_TABLE = "anchor_evidence"
_SIGNS = {-1: "-", 0: "", 1: "+"}


def save_grades(tables: TableStore, name: str, grades: Grades) -> dict[str, pd.DataFrame]:
    """Keep the tables of an assessment's grades, and remove those that no longer hold.

    Returns:
        The tables that are kept, by name.
    """
    kept = {}
    if grades.given is not None:
        kept[GRADES_TABLE] = grades_table(grades, grades.given)
        kept[BOUNDARIES_TABLE] = boundaries_table(grades.scale, grades.given)
    if grades.evidence is not None:
        kept[ANCHORS_TABLE] = anchors_table(grades.essays, grades.evidence)
    for table_name in (GRADES_TABLE, BOUNDARIES_TABLE, ANCHORS_TABLE):
        if table_name in kept:
            tables.save_table(name, table_name, kept[table_name])
        else:
            tables.remove_table(name, table_name)
    return kept


def marks(scale: GradeScale, projection: Projection, essays: MeasuredEssays) -> list[str]:
    """Plus, minus or nothing for every essay, where the scale gives its grade such."""
    signs = band_marks(projection.place_in_band(essays.measures))
    allowed = {-1: scale.minus, 0: (), 1: scale.plus}
    return [
        _SIGNS[sign] if scale.levels[level] in allowed[sign] else ""
        for sign, level in zip(signs.tolist(), projection.likeliest.tolist(), strict=True)
    ]


def grades_table(grades: Grades, placed: Placed) -> pd.DataFrame:
    """One row per essay, best first: grade, probability, runner-up, and the probability of every grade."""
    essays, scale, projection = grades.essays, grades.scale, placed.projection
    probabilities, rows = projection.probabilities, np.arange(len(essays.measures))
    levels = np.array(scale.levels, dtype=object)
    table = pd.DataFrame(
        {
            "essay_id": [essay.essay_id for essay in essays.snapshot.essays],
            "grade": levels[projection.likeliest],
            "mark": marks(scale, projection, essays),
            "probability": probabilities[rows, projection.likeliest],
            "runner_up": levels[projection.runner_up],
            "runner_up_probability": probabilities[rows, projection.runner_up],
            "near_boundary": projection.near_boundary,
            "beyond_anchors": _beyond(grades, placed),
            "measure": essays.measures,
            "standard_error": essays.standard_errors,
            "known_grade": [essay.anchor_grade for essay in essays.snapshot.essays],
        }
    )
    columns = {f"p_{label}": probabilities[:, k] for k, label in enumerate(scale.levels)}
    columns |= {f"at_least_{label}": projection.at_least[:, k] for k, label in enumerate(scale.levels) if k}
    table = pd.concat([table, pd.DataFrame(columns)], axis=1)
    ranked = grades.ranking.table[["essay_id", "rank", "made_by"]]
    table = table.merge(ranked, on="essay_id", validate="one_to_one").sort_values(["rank", "essay_id"])
    front = ["rank", "essay_id", "grade", "mark"]
    return table[[*front, *(name for name in table.columns if name not in front)]].reset_index(drop=True)


def _beyond(grades: Grades, placed: Placed) -> list[bool]:
    """Whether each essay's grade lies outside the grades that have anchors, where boundaries rest on their grades."""
    if grades.method is not GradingMethod.ANCHORS:
        return [False] * len(grades.essays.measures)
    low, high = placed.anchors.levels.min(), placed.anchors.levels.max()
    return [bool(level < low or level > high) for level in placed.projection.likeliest]


def boundaries_table(scale: GradeScale, placed: Placed) -> pd.DataFrame:
    """One row per grade, lowest first: where it begins, how sure that is, and the anchors it has."""
    projection = placed.projection
    return pd.DataFrame(
        {
            "grade": scale.levels,
            "from_measure": [np.nan, *projection.boundaries],
            "standard_error": [np.nan, *projection.boundary_errors],
            "n_anchors": np.bincount(placed.anchors.levels, minlength=len(scale.levels)),
            "expected_share": projection.probabilities.mean(axis=0),
        }
    )


def anchors_table(essays: MeasuredEssays, evidence: AnchorEvidence) -> pd.DataFrame:
    """One row per anchor, lowest grade first: its grade, the one found without it, and what contradicts it."""
    levels, places = np.array(essays.snapshot.assessment.scale.levels, dtype=object), evidence.anchors.places
    foretold, n = evidence.foretold, np.arange(len(places))
    tried = foretold.tried.tolist()
    found = [label if was_tried else None for label, was_tried in zip(levels[foretold.predicted], tried, strict=True)]
    steps = (foretold.predicted - foretold.levels).tolist()
    table = pd.DataFrame(
        {
            "essay_id": evidence.essay_ids,
            "grade": levels[evidence.anchors.levels],
            "measure": essays.measures[places],
            "standard_error": essays.standard_errors[places],
            "foretold_grade": found,
            "foretold_probability": foretold.probabilities[n, foretold.predicted],
            "own_grade_probability": foretold.probabilities[n, evidence.anchors.levels],
            "steps_off": pd.array(
                [int(off) if was_tried else None for off, was_tried in zip(steps, tried, strict=True)], dtype="Int64"
            ),
            "n_comparisons": essays.n_comparisons[places],
            "n_wins": essays.n_wins[places],
            "inverted_by_measure": _opponents(evidence.essay_ids, [evidence.names(x) for x in evidence.by_measure]),
            "inverted_in_verdicts": _opponents(evidence.essay_ids, [(x.lower, x.higher) for x in evidence.direct]),
        }
    )
    order = np.lexsort((table["essay_id"], table["measure"], evidence.anchors.levels))
    return table.iloc[order].reset_index(drop=True)


def _opponents(ids: Sequence[str], pairs: Sequence[tuple[str, str]]) -> list[str]:
    """For every anchor, the anchors it is the wrong way round with."""
    return [
        " ".join(sorted(other for pair in pairs if essay_id in pair for other in pair if other != essay_id))
        for essay_id in ids
    ]
