"""Answers as the fitted model would give them, many sets at once, and what the model expects of them."""

import numpy as np
from scipy.special import expit

from cj_pipeline.scaling.arrays import Floats, Ints
from cj_pipeline.scaling.comparison_data import ComparisonData
from cj_pipeline.scaling.scale_fit import ScaleFit


def simulate_answers(fit: ScaleFit, data: ComparisonData, advantage: Floats, rng: np.random.Generator) -> Ints:
    """Draw an answer for every comparison: the number of cut points that the advantage plus logistic noise exceeds.

    Args:
        fit: The scale, for its cut points.
        data: The comparisons, for their response formats.
        advantage: Logit advantage of the first essay, shape (n_rows, n_sets).
        rng: Source of randomness.

    Returns:
        Categories, same shape.
    """
    heard = advantage + rng.logistic(size=advantage.shape)
    category = np.zeros(advantage.shape, dtype=np.int64)
    for kind, cuts in enumerate(fit.cut_points):
        rows = np.flatnonzero(data.response_format == kind)
        category[rows] = np.searchsorted(cuts, heard[rows])
    return category


def answer_moments(fit: ScaleFit, data: ComparisonData, advantage: Floats) -> tuple[Floats, Floats]:
    """Mean and variance of every answer as a share of a win, for many sets of measures at once.

    With q_k the probability of category k or higher: mean = sum q_k / (K - 1), and the mean square is
    sum (2 k - 1) q_k / (K - 1)^2, k from 1 to K - 1.

    Args:
        fit: The scale, for its cut points.
        data: The comparisons, for their response formats.
        advantage: Logit advantage of the first essay, shape (n_rows, n_sets).

    Returns:
        Mean, 0 to 1, and variance, both of that shape.
    """
    mean, square = np.zeros_like(advantage), np.zeros_like(advantage)
    for kind, cuts in enumerate(fit.cut_points):
        rows = np.flatnonzero(data.response_format == kind)
        top = len(cuts)
        for k, cut in enumerate(cuts, 1):
            q = expit(advantage[rows] - cut)
            mean[rows] += q / top
            square[rows] += (2 * k - 1) * q / top**2
    return mean, square - mean**2
