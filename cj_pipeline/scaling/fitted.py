"""From the top of the log-posterior to a fitted scale as others see it."""

from dataclasses import dataclass

import numpy as np

from cj_pipeline.scaling.arrays import Floats, sum_by
from cj_pipeline.scaling.comparison_data import ComparisonData
from cj_pipeline.scaling.newton import Summit
from cj_pipeline.scaling.posterior import Posterior
from cj_pipeline.scaling.scale_fit import ScaleFit
from cj_pipeline.scaling.standard_errors import Errors

_TIE = 0.5


@dataclass(frozen=True, slots=True)
class Fitted:
    """What was found.

    Attributes:
        summit: Top of the log-posterior.
        prior_sd: Standard deviation of the prior, logits; 0 for none.
        prior_estimated: Whether it was estimated.
        log_marginal_likelihood: Natural log; NaN without a prior.
    """

    summit: Summit
    prior_sd: float
    prior_estimated: bool
    log_marginal_likelihood: float


@dataclass(frozen=True, slots=True)
class _Common:
    """Position effects and discriminations with their errors, as `ScaleFit` has them."""

    position: float
    position_se: float
    judge_position: Floats
    judge_position_se: Floats
    judge_discrimination: Floats
    judge_discrimination_se: Floats


def scale_fit(data: ComparisonData, found: Fitted, errors: Errors) -> ScaleFit:
    """Put together what is known of a scale."""
    summit, model = found.summit, found.summit.info.posterior
    n, common = data.n_essays, _common(summit, errors, data.n_judges)
    information = summit.info.likelihood_diagonal
    return ScaleFit(
        measures=summit.at.x[:n] - (summit.at.x[:n].mean() if model.free is None else 0.0),
        standard_errors=errors.standard_errors,
        covariance=errors.covariance,
        diagonal_errors=np.divide(1.0, np.sqrt(information), out=np.full(n, np.inf), where=information > 0),
        position_effect=common.position,
        position_effect_se=common.position_se,
        cut_points=model.cuts.of_formats(summit.at.x[n:][model.layout.widths]),
        judge_position=common.judge_position,
        judge_position_se=common.judge_position_se,
        judge_discrimination=common.judge_discrimination,
        judge_discrimination_se=common.judge_discrimination_se,
        prior_sd=found.prior_sd,
        prior_estimated=found.prior_estimated,
        log_likelihood=summit.at.terms.log_likelihood,
        log_marginal_likelihood=found.log_marginal_likelihood,
        scaled_gradient=summit.scaled_gradient,
        n_steps=summit.n_steps,
        errors_method=errors.method,
        errors_monte_carlo=errors.monte_carlo,
        n_comparisons=model.n_comparisons,
        n_wins=_wins(model),
    )


def _common(summit: Summit, errors: Errors, n_judges: int) -> _Common:
    model = summit.info.posterior
    layout, common = model.layout, model.common
    shared, covariance = summit.at.x[layout.n_essays :], errors.common
    position, among = shared[layout.position], covariance[layout.position, layout.position]
    has = int(common.with_common_position)
    own, own_se = _effects(common.position[:, has:], position[has:], among[has:, has:])
    log_discrimination, log_se = _effects(
        common.discrimination, shared[layout.discrimination], covariance[layout.discrimination, layout.discrimination]
    )
    per_judge = len(own) == n_judges
    return _Common(
        position=float(position[0]) if has else 0.0,
        position_se=float(np.sqrt(among[0, 0])) if has else 0.0,
        judge_position=own if per_judge else np.zeros(n_judges),
        judge_position_se=own_se if per_judge else np.zeros(n_judges),
        judge_discrimination=np.exp(log_discrimination),
        judge_discrimination_se=log_se,
    )


def _effects(matrix: Floats, free: Floats, covariance: Floats) -> tuple[Floats, Floats]:
    """Effects of all groups from free numbers, and their standard errors."""
    variance = np.einsum("ij,jk,ik->i", matrix, covariance, matrix)
    return np.asarray(matrix @ free, dtype=np.float64), np.sqrt(variance)


def _wins(model: Posterior) -> Floats:
    """Weighted wins of every essay, ties counting half."""
    share = np.concatenate([np.linspace(0.0, 1.0, k) for k in model.cuts.n_categories])
    won = np.where(share > _TIE, 1.0, np.where(share < _TIE, 0.0, _TIE))[model.code] * model.weight
    n = model.layout.n_essays
    return sum_by(model.first, won, n) + sum_by(model.second, model.weight - won, n)
