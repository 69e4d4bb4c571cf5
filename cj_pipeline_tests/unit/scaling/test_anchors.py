"""Anchors whose measures contradict their grades."""

# ruff: noqa: D103 - the name of a test is its sentence

import numpy as np
import pytest

from cj_pipeline.scaling.anchors import ALPHA, Anchors, inversions
from cj_pipeline.scaling.arrays import Floats


def anchors(*levels: int) -> Anchors:
    """Return anchors of these levels, one after the other."""
    return Anchors(np.arange(len(levels)), np.array(levels, dtype=np.int64))


def variances(n: int, error: float) -> Floats:
    """Return equal variances."""
    return np.full(n, error**2)


def test_anchors_in_order_have_no_inversion() -> None:
    assert inversions(np.array([0.0, 0.1, 2.0, 2.0]), variances(4, 0.3), anchors(0, 0, 1, 1)) == []


def test_an_inversion_names_both_anchors_and_how_far_they_are_apart() -> None:
    (found,) = inversions(np.array([0.0, 1.0, 0.4]), variances(3, 0.3), anchors(0, 1, 2))

    assert (found.lower, found.higher) == (1, 2)
    assert found.gap == pytest.approx(0.6)
    assert found.gap_error == pytest.approx(0.3 * np.sqrt(2))
    assert found.explained


def test_errors_do_not_explain_a_wide_gap_between_sure_measures() -> None:
    found = inversions(np.array([2.0, 1.0, 0.0]), variances(3, 0.2), anchors(0, 1, 2))

    assert [(each.lower, each.higher) for each in found] == [(0, 2), (0, 1), (1, 2)]
    assert [each.explained for each in found] == [False, False, False]


def test_equal_measures_are_no_inversion() -> None:
    assert inversions(np.array([1.0, 1.0]), variances(2, 0.1), anchors(0, 1)) == []


def test_measures_without_error_explain_nothing() -> None:
    (found,) = inversions(np.array([1.0, 0.9]), np.zeros(2), anchors(0, 1))

    assert not found.explained


def test_errors_alone_are_blamed_seldom_enough() -> None:
    """With equal true measures, the least favourable case, 9 grades with 3 anchors each stay below `ALPHA`."""
    rng, who, cohorts = np.random.default_rng(1), anchors(*np.repeat(np.arange(9), 3).tolist()), 1000
    alarms = sum(
        any(not each.explained for each in inversions(rng.normal(0, 0.4, 27), variances(27, 0.4), who))
        for _ in range(cohorts)
    )

    assert alarms / cohorts <= ALPHA


def test_leaving_an_anchor_out_keeps_the_others() -> None:
    left = anchors(4, 5, 6).without(1)

    assert left.places.tolist() == [0, 2]
    assert left.levels.tolist() == [4, 6]
    assert left.n_grades == 2
