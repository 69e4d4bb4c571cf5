"""Many fits at once, against single ones and against derivatives by differences."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from cj_pipeline.errors import NotConvergedError
from cj_pipeline.scaling.arrays import Floats
from cj_pipeline.scaling.comparison_data import comparison_data
from cj_pipeline.scaling.expected_errors import information
from cj_pipeline.scaling.incidence import contrasts
from cj_pipeline.scaling.ordinal import category_probabilities
from cj_pipeline.scaling.refitting import expected_curvature, held_model, posterior_draws, refit, slopes
from cj_pipeline_tests.support.judged_classes import SIX, fitted, judged, made_scale

TRUTH = made_scale(
    np.linspace(-2, 2, 12), cuts=[SIX], n_judges=2, position_effect=0.4, judge_discrimination=np.array([1.25, 0.8])
)
DATA = judged(TRUTH, 8, seed=4, n_judges=2)


def test_slopes_are_derivatives_of_the_log_likelihood() -> None:
    """By central differences, at every category."""
    d, cuts = np.full((6, 1), 0.7), np.array(SIX)
    edges = np.concatenate([[-np.inf], cuts, [np.inf]])
    first, second = slopes(d, edges[1:, None], edges[:-1, None])

    def log_p(at: float) -> Floats:
        return np.asarray(np.log(category_probabilities(np.array([at]), cuts)[0]))

    h = 1e-4
    assert first[:, 0] == pytest.approx((log_p(0.7 + h) - log_p(0.7 - h)) / (2 * h), abs=1e-7)
    assert second[:, 0] == pytest.approx(-(log_p(0.7 + h) - 2 * log_p(0.7) + log_p(0.7 - h)) / h**2, abs=1e-5)


def test_at_the_new_fit_the_gradient_of_every_set_is_zero() -> None:
    """Different weights, one of them leaving rows out, from a bad start."""
    model = held_model(TRUTH, DATA)
    weights = np.random.default_rng(1).integers(0, 3, (len(DATA), 5)).astype(np.float64)
    found = refit(model, DATA.category[:, None], weights, np.zeros((12, 5)), tolerance=1e-6)
    above, below = model.limits(DATA.category[:, None])
    pull = model.contrast.T @ (weights * slopes(model.advantage(found), above, below)[0]) - found / TRUTH.prior_sd**2
    assert np.abs(pull).max() < 1e-6
    assert np.ptp(found, axis=1).min() > 0


def test_fixed_measures_stay_where_they_were() -> None:
    """A standard error of 0 marks them; the others go on from there."""
    errors = np.where(np.arange(12) < 3, 0.0, 0.5)
    shifted = replace(TRUTH, standard_errors=errors, measures=TRUTH.measures + 5)
    model = held_model(shifted, DATA, prior_sd=100.0)
    found = refit(model, DATA.category[:, None], DATA.weight[:, None], np.zeros((12, 1)), tolerance=1e-6)
    assert model.advantage(found)[:, 0] == pytest.approx(model.advantage(found + 7 * (errors == 0)[:, None])[:, 0])
    assert found[3:].mean() > 3


def test_too_few_steps_are_said() -> None:
    """Never a silent stop."""
    model = held_model(TRUTH, DATA)
    with pytest.raises(NotConvergedError, match="after 1 steps"):
        refit(model, DATA.category[:, None], DATA.weight[:, None], np.zeros((12, 1)), tolerance=1e-6, max_steps=1)


def test_without_a_prior_a_wide_one_keeps_everything_finite() -> None:
    """All answers for one side."""
    model = held_model(replace(TRUTH, prior_sd=0.0), DATA)
    answers = np.full((len(DATA), 1), 5)
    found = refit(model, answers, DATA.weight[:, None], np.zeros((12, 1)), tolerance=1e-3)
    assert np.all(np.isfinite(found))


def test_draws_have_the_covariance_of_the_posterior_where_it_is_nearly_normal() -> None:
    """Against the inverse of the whole information matrix, with many comparisons."""
    data = judged(TRUTH, 8, seed=4, n_judges=2)
    data = replace(data, weight=data.weight * 20)
    fit = fitted(TRUTH, data)
    model = held_model(fit, data)
    drawn = posterior_draws(model, fit.measures, np.random.default_rng(3), 20_000)
    x = contrasts(data, TRUTH.judge_discrimination[data.judge]).toarray()
    w = 20 * expected_curvature(model, model.advantage(fit.measures[:, None]))
    covariance = np.linalg.inv(x.T @ (w * x) + np.eye(12) / TRUTH.prior_sd**2)
    assert np.cov(drawn) == pytest.approx(covariance, abs=0.1 * covariance.max())
    assert drawn.mean(axis=1) == pytest.approx(fit.measures, abs=0.03)


def test_draws_are_skewed_like_the_posterior_of_an_essay_that_won_everything() -> None:
    """Against the posterior's own mean, by integration on a grid; the opponent is fixed, and the draws are too wide."""
    data = comparison_data([0] * 10, [1] * 10, [1] * 10, 2)
    fit = made_scale([0.0, 0.0], standard_errors=np.array([0.5, 0.0]), prior_sd=3.0)
    model = held_model(fit, data)
    start = refit(model, data.category[:, None], data.weight[:, None], np.zeros((2, 1)), tolerance=1e-4)[:, 0]
    drawn = posterior_draws(model, start, np.random.default_rng(1), 20_000)[0]
    grid = np.linspace(-15, 25, 4001)
    density = np.exp(-10 * np.logaddexp(0, -grid) - grid**2 / 18)
    density /= density.sum()
    mean = density @ grid
    assert drawn.mean() == pytest.approx(mean, abs=0.25)
    assert mean > start[0] + 0.5
    assert stats.skew(drawn) > 0.3
    assert 1 < drawn.std() / np.sqrt(density @ (grid - mean) ** 2) < 1.8


def test_two_modules_agree_on_the_information_of_an_answer() -> None:
    """One serves designs, the other fits."""
    d = np.linspace(-4, 4, len(DATA))
    assert expected_curvature(held_model(TRUTH, DATA), d[:, None])[:, 0] == pytest.approx(information(d, np.array(SIX)))
