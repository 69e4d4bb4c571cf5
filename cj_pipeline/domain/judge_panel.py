"""Which judge is asked which comparison, by the judges' shares."""

from collections.abc import Sequence

import numpy as np


def deal_judges(shares: Sequence[float], n_comparisons: int, rng: np.random.Generator) -> list[int]:
    """Deal comparisons to judges in random order, each judge as close to its share as whole numbers allow.

    Args:
        shares: Relative shares, positive, one per judge.
        n_comparisons: How many comparisons to deal.
        rng: Source of randomness.

    Returns:
        Judge index per comparison. Largest-remainder rounding: no judge is off its share by a whole comparison.
    """
    exact = np.asarray(shares, dtype=float) / sum(shares) * n_comparisons
    counts = np.floor(exact).astype(int)
    short = n_comparisons - int(counts.sum())
    for judge in np.argsort(counts - exact, kind="stable")[:short]:
        counts[judge] += 1
    dealt = np.repeat(np.arange(len(shares)), counts)
    return [int(judge) for judge in rng.permutation(dealt)]
