"""Shares and figures with their intervals."""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from cj_pipeline.harness.eng5.schema_studies import Interval, Rate

_DRAWS: Final = 999
_CONFIDENCE: Final = 0.9
_DECIMALS: Final = 6

Figures = NDArray[np.float64]


def rate_of(k: int, n: int) -> Rate:
    """A share with its 95 % interval by Wilson's method; without a rate where n is 0."""
    if not n:
        return Rate(k=0, n=0, rate=None, low=None, high=None)
    found = stats.binomtest(k, n).proportion_ci(confidence_level=0.95, method="wilson")
    low, high = min(float(found.low), k / n), max(float(found.high), k / n)
    return Rate(k=k, n=n, rate=k / n, low=max(low, 0.0), high=min(high, 1.0))


def bootstrapped(
    statistic: Callable[[Figures, Figures], float], x: Figures, y: Figures, rng: np.random.Generator
) -> Interval:
    """A figure of paired values with its 90 % bootstrap interval over the pairs.

    Args:
        statistic: Of two arrays of equal length; NaN where it is not defined.
        x: Values, shape (n,).
        y: Values paired with them.
        rng: Draws the pairs.
    """
    value = statistic(x, y)
    picks = rng.integers(len(x), size=(_DRAWS, len(x)))
    drawn = np.array([statistic(x[pick], y[pick]) for pick in picks])
    drawn = drawn[np.isfinite(drawn)]
    if not np.isfinite(value) or not len(drawn):
        return Interval(value=_kept(value), low=None, high=None)
    tail = (1 - _CONFIDENCE) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail])
    return Interval(value=_kept(value), low=_kept(min(low, value)), high=_kept(max(high, value)))


def _kept(value: float) -> float | None:
    return round(float(value), _DECIMALS) if np.isfinite(value) else None
