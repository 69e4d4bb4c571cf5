"""Do answers contradict one another? Circular triads, and pairs that were put again in the other order.

References:
    Kendall and Babington Smith (1940), "On the method of paired comparisons", Biometrika 31, 324-345,
    https://doi.org/10.1093/biomet/31.3-4.324 (circular triads and their largest number).
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from cj_pipeline.scaling.arrays import Floats, Ints
from cj_pipeline.scaling.comparison_data import ComparisonData
from cj_pipeline.scaling.proportions import Share, share
from cj_pipeline.scaling.scale_fit import ScaleFit, expected_answers

_TIE = 0.5
_DENSE_FROM = 0.05
"""Share of all pairs from which a matrix product is quicker without sparsity."""
_DENSE_UP_TO = 4000
"""Most essays for which that matrix is made: 130 MB."""


@dataclass(frozen=True, slots=True)
class CircularTriads:
    """Three essays of which each is preferred to the next, and the last to the first.

    Attributes:
        n_triads: Threes of essays all of whose pairs were compared and decided (not tied, no even split of repeats).
        n_circular: Of these, circular.
        by_chance: Circular ones to be expected if every pair were decided by a coin: a quarter of all.
        by_scale: Circular ones to be expected under the fitted scale; where pairs were put more than once, from the
            mean of their probabilities.
        most: Largest number of circular ones: (n^3 - n) / 24 for an odd and (n^3 - 4 n) / 24 for an even number of
            essays where every pair is decided; else the number of triads, which is an upper bound.
    """

    n_triads: int
    n_circular: int
    by_chance: float
    by_scale: float
    most: int

    @property
    def circular_share(self) -> float:
        """Circular triads over triads, 0 to 1; NaN without triads. Chance gives 0.25."""
        return self.n_circular / self.n_triads if self.n_triads else float("nan")


def circular_triads(fit: ScaleFit, data: ComparisonData) -> CircularTriads:
    """Count circular triads by products of the matrix of preferences, which is sparse where comparisons are few."""
    low, high, net, wins = _pairs(fit, data)
    decided = net != 0
    low, high, net, wins = low[decided], high[decided], net[decided], wins[decided]
    shape = (data.n_essays, data.n_essays)
    better, worse = np.where(net > 0, low, high), np.where(net > 0, high, low)
    beats = sparse.csr_array((np.ones(len(net)), (better, worse)), shape=shape)
    odds = sparse.csr_array(
        (np.concatenate([wins, 1 - wins]), (np.concatenate([low, high]), np.concatenate([high, low]))), shape=shape
    )
    n_triads = round(_closed_walks((beats + beats.T).tocsr()) / 6)
    n, complete = data.n_essays, len(net) == data.n_essays * (data.n_essays - 1) // 2
    most = (n**3 - n if n % 2 else n**3 - 4 * n) // 24 if complete else n_triads
    return CircularTriads(n_triads, round(_closed_walks(beats) / 3), n_triads / 4, _closed_walks(odds) / 3, most)


def _closed_walks(a: "sparse.csr_array") -> float:
    """Sum of the diagonal of a^3: walks of three steps that end where they began, weighted by the product."""
    n = a.shape[0]
    if n <= _DENSE_UP_TO and a.nnz > _DENSE_FROM * n * n:
        full = a.toarray()
        return float(np.sum((full @ full) * full.T))
    return float((a @ a).multiply(a.T).sum())


def _pairs(fit: ScaleFit, data: ComparisonData) -> tuple[Ints, Ints, Floats, Floats]:
    """Every pair that was compared: both essays, votes for the lower index less votes against, and its probability."""
    low, high = np.minimum(data.first, data.second), np.maximum(data.first, data.second)
    code, where = np.unique(low * data.n_essays + high, return_inverse=True)
    towards = np.where(data.first < data.second, 1.0, -1.0)
    vote = np.sign(data.share - _TIE) * towards
    first_wins = expected_answers(fit, data).first_wins
    chance = np.where(towards > 0, first_wins, 1 - first_wins)
    chances = np.bincount(where, data.weight * chance) / np.bincount(where, data.weight)
    # Half-wins are rows of weights that cancel; rounding must not decide them.
    net = np.round(np.bincount(where, data.weight * vote), 9)
    return code // data.n_essays, code % data.n_essays, net.astype(np.float64), chances


@dataclass(frozen=True, slots=True)
class Flips:
    """Pairs that were put to a judge in both orders.

    Attributes:
        rate: Share of them whose preferred essay changed with the order, with its 95 % interval.
        by_scale: Share to be expected under the fitted scale, its position effect included; NaN without pairs.
        n_first_twice: Of those that changed, how often the essay shown first was preferred both times.
        n_second_twice: How often the essay shown second was.
    """

    rate: Share
    by_scale: float
    n_first_twice: int
    n_second_twice: int


def flips(fit: ScaleFit, data: ComparisonData, *, same_judge: bool = True) -> Flips:
    """How often an answer changed when the essays changed places.

    The k-th answer in one order is laid beside the k-th in the other. A tie beside a preference is no change.

    Args:
        fit: A fitted scale.
        data: The comparisons.
        same_judge: Whether both answers have to be one judge's; else a judge's answer may meet another's.
    """
    there, back = reversed_repeats(data, same_judge=same_judge)
    one, other = np.sign(data.share[there] - _TIE), np.sign(data.share[back] - _TIE)
    # Both answers are seen from the essay shown first, which is another essay each time: equal signs are a change.
    changed = one * other > 0
    p = expected_answers(fit, data).first_wins
    twice = p[there] * p[back] + (1 - p[there]) * (1 - p[back])
    return Flips(
        share(float(changed.sum()), float(len(there))),
        float(twice.mean()) if len(there) else float("nan"),
        int((changed & (one > 0)).sum()),
        int((changed & (one < 0)).sum()),
    )


def reversed_repeats(data: ComparisonData, *, same_judge: bool = True) -> tuple[Ints, Ints]:
    """Rows of one order and the rows of the other order that repeat them, both of shape (n_repeats,)."""
    low, high = np.minimum(data.first, data.second), np.maximum(data.first, data.second)
    key = low * data.n_essays + high
    if same_judge:
        key = key * data.n_judges + data.judge
    forward = np.flatnonzero(data.first < data.second)
    backward = np.flatnonzero(data.first > data.second)
    shared = np.intersect1d(key[forward], key[backward])
    forward, backward = forward[np.isin(key[forward], shared)], backward[np.isin(key[backward], shared)]
    a, b = _numbered(key[forward], len(data)), _numbered(key[backward], len(data))
    _, here, there = np.intersect1d(a, b, assume_unique=True, return_indices=True)
    return forward[here].astype(np.int64), backward[there].astype(np.int64)


def _numbered(key: Ints, n_most: int) -> Ints:
    """A code for "the k-th row with this key", unique, for every row."""
    _, where, counts = np.unique(key, return_inverse=True, return_counts=True)
    order = np.argsort(where, kind="stable")
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    nth = np.empty(len(key), dtype=np.int64)
    nth[order] = np.arange(len(key)) - starts[where[order]]
    return np.asarray(key * (n_most + 1) + nth, dtype=np.int64)
