"""Grades by shares, and by a person's call."""

# ruff: noqa: D103 - the name of a test is its sentence

import numpy as np
import pytest

from cj_pipeline.scaling import set_boundaries
from cj_pipeline.scaling.projection import Projection
from cj_pipeline.scaling.set_boundaries import project_called, project_shares

MEASURES = np.linspace(-2, 2, 20)


def by_shares(shares: list[float], *, error: float = 0.0, seed: int = 1, first: int = 20) -> Projection:
    """Return grades by the shares of the first essays."""
    return project_shares(
        MEASURES, np.full(20, error**2), np.arange(20) < first, np.array(shares), np.random.default_rng(seed)
    )


def test_without_errors_the_cohort_has_exactly_the_shares() -> None:
    found = by_shares([0.1, 0.5, 0.4])

    assert np.bincount(found.likeliest).tolist() == [2, 10, 8]
    assert np.all(found.probabilities.max(axis=1) == 1)
    assert found.boundary_errors == pytest.approx([0, 0])


def test_shares_that_give_no_whole_number_are_rounded() -> None:
    assert np.bincount(by_shares([0.93, 0.07]).likeliest).tolist() == [19, 1]


def test_with_errors_the_shares_hold_on_average_and_neighbours_are_in_doubt() -> None:
    found = by_shares([0.5, 0.5], error=0.5)

    assert found.probabilities[:, 1].mean() == pytest.approx(0.5, abs=0.01)
    assert found.at_least[[9, 10], 1] == pytest.approx([0.46, 0.54], abs=0.05)
    assert found.boundary_errors[0] > 0.1


def test_only_the_counted_essays_set_the_boundaries() -> None:
    found = by_shares([0.5, 0.5], first=10)

    assert found.likeliest[:10].sum() == 5
    assert found.likeliest[10:].sum() == 10


def test_the_same_seed_gives_the_same_grades_and_another_nearly_the_same() -> None:
    one, same, other = (by_shares([0.5, 0.5], error=0.5, seed=seed).at_least for seed in (1, 1, 2))

    assert np.array_equal(one, same)
    assert 0 < np.abs(one - other).max() < 5 * 0.011 * np.sqrt(2)


def test_a_grade_without_a_share_is_not_given() -> None:
    assert 1 not in by_shares([0.5, 0.0, 0.5], error=0.3).likeliest


def test_draws_are_made_in_blocks_that_bound_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = by_shares([0.5, 0.5], error=0.5).at_least
    monkeypatch.setattr(set_boundaries, "_BLOCK_NUMBERS", 140)

    assert by_shares([0.5, 0.5], error=0.5).at_least == pytest.approx(whole)


def test_a_boundary_set_as_a_measure_has_no_error_of_its_own() -> None:
    found = project_called(MEASURES, np.full(20, 0.04), np.array([0.0, 1.0]), np.array([-1, -1]))

    assert found.boundary_errors.tolist() == [0, 0]
    assert found.likeliest.tolist() == [0] * 10 + [1] * 5 + [2] * 5


def test_a_called_essay_has_its_grade_for_sure_and_its_neighbours_are_in_doubt() -> None:
    found = project_called(MEASURES, np.full(20, 0.04), MEASURES[[10]], np.array([10]))

    assert found.at_least[10, 1] == 1.0
    assert found.at_least[11, 1] == pytest.approx(0.77, abs=0.01)
    assert found.boundary_errors[0] == pytest.approx(0.2)


def test_whoever_has_a_grade_has_every_lower_one() -> None:
    """The lower call rests on an essay of great error; the higher one must not contradict it."""
    variances = np.full(20, 0.01)
    variances[9] = 4.0
    found = project_called(MEASURES, variances, MEASURES[[9, 10]], np.array([9, 10]))

    assert np.all(np.diff(found.at_least, axis=1) <= 0)
    assert found.at_least[10, 1] == found.at_least[10, 2] == 1.0
