"""The probability of every answer: ordered categories with symmetric cut points.

With d the logit advantage of the first essay (`scale_fit.advantages`) and cut points c_0 < ... < c_(K-2),
P(answer <= k) = 1 / (1 + exp(-(c_k - d))). The cut points are symmetric, c_(K-2-k) = -c_k, so that swapping the
essays mirrors the answer. With two categories the only cut point is 0, and the model is Bradley-Terry's.

References:
    Agresti (1992), "Analysis of ordinal paired comparison data", Applied Statistics 41, 287-297,
    https://doi.org/10.2307/2347562. McCullagh (1980), JRSS B 42, 109-142 (cumulative logits).
"""

import numpy as np
from scipy.special import expit

from cj_pipeline.scaling.arrays import Floats


def category_probabilities(advantage: Floats, cuts: Floats) -> Floats:
    """Probability of every category.

    Args:
        advantage: Logit advantage d of the first essay, shape (n_rows,).
        cuts: Cut points, ascending and symmetric, shape (K - 1,).

    Returns:
        Shape (n_rows, K), rows sum to 1.
    """
    below = expit(cuts[None, :] - advantage[:, None])
    above = expit(advantage[:, None] - cuts[None, :])
    # Differences of the smaller tail on either side keep small probabilities exact.
    lower = np.diff(below, axis=1, prepend=0.0)
    upper = -np.diff(above, axis=1, append=0.0)
    inner = np.where(cuts[None, 1:] < advantage[:, None], lower[:, 1:], upper[:, :-1])
    return np.concatenate([below[:, :1], inner, above[:, -1:]], axis=1)
