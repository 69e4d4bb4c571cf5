"""Ranks and how sure they are, by simulation from the fitted covariance."""

import numpy as np

from cj_pipeline.scaling.bradley_terry import BradleyTerryFit, Floats, Ints

_DECIMALS = 8
_MAX_CELLS = 20_000_000
"""Most numbers held at once while simulating: 160 MB."""


def ranks(measures: Floats) -> Ints:
    """Rank of every essay, 1 for the highest measure; measures equal to eight decimals share the better rank."""
    # Essays with the same record get the same measure but for rounding, which must not order them.
    descending = -np.round(measures, _DECIMALS)
    return np.searchsorted(np.sort(descending), descending, side="left") + 1


def rank_intervals(
    fit: BradleyTerryFit, rng: np.random.Generator, *, coverage: float = 0.9, n_draws: int = 2000
) -> tuple[Ints, Ints]:
    """Interval of ranks for every essay.

    Draws measures from N(measures, covariance), ranks each draw, and takes the central part of each essay's ranks.

    Args:
        fit: A fitted scale.
        rng: Source of randomness.
        coverage: Share of the draws inside the interval.
        n_draws: Number of draws; fewer are made for very many essays, to bound memory.

    Returns:
        Lowest and highest rank, each of shape (n_essays,), always containing the essay's own rank.
    """
    n = len(fit.measures)
    draws = rng.multivariate_normal(
        fit.measures, fit.covariance, size=max(200, min(n_draws, _MAX_CELLS // n)), method="eigh", check_valid="ignore"
    )
    drawn = np.argsort(np.argsort(-draws, axis=1), axis=1) + 1
    tail = (1 - coverage) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail], axis=0, method="nearest").astype(np.int64)
    own = ranks(fit.measures)
    return np.minimum(low, own), np.maximum(high, own)
