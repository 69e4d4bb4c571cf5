"""What large scales are computed by, against what small ones are: the same figures, within what the modules promise."""

# ruff: noqa: D103 - the name of a test is its sentence

import numpy as np
import pytest

from cj_pipeline.errors import NotConvergedError
from cj_pipeline.scaling import determinant, steps
from cj_pipeline.scaling.arrays import Floats
from cj_pipeline.scaling.determinant import exact_log_determinant, probed_log_determinant, trace_probes
from cj_pipeline.scaling.elimination import eliminate
from cj_pipeline.scaling.estimate import fit_scale, information_of
from cj_pipeline.scaling.evidence import estimate_prior
from cj_pipeline.scaling.posterior import posterior
from cj_pipeline.scaling.probe_errors import TARGET_MONTE_CARLO, probe_errors
from cj_pipeline.scaling.scale_fit import ScaleOptions
from cj_pipeline.scaling.standard_errors import exact_errors
from cj_pipeline_tests.support.scales import BINARY, SIX, Simulated, chain_design, ring_design, simulated

FORTY_KNOWN: Floats = np.where(np.arange(1500) < 40, 0.3, np.nan)


def large(n: int, per_essay: int, seed: int, cuts: Floats = BINARY, sd: float = 1.5) -> Simulated:
    """Return comparisons of many essays, with a position effect."""
    rng = np.random.default_rng(seed)
    return simulated(ring_design(n, per_essay, rng), rng.normal(0, sd, n), rng, cuts=cuts, position=0.4)


def chain(n: int, reach: int, seed: int) -> Simulated:
    """Return comparisons of neighbours only."""
    rng = np.random.default_rng(seed)
    return simulated(chain_design(n, reach), rng.normal(0, 1, n), rng)


@pytest.mark.parametrize(
    ("made", "per_cent"),
    [(large(2000, 6, 1), 1.0), (large(2000, 20, 2, SIX), 1.0), (chain(1000, 3, 3), 1.0)],
    ids=["sparse", "six categories", "chain"],
)
def test_the_spread_estimated_with_probes_is_the_exact_one_within_a_per_cent(made: Simulated, per_cent: float) -> None:
    model = posterior(made.data, ScaleOptions())
    exact = estimate_prior(model, None).prior_sd
    probed = estimate_prior(model, trace_probes(made.data.n_essays, np.random.default_rng(7))).prior_sd

    assert probed == pytest.approx(exact, rel=per_cent / 100)


def test_the_spread_is_found_again() -> None:
    fit = fit_scale(large(2000, 20, 4, sd=1.5).data, ScaleOptions(errors="none"))

    assert fit.prior_sd == pytest.approx(1.5, rel=0.05)
    assert fit.position_effect == pytest.approx(0.4, abs=0.05)


def test_the_log_determinant_of_the_measures_and_what_is_left_is_that_of_the_whole() -> None:
    made, options = large(1000, 10, 5, SIX), ScaleOptions(prior_sd=1.5)
    info = information_of(made.data, options, fit_scale(made.data, options))
    probed = probed_log_determinant(info, np.random.default_rng(1).choice([-1.0, 1.0], (1000, 64)))

    assert probed + eliminate(info).log_determinant == pytest.approx(exact_log_determinant(info), abs=2.0)


def test_the_marginal_likelihood_is_the_same_by_either_way() -> None:
    made = large(600, 10, 6, SIX)
    exact = fit_scale(made.data, ScaleOptions(prior_sd=1.5)).log_marginal_likelihood
    probed = fit_scale(made.data, ScaleOptions(prior_sd=1.5, errors="probe")).log_marginal_likelihood

    assert probed == pytest.approx(exact, abs=1.0)


@pytest.mark.parametrize(
    ("made", "options"),
    [
        (large(2000, 6, 1), ScaleOptions(prior_sd=1.5)),
        (large(2000, 20, 2, SIX, sd=1.0), ScaleOptions(prior_sd=0)),
        (
            large(1500, 12, 8, SIX),
            ScaleOptions(prior_sd=1.5, fixed_measures=np.where(np.arange(1500) < 40, 0.3, np.nan)),
        ),
    ],
    ids=["sparse", "six categories without a prior", "fixed measures"],
)
def test_errors_by_probes_are_the_exact_ones_and_know_how_far_off_they_are(
    made: Simulated, options: ScaleOptions
) -> None:
    info = information_of(made.data, options, fit_scale(made.data, options))
    exact, probed = exact_errors(info), probe_errors(info, np.random.default_rng(9))
    free = exact.standard_errors > 0
    off = probed.standard_errors[free] / exact.standard_errors[free] - 1

    assert probed.monte_carlo <= TARGET_MONTE_CARLO
    assert np.sqrt(np.mean(off**2)) == pytest.approx(probed.monte_carlo, rel=0.25)
    assert abs(off.mean()) < 0.001
    assert np.abs(off).max() < 0.04
    assert probed.common == pytest.approx(exact.common, rel=1e-5)
    assert np.array_equal(probed.standard_errors[~free], exact.standard_errors[~free])


def test_few_probes_are_enough_where_every_essay_meets_many() -> None:
    made, options = large(4000, 40, 10), ScaleOptions(prior_sd=1.5)
    fit = fit_scale(made.data, options)

    assert fit.errors_method == "probe"
    assert fit.covariance is None
    assert fit.errors_monte_carlo < TARGET_MONTE_CARLO


@pytest.mark.parametrize("made", [large(500, 8, 11, SIX), chain(500, 2, 12)], ids=["wide", "chain"])
@pytest.mark.parametrize("prior_sd", [1.5, 30.0])
def test_conjugate_gradients_reach_the_point_that_cholesky_reaches(
    made: Simulated, prior_sd: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = ScaleOptions(prior_sd=prior_sd)
    gradients = fit_scale(made.data, options)
    monkeypatch.setattr(steps, "DENSE_UP_TO", 1000)
    cholesky = fit_scale(made.data, options)

    assert gradients.measures == pytest.approx(cholesky.measures, abs=1e-6)
    assert gradients.cut_points[0] == pytest.approx(cholesky.cut_points[0], abs=1e-6)


def test_the_same_comparisons_give_the_same_digits() -> None:
    data = large(3500, 10, 13).data
    one, other = fit_scale(data), fit_scale(data)

    assert one.prior_sd == other.prior_sd
    assert np.array_equal(one.standard_errors, other.standard_errors)


def test_equations_and_quadratures_that_do_not_settle_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    data = chain(600, 1, 14).data
    monkeypatch.setattr(determinant, "_MAX_PRODUCTS", 4)
    with pytest.raises(NotConvergedError, match="marginal likelihood did not settle"):
        fit_scale(data)
    monkeypatch.setattr(steps, "_MAX_PRODUCTS", 4)
    with pytest.raises(NotConvergedError, match="chain too long"):
        fit_scale(data, ScaleOptions(prior_sd=1.0))
