"""Does the scale follow the length of the texts? Correlation with the number of words, and beyond known quality."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from cj_pipeline.scaling.arrays import Floats
from cj_pipeline.scaling.proportions import Z95

FEWEST_ESSAYS: Final = 5
"""Fewer essays give no correlation worth printing."""


@dataclass(frozen=True, slots=True)
class Correlation:
    """A correlation with its interval.

    Attributes:
        n: Number of essays.
        value: Pearson's correlation, -1 to 1; NaN with fewer than `FEWEST_ESSAYS` essays or no variation.
        low: Lower limit of the 95 % interval by Fisher's transformation; NaN likewise.
        high: Upper limit.
    """

    n: int
    value: float
    low: float
    high: float


def correlation_with_length(measures: Floats, n_words: ArrayLike) -> Correlation:
    """Correlation of measures with numbers of words, both of shape (n_essays,)."""
    words = np.asarray(n_words, dtype=np.float64)
    return _with_interval(_pearson(measures, words), len(measures), 0)


def correlation_beyond_quality(measures: Floats, n_words: ArrayLike, quality: ArrayLike) -> Correlation:
    """Correlation of measures with numbers of words among essays of the same known quality.

    The partial correlation (r_mw - r_mq r_wq) / sqrt((1 - r_mq^2) (1 - r_wq^2)).

    Args:
        measures: Places on the scale, logits, shape (n_essays,).
        n_words: Numbers of words, same shape.
        quality: Known quality, for example the place of an anchor's grade; NaN where it is not known. Same shape.
    """
    known = np.asarray(quality, dtype=np.float64)
    has = np.isfinite(known)
    m, w, q = measures[has], np.asarray(n_words, dtype=np.float64)[has], known[has]
    mw, mq, wq = _pearson(m, w), _pearson(m, q), _pearson(w, q)
    left = (1 - mq**2) * (1 - wq**2)
    return _with_interval((mw - mq * wq) / np.sqrt(left) if left > 0 else float("nan"), int(has.sum()), 1)


def _pearson(x: Floats, y: Floats) -> float:
    if len(x) < FEWEST_ESSAYS:
        return float("nan")
    a, b = x - x.mean(), y - y.mean()
    scale = np.sqrt((a @ a) * (b @ b))
    return float(np.clip(a @ b / scale, -1.0, 1.0)) if scale > 0 else float("nan")


def _with_interval(r: float, n: int, n_held: int) -> Correlation:
    """Fisher's transformation; every variable that was held costs one essay."""
    left = n - n_held - 3
    if not np.isfinite(r) or left <= 0:
        return Correlation(n, r, float("nan"), float("nan"))
    z, error = np.arctanh(np.clip(r, -1 + 1e-12, 1 - 1e-12)), Z95 / np.sqrt(left)
    return Correlation(n, r, float(np.tanh(z - error)), float(np.tanh(z + error)))
