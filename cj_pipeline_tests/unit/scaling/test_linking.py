"""Measures in units of another scale."""

# ruff: noqa: D103 - the name of a test is its sentence

import numpy as np
import pytest

from cj_pipeline.scaling.linking import Link, link, project_linked

MEASURES = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
NO_ERROR = np.zeros(5)


def linked(known: list[float], places: list[int], error: float = 0.0) -> Link:
    """Return the link through anchors of these known measures."""
    values = np.array(known)
    return link(values, np.full(len(values), error), np.array(places), MEASURES, np.full(5, 0.01))


def test_a_line_is_found_again() -> None:
    found = linked([1.0, 3.0, 5.0, 7.0, 9.0], [0, 1, 2, 3, 4])
    known, _ = found.known(MEASURES, NO_ERROR)

    assert (found.shift, found.slope) == pytest.approx((5.0, 2.0))
    assert found.scatter == pytest.approx(0.0)
    assert known == pytest.approx([1.0, 3.0, 5.0, 7.0, 9.0])
    assert found.back(np.array([5.0, 6.0]))[0] == pytest.approx([0.0, 0.5])


def test_two_anchors_shift_the_scale_and_leave_its_unit() -> None:
    found = linked([9.0, 14.0], [0, 4])

    assert found.slope == 1.0
    assert found.shift == pytest.approx(11.5)
    assert found.scatter > 0


def test_one_anchor_is_a_shift_with_the_errors_of_both_measures() -> None:
    found = linked([10.0], [2], error=0.2)

    assert (found.shift, found.slope, found.scatter) == (10.0, 1.0, 0.0)
    assert found.covariance[0, 0] == pytest.approx(0.01 + 0.04)
    assert found.covariance[1, 1] == 0


def test_anchors_off_the_line_make_every_essay_less_certain() -> None:
    straight = linked([1.0, 3.0, 5.0, 7.0, 9.0], [0, 1, 2, 3, 4])
    scattered = linked([1.0, 4.5, 3.5, 8.5, 7.5], [0, 1, 2, 3, 4])

    assert scattered.scatter > 0.5
    assert np.all(scattered.known(MEASURES, NO_ERROR)[1] > straight.known(MEASURES, NO_ERROR)[1] + 0.3)


def test_measures_that_fall_where_known_ones_rise_are_refused() -> None:
    with pytest.raises(ValueError, match="fall where"):
        linked([3.0, 2.0, 1.0], [0, 2, 4])


def test_the_line_is_as_sure_as_repeated_draws_show() -> None:
    """Anchors drawn anew within their errors scatter about as much as the covariance says."""
    rng, places = np.random.default_rng(5), np.arange(5)
    draws = []
    for _ in range(400):
        true = MEASURES + rng.normal(0, 0.1, 5)
        found = link(2 + true + rng.normal(0, 0.3, 5), np.full(5, 0.3), places, MEASURES, np.full(5, 0.01))
        draws.append((found.shift, found.slope, np.sqrt(np.diagonal(found.covariance))))
    shifts, slopes, errors = zip(*draws, strict=True)

    assert np.mean(slopes) == pytest.approx(1.0, abs=0.02)
    assert np.mean(shifts) == pytest.approx(2.0, abs=0.03)
    assert np.mean(errors, axis=0) == pytest.approx([np.std(shifts), np.std(slopes)], rel=0.25)


def test_grades_follow_boundaries_on_the_known_scale() -> None:
    found = linked([1.0, 3.0, 5.0, 7.0, 9.0], [0, 1, 2, 3, 4], error=0.1)
    grades = project_linked(found, np.array([4.0, 8.0]), MEASURES, np.full(5, 0.01))

    assert grades.likeliest.tolist() == [0, 0, 1, 1, 2]
    assert grades.boundaries == pytest.approx([-0.5, 1.5], abs=0.01)
    assert np.all((grades.boundary_errors > 0) & (grades.boundary_errors < 0.2))
    assert grades.probabilities.sum(axis=1) == pytest.approx(np.ones(5))
