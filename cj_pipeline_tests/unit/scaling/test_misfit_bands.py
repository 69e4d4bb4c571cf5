"""Null bands: quick looks at what they cover. What they cover over many classes is measured in `properties`."""

from dataclasses import replace

import numpy as np
import pytest

from cj_pipeline.scaling import misfit_bands as module
from cj_pipeline.scaling.fit_statistics import Misfit, essay_misfit, judge_misfit
from cj_pipeline.scaling.misfit_bands import Bands, misfit_bands, number_of_simulations
from cj_pipeline.scaling.scale_fit import ScaleFit
from cj_pipeline_tests.support.judged_classes import SIX, fitted, judged, made_scale


@pytest.mark.parametrize(("n_rows", "n"), [(120, 399), (20_000, 399), (40_000, 199), (200_000, 79), (10**7, 79)])
def test_fewer_sets_are_simulated_where_there_are_many_rows(n_rows: int, n: int) -> None:
    """One more than the number always divides by 40, so that 95 % lie between order statistics."""
    assert number_of_simulations(n_rows) == n
    assert (n + 1) % 40 == 0


def test_an_essay_is_outside_above_before_below() -> None:
    """Above in one figure outweighs below in the other; without figures nothing is said."""
    one = np.ones(5)
    bands = Bands(0.5 * one, 1.5 * one, 0.4 * one, 2 * one, 0.95, 399, 0.0, 0.0)
    found = Misfit(np.array([1, 1.6, 0.4, 0.4, np.nan]), np.array([1, 1, 1, 3, np.nan]))
    assert bands.outside(found).tolist() == [0, 1, -1, 1, 0]


def a_class(seed: int, n: int = 24, *, six: bool = False) -> ScaleFit:
    """The truth about a class whose measures have a spread of two logits, judged by three."""
    measures = np.random.default_rng(seed).normal(0, 2, n)
    return made_scale(measures - measures.mean(), cuts=[SIX if six else (0.0,)], n_judges=3, position_effect=0.3)


def test_the_same_generator_gives_the_same_bands() -> None:
    """Nothing else is random."""
    truth = a_class(1)
    data = judged(truth, 10, seed=1, n_judges=3)
    one, other = (misfit_bands(fitted(truth, data), data, np.random.default_rng(7))[0] for _ in range(2))
    assert np.array_equal(one.infit_high, other.infit_high)
    assert (one.n_simulations, one.coverage) == pytest.approx((399, 0.95))


@pytest.mark.parametrize("six", [False, True])
def test_healthy_classes_lie_inside_and_below_one(six: bool) -> None:  # noqa: FBT001 - a parameter
    """Fitting draws mean squares below 1, and the bands know it; a rule of 0.7 to 1.3 would not."""
    infit, low, high, outside, by_chance = [], [], [], 0, 0.0
    for seed in range(12):
        truth = a_class(seed, six=six)
        data = judged(truth, 10, seed, n_judges=3)
        fit = fitted(truth, data)
        bands, _ = misfit_bands(fit, data, np.random.default_rng(seed), n_simulations=119)
        found = essay_misfit(fit, data)
        infit.append(found.infit.mean())
        low.append(bands.infit_low.mean())
        high.append(bands.infit_high.mean())
        outside += int(np.count_nonzero(bands.outside(found)))
        by_chance += bands.chance_above + bands.chance_below
    assert np.mean(low) < np.mean(infit) < 0.9
    assert np.mean(high) > 1.2
    assert outside / (12 * 24) < 0.12
    assert by_chance / (12 * 24) == pytest.approx(0.075, abs=0.03)


def test_a_judge_who_tosses_coins_is_above_the_band_and_the_others_are_not() -> None:
    """One of three judges answers at random."""
    truth = a_class(5)
    minds = np.stack([truth.measures, truth.measures, np.zeros(24)])
    data = judged(truth, 20, seed=5, n_judges=3, measures_of_judge=minds)
    fit = fitted(truth, data)
    _, bands = misfit_bands(fit, data, np.random.default_rng(1))
    outside = bands.outside(judge_misfit(fit, data)).tolist()
    assert outside[2] == 1
    assert 1 not in outside[:2]
    assert bands.coverage == pytest.approx(0.99)


def test_without_a_prior_answers_are_simulated_at_the_estimates() -> None:
    """A scale by maximum likelihood has bands too."""
    truth = a_class(2)
    data = judged(truth, 14, seed=2, n_judges=3)
    bands, _ = misfit_bands(made_scale(truth.measures, n_judges=3, prior_sd=0.0), data, np.random.default_rng(1))
    assert np.all(bands.infit_low < bands.infit_high)


def test_sets_are_simulated_some_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory is bounded; essays without comparisons have no band."""
    truth = made_scale(np.append(a_class(3).measures, 0.0), n_judges=1)
    data = judged(made_scale(truth.measures[:-1]), 10, seed=3)
    data = replace(data, n_essays=25)
    monkeypatch.setattr(module, "_CELLS_AT_ONCE", 500)
    bands, judges = misfit_bands(truth, data, np.random.default_rng(1), n_simulations=39)
    assert bands.n_simulations == 39
    assert np.isnan(bands.infit_high).tolist() == [False] * 24 + [True]
    assert judges.coverage == pytest.approx(0.95)
