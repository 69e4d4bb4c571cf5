"""Errors that add up for differences."""

# ruff: noqa: D103 - the name of a test is its sentence

import numpy as np
import pytest

from cj_pipeline.scaling.arrays import Floats
from cj_pipeline.scaling.comparison_data import comparison_data
from cj_pipeline.scaling.estimate import fit_scale
from cj_pipeline.scaling.quasi_variances import error_variances
from cj_pipeline.scaling.scale_fit import ScaleOptions


def differences(covariance: Floats) -> Floats:
    """Return the variances of all differences."""
    own = np.diagonal(covariance)
    return np.asarray(own[:, None] + own[None, :] - 2 * covariance)


def fitted_covariance(n_essays: int, n_comparisons: int, seed: int) -> Floats:
    """Return the covariance of measures fitted to random verdicts on a connected set of pairs."""
    rng = np.random.default_rng(seed)
    chain = np.arange(n_essays)
    first = np.concatenate([chain, rng.integers(n_essays, size=n_comparisons)])
    second = np.concatenate([np.roll(chain, 1), rng.integers(n_essays, size=n_comparisons)])
    kept = first != second
    won = (rng.random(kept.sum()) < 0.5).astype(np.int64)
    fit = fit_scale(comparison_data(first[kept], second[kept], won, n_essays), ScaleOptions(prior_sd=2.0))
    assert fit.covariance is not None
    return fit.covariance


@pytest.mark.parametrize("n_essays", [2, 3, 24])
def test_they_are_exact_where_every_essay_is_compared_alike(n_essays: int) -> None:
    covariance = 0.3 * (np.eye(n_essays) - 1 / n_essays)
    found = error_variances(np.sqrt(np.diagonal(covariance)), covariance)

    assert found == pytest.approx(np.full(n_essays, 0.3))


@pytest.mark.parametrize("seed", range(5))
def test_they_are_close_for_random_pairs_and_closer_than_squared_errors(seed: int) -> None:
    covariance = fitted_covariance(8, 24, seed)
    found, ordinary = error_variances(np.zeros(8), covariance), np.diagonal(covariance)
    off, true = ~np.eye(8, dtype=bool), differences(covariance)
    error = np.abs(found[:, None] + found[None, :] - true)[off]
    naive = np.abs(ordinary[:, None] + ordinary[None, :] - true)[off]

    assert error.mean() < 0.7 * naive.mean()
    assert (error / true[off]).mean() < 0.1


def test_without_a_covariance_they_are_the_squared_standard_errors() -> None:
    assert error_variances(np.array([0.3, 0.4]), None) == pytest.approx([0.09, 0.16])


def test_none_is_ever_negative() -> None:
    deviation = np.array([0.1, 1.0, 1.0, 1.0])
    covariance = np.outer(deviation, deviation) * 0.6 + np.diag(0.4 * deviation**2)

    assert np.all(error_variances(deviation, covariance) > 0)
