"""Anchors graded by each other."""

# ruff: noqa: D103 - the name of a test is its sentence

from collections.abc import Sequence

import numpy as np
import pytest

from cj_pipeline.scaling.anchors import Anchors
from cj_pipeline.scaling.leave_one_out import LeftOut, leave_one_out
from cj_pipeline.scaling.ordinal_model import OrdinalModel


def left_out(measures: Sequence[float], levels: Sequence[int], n_levels: int) -> LeftOut:
    """Return every essay, all of them anchors, graded by the others."""
    measure, variance = np.array(measures, dtype=np.float64), np.full(len(measures), 0.04)
    anchors = Anchors(np.arange(len(levels)), np.array(levels, dtype=np.int64))
    model = OrdinalModel(measure, variance, n_levels)
    return leave_one_out(model, model.likelihood(anchors))


def test_an_anchor_has_no_say_in_its_own_grade() -> None:
    """The last anchor has the lowest grade and the highest measure; the others know nothing of the kind."""
    found = left_out([-2.0, -1.8, 0.0, 0.2, 2.0, 2.2], [0, 0, 1, 1, 2, 0], 3)

    assert found.predicted[-1] == 2
    assert found.errors[-1] == 2
    assert found.probabilities[-1, 0] < 0.1


def test_anchors_that_agree_foretell_each_other() -> None:
    found = left_out(np.linspace(-3, 3, 12).tolist(), np.repeat([0, 1, 2], 4).tolist(), 3)

    assert np.count_nonzero(found.errors == 0) >= 10
    assert found.mean_error < 0.5 * found.guess_error
    assert found.probabilities.sum(axis=1) == pytest.approx(np.ones(12))
    assert np.all(found.stated > 1 / 3)


def test_with_one_anchor_a_grade_the_grade_left_out_is_found_between_its_neighbours() -> None:
    found = left_out(np.arange(-4.0, 5.0).tolist(), range(9), 9)

    assert found.tried.all()
    assert np.all(np.abs(found.errors) <= 1)


def test_an_anchor_is_not_left_out_where_that_leaves_one_grade() -> None:
    found = left_out([-1.0, 0.9, 1.0], [0, 1, 1], 2)

    assert found.tried.tolist() == [False, True, True]
    assert found.predicted[0] == -1
    assert len(found.errors) == len(found.stated) == 2


def test_nothing_can_be_said_of_two_anchors() -> None:
    found = left_out([-1.0, 1.0], [0, 1], 2)

    assert not found.tried.any()
    assert np.isnan(found.mean_error)
    assert np.isnan(found.guess_error)


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ([0, 0, 0, 2], [0, 0, 0, 2]),
        ([0, 0, 1, 1], [1, 1, 1, 1]),
        ([0, 1, 2], [1, 1, 2]),
        ([0, 1, 1, 2, 2], [1, 1, 1, 1, 1]),
        ([0, 2, 4, 5], [4, 2, 2, 3]),
    ],
)
def test_the_guess_is_the_commonest_grade_of_the_others_and_of_equals_the_most_average(
    levels: list[int], expected: list[int]
) -> None:
    found = LeftOut(np.array(levels), np.full((len(levels), 6), 1 / 6))

    assert found.guess_error == pytest.approx(np.mean(expected))
