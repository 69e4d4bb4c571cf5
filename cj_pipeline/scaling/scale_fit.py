"""What a fitted scale is: options in, measures with their errors out.

The model: an answer's logit advantage is d = a_j (theta_first - theta_second) + gamma + gamma_j, with the measures
theta ~ N(0, prior_sd^2), the position effect gamma, and for every judge j a position effect gamma_j of its own and a
discrimination a_j, where asked for; `ordinal` turns d into the probability of every category.
"""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from cj_pipeline.scaling.arrays import Floats
from cj_pipeline.scaling.comparison_data import ComparisonData
from cj_pipeline.scaling.ordinal import category_probabilities

JudgeEffects = Literal["none", "position", "discrimination", "both"]
ErrorsMethod = Literal["auto", "exact", "probe", "none"]


@dataclass(frozen=True, slots=True)
class ScaleOptions:
    """How a scale is fitted.

    Attributes:
        prior_sd: Standard deviation of the Gaussian prior on the measures, logits; None: estimated by marginal
            likelihood; 0: no prior (maximum likelihood, refused where it does not exist).
        position_effect: Whether the advantage of being shown first is fitted.
        judge_effects: What is fitted for every judge.
        fixed_measures: Measures that are known, shape (n_essays,), NaN where free; None: all free. With fixed
            measures the origin is theirs, not the mean.
        errors: How standard errors are computed; "auto": exactly up to `exact_up_to` essays, by probes above.
        exact_up_to: Most essays for which "auto" inverts the whole information matrix.
    """

    prior_sd: float | None = None
    position_effect: bool = True
    judge_effects: JudgeEffects = "none"
    fixed_measures: Floats | None = None
    errors: ErrorsMethod = "auto"
    exact_up_to: int = 3000


@dataclass(frozen=True, slots=True)
class ScaleFit:
    """A fitted scale, always with its certificate.

    Attributes:
        measures: Places on the scale, logits, shape (n_essays,), mean zero unless measures were fixed.
        standard_errors: Standard error of every measure in that gauge, logits, shape (n_essays,); NaN where not asked.
        covariance: Covariance of the measures in that gauge, shape (n_essays, n_essays); None where it was too large.
        diagonal_errors: 1 / sqrt(diagonal information) of the likelihood alone, logits, shape (n_essays,): what No
            More Marking and sirt print. They leave out what is unknown about the opponents.
        position_effect: Advantage of being shown first, logits; 0 where it was not fitted.
        position_effect_se: Its standard error, logits; 0 where it was not fitted.
        cut_points: Fitted cut points of every response format, ascending and symmetric, K - 1 each.
        judge_position: Position effect of every judge beside the common one, logits, shape (n_judges,); zeros where
            not fitted.
        judge_position_se: Standard errors, same shape; zeros where not fitted.
        judge_discrimination: Discrimination of every judge, geometric mean 1, shape (n_judges,); ones where not fitted.
        judge_discrimination_se: Standard errors of the discriminations' natural logarithms, same shape; zeros where
            not fitted.
        prior_sd: Standard deviation of the prior that was used, logits; 0 for none.
        prior_estimated: Whether it was estimated by marginal likelihood.
        log_likelihood: Weighted log-likelihood at the estimate, natural log.
        log_marginal_likelihood: Laplace approximation of the marginal likelihood, natural log; NaN without a prior.
        scaled_gradient: Largest gradient component per comparison behind it: the certificate of convergence.
        n_steps: Newton steps taken by the last fit.
        errors_method: How the standard errors were computed: "exact", "probe" or "none".
        errors_monte_carlo: Relative Monte-Carlo error (root mean square) of probe errors; 0 where exact.
        n_comparisons: Weighted comparisons per essay, shape (n_essays,).
        n_wins: Weighted wins per essay, ties counting half, shape (n_essays,).
    """

    measures: Floats
    standard_errors: Floats
    covariance: Floats | None
    diagonal_errors: Floats
    position_effect: float
    position_effect_se: float
    cut_points: tuple[Floats, ...]
    judge_position: Floats
    judge_position_se: Floats
    judge_discrimination: Floats
    judge_discrimination_se: Floats
    prior_sd: float
    prior_estimated: bool
    log_likelihood: float
    log_marginal_likelihood: float
    scaled_gradient: float
    n_steps: int
    errors_method: Literal["exact", "probe", "none"]
    errors_monte_carlo: float
    n_comparisons: Floats
    n_wins: Floats


@dataclass(frozen=True, slots=True)
class Expected:
    """What the fitted model expects of every answer.

    Attributes:
        score: Expected share of a win for the first essay, 0 to 1, shape (n_rows,).
        variance: Variance of that share, shape (n_rows,).
        first_wins: Probability that the first essay is preferred, ties counting half, shape (n_rows,).
    """

    score: Floats
    variance: Floats
    first_wins: Floats = field(repr=False)


def advantages(fit: ScaleFit, data: ComparisonData) -> Floats:
    """Logit advantage d of the first essay in every row, shape (n_rows,)."""
    distance = fit.measures[data.first] - fit.measures[data.second]
    own = fit.judge_discrimination[data.judge] * distance + fit.judge_position[data.judge]
    return np.asarray(own + fit.position_effect, dtype=np.float64)


def expected_answers(fit: ScaleFit, data: ComparisonData) -> Expected:
    """Mean and variance of every answer under the fitted model, as shares of a win for the first essay."""
    d = advantages(fit, data)
    score, variance, wins = np.empty(len(d)), np.empty(len(d)), np.empty(len(d))
    for i, cuts in enumerate(fit.cut_points):
        rows = np.flatnonzero(data.response_format == i)
        p = category_probabilities(d[rows], cuts)
        share = np.linspace(0.0, 1.0, len(cuts) + 1)
        score[rows] = p @ share
        variance[rows] = p @ share**2 - score[rows] ** 2
        wins[rows] = p @ np.where(share > 0.5, 1.0, np.where(share < 0.5, 0.0, 0.5))  # noqa: PLR2004 (half: a tie)
    return Expected(score, variance, wins)
