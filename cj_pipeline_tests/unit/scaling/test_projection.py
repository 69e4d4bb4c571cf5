"""What is read from probabilities of grades."""

# ruff: noqa: D103 - the name of a test is its sentence

import numpy as np
import pytest

from cj_pipeline.scaling.projection import CLOSE_CALL, Projection, band_marks


def projection(*rows: list[float], boundaries: tuple[float, ...] = (-1.0, 1.0)) -> Projection:
    """Return a projection with these probabilities of each level."""
    at_least = np.array([np.cumsum(row[::-1])[::-1] for row in rows])
    return Projection(at_least, np.array(boundaries), np.zeros(len(boundaries)))


def test_probabilities_of_grades_are_differences_of_those_of_at_least() -> None:
    found = projection([0.2, 0.5, 0.3], [0.0, 0.1, 0.9])

    assert found.probabilities == pytest.approx(np.array([[0.2, 0.5, 0.3], [0.0, 0.1, 0.9]]))
    assert found.n_levels == 3


def test_the_likeliest_and_the_runner_up_are_the_two_highest() -> None:
    found = projection([0.2, 0.5, 0.3], [0.45, 0.1, 0.45])

    assert found.likeliest.tolist() == [1, 0]
    assert found.runner_up.tolist() == [2, 2]


def test_an_essay_is_near_a_boundary_where_two_grades_are_about_as_likely() -> None:
    found = projection([0.3, 0.3 + CLOSE_CALL - 0.01, 0.31], [0.2, 0.5, 0.3])

    assert found.near_boundary.tolist() == [True, False]


def test_the_place_in_a_band_runs_from_its_lower_to_its_upper_boundary() -> None:
    found = projection(*[[0.0, 1.0, 0.0]] * 3)

    assert found.place_in_band(np.array([-1.0, 0.0, 1.5])) == pytest.approx([0.0, 0.5, 1.25])


def test_the_open_bands_count_as_wide_as_the_others() -> None:
    found = projection([1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 0.0, 1.0])

    assert found.place_in_band(np.array([-1.5, 1.2, 9.0])) == pytest.approx([0.75, 0.1, 4.0])


def test_without_two_boundaries_no_band_has_a_width() -> None:
    found = projection([0.4, 0.6], boundaries=(0.0,))

    assert found.place_in_band(np.array([3.0])).tolist() == [0.5]


def test_a_band_without_width_has_no_lower_end() -> None:
    found = projection([0.0, 1.0, 0.0], boundaries=(1.0, 1.0))

    assert found.place_in_band(np.array([1.0])).tolist() == [0.5]


def test_the_outer_quarters_of_a_band_are_given_marks() -> None:
    assert band_marks(np.array([-0.5, 0.24, 0.25, 0.75, 0.76, 3.0])).tolist() == [-1, -1, 0, 0, 1, 1]
