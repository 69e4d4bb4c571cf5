"""Stated probabilities beside what came true."""

# ruff: noqa: D103 - the name of a test is its sentence

import numpy as np
import pytest

from cj_pipeline.scaling.calibration import calibrate


def test_statements_are_compared_bin_by_bin() -> None:
    found = calibrate(np.array([0.62, 0.68, 0.95, 1.0]), np.array([True, False, True, True]))

    assert found.counts.tolist() == [0, 0, 0, 0, 0, 0, 2, 0, 0, 2]
    assert found.stated[6] == pytest.approx(0.65)
    assert found.came_true[6] == pytest.approx(0.5)
    assert found.expected_error == pytest.approx((2 * 0.15 + 2 * 0.025) / 4)


def test_empty_bins_have_no_value_and_no_weight() -> None:
    found = calibrate(np.array([0.5]), np.array([True]), n_bins=2)

    assert np.isnan(found.stated[0])
    assert found.expected_error == pytest.approx(0.5)


def test_one_cohort_of_a_hundred_errs_by_nine_per_cent_even_when_perfect() -> None:
    rng = np.random.default_rng(3)
    errors = []
    for _ in range(300):
        stated = rng.uniform(0.3, 1.0, 100)
        errors.append(calibrate(stated, rng.random(100) < stated).expected_error)

    assert np.mean(errors) == pytest.approx(0.09, abs=0.01)
