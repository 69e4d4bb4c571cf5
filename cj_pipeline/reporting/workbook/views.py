"""A result as other programs know it: No More Marking, sirt, and the grade books of OneRoster."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from cj_pipeline.engine.report_data import ReportData
from cj_pipeline.reporting.shown_numbers import rounded, shown

_SIRT_RESULT = {"left": 1.0, "tie": 0.5, "right": 0.0}


def views(data: ReportData) -> dict[str, pd.DataFrame]:
    """Tables by the name of their file."""
    return {
        "no_more_marking_decisions": no_more_marking_decisions(data),
        "no_more_marking_results": no_more_marking_results(data),
        "sirt_decisions": sirt_decisions(data),
        "oneroster_results": oneroster_results(data),
    }


def no_more_marking_decisions(data: ReportData) -> pd.DataFrame:
    """Decisions in the columns of No More Marking's export; ties and comparisons without a verdict are left out."""
    won = data.decisions[data.decisions["winner"].isin(["left", "right"])]
    return pd.DataFrame(
        {
            "judgeName": won["judge_id"],
            "timeTaken(ms)": won["time_ms"],
            "chosen": won["winner_id"],
            "notChosen": won["loser_id"],
            "createdAt": won["created_at"],
        }
    ).reset_index(drop=True)


def no_more_marking_results(data: ReportData) -> pd.DataFrame:
    """Results in the columns of No More Marking's table of candidates.

    The true score is the measure in logits, its error the one computed as No More Marking does, from the diagonal of
    the information alone.
    """
    table = data.ranking
    return pd.DataFrame(
        {
            "id": table["essay_id"],
            "name": [data.name_of(str(essay_id)) for essay_id in table["essay_id"]],
            "True Score": [rounded("measure", v) for v in table["measure"]],
            "True Score SE": [rounded("diagonal_error", v) for v in table["diagonal_error"]],
            "infit": [rounded("infit", v) for v in table["infit"]],
            "score": table["n_wins"],
            "comparisons": table["n_comparisons"],
        }
    )


def sirt_decisions(data: ReportData) -> pd.DataFrame:
    """Decisions as `sirt::btm` reads them: id1, id2, and 1, 0 or 0.5 by how the first fared; with their judge."""
    told = data.decisions[data.decisions["winner"].isin(list(_SIRT_RESULT))]
    return pd.DataFrame(
        {
            "id1": told["left_id"],
            "id2": told["right_id"],
            "result": told["winner"].map(_SIRT_RESULT),
            "judge": told["judge_id"],
        }
    ).reset_index(drop=True)


def oneroster_results(data: ReportData) -> pd.DataFrame:
    """Scores in the columns of `results.csv` of OneRoster 1.1, for a grade book; anchors are left out.

    The score is the measure; a proposed grade stands in the comment with its probability. The student is named by the
    id in the class list, else by the essay's, the line item by the assessment's: map these to those of the register.
    """
    grade = {row["essay_id"]: row for row in data.grades.to_dict("records")}
    students = data.ranking[data.ranking["anchor_grade"].isna()]
    name = data.snapshot.name
    return pd.DataFrame(
        {
            "sourcedId": [f"{name}-{essay_id}" for essay_id in students["essay_id"]],
            "status": "",
            "dateLastModified": "",
            "lineItemSourcedId": name,
            "studentSourcedId": [data.student_ids.get(essay_id, essay_id) for essay_id in students["essay_id"]],
            "scoreStatus": "fully graded" if data.is_final else "partially graded",
            "score": [rounded("measure", v) for v in students["measure"]],
            "scoreDate": f"{data.made_at:%Y-%m-%d}",
            "comment": [_comment(grade.get(essay_id)) for essay_id in students["essay_id"]],
        }
    )


def _comment(row: Mapping[Hashable, Any] | None) -> str:
    if row is None:
        return ""
    return f"proposed grade {row['grade']}{row['mark']} ({shown('probability', row['probability'])})"
