"""Grades without an ordinal model: by the shares that each grade should have, or by boundaries that a person called."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from cj_pipeline.scaling.arrays import Floats, Ints
from cj_pipeline.scaling.projection import Projection

_DRAWS, _FEWEST_DRAWS = 2000, 200
_MOST_NUMBERS = 40_000_000
_BLOCK_NUMBERS = 2_000_000


def project_shares(
    measures: Floats, variances: Floats, counted: NDArray[np.bool_], shares: Floats, rng: np.random.Generator
) -> Projection:
    """Grades such that the cohort has given shares of each.

    Measures are drawn again and again within their errors; each draw is cut where the shares say, and the probability
    of a grade is the share of draws in which an essay got it. With 2,000 draws it is off by 0.011 at most, as a
    standard error; fewer are made for very many essays.

    Args:
        measures: Logits, shape (n_essays,).
        variances: Their error variances, same shape.
        counted: Which essays are the cohort that has the shares (anchors are not), same shape; at least one.
        shares: Share of every level, lowest first, shape (n_levels,), adding up to 1.
        rng: Source of randomness.
    """
    below = np.clip(np.cumsum(shares)[:-1], 0.0, 1.0)
    n_draws = int(np.clip(_MOST_NUMBERS // len(measures), _FEWEST_DRAWS, _DRAWS))
    hits, cuts = np.zeros((len(measures), len(below))), []
    errors = np.sqrt(variances)
    for start in range(0, n_draws, block := max(1, _BLOCK_NUMBERS // len(measures))):
        size = (min(block, n_draws - start), len(measures))
        drawn = measures + errors * rng.standard_normal(size)
        # Hazen's rule: of n essays, the highest round(n * share) lie above.
        cut = np.quantile(drawn[:, counted], below, axis=1, method="hazen")
        hits += (drawn[:, :, None] > cut.T[:, None, :]).sum(axis=0)
        cuts.append(cut)
    places = np.concatenate(cuts, axis=1)
    at_least = np.concatenate([np.ones((len(measures), 1)), hits / n_draws], axis=1)
    return Projection(at_least, places.mean(axis=1), places.std(axis=1))


def project_called(measures: Floats, variances: Floats, boundaries: Floats, called: Ints) -> Projection:
    """Grades by a person's call: for each level, the measure where it begins or the lowest essay that still has it.

    Args:
        measures: Logits, shape (n_essays,).
        variances: Their error variances, to be added up for differences, same shape.
        boundaries: Where each level but the lowest begins, logits, shape (n_levels - 1,), not falling.
        called: For each of them the place of the essay it was set at, or -1 where it was set as a measure, same shape.
            That essay has the level for sure; how far others lie above it is as uncertain as both measures are.
    """
    own = np.where(called >= 0, variances[called], 0.0)
    reach = np.sqrt(np.maximum(variances[:, None] + own, np.finfo(float).eps))
    above = ndtr((measures[:, None] - boundaries) / reach)
    for k in np.flatnonzero(called >= 0):
        above[called[k], k] = 1.0
    # Whoever has a level has every lower one: what two calls say of an essay must not contradict that.
    above = np.maximum.accumulate(above[:, ::-1], axis=1)[:, ::-1]
    at_least = np.concatenate([np.ones((len(measures), 1)), above], axis=1)
    return Projection(at_least, boundaries, np.sqrt(own))
