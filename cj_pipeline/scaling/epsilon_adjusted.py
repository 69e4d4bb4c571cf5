"""Measures as No More Marking and the R package sirt estimate them, so that published studies can be reproduced.

There is no prior. An essay's score S out of M comparisons is moved away from the ends, S' = e + (M - 2 e) S / M with
e = 0.3, and the measures are sought at which the expected scores E_i = sum of p meet the adjusted ones. Where essays
were compared differently often they cannot meet exactly: the adjusted scores no longer add up to the number of
comparisons. The established programs let every essay take its Newton step by itself and then centre the measures, so
they end where all steps have become equal: (S'_i - E_i) / I_i = c, with I_i the sum of p (1 - p) over the essay's
comparisons. That point is computed here, by Newton steps on all measures at once and with a certificate.

This is for reproducing figures, not for new scales: the errors leave out what is unknown about the opponents, and the
spread depends on the number of comparisons (`scale_fit` says what a scale of this project is).

References:
    Bertoli-Barsotti, Lando and Punzo (2014), Estimating a Rasch model via fuzzy empirical probability functions (the
    adjustment). Robitzsch, sirt: Supplementary Item Response Theory Models, function btm,
    https://doi.org/10.32614/CRAN.package.sirt. Kinnear, Jones and Davies (2025), https://doi.org/10.31219/osf.io/c9q3b_v1
    (data and sirt's estimates of 101 sessions). That the point of equal steps is meant was found from these estimates:
    docs/estimation.md shows how closely it meets them.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import cg
from scipy.special import expit

from cj_pipeline.errors import EstimationError, NotConvergedError
from cj_pipeline.scaling.arrays import Floats, sum_by
from cj_pipeline.scaling.comparison_data import ComparisonData
from cj_pipeline.scaling.existence import require_one_group

EPSILON: Final = 0.3
"""How far a score is moved away from 0 and from the number of comparisons, in both established programs."""

TOLERANCE: Final = 1e-9
"""Largest difference between an essay's step and the common one that counts as none, in wins per comparison."""

_MAX_STEPS: Final = 60
_MAX_HALVINGS: Final = 30
_MAX_STEP_LOGITS: Final = 3.0
_CG_TOLERANCE: Final = 1e-6


@dataclass(frozen=True, slots=True)
class EpsilonFit:
    """A scale in the established programs' sense.

    Attributes:
        measures: Places on the scale, logits, mean zero, shape (n_essays,).
        standard_errors: 1 / sqrt(I_i), logits, same shape.
        outfit: Mean squared standardised residual over every essay's comparisons, same shape; 1 is expected.
        infit: Sum of squared residuals over the sum of variances, same shape; 1 is expected.
        adjusted_scores: S', wins, same shape.
        n_comparisons: Weighted comparisons M per essay, same shape.
        n_wins: Weighted wins S per essay, ties counting half, same shape.
        common_step: c, the step that all essays share at the end, logits; 0 where all were compared equally often.
        scaled_gradient: Largest departure from it, wins per comparison: the certificate, at most `TOLERANCE`.
        n_steps: Newton steps taken.
    """

    measures: Floats
    standard_errors: Floats
    outfit: Floats
    infit: Floats
    adjusted_scores: Floats
    n_comparisons: Floats
    n_wins: Floats
    common_step: float
    scaled_gradient: float
    n_steps: int


@dataclass(frozen=True, slots=True)
class _State:
    """Where the search is: measures, curvature of every row, what is left to mend, and the certificate."""

    measures: Floats
    curvature: Floats
    information: Floats
    residual: Floats
    common_step: float
    worst: float


def fit_epsilon_adjusted(data: ComparisonData, *, epsilon: float = EPSILON) -> EpsilonFit:
    """Fit measures to adjusted scores.

    Args:
        data: Comparisons; an answer counts as its share of a win for the first essay, so a tie is half a win each.
            Judges and the order in which essays were shown play no part.
        epsilon: How far scores are moved away from the ends, wins, above 0 and below 0.5.

    Raises:
        DisconnectedError: Groups of essays were never compared with each other.
        EstimationError: `epsilon` is out of range.
        NotConvergedError: No measures give the adjusted scores, or they were not found.
    """
    if not 0 < epsilon < 0.5:  # noqa: PLR2004 (at a half every score would become a half)
        raise EstimationError(f"epsilon is {epsilon}; give a number above 0 and below 0.5.")
    require_one_group(data)
    comparisons, wins = _per_essay(data, data.weight, data.weight), _wins(data)
    adjusted = epsilon + (comparisons - 2 * epsilon) * wins / comparisons
    state, n_steps = _newton(data, adjusted, comparisons)
    outfit, infit = _misfit(data, state)
    return EpsilonFit(
        measures=state.measures,
        standard_errors=1 / np.sqrt(state.information),
        outfit=outfit,
        infit=infit,
        adjusted_scores=adjusted,
        n_comparisons=comparisons,
        n_wins=wins,
        common_step=state.common_step,
        scaled_gradient=state.worst,
        n_steps=n_steps,
    )


