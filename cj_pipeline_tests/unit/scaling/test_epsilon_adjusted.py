"""Measures as the established programs estimate them."""

# ruff: noqa: D103 - the name of a test is its sentence

import numpy as np
import pytest
from hypothesis import given, settings
from scipy.special import expit

from cj_pipeline.errors import DisconnectedError, EstimationError, NotConvergedError
from cj_pipeline.scaling.arrays import Floats
from cj_pipeline.scaling.comparison_data import ComparisonData, binary_data, comparison_data
from cj_pipeline.scaling.epsilon_adjusted import (
    EPSILON,
    TOLERANCE,
    fit_epsilon_adjusted,
    judge_misfit,
    scale_separation_reliability,
    separation_index,
)
from cj_pipeline_tests.properties.strategies import SEEDS


def simulated(seed: int, n: int = 8, per_essay: int = 10) -> ComparisonData:
    """Return random comparisons between essays whose numbers of comparisons differ, all connected."""
    rng = np.random.default_rng(seed)
    first = np.concatenate([np.arange(n), rng.integers(0, n, n * per_essay)])
    second = np.concatenate([np.roll(np.arange(n), 1), rng.integers(0, n, n * per_essay)])
    met = first != second
    first, second = first[met], second[met]
    theta = rng.normal(0, 1.5, n)
    share = (rng.random(len(first)) < expit(theta[first] - theta[second])).astype(float)
    return binary_data(first, second, share, n, judge=rng.integers(0, 3, len(first)), n_judges=4)


def steps_one_by_one(data: ComparisonData) -> Floats:
    """Do as the established programs: every essay steps by itself, then all are centred."""
    n, theta = data.n_essays, np.zeros(data.n_essays)
    times = np.bincount(data.first, minlength=n) + np.bincount(data.second, minlength=n)
    wins = np.bincount(data.first, data.share, n) + np.bincount(data.second, 1 - data.share, n)
    adjusted = EPSILON + (times - 2 * EPSILON) * wins / times
    for _ in range(20_000):
        p = expit(theta[data.first] - theta[data.second])
        expected = np.bincount(data.first, p, n) + np.bincount(data.second, 1 - p, n)
        information = np.bincount(data.first, p * (1 - p), n) + np.bincount(data.second, p * (1 - p), n)
        theta = theta + 0.3 * (adjusted - expected) / information
        theta = theta - theta.mean()
    return theta


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_it_ends_where_steps_taken_one_by_one_end(seed: int) -> None:
    data = simulated(seed)

    fit = fit_epsilon_adjusted(data)

    assert fit.common_step != 0
    assert fit.measures == pytest.approx(steps_one_by_one(data), abs=1e-7)


@settings(deadline=None, max_examples=30)
@given(seed=SEEDS)
def test_the_certificate_holds_and_swapping_every_verdict_mirrors_the_scale(seed: int) -> None:
    data = simulated(seed)
    swapped = comparison_data(data.second, data.first, data.category, data.n_essays)

    fit, mirrored = fit_epsilon_adjusted(data), fit_epsilon_adjusted(swapped)

    assert fit.scaled_gradient <= TOLERANCE
    assert abs(fit.measures.sum()) < 1e-9
    assert mirrored.measures == pytest.approx(-fit.measures, abs=1e-6)
    assert mirrored.standard_errors == pytest.approx(fit.standard_errors, abs=1e-6)


@settings(deadline=None, max_examples=30)
@given(seed=SEEDS)
def test_names_and_the_order_of_rows_do_not_matter(seed: int) -> None:
    data = simulated(seed)
    rng = np.random.default_rng(seed)
    names, rows = rng.permutation(data.n_essays), rng.permutation(len(data))
    renamed = comparison_data(names[data.first[rows]], names[data.second[rows]], data.category[rows], data.n_essays)

    fit, other = fit_epsilon_adjusted(data), fit_epsilon_adjusted(renamed)

    assert other.measures[names] == pytest.approx(fit.measures, abs=1e-6)
    assert other.infit[names] == pytest.approx(fit.infit, abs=1e-6)


