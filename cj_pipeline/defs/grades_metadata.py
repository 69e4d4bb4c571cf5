"""What Dagster's pages show of grades: status, figures, a picture and small tables."""

from collections.abc import Mapping
from typing import Any

import dagster as dg
import pandas as pd

from cj_pipeline.defs.columns import column_metadata
from cj_pipeline.defs.grades_previews import anchors_preview, boundaries_preview, grades_preview
from cj_pipeline.defs.pictures import inline_picture
from cj_pipeline.engine.anchor_evidence import AnchorEvidence
from cj_pipeline.engine.grade_tables import ANCHORS_TABLE, BOUNDARIES_TABLE, GRADES_TABLE
from cj_pipeline.engine.grades import Grades
from cj_pipeline.reporting.grades_picture import grades_picture
from cj_pipeline.reporting.ranking_picture import SYNTHETIC_NOTICE
from cj_pipeline.wiring import Workbench


def grades_metadata(
    bench: Workbench, name: str, grades: Grades, tables: Mapping[str, pd.DataFrame]
) -> dict[str, dg.MetadataValue[Any] | Any]:
    """Everything about an assessment's grades, those withheld left out.

    Args:
        bench: Where tables are.
        name: The assessment.
        grades: Its grades.
        tables: The tables that were kept.
    """
    synthetic = grades.ranking.totals.n_synthetic > 0
    known: dict[str, Any] = {
        "status": grades.status,
        "made_by": SYNTHETIC_NOTICE if synthetic else str(grades.ranking.table["made_by"].iloc[0]),
        "method": grades.method.value,
        "grade_scale": ", ".join(grades.scale.levels),
        "is_final": grades.ranking.is_final,
    }
    if GRADES_TABLE in tables:
        known |= _about_grades(bench, name, grades, tables)
    if grades.placed is not None and grades.placed.remarks:
        known["remarks"] = dg.MetadataValue.md("\n".join(f"- {line}" for line in grades.placed.remarks))
    if grades.evidence is not None:
        known |= _about_anchors(grades.evidence)
        known["anchors"] = dg.MetadataValue.md(anchors_preview(tables[ANCHORS_TABLE]))
    return known


def _about_grades(bench: Workbench, name: str, grades: Grades, tables: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    table, synthetic = tables[GRADES_TABLE], grades.ranking.totals.n_synthetic > 0
    title = grades.essays.snapshot.assessment.title
    picture = grades_picture(table, grades.scale.levels, title, synthetic=synthetic)
    return {
        "dagster/row_count": len(table),
        "picture": inline_picture("Probability of each grade", picture),
        "grades": dg.MetadataValue.md(grades_preview(table)),
        "boundaries": dg.MetadataValue.md(boundaries_preview(tables[BOUNDARIES_TABLE])),
        "mean_probability_of_likeliest_grade": round(float(table["probability"].mean()), 4),
        "n_near_a_boundary": int(table["near_boundary"].sum()),
        "n_beyond_the_anchors": int(table["beyond_anchors"].sum()),
        **column_metadata(GRADES_TABLE, grades.scale.levels),
        "table": dg.MetadataValue.path(str(bench.tables.path(name, GRADES_TABLE, "csv"))),
    }


def _about_anchors(evidence: AnchorEvidence) -> dict[str, Any]:
    foretold = evidence.foretold
    n_tried = int(foretold.tried.sum())
    figures: dict[str, Any] = {
        "n_anchors": len(evidence.essay_ids),
        "n_anchored_grades": evidence.anchors.n_grades,
        "n_anchors_left_out": n_tried,
        "n_direct_inversions": len(evidence.direct),
        "n_inversions_by_measure": len(evidence.by_measure),
        "n_inversions_beyond_errors": len(evidence.unexplained),
        "n_zero_win_anchors": len(evidence.zero_wins),
    }
    if n_tried:
        figures |= {
            "leave_one_out_mean_error": round(foretold.mean_error, 4),
            "leave_one_out_error_of_guessing": round(foretold.guess_error, 4),
            "leave_one_out_right": round(evidence.right / n_tried, 4),
            "leave_one_out_stated": round(float(foretold.stated.mean()), 4),
        }
    return figures
