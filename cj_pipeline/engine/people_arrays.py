"""People's decisions as arrays beside the models' verdicts: plain winners, or winners and ties.

Where a file does not say which essay was shown first, a decision counts half in either order, so that it says nothing
about the position effect.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from cj_pipeline.engine.people_records import HumanDecision
from cj_pipeline.scaling.arrays import Floats, Ints

PERSON: Final = "person: "
"""Stands before the names of people where models are named too."""

_PLAIN, _WITH_TIES = 2, 3
_CATEGORY: Final = {
    (_PLAIN, "first"): 1,
    (_PLAIN, "second"): 0,
    (_WITH_TIES, "first"): 2,
    (_WITH_TIES, "tie"): 1,
    (_WITH_TIES, "second"): 0,
}


@dataclass(frozen=True, slots=True)
class PeopleArrays:
    """Decisions as columns; see `scaling.comparison_data`.

    Attributes:
        first: Index of the essay in the first place.
        second: Index of the other.
        n_categories: Categories of every row's response format: 2, or 3 where ties were allowed.
        category: The answer.
        weight: 1, or 0.5 for either order of a decision whose order is unknown.
        judge: Name of every row's judge.
    """

    first: Ints
    second: Ints
    n_categories: Ints
    category: Ints
    weight: Floats
    judge: tuple[str, ...]


def person_name(decision: HumanDecision) -> str:
    """A person's name among the judges."""
    return PERSON + decision.judge


def people_arrays(people: Sequence[HumanDecision], index: Mapping[str, int]) -> PeopleArrays:
    """Put decisions into columns.

    Args:
        people: The decisions.
        index: Place of every essay, by id.
    """
    rows = [row for decision in people for row in _rows(decision, index)]
    first, second, n_categories, category = np.array([row[:4] for row in rows], dtype=np.int64).reshape(-1, 4).T
    return PeopleArrays(
        first,
        second,
        n_categories,
        category,
        weight=np.array([row[4] for row in rows], dtype=np.float64),
        judge=tuple(row[5] for row in rows),
    )


def _rows(d: HumanDecision, index: Mapping[str, int]) -> list[tuple[int, int, int, int, float, str]]:
    k = _WITH_TIES if d.ties_allowed else _PLAIN
    first, second, category, name = index[d.first_id], index[d.second_id], _CATEGORY[k, d.winner], person_name(d)
    if d.ordered:
        return [(first, second, k, category, 1.0, name)]
    return [(first, second, k, category, 0.5, name), (second, first, k, k - 1 - category, 0.5, name)]
