"""The fit: whatever the comparisons, and over many simulated sets."""

# ruff: noqa: D103 - the name of a test is its sentence

from dataclasses import dataclass
from typing import Any

import choix
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import expit

from cj_pipeline.domain.orientation import orient_eulerian
from cj_pipeline.domain.pairing import regular_pairs
from cj_pipeline.errors import DisconnectedError
from cj_pipeline.scaling.bradley_terry import (
    GRADIENT_TOLERANCE,
    BradleyTerryFit,
    Floats,
    Ints,
    _Problem,
    fit_bradley_terry,
)
from cj_pipeline.scaling.ranks import rank_intervals, ranks
from cj_pipeline_tests.properties.strategies import SEEDS

MANY = settings(deadline=None, max_examples=40)
_Z95 = 1.959964


@dataclass(frozen=True)
class Judged:
    """Comparisons with their verdicts."""

    n: int
    first: Ints
    second: Ints
    won: NDArray[np.bool_]

    def fit(self, **options: Any) -> BradleyTerryFit:  # noqa: ANN401 - options of the fit
        """Fit a scale to them."""
        return fit_bradley_terry(self.first, self.second, self.won, self.n, **options)


@st.composite
def judged_sets(draw: st.DrawFn, n_max: int = 12) -> Judged:
    """Return connected comparisons with any verdicts at all, pairs put several times included."""
    n = draw(st.integers(2, n_max))
    tree = [(draw(st.integers(0, i - 1)), i) for i in range(1, n)]
    more = draw(st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda p: p[0] != p[1])))
    pairs = draw(st.permutations(tree + more))
    won = draw(st.lists(st.booleans(), min_size=len(pairs), max_size=len(pairs)))
    first, second = np.array(pairs, dtype=np.int64).T
    return Judged(n, first, second, np.array(won))


def simulate(rng: np.random.Generator, *, n: int, m: int, sd: float, gamma: float = 0.0) -> tuple[Floats, Judged]:
    """Return true measures, mean zero, and verdicts drawn from them."""
    theta = rng.normal(0, sd, n)
    pairs = orient_eulerian(n, regular_pairs(n, m, rng), rng)
    first, second = np.array(pairs, dtype=np.int64).T
    won = rng.random(m) < expit(theta[first] - theta[second] + gamma)
    return theta - theta.mean(), Judged(n, first, second, won)


def problem(judged: Judged, prior_sd: float, *, position: bool) -> _Problem:
    """Return the fit's own view of the comparisons."""
    return _Problem(
        judged.first, judged.second, judged.won.astype(float), judged.n, prior_sd, 2.0 if position else None
    )


def slopes(of: Any, x: Floats, step: float = 1e-5) -> Floats:  # noqa: ANN401 - a function of x
    """Return central differences of a function, one row per component of x."""
    units = np.eye(len(x)) * step
    return np.array([(of(x + unit) - of(x - unit)) / (2 * step) for unit in units])


@MANY
@given(judged_sets(), st.booleans(), st.floats(0.3, 50))
def test_every_connected_set_has_a_finite_certified_fit(judged: Judged, position: bool, prior_sd: float) -> None:  # noqa: FBT001 - drawn
    fit = judged.fit(fit_position_effect=position, prior_sd=prior_sd)

    assert fit.scaled_gradient <= GRADIENT_TOLERANCE
    assert np.all(np.isfinite(fit.measures))
    assert fit.measures.mean() == pytest.approx(0, abs=1e-9)
    assert np.all(fit.standard_errors > 0)
    assert np.all(fit.standard_errors < prior_sd)
    assert fit.covariance.sum(axis=0) == pytest.approx(0, abs=1e-8 * prior_sd**2)
    assert np.array_equal(fit.covariance, fit.covariance.T)
    assert fit.log_likelihood < 0
    assert fit.n_comparisons.sum() == 2 * len(judged.first)
    assert fit.n_wins.sum() == len(judged.first)
    assert (fit.position_effect_se > 0) is position


@MANY
@given(judged_sets(), SEEDS)
def test_the_order_of_the_rows_does_not_matter(judged: Judged, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(judged.first))
    shuffled = Judged(judged.n, judged.first[order], judged.second[order], judged.won[order])

    assert shuffled.fit().measures == pytest.approx(judged.fit().measures, abs=1e-6)
    assert shuffled.fit().covariance == pytest.approx(judged.fit().covariance, abs=1e-6)


@MANY
@given(judged_sets(), SEEDS)
def test_the_numbering_of_the_essays_does_not_matter(judged: Judged, seed: int) -> None:
    label = np.random.default_rng(seed).permutation(judged.n)
    relabelled = Judged(judged.n, label[judged.first], label[judged.second], judged.won)
    was, now = judged.fit(), relabelled.fit()

    assert now.measures[label] == pytest.approx(was.measures, abs=1e-6)
    assert now.standard_errors[label] == pytest.approx(was.standard_errors, abs=1e-6)
    assert now.position_effect == pytest.approx(was.position_effect, abs=1e-6)
    assert np.array_equal(now.n_wins[label], was.n_wins)


@MANY
@given(judged_sets())
def test_opposite_verdicts_give_opposite_measures(judged: Judged) -> None:
    was, now = judged.fit(), Judged(judged.n, judged.first, judged.second, ~judged.won).fit()

    assert now.measures == pytest.approx(-was.measures, abs=1e-6)
    assert now.position_effect == pytest.approx(-was.position_effect, abs=1e-5)
    assert now.standard_errors == pytest.approx(was.standard_errors, abs=1e-6)


