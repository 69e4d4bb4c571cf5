"""What one row of a decisions file says: who won, and how clearly; or why it counts for neither essay.

Every producer writes this differently (`decision_columns`). An answer that is not understood is never a guess.
"""

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple, TypeAlias

from cj_pipeline.domain.verdicts import STRENGTHS

Winner: TypeAlias = Literal["first", "second", "tie"]

NO_VERDICT: Final = "no verdict (skipped, refused or invalid)"
NOT_UNDERSTOOD: Final = "the answer is none that this kind of file has"
NEITHER: Final = "the winner is neither of the two essays"
NAMELESS: Final = "an essay is not named"
ITSELF: Final = "an essay is compared with itself"

_FIRST: Final = frozenset({"left", "first", "a"})
_SECOND: Final = frozenset({"right", "second", "b"})
_TIE: Final = frozenset({"tie", "tied", "draw", "equal", "same"})
_NOTHING: Final = frozenset({"", "none", "na", "nan", "null", "skip", "skipped", "invalid"})


class Answer(NamedTuple):
    """A verdict.

    Attributes:
        winner: `first` or `second` by the columns of the file, or `tie`.
        strength: 1 slightly, 2 clearly, 3 much better; 0 where the file does not say.
    """

    winner: Winner
    strength: int = 0


Reading: TypeAlias = Answer | str
"""A verdict, or the reason why there is none."""

Cells: TypeAlias = Mapping[str, str]
"""The cells of one row by their role: first, second, winner, ..."""


def pair_fault(first: str, second: str) -> str:
    """What is wrong with a pair of names; empty if nothing."""
    if not first or not second:
        return NAMELESS
    return ITSELF if first == second else ""


def first_won(_cells: Cells) -> Reading:
    """Files that name the chosen essay in one column and the other in the next."""
    return Answer("first")


def named_winner(cells: Cells) -> Reading:
    """Files with a column that holds the winner's name, or left, right or tie."""
    winner = cells["winner"]
    # Names come first: an essay may be called A, or left.
    if winner == cells["first"]:
        return _with_strength("first", cells)
    if winner == cells["second"]:
        return _with_strength("second", cells)
    word = winner.lower()
    if word in _FIRST:
        return _with_strength("first", cells)
    if word in _SECOND:
        return _with_strength("second", cells)
    if word in _TIE:
        return Answer("tie")
    return NO_VERDICT if word in _NOTHING else NEITHER


def result_of_first(cells: Cells) -> Reading:
    """Files with the result of the first essay: 1 won, 0 lost, 0.5 a tie."""
    return _by_number(cells["result"], {1.0: "first", 0.0: "second", 0.5: "tie"})


def number_of_winner(cells: Cells) -> Reading:
    """Files with the number of the chosen essay: 0 the first, 1 the second, 2 a tie."""
    return _by_number(cells["outcome"], {0.0: "first", 1.0: "second", 2.0: "tie"})


def selected_in_state(cells: Cells) -> Reading:
    """Files with a state (selected, tied, skipped) and, where selected, the name."""
    state = cells["state"].lower()
    if state == "tied":
        return Answer("tie")
    return named_winner(cells) if state == "selected" else NO_VERDICT


def our_verdict(cells: Cells) -> Reading:
    """Our own comparisons table: an outcome, which of the two was better, and how clearly."""
    if cells["outcome"] != "ok":
        return NO_VERDICT
    return named_winner(cells)


def _by_number(text: str, winners: Mapping[float, Winner]) -> Reading:
    if text.lower() in _NOTHING:
        return NO_VERDICT
    try:
        winner = winners.get(float(text.replace(",", ".")))
    except ValueError:
        return NOT_UNDERSTOOD
    return Answer(winner) if winner else NOT_UNDERSTOOD


def _with_strength(winner: Winner, cells: Cells) -> Reading:
    said = cells.get("strength", "").lower()
    if said in _NOTHING or said == "0":
        return Answer(winner)
    if said in STRENGTHS:
        return Answer(winner, STRENGTHS.index(said) + 1)
    return Answer(winner, int(said)) if said in {"1", "2", "3"} else NOT_UNDERSTOOD