def test_errors_and_misfit_are_what_their_definitions_say() -> None:
    data = simulated(7)
    fit = fit_epsilon_adjusted(data)
    p = expit(fit.measures[data.first] - fit.measures[data.second])

    for essay in range(data.n_essays):
        met = (data.first == essay) | (data.second == essay)
        variance, squared = p[met] * (1 - p[met]), (data.share[met] - p[met]) ** 2
        assert fit.standard_errors[essay] == pytest.approx(1 / np.sqrt(variance.sum()))
        assert fit.infit[essay] == pytest.approx(squared.sum() / variance.sum())
        assert fit.outfit[essay] == pytest.approx((squared / variance).mean())
        assert fit.n_comparisons[essay] == met.sum()


def test_a_judges_misfit_is_over_their_own_comparisons_and_unknown_without_any() -> None:
    data = simulated(7)
    fit = fit_epsilon_adjusted(data)
    outfit, infit = judge_misfit(fit, data)
    p = expit(fit.measures[data.first] - fit.measures[data.second])

    for judge in range(3):
        mine = data.judge == judge
        variance, squared = p[mine] * (1 - p[mine]), (data.share[mine] - p[mine]) ** 2
        assert infit[judge] == pytest.approx(squared.sum() / variance.sum())
        assert outfit[judge] == pytest.approx((squared / variance).mean())
    assert np.isnan(infit[3])
    assert np.isnan(outfit[3])


def test_a_tie_is_half_a_win_each() -> None:
    first, second = [0, 1, 2, 0, 1], [1, 2, 0, 2, 0]
    ties = comparison_data(first, second, [2, 1, 0, 1, 2], 3, n_categories=(3,))
    halves = binary_data(first, second, [1, 0.5, 0, 0.5, 1], 3)

    fit = fit_epsilon_adjusted(ties)

    assert fit.n_wins.tolist() == [2.5, 1.5, 1.0]
    assert fit.measures == pytest.approx(fit_epsilon_adjusted(halves).measures, abs=1e-6)


def test_an_essay_that_won_everything_has_a_finite_measure() -> None:
    fit = fit_epsilon_adjusted(binary_data([0, 0, 1, 2], [1, 2, 2, 1], [1, 1, 1, 1], 3))

    assert fit.adjusted_scores[0] == pytest.approx(2 - EPSILON)
    assert np.isfinite(fit.measures).all()
    assert fit.measures.argmax() == 0


def test_groups_that_never_met_are_refused() -> None:
    with pytest.raises(DisconnectedError, match="2 groups"):
        fit_epsilon_adjusted(binary_data([0, 2], [1, 3], [1, 1], 4))


def test_comparisons_that_allow_no_such_measures_are_refused_not_stopped_silently() -> None:
    # Ten essays that lost once to the same one, which also won the only comparison with the other group.
    first, second = [0] * 11 + [11, 12, 13], [*range(1, 11), 11, 12, 13, 11]
    with pytest.raises(NotConvergedError, match="fit with a prior"):
        fit_epsilon_adjusted(binary_data(first, second, np.ones(14), 14))


@pytest.mark.parametrize("epsilon", [0, 0.5, -1])
def test_an_adjustment_out_of_range_is_refused(epsilon: float) -> None:
    with pytest.raises(EstimationError, match="epsilon"):
        fit_epsilon_adjusted(simulated(1), epsilon=epsilon)


def test_reliability_is_the_share_of_variance_that_is_not_error() -> None:
    measures, errors = np.array([-1.0, 0.0, 1.0]), np.array([0.5, 0.5, 0.5])

    assert scale_separation_reliability(measures, errors) == pytest.approx(0.75)
    assert separation_index(measures, errors) == pytest.approx(2.0)
    assert scale_separation_reliability(measures, 3 * errors) < 0
