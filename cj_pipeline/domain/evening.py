"""Evening out how often essays are compared, where some pairs are put once and others in both orders.

What does not belong here: drawing the pairs (designs, stub_matching).
"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from cj_pipeline.domain.pairing import Pair, components

Times: TypeAlias = NDArray[np.int8]
"""How often every two essays are put together, shape (n_essays, n_essays), symmetric."""


def spread(n_essays: int, pairs: Sequence[Pair]) -> int:
    """Comparisons of the most compared essay less those of the least compared one."""
    counts = np.bincount(np.asarray(pairs, dtype=np.int64).ravel(), minlength=n_essays)
    return int(counts.max() - counts.min())


def evened(
    n_essays: int, once: Sequence[Pair], twice: Sequence[Pair], rng: np.random.Generator
) -> tuple[list[Pair], list[Pair]]:
    """Hand comparisons from the most to the least compared essays until they differ by at most one, if that can be.

    The number of pairs of either kind stays, and so does the connectedness of the whole. Every exchange makes the
    numbers of comparisons more equal, so it ends.

    Args:
        n_essays: Number of essays.
        once: Pairs that are put once.
        twice: Pairs that are put in both orders, none of them among `once`.
        rng: Chooses among exchanges that serve equally well.

    Returns:
        The pairs that are put once, and those put twice, each sorted.
    """
    times = np.zeros((n_essays, n_essays), dtype=np.int8)
    for kind, pairs in ((1, once), (2, twice)):
        for a, b in pairs:
            times[a, b] = times[b, a] = kind
    while (exchange := _exchange(times, rng)) is not None:
        giver, taker, partner = exchange
        _shift(times, giver, partner, -1)
        _shift(times, taker, partner, 1)
    return _pairs(times, 1), _pairs(times, 2)


def _exchange(times: Times, rng: np.random.Generator) -> tuple[int, int, int] | None:
    """An essay that gives, one that takes, and their common partner; None where nothing is left to even out."""
    counts = times.sum(axis=1, dtype=np.int64)
    if counts.max() - counts.min() <= 1:
        return None
    for giver in rng.permutation(np.flatnonzero(counts == counts.max())):
        for taker in rng.permutation(np.flatnonzero(counts == counts.min())):
            # The partner's pair with the giver counts exactly one more, so that the exchange only swaps their kinds.
            partners = np.flatnonzero(times[giver] - times[taker] == 1)
            for partner in rng.permutation(partners[partners != taker]):
                if times[giver, partner] > 1 or _stays_connected(times, giver, taker, partner):
                    return int(giver), int(taker), int(partner)
    return None


def _stays_connected(times: Times, giver: int, taker: int, partner: int) -> bool:
    changed = times.copy()
    _shift(changed, giver, partner, -1)
    _shift(changed, taker, partner, 1)
    return len(components(len(times), [*_pairs(changed, 1), *_pairs(changed, 2)])) == 1


def _shift(times: Times, a: int, b: int, by: int) -> None:
    times[a, b] += by
    times[b, a] += by


def _pairs(times: Times, kind: int) -> list[Pair]:
    low, high = np.nonzero(np.triu(times == kind))
    return list(zip(low.tolist(), high.tolist(), strict=True))
