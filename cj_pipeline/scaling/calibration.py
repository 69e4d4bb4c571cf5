"""Whether probabilities mean what they say: of essays given a grade with 70 %, about 70 % should have it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cj_pipeline.scaling.arrays import Floats, Ints


@dataclass(frozen=True, slots=True)
class Calibration:
    """Stated probabilities beside what came true, in bins of equal width.

    Attributes:
        counts: Statements per bin, shape (n_bins,).
        stated: Mean stated probability per bin, NaN in empty ones, same shape.
        came_true: Share that came true per bin, NaN in empty ones, same shape.
    """

    counts: Ints
    stated: Floats
    came_true: Floats

    @property
    def expected_error(self) -> float:
        """Expected calibration error: the gap between stated and come true, averaged over statements, 0 to 1."""
        filled = self.counts > 0
        gaps = np.abs(self.stated[filled] - self.came_true[filled])
        return float(gaps @ self.counts[filled] / self.counts.sum())


def calibrate(stated: Floats, came_true: NDArray[np.bool_], n_bins: int = 10) -> Calibration:
    """Compare probabilities with what came true.

    Args:
        stated: Probabilities, shape (n,), n at least 1.
        came_true: Whether each came true, same shape.
        n_bins: Number of bins of equal width between 0 and 1.

    References:
        Naeini, Cooper and Hauskrecht (2015), AAAI, https://doi.org/10.1609/aaai.v29i1.9602.
    """
    which = np.minimum((stated * n_bins).astype(np.int64), n_bins - 1)
    counts = np.bincount(which, minlength=n_bins)
    with np.errstate(invalid="ignore"):
        means = np.bincount(which, stated, n_bins) / counts
        shares = np.bincount(which, came_true.astype(float), n_bins) / counts
    return Calibration(counts, means, shares)
