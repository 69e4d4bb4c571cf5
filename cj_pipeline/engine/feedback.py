"""Feedback per essay: the judges' reasons gathered and counted by criterion. No model is asked for it."""

from collections import defaultdict
from typing import Final

import pandas as pd

from cj_pipeline.domain.assessment import Assessment
from cj_pipeline.domain.feedback_words import feedback_words
from cj_pipeline.domain.reasons import Remark, Side, outdone, remarks
from cj_pipeline.domain.rubric_criteria import rubric_criteria

STRENGTH, WEAKNESS, OUTDONE = "strength", "weakness", "outdone"
N_QUOTATIONS: Final = 2
"""Reasons quoted for each strength and weakness."""

_SIDES: Final[tuple[Side, Side]] = ("first", "second")
_LETTER: Final = {"first": "A", "second": "B"}

FEEDBACK_COLUMNS: Final = ("essay_id", "criterion", "kind", "n_remarks", "n_reasons", "quotations", "made_by")
MACHINE_MADE: Final = "machine: words of the judges' reasons, counted"


def feedback_table(assessment: Assessment, decisions: pd.DataFrame) -> pd.DataFrame:
    """One row per essay, criterion and kind (strength, weakness, outdone), the most frequent of an essay first.

    Outdone is an essay in what a reason praises in the other and does not mention in this one.

    Args:
        assessment: Its rubric names the criteria, its language the words.
        decisions: The decisions, as of `report_decisions.decisions_table`.

    Returns:
        Columns `FEEDBACK_COLUMNS`: `n_remarks` of the essay's `n_reasons` reasons speak so of this criterion;
        `quotations` holds reasons, a line each, with the letter of this essay in them at the end.
    """
    words = feedback_words(assessment.language)
    criteria = rubric_criteria(assessment.rubric, words)
    found: dict[tuple[str, int, str], list[str]] = defaultdict(list)
    n_reasons: dict[str, int] = defaultdict(int)
    told = decisions[(decisions["reason"] != "") & decisions["winner"].isin(["left", "right"])]
    columns = (told[name].astype(str) for name in ("left_id", "right_id", "winner", "reason"))
    for left, right, won, reason in zip(*columns, strict=True):
        essays: dict[Side, str] = {"first": left, "second": right}
        for essay in essays.values():
            n_reasons[essay] += 1
        winner, loser = _SIDES if won == "left" else _SIDES[::-1]
        quoted = {side: f"{' '.join(reason.split())} [{_LETTER[side]}]" for side in _SIDES}
        said = remarks(reason, winner, criteria, words)
        for remark in said:
            found[essays[remark.side], remark.criterion, _kind(remark)].append(quoted[remark.side])
        for criterion in outdone(said, winner):
            found[essays[loser], criterion, OUTDONE].append(quoted[loser])
    rows = [
        (essay, criteria[i].name or criteria[i].key, kind, len(said), n_reasons[essay], _quoted(said), MACHINE_MADE)
        for (essay, i, kind), said in found.items()
    ]
    table = pd.DataFrame(rows, columns=list(FEEDBACK_COLUMNS))
    order, ascending = ["essay_id", "kind", "n_remarks", "criterion"], [True, True, False, True]
    return table.sort_values(order, ascending=ascending, ignore_index=True)


def _kind(remark: Remark) -> str:
    return STRENGTH if remark.praises else WEAKNESS


def _quoted(reasons: list[str]) -> str:
    """The first different reasons, a line each."""
    return "\n".join(list(dict.fromkeys(reasons))[:N_QUOTATIONS])