def judge_misfit(fit: EpsilonFit, data: ComparisonData) -> tuple[Floats, Floats]:
    """Outfit and infit of every judge under the fitted measures, each of shape (n_judges,); NaN without a comparison.

    Outfit is the mean squared standardised residual, infit the sum of squared residuals over the sum of variances.
    No More Marking looks at a judge's infit; with few essays per judge it strays far from 1 by chance.
    """
    p = expit(fit.measures[data.first] - fit.measures[data.second])
    squared, variance = (data.share - p) ** 2, p * (1 - p)
    sums = [
        sum_by(data.judge, data.weight * values, data.n_judges)
        for values in (squared / variance, np.ones(len(data)), squared, variance)
    ]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(sums[0] / sums[1]), np.asarray(sums[2] / sums[3])


def scale_separation_reliability(measures: Floats, standard_errors: Floats) -> float:
    """SSR = 1 - mean(SE^2) / var(theta), the variance with n - 1: at most 1, below 0 where errors exceed the spread.

    Where pairing followed earlier answers it is too high, even on coin tosses.
    """
    return float(1 - np.mean(standard_errors**2) / np.var(measures, ddof=1))


def separation_index(measures: Floats, standard_errors: Floats) -> float:
    """G as sirt prints it: standard deviation (n - 1) of the measures over their root mean square error, 0 or more.

    Others call G what is left of the spread without error, sqrt(SSR / (1 - SSR)); this one is 1 / sqrt(1 - SSR).
    """
    return float(np.std(measures, ddof=1) / np.sqrt(np.mean(standard_errors**2)))


def _per_essay(data: ComparisonData, of_first: Floats, of_second: Floats) -> Floats:
    """Sum of one value per row for the first essay and one for the second, shape (n_essays,)."""
    return sum_by(data.first, of_first, data.n_essays) + sum_by(data.second, of_second, data.n_essays)


def _wins(data: ComparisonData) -> Floats:
    return _per_essay(data, data.weight * data.share, data.weight * (1 - data.share))


def _newton(data: ComparisonData, adjusted: Floats, comparisons: Floats) -> tuple[_State, int]:
    state = _state(data, adjusted, comparisons, np.zeros(data.n_essays))
    for step in range(_MAX_STEPS):
        if state.worst <= TOLERANCE:
            return state, step
        better = _better(data, adjusted, comparisons, state, _direction(data, state))
        if better is None:
            break
        state = better
    raise NotConvergedError(
        f"no measures were found that give the adjusted scores (still {state.worst:.1e} wins per comparison away). "
        "Probably very few comparisons hold two groups of essays together: add comparisons between them, or fit "
        "with a prior instead."
    )


def _state(data: ComparisonData, adjusted: Floats, comparisons: Floats, measures: Floats) -> _State:
    p = expit(measures[data.first] - measures[data.second])
    expected = _per_essay(data, data.weight * p, data.weight * (1 - p))
    curvature = data.weight * p * (1 - p)
    information = _per_essay(data, curvature, curvature)
    common = float((adjusted - expected).sum() / information.sum())
    residual = adjusted - expected - common * information
    return _State(measures, curvature, information, residual, common, float(np.max(np.abs(residual) / comparisons)))


def _direction(data: ComparisonData, state: _State) -> Floats:
    """Newton step, mean zero: the information matrix is a graph Laplacian, solved on what it does not annul."""
    i, j, n = data.first, data.second, data.n_essays
    off = sparse.coo_array((state.curvature, (i, j)), shape=(n, n)).tocsr()
    laplacian = sparse.diags_array(state.information) - off - off.T
    jacobi = sparse.diags_array(1 / state.information)
    step, _ = cg(laplacian, state.residual, rtol=_CG_TOLERANCE, M=jacobi)
    step = np.asarray(step - step.mean(), dtype=np.float64)
    return step * min(1.0, _MAX_STEP_LOGITS / float(np.max(np.abs(step))))


def _better(data: ComparisonData, adjusted: Floats, comparisons: Floats, state: _State, step: Floats) -> _State | None:
    """The step, halved until less is left to mend (far from the end a whole step can overshoot), or None."""
    before = float(state.residual @ state.residual)
    for _ in range(_MAX_HALVINGS):
        new = _state(data, adjusted, comparisons, state.measures + step)
        if float(new.residual @ new.residual) < before:
            return new
        step = step / 2
    return None


def _misfit(data: ComparisonData, state: _State) -> tuple[Floats, Floats]:
    p = expit(state.measures[data.first] - state.measures[data.second])
    squared = data.weight * (data.share - p) ** 2
    standardised = squared / (p * (1 - p))
    comparisons = _per_essay(data, data.weight, data.weight)
    outfit = _per_essay(data, standardised, standardised) / comparisons
    return outfit, _per_essay(data, squared, squared) / state.information
