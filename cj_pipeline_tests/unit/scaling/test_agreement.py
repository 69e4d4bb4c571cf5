"""Measures of agreement, against values worked out by hand and against the textbook form."""

# ruff: noqa: D103 - the name of a test is its sentence

import math
from collections.abc import Callable

import numpy as np
import pytest

from cj_pipeline.scaling.agreement import exact_agreement, kendall_tau_b, quadratic_weighted_kappa, within_one

TEACHER = [0, 1, 2, 3, 2, 1]
OURS = [0, 2, 2, 3, 0, 1]


def textbook_kappa(a: list[int], b: list[int], n: int) -> float:
    """Return Cohen's weighted kappa from the two tables of counts."""
    seen = np.zeros((n, n))
    for i, j in zip(a, b, strict=True):
        seen[i, j] += 1
    chance = np.outer(seen.sum(axis=1), seen.sum(axis=0)) / seen.sum()
    weights = np.subtract.outer(np.arange(n), np.arange(n)) ** 2
    return float(1 - (weights * seen).sum() / (weights * chance).sum())


def test_kappa_is_what_the_tables_of_counts_give() -> None:
    rng = np.random.default_rng(1)
    for n_grades in (2, 3, 9):
        a, b = rng.integers(n_grades, size=(2, 40)).tolist()

        assert quadratic_weighted_kappa(a, b, n_grades) == pytest.approx(textbook_kappa(a, b, n_grades))


def test_kappa_of_a_worked_example() -> None:
    # Squared differences 0 1 0 0 4 0: mean 5/6. Variances 11/12 and 11/9, means 1.5 and 4/3 apart by 1/6.
    assert quadratic_weighted_kappa(TEACHER, OURS, 4) == pytest.approx(1 - (5 / 6) / (11 / 12 + 11 / 9 + 1 / 36))


def test_equal_grades_agree_fully_and_opposite_ones_disagree_fully() -> None:
    assert quadratic_weighted_kappa([0, 1, 2], [0, 1, 2], 3) == 1
    assert quadratic_weighted_kappa([0, 2], [2, 0], 3) == -1


def test_kappa_has_no_value_where_nothing_can_disagree() -> None:
    assert math.isnan(quadratic_weighted_kappa([1, 1], [1, 1], 3))
    assert quadratic_weighted_kappa([1, 1], [2, 2], 3) == 0


def test_exact_and_within_one_count_steps() -> None:
    assert exact_agreement(TEACHER, OURS) == pytest.approx(4 / 6)
    assert within_one(TEACHER, OURS) == pytest.approx(5 / 6)


def test_tau_b_corrects_for_ties() -> None:
    # Two of three pairs agree, one is tied on one side: 2 / sqrt(3 * 2).
    assert kendall_tau_b([1.0, 2.0, 2.0], [1.0, 2.0, 3.0]) == pytest.approx(2 / math.sqrt(6))
    assert kendall_tau_b([1.0, 2.0, 3.0], [3.0, 2.0, 1.0]) == pytest.approx(-1)


def test_tau_b_has_no_value_where_one_side_does_not_vary() -> None:
    assert math.isnan(kendall_tau_b([1.0, 1.0], [1.0, 2.0]))


@pytest.mark.parametrize("measure", [exact_agreement, within_one, kendall_tau_b])
@pytest.mark.parametrize(("a", "b"), [([], []), ([1, 2], [1]), ([[1, 2]], [[1, 2]])])
def test_only_two_sets_of_the_same_essays_can_be_compared(
    measure: Callable[[list[int], list[int]], float], a: list[int], b: list[int]
) -> None:
    with pytest.raises(ValueError, match="same essays"):
        measure(a, b)


@pytest.mark.parametrize(("a", "b"), [([0, 3], [0, 1]), ([0, 1], [-1, 1])])
def test_kappa_refuses_ranks_outside_the_scale(a: list[int], b: list[int]) -> None:
    with pytest.raises(ValueError, match="between 0 and 2"):
        quadratic_weighted_kappa(a, b, 3)


def test_one_essay_has_no_order() -> None:
    with pytest.raises(ValueError, match="at least two"):
        kendall_tau_b([1.0], [1.0])
