"""How two scales of the same essays differ, beyond what their errors explain.

Both scales are put on a common footing first: their origins are set to the mean of the common essays, and the second is
stretched to the spread of the first, because judges who are surer of themselves spread the same essays further. Where
nothing changed, the difference of two independent estimates over the root of their summed error variances is about
standard normal. Measures are drawn towards the mean by their prior, so that their errors are rather larger than how far
two of them differ by chance: fewer than 5 % of unchanged essays seem changed.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import stats

from cj_pipeline.scaling.arrays import Floats, Ints
from cj_pipeline.scaling.proportions import Z95
from cj_pipeline.scaling.ranks import ranks

_FEWEST: Final = 3


@dataclass(frozen=True, slots=True)
class ScaleDifference:
    """What changed from one scale to another, essay by essay.

    Attributes:
        ranks: Rank of every common essay on either scale, shape (2, n).
        change: Change of its measure, logits of the first scale, shape (n,).
        change_error: Standard error of the change, same shape; the two scales are taken as independent
            (decisions that both rest on make it too large, so that fewer changes are found).
        beyond_error: Whether the change is larger than 1.96 errors, same shape.
        stretch: What measures of the second scale were multiplied by.
        spearman: Correlation of the ranks; NaN where one scale does not vary.
        kendall: Kendall's tau-b of the measures; NaN likewise.
        expected_beyond: How many changes beyond error chance alone gives, at most about: 5 % of the essays.
    """

    ranks: Ints
    change: Floats
    change_error: Floats
    beyond_error: "np.ndarray[tuple[int], np.dtype[np.bool_]]"
    stretch: float
    spearman: float
    kendall: float
    expected_beyond: float


def scale_difference(one: Floats, one_errors: Floats, other: Floats, other_errors: Floats) -> ScaleDifference:
    """Compare two scales of the same essays.

    Args:
        one: Measures on the first scale, logits, shape (n,).
        one_errors: Their standard errors.
        other: Measures of the same essays on the second scale.
        other_errors: Their standard errors.

    Raises:
        ValueError: There are fewer than three common essays.
    """
    n = len(one)
    if n < _FEWEST:
        raise ValueError("at least three common essays are needed")
    spread_one, spread_other = float(one.std(ddof=1)), float(other.std(ddof=1))
    stretch = spread_one / spread_other if spread_one > 0 and spread_other > 0 else 1.0
    change = stretch * (other - other.mean()) - (one - one.mean())
    error = np.sqrt(one_errors**2 + (stretch * other_errors) ** 2)
    varies = spread_one > 0 and spread_other > 0
    return ScaleDifference(
        ranks=np.stack([ranks(one), ranks(other)]),
        change=change,
        change_error=error,
        beyond_error=np.abs(change) > Z95 * error,
        stretch=stretch,
        spearman=float(stats.spearmanr(one, other).statistic) if varies else float("nan"),
        kendall=float(stats.kendalltau(one, other).statistic) if varies else float("nan"),
        expected_beyond=0.05 * n,
    )
