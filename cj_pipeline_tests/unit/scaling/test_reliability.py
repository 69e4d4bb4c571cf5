"""Reliability, separation and strata, on scales made by hand."""

import math

import numpy as np
import pytest

from cj_pipeline.errors import EstimationError
from cj_pipeline.scaling.reliability import model_reliability, separation, separation_ratio, strata
from cj_pipeline_tests.support.judged_classes import made_scale


def test_separation_takes_the_error_off_the_scatter() -> None:
    """Measures with variance 5/3 and errors of variance 1/3."""
    found = separation(np.array([-1.5, -0.5, 0.5, 1.5]), np.full(4, np.sqrt(1 / 3)))
    assert found.ssr == pytest.approx(0.8)
    assert (found.separation, found.strata) == pytest.approx((2, 3))


def test_errors_beyond_the_scatter_leave_nothing() -> None:
    """The SSR falls below 0, the separation is 0."""
    found = separation(np.array([-0.1, 0.1]), np.array([1.0, 1.0]))
    assert found.ssr < 0
    assert (found.separation, found.strata) == pytest.approx((0, 1 / 3))


def test_no_scatter_gives_no_ssr() -> None:
    """Nothing is divided by zero."""
    assert math.isnan(separation(np.zeros(3), np.ones(3)).ssr)
    assert math.isnan(separation(np.zeros(1), np.ones(1)).ssr)


@pytest.mark.parametrize(("reliability", "ratio"), [(0.8, 2), (0.9, 3), (0.5, 1), (0, 0), (-0.3, 0), (1, 0)])
def test_the_ratio_of_true_spread_and_error(reliability: float, ratio: float) -> None:
    """2 for 0.8, 3 for 0.9."""
    assert separation_ratio(reliability) == pytest.approx(ratio)


def test_strata_of_a_reliability_of_08() -> None:
    """Three levels."""
    assert strata(separation_ratio(0.8)) == pytest.approx(3)


def test_posterior_means_lack_what_is_unknown() -> None:
    """Variance of the means 1.25, mean posterior variance 0.3125."""
    fit = made_scale([-1.5, -0.5, 0.5, 1.5], standard_error=math.sqrt(0.3125))
    assert model_reliability(fit) == pytest.approx(0.8)


def test_an_estimated_spread_of_nothing_is_a_reliability_of_nothing() -> None:
    """Coin tosses often end here."""
    fit = made_scale([0, 0, 0], standard_error=0.0, prior_sd=0.0, prior_estimated=True)
    assert model_reliability(fit) == 0


def test_a_scale_without_a_prior_has_no_such_reliability() -> None:
    """The other formula is named."""
    with pytest.raises(EstimationError, match="scale separation reliability"):
        model_reliability(made_scale([-1, 1], prior_sd=0.0, prior_estimated=False))


def test_without_errors_there_is_no_reliability() -> None:
    """Errors that were not computed are not zero."""
    assert math.isnan(model_reliability(made_scale([-1, 1], standard_error=float("nan"))))
