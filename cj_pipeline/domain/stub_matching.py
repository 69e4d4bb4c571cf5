"""Random graphs with given degrees, drawn by pairing stubs: a hundred thousand essays in seconds.

Every essay brings as many stubs as it is to have comparisons; the stubs are paired at random, and the few pairs that
are loops, repeats or forbidden exchange ends with random others where that mends them (the configuration model,
Bollobas 1980, https://doi.org/10.1016/S0195-6698(80)80030-8, with repairs). What does not belong here: graphs that are
so dense that exchanges find no room (pairing).
"""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Final, TypeAlias

import numpy as np

_TRIES: Final = 400
"""Exchanges tried for each pair to be mended, before the draw is given up."""

_Edge: TypeAlias = tuple[int, int]


def stub_matching(
    degrees: Sequence[int], rng: np.random.Generator, forbidden: Collection[_Edge] = frozenset()
) -> list[_Edge] | None:
    """Draw distinct pairs (low, high) in which every vertex has its degree.

    Args:
        degrees: Degree of every vertex; their sum is even.
        rng: Source of randomness.
        forbidden: Pairs that may not be drawn.

    Returns:
        The pairs, or None where none were found: the graph is too dense for this method.
    """
    stubs = rng.permutation(np.repeat(np.arange(len(degrees), dtype=np.int64), degrees)).reshape(-1, 2)
    edges = [(a, b) if a < b else (b, a) for a, b in stubs.tolist()]
    graph = _Mending(edges, set(forbidden))
    for i in graph.bad():
        if not graph.mend(i, rng):
            return None
    return graph.edges


class _Mending:
    """Edges, some of which must not stay."""

    def __init__(self, edges: list[_Edge], forbidden: set[_Edge]) -> None:
        self.edges, self._forbidden = edges, forbidden
        self._times = Counter(edges)

    def bad(self) -> list[int]:
        """Places of loops, of forbidden pairs, and of all but the first of equal ones."""
        seen: set[_Edge] = set()
        found = []
        for i, edge in enumerate(self.edges):
            if edge[0] == edge[1] or edge in self._forbidden or edge in seen:
                found.append(i)
            seen.add(edge)
        return found

    def mend(self, i: int, rng: np.random.Generator) -> bool:
        """Exchange ends with another edge so that both are good; False if no such edge was found."""
        for j in rng.integers(len(self.edges), size=_TRIES).tolist():
            (a, b), (c, d) = self.edges[i], self.edges[j]
            one, other = (min(a, d), max(a, d)), (min(c, b), max(c, b))
            if i != j and one != other and self._is_free(one) and self._is_free(other):
                self._replace(i, one)
                self._replace(j, other)
                return True
        return False

    def _is_free(self, edge: _Edge) -> bool:
        return edge[0] != edge[1] and edge not in self._forbidden and not self._times[edge]

    def _replace(self, i: int, edge: _Edge) -> None:
        self._times[self.edges[i]] -= 1
        self.edges[i] = edge
        self._times[edge] += 1


def near_regular_degrees(n: int, m: int, rng: np.random.Generator) -> list[int]:
    """Degrees of n vertices with m edges that differ by at most one; who has one more is drawn."""
    base, extra = divmod(2 * m, n)
    more = set(rng.permutation(n)[:extra].tolist())
    return [base + (i in more) for i in range(n)]
