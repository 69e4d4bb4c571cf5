"""Everything about a scale in one call, on a class that is judged and fitted."""

import math

import numpy as np
import pytest

from cj_pipeline.scaling.comparison_data import comparison_data
from cj_pipeline.scaling.estimate import fit_scale
from cj_pipeline.scaling.fit_statistics import essay_misfit
from cj_pipeline.scaling.scale_fit import ScaleOptions
from cj_pipeline.scaling.scale_quality import N_SURPRISES, scale_quality
from cj_pipeline_tests.support.judged_classes import SIX, judged, made_scale


@pytest.mark.parametrize("cuts", [(0.0,), SIX])
def test_a_healthy_class_is_found_healthy(cuts: tuple[float, ...]) -> None:
    """Reliable by every figure, judges inside their bands, halves by judge as good as any."""
    truth = made_scale(np.random.default_rng(8).normal(0, 2, 30), cuts=[cuts], n_judges=3, position_effect=0.3)
    data = judged(truth, 24, seed=8, n_judges=3)
    fit = fit_scale(data)
    found = scale_quality(fit, data, np.random.default_rng(1))
    assert found.judge_bands.outside(found.judges).tolist() == [0, 0, 0]
    assert found.reliability > 0.8
    assert found.ssr.ssr > 0.7
    assert found.split_by_comparison is not None
    assert found.split_by_judge is not None
    assert found.split_by_comparison.spearman_brown == pytest.approx(found.split_by_judge.spearman_brown, abs=0.08)
    assert len(found.surprises.row) == N_SURPRISES
    assert len(found.with_scale) == 3
    assert found.triads.n_circular == pytest.approx(found.triads.by_scale, rel=0.5)
    assert np.array_equal(found.essays.infit, essay_misfit(fit, data).infit)


def test_a_scale_without_a_prior_or_without_errors_still_has_the_other_figures() -> None:
    """What does not exist is no number."""
    truth = made_scale(np.linspace(-1, 1, 10))
    data = judged(truth, 8, seed=3)
    found = scale_quality(fit_scale(data, ScaleOptions(prior_sd=0)), data, np.random.default_rng(1))
    assert math.isnan(found.reliability)
    assert found.ssr.ssr < 1
    assert found.split_by_judge is None


def test_two_essays_are_few_but_no_fault() -> None:
    """One pair, put four times."""
    data = comparison_data([0, 1, 0, 1], [1, 0, 1, 0], [1, 0, 1, 1], 2)
    found = scale_quality(fit_scale(data), data, np.random.default_rng(1))
    assert found.split_by_comparison is None
    assert found.triads.n_triads == 0
    assert found.flips.rate.n == 2
