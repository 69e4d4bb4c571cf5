"""Who is shown first. `eulerian`: first and second counts of every essay differ by at most one.

Each pair is an edge; walking the edges along Euler tours enters every essay as often as it leaves it, so an essay of
even degree is first exactly as often as second, and one of odd degree once more or once less.
"""

from collections.abc import Sequence

import numpy as np

from cj_pipeline.domain.pairing import Pair


def orient_eulerian(n_essays: int, pairs: Sequence[Pair], rng: np.random.Generator) -> list[Pair]:
    """Return the pairs as (first, second), balanced for every essay, in the order given.

    Args:
        n_essays: Number of essays.
        pairs: Unordered pairs of essay indices.
        rng: Decides the direction in which each tour is walked.
    """
    # A vertex beyond the essays is joined to every essay of odd degree, so that all degrees are even.
    degree = np.bincount(np.asarray(pairs, dtype=np.int64).reshape(-1), minlength=n_essays)
    helper = [(int(v), n_essays) for v in np.flatnonzero(degree % 2)]
    walk = _EulerWalk(n_essays + 1, [*pairs, *helper])
    for vertex in rng.permutation(n_essays + 1):
        walk.tour(int(vertex), forward=bool(rng.random() < 0.5))  # noqa: PLR2004 (a fair coin)
    return walk.oriented[: len(pairs)]


class _EulerWalk:
    def __init__(self, n: int, edges: Sequence[Pair]) -> None:
        self._edges = edges
        self._unused = [True] * len(edges)
        self._incident: list[list[int]] = [[] for _ in range(n)]
        self.oriented: list[Pair] = list(edges)
        for k, (a, b) in enumerate(edges):
            self._incident[a].append(k)
            self._incident[b].append(k)

    def tour(self, start: int, *, forward: bool) -> None:
        """Walk from `start` until stuck, which by evenness is at `start` again; repeat while edges are left."""
        while (edge := self._pop(start)) is not None:
            here = start
            while edge is not None:
                a, b = self._edges[edge]
                there = b if here == a else a
                self.oriented[edge] = (here, there) if forward else (there, here)
                here = there
                edge = self._pop(here)

    def _pop(self, vertex: int) -> int | None:
        incident = self._incident[vertex]
        while incident:
            edge = incident.pop()
            if self._unused[edge]:
                self._unused[edge] = False
                return edge
        return None


def orient_fairly(surplus: list[int], pairs: Sequence[Pair], rng: np.random.Generator) -> list[Pair]:
    """Orient added pairs one by one so that the essay shown first more often so far goes second.

    Args:
        surplus: Times first minus times second of every essay so far; updated in place.
        pairs: Unordered pairs of essay indices.
        rng: Breaks ties.
    """
    oriented = []
    for a, b in pairs:
        swap = surplus[a] > surplus[b] or (surplus[a] == surplus[b] and rng.random() < 0.5)  # noqa: PLR2004
        first, second = (b, a) if swap else (a, b)
        surplus[first] += 1
        surplus[second] -= 1
        oriented.append((first, second))
    return oriented
