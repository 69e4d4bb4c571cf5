"""Ranks and how sure they are, by simulation from the fitted covariance."""

from typing import Final

import numpy as np
from scipy.special import ndtri

from cj_pipeline.errors import EstimationError
from cj_pipeline.scaling.arrays import Flags, Floats, Ints
from cj_pipeline.scaling.draws import drawn_from_covariance, drawn_from_information
from cj_pipeline.scaling.information import Information
from cj_pipeline.scaling.scale_fit import ScaleFit

_DECIMALS: Final = 8
_MAX_CELLS: Final = 20_000_000
"""Most numbers held at once while simulating: 160 MB."""


def ranks(measures: Floats) -> Ints:
    """Rank of every essay, 1 for the highest measure; measures equal to eight decimals share the better rank."""
    # Essays with the same record get the same measure but for rounding, which must not order them.
    descending = -np.round(measures, _DECIMALS)
    return np.searchsorted(np.sort(descending), descending, side="left") + 1


def rank_intervals(
    fit: ScaleFit,
    rng: np.random.Generator,
    *,
    coverage: float = 0.9,
    n_draws: int = 2000,
    info: Information | None = None,
) -> tuple[Ints, Ints]:
    """Interval of ranks for every essay.

    Draws measures from the normal distribution around the fit, ranks each draw, and takes the central part of each
    essay's ranks.

    Args:
        fit: A fitted scale.
        rng: Source of randomness.
        coverage: Share of the draws inside the interval.
        n_draws: Number of draws; fewer are made for very many essays, to bound memory.
        info: The information matrix (`estimate.information_of`), where the fit is too large to carry a covariance.

    Returns:
        Lowest and highest rank, each of shape (n_essays,), always containing the essay's own rank.

    Raises:
        EstimationError: There is neither a covariance nor an information matrix.
    """
    draws = fit.measures + _deviations(fit, rng, max(200, min(n_draws, _MAX_CELLS // len(fit.measures))), info)
    drawn = np.argsort(np.argsort(-draws, axis=1), axis=1) + 1
    tail = (1 - coverage) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail], axis=0, method="nearest").astype(np.int64)
    own = ranks(fit.measures)
    return np.minimum(low, own), np.maximum(high, own)


def not_told_apart(fit: ScaleFit, *, coverage: float = 0.95) -> Flags:
    """Which essays the data cannot tell apart: the interval of their difference holds zero.

    Args:
        fit: A fitted scale with its covariance.
        coverage: Coverage of the interval of one difference.

    Returns:
        Shape (n_essays, n_essays), symmetric, true on the diagonal.

    Raises:
        EstimationError: The fit carries no covariance.
    """
    if fit.covariance is None:
        raise EstimationError(
            "which essays cannot be told apart needs the whole covariance: ask for exact errors, or take the intervals "
            "of the ranks."
        )
    variance = np.diagonal(fit.covariance)
    error = np.sqrt(np.maximum(variance[:, None] + variance - 2 * fit.covariance, 0.0))
    distance = np.abs(fit.measures[:, None] - fit.measures)
    return np.asarray(distance <= ndtri((1 + coverage) / 2) * error + 10.0**-_DECIMALS, dtype=np.bool_)


def _deviations(fit: ScaleFit, rng: np.random.Generator, n_draws: int, info: Information | None) -> Floats:
    if fit.covariance is not None:
        return drawn_from_covariance(fit.covariance, n_draws, rng)
    if info is not None:
        return drawn_from_information(info, n_draws, rng)
    raise EstimationError(
        "intervals of ranks need the covariance, which this fit is too large to carry, or the information matrix: "
        "pass `information_of(data, options, fit)`."
    )
