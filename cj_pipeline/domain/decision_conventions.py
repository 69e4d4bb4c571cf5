"""The kinds of decisions files that the field exchanges, and which columns each has.

What does not belong here: knowing a file by its header (`decision_columns`), reading a row (`decision_answers`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from cj_pipeline.domain import decision_answers as answers

_SECONDS: Final = 1.0
_MILLISECONDS: Final = 1e-3


@dataclass(frozen=True, slots=True)
class Convention:
    """A kind of decisions file.

    Attributes:
        name: Whose it is, as people call it.
        needs: Columns it must have: role, and the names under which the column is known.
        reads: What a row with these cells says.
        shows_order: Whether the file says which essay was shown first (left); only then can a position effect be seen.
        judge: Columns that name the judge; the first that is there counts. Without one, all rows are one judge's.
        duration: Columns that say how long a decision took, and their unit in seconds.
        time: Columns that say when it was made.
        may_have: Further columns that say something about the verdict.
        ties: How a tie is written; empty where there are none.
        note: What else a reader of the reference should know.
    """

    name: str
    needs: Mapping[str, tuple[str, ...]]
    reads: Callable[[answers.Cells], answers.Reading]
    shows_order: bool
    judge: tuple[str, ...] = ("judge",)
    duration: Mapping[str, float] = field(default_factory=dict)
    time: tuple[str, ...] = ()
    may_have: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ties: str = ""
    note: str = ""


CONVENTIONS: Final[tuple[Convention, ...]] = (
    Convention(
        "comparisons table of cj_pipeline",
        {
            "first": ("first",),
            "second": ("second",),
            "winner": ("winner_position",),
            "outcome": ("outcome",),
        },
        answers.our_verdict,
        shows_order=True,
        judge=("answered_by", "judge"),
        may_have={"strength": ("strength",)},
        note="Rows whose outcome is not ok are left out. Strength gives six ordered answers.",
    ),
    Convention(
        "No More Marking",
        {"first": ("chosen",), "second": ("notChosen",)},
        answers.first_won,
        shows_order=False,
        judge=("judgeName", "judgeId", "judge"),
        duration={"timeTaken(ms)": _MILLISECONDS, "timeTaken": _MILLISECONDS},
        time=("createdAt",),
        note="Also the published decisions of Wheadon and others (2020), by script (`chosen`), not by person.",
    ),
    Convention(
        "Marshall and others",
        {"first": ("candidate_chosen",), "second": ("candidate_not_chosen",), "internal": ("Internal",)},
        answers.first_won,
        shows_order=False,
        time=("Date.Created",),
        note="Its times have no stated unit and are not read.",
    ),
    Convention(
        "Kinnear, Jones and Davies",
        {"first": ("candidate_chosen", "won"), "second": ("candidate_not_chosen", "lost")},
        answers.first_won,
        shows_order=False,
        duration={"time_taken": _SECONDS},
    ),
    Convention(
        "Comparative Judgement Research Consortium",
        {"first": ("choice_id1",), "second": ("choice_id2",), "winner": ("winner_id",)},
        answers.named_winner,
        shows_order=True,
        judge=("participant_id", "judge"),
    ),
    Convention(
        "Comparison Interface (judgements)",
        {
            "first": ("item_1_id",),
            "second": ("item_2_id",),
            "winner": ("selected_item_id",),
            "state": ("state",),
        },
        answers.selected_in_state,
        shows_order=True,
        judge=("participant_id", "user_id"),
        time=("created",),
        ties="state tied",
        note="The table `comparison` of its export; skipped rows are left out.",
    ),
    Convention(
        "Comparison Interface (outcomes)",
        {"first": ("item_1_id",), "second": ("item_2_id",), "outcome": ("outcome",)},
        answers.number_of_winner,
        shows_order=True,
        judge=("participant_id", "user_id"),
        ties="2",
        note="0: the first was chosen, 1: the second.",
    ),
    Convention(
        "sirt",
        {"first": ("id1",), "second": ("id2",), "result": ("result",)},
        answers.result_of_first,
        shows_order=True,
        ties="0.5",
        note="1: the first won, 0: the second.",
    ),
    Convention(
        "pairwiseLLM",
        {"first": ("A_id", "ID1"), "second": ("B_id", "ID2"), "winner": ("better_id",)},
        answers.named_winner,
        shows_order=True,
        judge=("model",),
        time=("received_at",),
    ),
    Convention(
        "left, right and winner",
        {
            "first": ("left_id", "left", "first"),
            "second": ("right_id", "right", "second"),
            "winner": ("winner", "winner_id"),
        },
        answers.named_winner,
        shows_order=True,
        judge=("judge_id", "judge", "judge_name"),
        duration={"time_ms": _MILLISECONDS, "duration_s": _SECONDS},
        time=("created_at", "decided_at"),
        may_have={"strength": ("strength",)},
        ties="tie",
        note="The winner is an essay's name, or left, right or tie.",
    ),
)
"""Every kind that is read, the more particular ones first."""
