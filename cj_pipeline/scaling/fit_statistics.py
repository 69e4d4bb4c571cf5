"""How well answers fit the scale: infit and outfit of essays and judges, and the most surprising comparisons.

With x an answer as a share of a win, E and V its mean and variance under the fitted model (`expected_answers`) and
weights w: outfit = sum w (x - E)^2 / V / sum w; infit = sum w (x - E)^2 / sum w V. For two categories these are the
usual mean squares. Both lie near 1 where answers are as uncertain as the model says, above where they contradict it,
and below where they are more predictable. How near is a matter of chance and of having fitted the measures to the same
answers: `misfit_bands` says.

References:
    Wright and Masters (1982), "Rating Scale Analysis", chapter 5. Pollitt (2012), "Comparative judgement for
    assessment", https://doi.org/10.1007/s10798-011-9189-x (judges and scripts that misfit).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from cj_pipeline.scaling.arrays import Floats, Ints
from cj_pipeline.scaling.comparison_data import ComparisonData
from cj_pipeline.scaling.incidence import Incidence, rows_by_essay, rows_by_judge
from cj_pipeline.scaling.scale_fit import ScaleFit, advantages, expected_answers

LEAST_VARIANCE = 1e-12
"""Variances below count as this, so that an answer that was certain and came does not divide zero by zero."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """Mean squares of essays or of judges.

    Attributes:
        infit: Weighted by information, shape (n,) or (n, n_sets); NaN where there is no comparison.
        outfit: Unweighted, and so moved by single surprises, same shape.
    """

    infit: Floats
    outfit: Floats


def mean_squares(members: Incidence, residual: Floats, variance: Floats, weight: Floats) -> Misfit:
    """Infit and outfit of every group of rows.

    Args:
        members: 1 where a row belongs to a group, shape (n_groups, n_rows).
        residual: Answer less expectation, as shares of a win, shape (n_rows,) or (n_rows, n_sets).
        variance: Variance of the answer, same shape.
        weight: Weight of every row, shape (n_rows,).
    """
    w = weight if residual.ndim == 1 else weight[:, None]
    v = np.maximum(variance, LEAST_VARIANCE)
    squares = residual**2
    count = members @ weight if residual.ndim == 1 else (members @ weight)[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        infit = (members @ (w * squares)) / (members @ (w * v))
        outfit = (members @ (w * (squares / v))) / count
    return Misfit(infit, outfit)


def essay_misfit(fit: ScaleFit, data: ComparisonData) -> Misfit:
    """Infit and outfit of every essay, shape (n_essays,)."""
    expected = expected_answers(fit, data)
    return mean_squares(rows_by_essay(data), data.share - expected.score, expected.variance, data.weight)


def judge_misfit(fit: ScaleFit, data: ComparisonData) -> Misfit:
    """Infit and outfit of every judge, shape (n_judges,)."""
    expected = expected_answers(fit, data)
    return mean_squares(rows_by_judge(data), data.share - expected.score, expected.variance, data.weight)


@dataclass(frozen=True, slots=True)
class Surprises:
    """Comparisons whose answer the scale did not expect, most surprising first.

    Attributes:
        row: Index of the comparison, shape (n,).
        residual: Standardised residual (x - E) / sqrt(V), same shape; positive where the first essay did better.
        chance: Probability under the scale of this answer or one further in its direction, same shape; for plain
            winners the probability of the answer.
        first_wins: Probability under the scale that the first essay is preferred, ties counting half, same shape.
    """

    row: Ints
    residual: Floats
    chance: Floats
    first_wins: Floats


def surprises(fit: ScaleFit, data: ComparisonData, n_most: int = 10) -> Surprises:
    """The comparisons with the largest standardised residuals.

    Args:
        fit: A fitted scale.
        data: The comparisons.
        n_most: Most comparisons to name.
    """
    expected = expected_answers(fit, data)
    z = (data.share - expected.score) / np.sqrt(np.maximum(expected.variance, LEAST_VARIANCE))
    order = np.argsort(-np.abs(z), kind="stable")[:n_most].astype(np.int64)
    return Surprises(order, z[order], _chances(fit, data.rows(order), z[order]), expected.first_wins[order])


def _chances(fit: ScaleFit, data: ComparisonData, z: Floats) -> Floats:
    """Tail probability of every answer, on the side of the scale on which it surprises."""
    chance, d = np.empty(len(data)), advantages(fit, data)
    for kind, cuts in enumerate(fit.cut_points):
        rows = np.flatnonzero(data.response_format == kind)
        above = np.concatenate([np.ones((len(rows), 1)), expit(d[rows, None] - cuts)], axis=1)
        own = data.category[rows]
        at_least = np.take_along_axis(above, own[:, None], axis=1)[:, 0]
        beyond = np.take_along_axis(np.pad(above, ((0, 0), (0, 1))), own[:, None] + 1, axis=1)[:, 0]
        chance[rows] = np.where(z[rows] > 0, at_least, 1 - beyond)
    return chance
