"""From graded rankings to the artefact's grades: projections, boundaries, what the anchors foretell of each other."""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from cj_pipeline.domain.grading import GradingMethod
from cj_pipeline.engine.grade_methods import Placed
from cj_pipeline.engine.grade_tables import anchors_table, boundaries_table, grades_table
from cj_pipeline.engine.grades import Grades, grade_ranking
from cj_pipeline.engine.rank import Ranking
from cj_pipeline.harness.eng5.schema_results import GradeBoundaries, GradeEvidence, ProjectionEntry, ThresholdEntry


def no_grades(reason: str) -> GradeBoundaries:
    """There are no grades, and why."""
    return GradeBoundaries(
        available=False, method=None, reason=reason, remarks=(), withheld=False, thresholds=(), evidence=None
    )


def grade_boundaries(grades: Grades) -> GradeBoundaries:
    """How the scale of measures was cut into grades, or why it was not."""
    placed = grades.given
    return GradeBoundaries(
        available=placed is not None,
        method=grades.method,
        reason=grades.status if placed is None or not grades.ranking.is_final else "",
        remarks=placed.remarks if placed else (),
        withheld=bool(grades.withheld),
        thresholds=_thresholds(boundaries_table(grades.scale, placed)) if placed else (),
        evidence=_evidence(grades),
    )


def _thresholds(table: pd.DataFrame) -> tuple[ThresholdEntry, ...]:
    # The lowest level has no lower end.
    return tuple(
        ThresholdEntry(
            grade=str(row["grade"]),
            threshold=float(row["from_measure"]),
            standard_error=float(row["standard_error"]),
            n_anchors=int(row["n_anchors"]),
            expected_share=float(row["expected_share"]),
        )
        for _, row in table.iloc[1:].iterrows()
    )


def _evidence(grades: Grades) -> GradeEvidence | None:
    found = grades.evidence
    if found is None:
        return None
    tried = int(found.foretold.tried.sum())
    return GradeEvidence(
        n_anchors=len(found.essay_ids),
        n_left_out=tried,
        n_foretold_exactly=found.right,
        n_foretold_within_one=tried - len(found.far_off),
        mean_error=found.foretold.mean_error if tried else None,
        guess_error=found.foretold.guess_error if tried else None,
        n_direct_inversions=len(found.direct),
        n_inversions=len(found.by_measure),
        n_unexplained_inversions=len(found.unexplained),
        zero_win_anchors=found.zero_wins,
    )


def projections(grades: Grades) -> tuple[ProjectionEntry, ...]:
    """One entry per essay, best first; empty where no grades are given out."""
    if grades.given is None:
        return ()
    table = grades_table(grades, grades.given)
    nearest = _nearest_anchors(table, grades.given, grades)
    return tuple(_projection(row, grades, nearest) for _, row in table.iterrows())


def _projection(row: "pd.Series[float]", grades: Grades, nearest: Mapping[str, tuple[str, float]]) -> ProjectionEntry:
    name = str(row["essay_id"])
    anchor, distance = nearest.get(name, (None, None))
    return ProjectionEntry(
        essay_id=name,
        grade_scale=grades.scale.name,
        grade=str(row["grade"]),
        mark=str(row["mark"]),
        probabilities={label: float(row[f"p_{label}"]) for label in grades.scale.levels},
        near_boundary=bool(row["near_boundary"]),
        beyond_anchors=bool(row["beyond_anchors"]),
        primary_anchor_id=anchor,
        anchor_alignment=distance,
    )


def _nearest_anchors(table: pd.DataFrame, placed: Placed, grades: Grades) -> dict[str, tuple[str, float]]:
    """The anchor whose measure is nearest to each essay's, itself left out, and the essay's measure minus its."""
    measures = dict(zip(table["essay_id"], table["measure"], strict=True))
    essays = grades.essays.snapshot.essays
    anchors = [essays[place].essay_id for place in placed.anchors.places]
    found = {}
    for name, measure in measures.items():
        others = [anchor for anchor in anchors if anchor != name]
        if others:
            nearest = min(others, key=lambda anchor: (abs(measures[anchor] - measure), anchor))
            found[str(name)] = (nearest, float(measure - measures[nearest]))
    return found


def foretold_grades(ranking: Ranking, known: Mapping[str, str]) -> dict[str, str]:
    """The grade of every anchor of a study as the others foretell it; those that cannot be left out are missing.

    The judge did not know the grades; only here, afterwards, they are joined to the measures.

    Args:
        ranking: The ranking of the study.
        known: Known grade by essay id.
    """
    snapshot = ranking.pairs.snapshot
    essays = tuple(replace(essay, anchor_grade=known.get(essay.essay_id)) for essay in snapshot.essays)
    assessment = snapshot.assessment.model_copy(
        update={"grading": snapshot.assessment.grading.model_copy(update={"method": GradingMethod.ANCHORS})}
    )
    graded = replace(snapshot, essays=essays, assessment=assessment)
    grades = grade_ranking(replace(ranking, pairs=replace(ranking.pairs, snapshot=graded)))
    if grades.evidence is None:
        return {}
    table = anchors_table(grades.essays, grades.evidence)
    return {
        str(r["essay_id"]): str(r["foretold_grade"]) for _, r in table.iterrows() if r["foretold_grade"] is not None
    }
