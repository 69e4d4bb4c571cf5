"""Large random near-regular graphs, drawn in whole arrays: a hundred thousand essays in seconds.

Every essay brings as many stubs as it is to have comparisons; the stubs are paired at random, and the few pairs that
are loops or repeats exchange ends with random others (the configuration model, Bollobas 1980,
https://doi.org/10.1016/S0195-6698(80)80030-8, with repairs). What does not belong here: small or dense graphs, for
which exchanges would not end (pairing).
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from cj_pipeline.errors import DesignError

_MOST_REPAIRS: Final = 1000


def stub_matching(n: int, m: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Draw m distinct pairs of n vertices whose degrees differ by at most one, shape (m, 2), low before high.

    Raises:
        DesignError: The graph is too dense for this method.
    """
    base, extra = divmod(2 * m, n)
    degrees = np.full(n, base)
    degrees[rng.permutation(n)[:extra]] += 1
    edges = rng.permutation(np.repeat(np.arange(n, dtype=np.int64), degrees)).reshape(m, 2)
    for _ in range(_MOST_REPAIRS):
        bad = _bad(edges, n)
        if not len(bad):
            return np.sort(edges, axis=1)
        # One exchange at a time for each bad pair: two that took the same partner would undo each other.
        for i in bad:
            j = int(rng.integers(m))
            edges[i, 1], edges[j, 1] = edges[j, 1], edges[i, 1]
    raise DesignError(f"internal: no simple graph of {n} essays and {m} pairs was found by exchanges")


def _bad(edges: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    """Places of loops, and of all but the first of equal pairs."""
    low, high = edges.min(axis=1), edges.max(axis=1)
    key = low * n + high
    order = np.argsort(key, kind="stable")
    repeated = np.zeros(len(edges), dtype=bool)
    repeated[order[1:]] = key[order[1:]] == key[order[:-1]]
    return np.flatnonzero(repeated | (low == high))