@MANY
@given(judged_sets())
def test_telling_each_comparison_from_its_other_side_turns_only_the_position_effect(judged: Judged) -> None:
    was, now = judged.fit(), Judged(judged.n, judged.second, judged.first, ~judged.won).fit()

    assert now.measures == pytest.approx(was.measures, abs=1e-6)
    assert now.position_effect == pytest.approx(-was.position_effect, abs=1e-5)


@MANY
@given(judged_sets(), st.floats(0.5, 5))
def test_the_measures_agree_with_another_implementation(judged: Judged, prior_sd: float) -> None:
    data = [(a, b) if w else (b, a) for a, b, w in zip(judged.first, judged.second, judged.won, strict=True)]
    other = choix.opt_pairwise(judged.n, data, alpha=1 / (2 * prior_sd**2), tol=1e-12)
    mine = judged.fit(prior_sd=prior_sd, fit_position_effect=False)

    assert mine.measures == pytest.approx(other - other.mean(), abs=1e-6)


@MANY
@given(judged_sets(), SEEDS, st.booleans(), st.floats(0.5, 10))
def test_gradient_and_information_are_the_slopes_of_the_posterior(
    judged: Judged,
    seed: int,
    position: bool,  # noqa: FBT001 - drawn
    prior_sd: float,
) -> None:
    posterior = problem(judged, prior_sd, position=position)
    x = np.random.default_rng(seed).normal(0, 1.5, posterior.size)

    assert posterior.gradient(x) == pytest.approx(slopes(posterior.log_posterior, x), rel=1e-5, abs=1e-6)
    assert posterior.information(x) == pytest.approx(-slopes(posterior.gradient, x), rel=1e-5, abs=1e-6)


@MANY
@given(st.integers(1, 6), st.integers(1, 6), SEEDS)
@example(1, 1, 0)
def test_groups_that_never_met_have_no_common_scale(n_left: int, n_right: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    parts = [range(n_left), range(n_left, n_left + n_right)]
    pairs = [(a, b) for part in parts for a in part for b in part if a < b]
    first, second = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    judged = Judged(n_left + n_right, first, second, rng.random(len(pairs)) < 0.5)

    with pytest.raises(DisconnectedError, match=r"2 groups .* no common scale"):
        judged.fit()


@MANY
@given(st.integers(2, 10), st.integers(1, 4), st.booleans())
def test_an_essay_that_won_everything_is_on_top_at_a_finite_measure(n: int, times: int, position: bool) -> None:  # noqa: FBT001 - drawn
    pairs = [(a, b) for b in range(n) for a in range(n) if a != b] * times
    first, second = np.array(pairs, dtype=np.int64).T
    fit = Judged(n, first, second, first < second).fit(fit_position_effect=position)

    assert np.all(np.isfinite(fit.measures))
    assert np.all(np.diff(fit.measures) < 0)
    assert fit.n_wins[0] == fit.n_comparisons[0] == times * 2 * (n - 1)
    assert fit.position_effect == pytest.approx(0, abs=1e-6)


@MANY
@given(judged_sets(), SEEDS, st.floats(0.5, 0.99))
def test_an_interval_of_ranks_holds_the_own_rank(judged: Judged, seed: int, coverage: float) -> None:
    fit = judged.fit()
    low, high = rank_intervals(fit, np.random.default_rng(seed), coverage=coverage, n_draws=300)
    own = ranks(fit.measures)

    assert np.all((low >= 1) & (low <= own) & (own <= high) & (high <= judged.n))


@MANY
@given(st.lists(st.integers(-5, 5), min_size=1, max_size=20))
def test_a_rank_is_one_more_than_the_number_of_better_essays(measures: list[int]) -> None:
    expected = [1 + sum(other > mine for other in measures) for mine in measures]

    assert ranks(np.array(measures, dtype=float)).tolist() == expected


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    rng = np.random.default_rng(20260101)
    inside = []
    for _ in range(150):
        theta, judged = simulate(rng, n=24, m=144, sd=1.5)
        fit = judged.fit()
        inside.append(np.abs(fit.measures - theta) <= _Z95 * fit.standard_errors)
    coverage = float(np.mean(inside))

    assert 0.90 < coverage < 0.99


def test_intervals_of_ranks_hold_the_true_rank_as_often_as_they_say() -> None:
    rng = np.random.default_rng(20260102)
    inside = []
    for _ in range(60):
        theta, judged = simulate(rng, n=24, m=144, sd=1.5)
        low, high = rank_intervals(judged.fit(), rng, coverage=0.9)
        inside.append((low <= ranks(theta)) & (ranks(theta) <= high))

    assert 0.85 < float(np.mean(inside)) < 0.99


@pytest.mark.parametrize("gamma", [-0.8, 0.0, 0.5])
def test_a_position_effect_is_found_again(gamma: float) -> None:
    rng = np.random.default_rng(20260103)
    fits = [simulate(rng, n=24, m=276, sd=1.0, gamma=gamma)[1].fit() for _ in range(100)]
    found = np.array([fit.position_effect for fit in fits])
    errors = np.array([fit.position_effect_se for fit in fits])

    assert found.mean() == pytest.approx(gamma, abs=4 * errors.mean() / np.sqrt(len(fits)))
    assert found.std() == pytest.approx(errors.mean(), rel=0.4)
    assert np.mean(np.abs(found - gamma) < _Z95 * errors) > 0.85
